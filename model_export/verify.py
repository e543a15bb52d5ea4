"""Holds an exported graph against plain NumPy, and measures how far quantisation leads from the checkpoint."""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any, Self

import numpy as np
import onnxruntime
from tokenizers import Tokenizer

from model_export.checkpoint import Checkpoint, FloatArray
from model_export.config import CheckpointConfig
from model_export.errors import ExportError
from model_export.graph import INPUTS, LAYER_TENSORS, OUTPUTS
from model_export.reference import forward
from model_export.weight_file import DEQUANTIZED_PATH, WeightFile

TEXT = (
    "Once upon a time there was a little girl who lived in a small house near the forest. One day she went out to "
    "pick some flowers for her mother. The sun was warm and the birds were singing in the trees. She saw a rabbit and "
    'wanted to play with it, but the rabbit ran away. "Come back," she said, "I only want to be your friend."'
)
# Two programs that do the same sums in fp32 differ by rounding: by this much of the largest number of a tensor.
LARGEST_DIFFERENCE = 1e-4
_CHECKED_TOKENS = 12


class GraphSession:
    """An exported graph, before its weights are cut into chunks. Used with ``with``."""

    def __init__(self, config: CheckpointConfig, graph: Path, weights: WeightFile) -> None:
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
    ) -> dict[str, FloatArray]:
        """Outputs by name for tokens that follow ``past``, an earlier result with ``present_…``.

        ``logits`` are those of the last layer, [n_new, vocab_size].
        """
        config, n_new = self._config, len(token_ids)
        ones = np.ones((config.n_layer, config.n_head), np.float32)
        empty = np.zeros((config.n_head, 0, config.n_embd // config.n_head), np.float32)
        feeds = {
            INPUTS["token_ids"]: np.array(token_ids, np.int64),
            INPUTS["unembed_rows"]: config.n_layer * n_new + np.arange(n_new),
            INPUTS["head_scale"]: ones if head_scale is None else head_scale,
        }
        for kind in ("key", "value"):
            for layer in range(config.n_layer):
                present = OUTPUTS[f"present_{kind}"].format(layer=layer)
                feeds[INPUTS[f"past_{kind}"].format(layer=layer)] = empty if past is None else past[present]
        return dict(zip(names, self._session.run(list(names), feeds), strict=True))


def check_graph(config: CheckpointConfig, session: GraphSession, weights: WeightFile) -> None:
    """Raise ExportError unless every tensor equals the reference's, with the same weights.

    Some heads are scaled and the text comes in two parts, so that ``head_scale`` and the cache are checked too.
    """
    generator = np.random.default_rng(0)
    token_ids = generator.integers(config.vocab_size, size=min(_CHECKED_TOKENS, config.n_ctx)).tolist()
    head_scale = generator.uniform(0, 1, (config.n_layer, config.n_head)).astype(np.float32)
    expected = forward(config, weights.read, token_ids, head_scale)
    names = [OUTPUTS[name].format(layer=layer) for name in LAYER_TENSORS for layer in range(config.n_layer)]
    cached = [OUTPUTS[name].format(layer=i) for name in ("present_key", "present_value") for i in range(config.n_layer)]
    past = None
    for start, stop in pairwise([0, (len(token_ids) + 1) // 2, len(token_ids)]):
        if start == stop:
            continue
        past = session.run(token_ids[start:stop], ["logits", "ln_f", *names, *cached], past, head_scale)
        for name in ("logits", "ln_f", *names):
            _check_tensor(name, _rows(name, expected[name], start, stop), past[name])


def expected_logits(checkpoint: Checkpoint, tokenizer: str) -> tuple[list[int], FloatArray]:
    """The fixed text's tokens, and what the fp32 checkpoint makes of them: logits [n_tokens, vocab_size]."""
    config = checkpoint.config
    token_ids = Tokenizer.from_str(tokenizer).encode(TEXT, add_special_tokens=False).ids[: config.n_ctx]
    logits = forward(config, checkpoint.tensor, token_ids)["logits"]
    if not np.isfinite(logits).all():
        raise ExportError("The checkpoint's logits are not finite: its weights are too large. Get another copy.")
    return token_ids, logits


def measure_deviation(session: GraphSession, token_ids: Sequence[int], expected: FloatArray) -> dict[str, Any]:
    """The manifest's ``deviation``: the exported model beside the fp32 checkpoint."""
    actual = session.run(token_ids, ["logits"])["logits"]
    if not np.isfinite(actual).all():
        raise ExportError("The exported model's logits are not finite. Export with --quant fp32, and report this.")
    return {
        "text": TEXT,
        "tokens": len(token_ids),
        "mean_kl": mean_kl(expected, actual),
        "top_1_agreement": float((expected.argmax(-1) == actual.argmax(-1)).mean()),
        "largest_logit_difference": float(np.abs(expected - actual).max()),
    }


def mean_kl(expected: FloatArray, actual: FloatArray) -> float:
    """Mean over rows of KL(softmax(expected) || softmax(actual)), in nats."""
    p, q = _log_softmax(expected), _log_softmax(actual)
    return float((np.exp(p) * (p - q)).sum(axis=-1).mean())


def _rows(name: str, whole: FloatArray, start: int, stop: int) -> FloatArray:
    """Rows of a tensor of the whole text as a run of a part of it gives them: with the keys so far."""
    if name.startswith("attention_"):
        return whole[:, start:stop, :stop]
    # Heads stand first where there are any.
    return whole[..., start:stop, :]


def _check_tensor(name: str, expected: FloatArray, actual: FloatArray) -> None:
    is_masked = np.isneginf(expected)
    difference = np.abs(np.where(is_masked, 0, expected) - np.where(is_masked, 0, actual)).max()
    scale = max(1.0, float(np.abs(expected[~is_masked]).max()))
    # Written so that a difference that is not a number counts as too large.
    if not (np.isneginf(actual) == is_masked).all() or not difference <= LARGEST_DIFFERENCE * scale:
        raise ExportError(
            f"The exported graph's {name} differs from plain NumPy's by {difference:.3g}. "
            "This is a fault of the export, not of the checkpoint: please report it."
        )


def _log_softmax(logits: FloatArray) -> np.ndarray[Any, np.dtype[np.float64]]:
    shifted = logits.astype(np.float64) - logits.max(axis=-1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))  # type: ignore[no-any-return]
