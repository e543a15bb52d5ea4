"""What a run says in a few numbers a token: worked out as soon as the tensors are there, so these need not be kept."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from glassbox.head_marks import mark_masses
from glassbox.runtime.base import FloatArray

# A runtime has to answer with all layers of these for the numbers of new rows.
NEEDED = ("resid_pre", "attn_out", "resid_mid", "mlp_out", "attention_pattern")


@dataclass(frozen=True)
class TokenNumbers:
    """attention, mlp: [layer], length of what is added relative to the stream it is added to.
    marks: [layer, head, mark], attention given to the keys each mark names; not a number where the text has none.
    """

    attention: FloatArray
    mlp: FloatArray
    marks: FloatArray


@dataclass(frozen=True)
class Guess:
    """What every layer would say after a token: [n_layer + 1] each, layer 0 the embedding (logit lens)."""

    token_ids: np.ndarray
    probabilities: FloatArray
    final_ranks: np.ndarray


def token_numbers(rows: Mapping[str, FloatArray], token_ids: Sequence[int], start: int) -> list[TokenNumbers]:
    """Numbers of positions from ``start`` on. rows: NEEDED -> their rows, layers in front; token_ids: of the text."""
    attention = _relative_length(rows["attn_out"], rows["resid_pre"])
    mlp = _relative_length(rows["mlp_out"], rows["resid_mid"])
    marks = mark_masses(rows["attention_pattern"], token_ids, start)
    return [TokenNumbers(attention[:, i], mlp[:, i], marks[:, :, i]) for i in range(attention.shape[1])]


def _relative_length(added: FloatArray, stream: FloatArray) -> FloatArray:
    """|added| / |stream| over the last axis; 0 / 0 is 0."""
    length = np.linalg.norm(stream, axis=-1)
    relative: FloatArray = np.linalg.norm(added, axis=-1) / np.where(length > 0, length, 1)
    return relative.astype(np.float32)
