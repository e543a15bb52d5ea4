"""Reads a GPT-2 checkpoint in Hugging Face layout, tensor by tensor."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from safetensors import SafetensorError

from model_export.config import read_config, tensor_shapes
from model_export.errors import ExportError
from model_export.weight_source import open_weights

FloatArray = npt.NDArray[np.float32]

_HEAD = "lm_head.weight"
# Causal masks, which older checkpoints store beside the weights. The graph makes its own.
_MASK = re.compile(r"h\.\d+\.attn\.(bias|masked_bias)")


class Checkpoint:
    """A folder with ``config.json`` and weights; tensors are read when asked for."""

    def __init__(self, folder: Path) -> None:
        """Open and check. Raises ExportError for anything that is not a whole GPT-2 checkpoint."""
        self.folder = folder
        self.config = read_config(folder)
        self._source = open_weights(folder)
        self._stored: Mapping[str, str] = {_plain_name(name): name for name in self._source.names()}
        self._check_names()
        self._check_shapes()
        self._check_tied_head()

    @property
    def shapes(self) -> dict[str, tuple[int, ...]]:
        """Shape of every tensor, by its name without a prefix, in the order of the forward pass."""
        return tensor_shapes(self.config)

    def tensor(self, name: str) -> FloatArray:
        """One tensor as fp32. Raises ExportError where it holds infinity or something that is not a number."""
        stored = self._read(name)
        # bfloat16 and its like are no kind of float to NumPy, but can be made fp32.
        if stored.dtype.kind not in "fV":
            raise ExportError(f"{name} is stored as {stored.dtype}. Get the checkpoint in fp32, fp16 or bf16.")
        array = stored.astype(np.float32, copy=False)
        if not np.isfinite(array).all():
            raise ExportError(
                f"{name} holds infinite or undefined numbers (NaN). The checkpoint is broken: get another copy."
            )
        return array

    def close(self) -> None:
        """Let go of the files; no tensor can be read any more."""
        self._source.close()

    def _read(self, name: str) -> npt.NDArray[Any]:
        try:
            return self._source.read(self._stored[name])
        except (SafetensorError, TypeError, ValueError) as error:
            raise ExportError(f"{name} cannot be read ({error}). Get the checkpoint in fp32, fp16 or bf16.") from error

    def _check_names(self) -> None:
        expected = self.shapes
        for name in expected:
            if name not in self._stored:
                raise ExportError(
                    f"{self.folder} has no tensor {name!r}. It is not GPT-2, or not whole: download it again."
                )
        for name in self._stored:
            if name not in expected and name != _HEAD and not _MASK.fullmatch(name):
                raise ExportError(
                    f"{self.folder} has a tensor {name!r}, which a GPT-2 of {self.config.n_layer} blocks with tied "
                    "embeddings has not; it would be lost. Choose a plain GPT-2 language model."
                )

    def _check_shapes(self) -> None:
        for name, shape in self.shapes.items():
            found = self._source.shape(self._stored[name])
            if found != shape:
                raise ExportError(
                    f"{name} has the shape {list(found)}, but config.json asks for {list(shape)}. "
                    "Get config.json and weights of the same model."
                )

    def _check_tied_head(self) -> None:
        """GPT-2 uses the token embedding at both ends; a head of its own would be lost."""
        if _HEAD in self._stored and not np.array_equal(self._read(_HEAD), self._read("wte.weight")):
            raise ExportError(
                f"{_HEAD} differs from the token embedding (wte.weight). Only tied embeddings, as in GPT-2, can be "
                "exported: choose another model."
            )


def _plain_name(name: str) -> str:
    """Checkpoints of the whole language model prefix the transformer's tensors; those of the hub's GPT-2 do not."""
    return name.removeprefix("transformer.")
