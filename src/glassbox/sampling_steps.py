"""What sampling does, step by step, for drawing: single tokens through the steps, the vocabulary as a curve."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from glassbox.errors import GlassboxError
from glassbox.sampling import Distribution, IntArray

# The curve's ranks stand evenly on a log axis; more points than a wide screen's pixels show nothing more.
_CURVE_POINTS = 240


def sampling_steps(choices: Distribution, count: int, asked: Sequence[int] = ()) -> dict[str, Any]:
    """Tokens through every step: the likeliest ``count``, then those ``asked`` for by id.

    ``columns``: ``logits``, ``own`` (the model's own probability: temperature 1, nothing cut), ``scaled`` (logits
    divided by the temperature), ``softmax`` of those, and the probabilities left after ``top_k``, ``top_p``, ``min_p``.
    ``ranks``: how many tokens are likelier. ``others``: what all but the likeliest ``count`` have together, of each
    column of probabilities. ``numerators``: e^(scaled - largest); over ``denominator_all`` they are the softmax, over
    ``denominator_kept`` (the kept tokens' sum) what is drawn from.
    """
    count = min(count, len(choices.token_ids))
    shown = np.concatenate([np.arange(count), _ranks_of(choices, asked)]).astype(np.int64)
    # The largest is taken off before the power: at the lowest temperatures e to the rest would be too large.
    numerators = np.exp(choices.scaled_logits - choices.scaled_logits[0])
    entering = {stage.name: stage.entering for stage in choices.stages}
    shares: dict[str, np.ndarray] = {
        "own": entering["temperature"],
        "softmax": entering["top_k"],
        "top_k": entering["top_p"],
        "top_p": entering["min_p"],
        "min_p": choices.probabilities,
    }
    columns: dict[str, np.ndarray] = {"logits": choices.logits, "scaled": choices.scaled_logits, **shares}
    drawn = {name: shares[name] for name in ("own", "softmax", "min_p")}
    return {
        "token_ids": choices.token_ids[shown].astype(np.int32),
        "ranks": shown.astype(np.int32),
        "listed": count,
        "columns": {name: _float(column[shown]) for name, column in columns.items()},
        "others": {name: float(column[count:].sum()) for name, column in shares.items()},
        "numerators": _float(numerators[shown]),
        "largest": float(choices.scaled_logits[0]),
        "denominator_all": float(numerators.sum()),
        "denominator_kept": float(numerators[choices.kept].sum()),
        "stages": stage_payloads(choices),
        "vocab_size": len(choices.token_ids),
        "curve": _curve(choices, drawn),
        "spread": {name: _spread(column) for name, column in drawn.items()},
    }


def stage_payloads(choices: Distribution) -> list[dict[str, Any]]:
    """``[{name, kept_count, kept_mass, dropped_mass}]`` in the order of sampling."""
    return [
        {
            "name": stage.name,
            "kept_count": int(stage.kept_count),
            "kept_mass": float(stage.kept_mass),
            "dropped_mass": float(stage.dropped_mass),
        }
        for stage in choices.stages
    ]


def _ranks_of(choices: Distribution, token_ids: Sequence[int]) -> IntArray:
    """Where tokens stand, best first. Raises ``unknown_tensor`` for one that does not exist."""
    vocab_size = len(choices.token_ids)
    for token_id in token_ids:
        if not 0 <= token_id < vocab_size:
            raise GlassboxError("unknown_tensor", f"There is no token {token_id}.")
    return np.array([np.flatnonzero(choices.token_ids == token_id)[0] for token_id in token_ids], np.int64)


def _curve(choices: Distribution, shares: Mapping[str, np.ndarray]) -> dict[str, Any]:
    """``counts``, and for each distribution the mass of so many likeliest tokens; the cuts' ends are among them."""
    vocab_size = len(choices.token_ids)
    counts = np.geomspace(1, vocab_size, _CURVE_POINTS).round().astype(np.int64)
    ends = [stage.kept_count for stage in choices.stages]
    counts = np.unique(np.concatenate([counts, ends, [vocab_size]]))
    masses = {name: _float(np.cumsum(column)[counts - 1]) for name, column in shares.items()}
    return {"counts": counts.astype(np.int32), "masses": masses}


def _spread(shares: np.ndarray) -> dict[str, float]:
    """``entropy`` in bits, and ``choices`` = 2^entropy: as undecided as between so many equally likely tokens."""
    some = shares[shares > 0]
    # A sum of rounded numbers may miss 0 from below.
    entropy = max(0.0, float(-(some * np.log2(some)).sum()))
    return {"entropy": entropy, "choices": float(2**entropy)}


def _float(array: np.ndarray) -> npt.NDArray[np.float32]:
    return np.ascontiguousarray(array, np.float32)
