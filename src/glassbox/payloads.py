"""What crosses to the page: plain dicts with flat arrays, shapes and axis names (docs/seams.md)."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from glassbox.head_marks import MARKS, mean_marks
from glassbox.lens import stacked
from glassbox.runtime.base import FloatArray
from glassbox.sampling import Distribution
from glassbox.sampling_steps import stage_payloads
from glassbox.token_numbers import Guess, TokenNumbers
from glassbox.tokenizer import Tokenizer


def tensor_payload(array: FloatArray, axes: Sequence[str]) -> dict[str, Any]:
    """``{data, shape, axes}``; data is flat, C order, and a copy: the run may grow while it travels."""
    return {"data": np.array(array, np.float32, order="C").ravel(), "shape": list(array.shape), "axes": list(axes)}


def token_payloads(tokenizer: Tokenizer, token_ids: Sequence[int]) -> list[dict[str, Any]]:
    """``[{id, label, start, end, is_fragment, is_mark}]``; start and end count UTF-16 units of the decoded text."""
    spans = tokenizer.utf16_spans(token_ids)
    return [
        {
            "id": int(token_id),
            "label": tokenizer.label(token_id),
            "start": start,
            "end": end,
            "is_fragment": tokenizer.is_fragment(token_id),
            "is_mark": tokenizer.is_mark(token_id),
        }
        for token_id, (start, end) in zip(token_ids, spans, strict=True)
    ]


def distribution_payload(choices: Distribution, count: int | None = None) -> dict[str, Any]:
    """``{token_ids, probabilities, softmax, own, logits, kept, stages, vocab_size}``, best first.

    Arrays are [count], of the full vocabulary if None. ``own`` are the model's own probabilities (temperature 1,
    nothing cut), ``softmax`` those before any cut.
    """
    return {
        "token_ids": choices.token_ids[:count].astype(np.int32),
        "probabilities": choices.probabilities[:count].astype(np.float32),
        "softmax": _entering(choices, "top_k", count),
        "own": _entering(choices, "temperature", count),
        "logits": np.array(choices.logits[:count]),
        "kept": choices.kept[:count].astype(np.uint8),
        "stages": stage_payloads(choices),
        "vocab_size": len(choices.token_ids),
    }


def _entering(choices: Distribution, name: str, count: int | None) -> FloatArray:
    """[count], what a stage of the sampling worked on."""
    return next(stage.entering for stage in choices.stages if stage.name == name)[:count].astype(np.float32)


def guesses_payload(columns: Sequence[Guess]) -> dict[str, Any]:
    """``{shape, axes, token_ids, probabilities, final_ranks}``, [layer, position] flat in C order."""
    table = stacked(columns)
    return {
        "shape": list(table.token_ids.shape),
        "axes": ["layer", "position"],
        "token_ids": table.token_ids.ravel(),
        "probabilities": table.probabilities.ravel(),
        "final_ranks": table.final_ranks.ravel(),
    }


def marks_payload(numbers: Sequence[TokenNumbers]) -> dict[str, Any]:
    """``{marks, counts, scores}``: how many queries count for each mark; the mean over them, [layer, head, mark]."""
    masses = np.stack([one.marks for one in numbers])
    counts = (~np.isnan(masses[:, 0, 0])).sum(axis=0)
    scores = tensor_payload(mean_marks(masses), ("layer", "head", "mark"))
    return {"marks": list(MARKS), "counts": counts.tolist(), "scores": scores}


def merge_step_payloads(tokenizer: Tokenizer, token_id: int) -> list[dict[str, Any]]:
    """``[{pieces, left, right, merged, rank, token_id}]``: how single bytes became the token, labels throughout."""
    return [
        {
            "pieces": [tokenizer.label(piece) for piece in step.pieces],
            "left": tokenizer.label(step.left),
            "right": tokenizer.label(step.right),
            "merged": tokenizer.label(step.merged),
            "rank": step.rank,
            "token_id": int(step.merged),
        }
        for step in tokenizer.merge_steps(token_id)
    ]
