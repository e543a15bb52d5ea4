"""How far the exported model strays from the fp32 checkpoint, measured on a fixed text."""

from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
from tokenizers import Tokenizer

from model_export.checkpoint import Checkpoint, CheckpointConfig
from model_export.errors import ExportError
from model_export.graph import INPUTS, OUTPUTS
from model_export.reference import FloatArray, forward
from model_export.weight_file import DEQUANTIZED_PATH, WeightFile

TEXT = (
    "Once upon a time there was a little girl who lived in a small house near the forest. One day she went out to "
    "pick some flowers for her mother. The sun was warm and the birds were singing in the trees. She saw a rabbit and "
    'wanted to play with it, but the rabbit ran away. "Come back," she said, "I only want to be your friend."'
)
# The same arithmetic in fp32 differs by rounding only.
LARGEST_FP32_DIFFERENCE = 1e-2


def measure_deviation(
    checkpoint: Checkpoint, tokenizer_file: Path, graph: Path, weights: WeightFile, is_exact: bool
) -> dict[str, Any]:
    """The manifest's ``deviation``. Raises ExportError where a graph that should be exact is not."""
    config = checkpoint.config
    token_ids = Tokenizer.from_file(str(tokenizer_file)).encode(TEXT).ids[: config.n_ctx]
    expected = forward(config, checkpoint.tensor, token_ids)["logits"]
    actual = run_graph(config, graph, weights, token_ids)
    difference = float(np.abs(expected - actual).max())
    if not np.isfinite(actual).all() or (is_exact and difference > LARGEST_FP32_DIFFERENCE):
        raise ExportError(
            f"The exported graph differs from the checkpoint by {difference:.3g}. This is a fault of the export."
        )
    return {
        "text": TEXT,
        "tokens": len(token_ids),
        "mean_kl": mean_kl(expected, actual),
        "top_1_agreement": float((expected.argmax(-1) == actual.argmax(-1)).mean()),
        "largest_logit_difference": difference,
    }


def run_graph(config: CheckpointConfig, graph: Path, weights: WeightFile, token_ids: list[int]) -> FloatArray:
    """Logits [n_tokens, vocab_size] of an exported graph beside its weights file."""
    options = onnxruntime.SessionOptions()
    # No second, reordered copy of the weights: one run does not pay for it.
    options.add_session_config_entry("session.disable_prepacking", "1")
    filled = graph.parent / DEQUANTIZED_PATH
    weights.write_dequantized(filled)
    session = onnxruntime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])
    empty = np.zeros((config.n_head, 0, config.n_embd // config.n_head), np.float32)
    feeds = {
        INPUTS["token_ids"]: np.array(token_ids, np.int64),
        INPUTS["unembed_rows"]: config.n_layer * len(token_ids) + np.arange(len(token_ids)),
        INPUTS["head_scale"]: np.ones((config.n_layer, config.n_head), np.float32),
    }
    for kind in ("past_key", "past_value"):
        feeds |= {INPUTS[kind].format(layer=layer): empty for layer in range(config.n_layer)}
    logits: FloatArray = session.run([OUTPUTS["logits"]], feeds)[0]
    filled.unlink()
    return logits


def mean_kl(expected: FloatArray, actual: FloatArray) -> float:
    """Mean over rows of KL(softmax(expected) || softmax(actual)), in nats."""
    p, q = _log_softmax(expected), _log_softmax(actual)
    return float((np.exp(p) * (p - q)).sum(axis=-1).mean())


def _log_softmax(logits: FloatArray) -> np.ndarray[Any, np.dtype[np.float64]]:
    shifted = logits.astype(np.float64) - logits.max(axis=-1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))  # type: ignore[no-any-return]
