"""How far quantisation leads from the checkpoint, on a fixed text."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from tokenizers import Tokenizer

from model_export.architecture import FloatArray
from model_export.checkpoint import Checkpoint
from model_export.errors import ExportError
from model_export.graph_session import GraphSession

TEXT = (
    "Once upon a time there was a little girl who lived in a small house near the forest. One day she went out to "
    "pick some flowers for her mother. The sun was warm and the birds were singing in the trees. She saw a rabbit and "
    'wanted to play with it, but the rabbit ran away. "Come back," she said, "I only want to be your friend."'
)


def expected_logits(checkpoint: Checkpoint, tokenizer: str) -> tuple[list[int], FloatArray]:
    """The fixed text's tokens, and what the fp32 checkpoint makes of them: logits [n_tokens, vocab_size]."""
    config = checkpoint.config
    token_ids = Tokenizer.from_str(tokenizer).encode(TEXT, add_special_tokens=False).ids[: config.n_ctx]
    logits = checkpoint.architecture.forward(config, checkpoint.tensor, token_ids)["logits"]
    if not np.isfinite(logits).all():
        raise ExportError("The checkpoint's logits are not finite: its weights are too large. Get another copy.")
    return token_ids, logits


def measure_deviation(session: GraphSession, token_ids: Sequence[int], expected: FloatArray) -> dict[str, Any]:
    """The manifest's ``deviation``: the exported model beside the fp32 checkpoint. expected: [n_tokens, vocab_size]."""
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
    """Mean over rows of KL(softmax(expected) || softmax(actual)), in nats. Both: [n_rows, vocab_size]."""
    p, q = _log_softmax(expected), _log_softmax(actual)
    return float((np.exp(p) * (p - q)).sum(axis=-1).mean())


def _log_softmax(logits: FloatArray) -> np.ndarray[Any, np.dtype[np.float64]]:
    shifted = logits.astype(np.float64) - logits.max(axis=-1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))  # type: ignore[no-any-return]
