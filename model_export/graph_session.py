"""Runs an exported graph before its weights are cut into chunks."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Self

import numpy as np
import numpy.typing as npt
import onnxruntime

from glassbox.config import ModelConfig
from glassbox.runtime.base import fed_edits
from model_export.architecture import INPUTS, FloatArray
from model_export.weight_file import DEQUANTIZED_PATH, WeightFile


class GraphSession:
    """An exported graph in onnxruntime. Used with ``with``."""

    def __init__(self, config: ModelConfig, graph: Path, weights: WeightFile) -> None:
        """graph: lies beside the weights file, as onnxruntime asks."""
        self._config = config
        options = onnxruntime.SessionOptions()
        # No second, reordered copy of the weights: a few runs do not pay for it.
        options.add_session_config_entry("session.disable_prepacking", "1")
        # A file is mapped into memory. Handed over as arrays, onnxruntime would hold the weights twice.
        self._filled = graph.parent / DEQUANTIZED_PATH
        weights.write_dequantized(self._filled)
        self._session = onnxruntime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        # The file can only be removed on every system when nothing is mapped any more.
        del self._session
        self._filled.unlink()

    def run(
        self,
        token_ids: Sequence[int],
        names: Sequence[str],
        past: Mapping[str, FloatArray] | None = None,
        head_scale: FloatArray | None = None,
        edits: Mapping[str, npt.NDArray[Any]] | None = None,
    ) -> dict[str, FloatArray]:
        """Outputs by name for tokens that follow ``past``, an earlier result with ``present_…``.

        ``logits`` are those of the last layer, [n_new, vocab_size]. head_scale: [n_layer, n_head], ones if None.
        edits: by the graph's names, what else is put in; nothing is changed by what is not named.
        """
        config, n_new = self._config, len(token_ids)
        ones = np.ones((config.n_layer, config.n_head), np.float32)
        empty = np.zeros((config.n_kv_head, 0, config.d_head), np.float32)
        feeds: dict[str, npt.NDArray[Any]] = {
            INPUTS["token_ids"]: np.array(token_ids, np.int64),
            INPUTS["unembed_rows"]: config.n_layer * n_new + np.arange(n_new),
            INPUTS["head_scale"]: ones if head_scale is None else head_scale,
        }
        feeds |= fed_edits(INPUTS, config, edits or {})
        for kind in ("key", "value"):
            for layer in range(config.n_layer):
                present = f"present_{kind}.{layer}"
                feeds[INPUTS[f"past_{kind}"].format(layer=layer)] = empty if past is None else past[present]
        return dict(zip(names, self._session.run(list(names), feeds), strict=True))
