"""The draw: a seeded number falls onto a line on which the tokens lie, each as long as its probability."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.random import default_rng

from glassbox.errors import GlassboxError
from glassbox.sampling import Distribution, IntArray, SamplingOptions
from glassbox.sampling_rules import FloatArray

# What one question may ask for; the histogram of so many numbers has settled.
MOST_DRAWS = 10_000


@dataclass(frozen=True)
class Draws:
    """Numbers and where they fell; arrays are [seed, draw].

    ranks: index among the tokens, best first. starts, ends: the part of the line, 0 to 1, that belongs to the token.
    """

    numbers: FloatArray
    ranks: IntArray
    token_ids: IntArray
    starts: FloatArray
    ends: FloatArray


def draw(choices: Distribution, options: SamplingOptions, n_tokens: int) -> int:
    """A token id, drawn by its probability; the seed and the number of tokens before it decide which.

    >>> from glassbox.sampling import distribution
    >>> choices = distribution(np.array([0.0, 2.0, 1.0], np.float32), SamplingOptions(temperature=0))
    >>> [draw(choices, SamplingOptions(temperature=0, seed=seed), n_tokens=5) for seed in range(3)]
    [1, 1, 1]
    """
    return int(draws(choices, [options.seed], n_tokens, 1).token_ids[0, 0])


def draws(choices: Distribution, seeds: list[int], n_tokens: int, count: int) -> Draws:
    """The first ``count`` draws of every seed at a place with ``n_tokens`` tokens before it.

    The generator's number in [0, 1) falls into one token's part of the line on which the kept tokens lie, best first,
    each as long as its probability. The first number of a seed is the one that generating takes.
    """
    if not 1 <= count * len(seeds) <= MOST_DRAWS:
        raise GlassboxError("bad_option", f"There can be 1 to {MOST_DRAWS} draws; asked for {count * len(seeds)}.")
    line = np.cumsum(choices.probabilities[choices.kept])
    numbers = np.stack([default_rng([seed, n_tokens]).random(count) for seed in seeds])
    ranks = np.minimum(np.searchsorted(line, numbers * line[-1], side="right"), len(line) - 1)
    ends = line / line[-1]
    starts = np.concatenate([[0.0], ends[:-1]])
    return Draws(numbers, ranks, choices.token_ids[ranks], starts[ranks], ends[ranks])


def draws_payload(choices: Distribution, found: Draws) -> dict[str, Any]:
    """``{shape, numbers, ranks, token_ids, starts, ends, tally}``, arrays [seed, draw] flat in C order.

    ``tally``: ``{ranks, token_ids, counts, probabilities}`` of every token that was drawn, best first.
    """
    ranks, counts = np.unique(found.ranks, return_counts=True)
    return {
        "shape": list(found.numbers.shape),
        "numbers": found.numbers.ravel(),
        "ranks": found.ranks.ravel().astype(np.int32),
        "token_ids": found.token_ids.ravel().astype(np.int32),
        "starts": found.starts.ravel(),
        "ends": found.ends.ravel(),
        "tally": {
            "ranks": ranks.astype(np.int32),
            "token_ids": choices.token_ids[ranks].astype(np.int32),
            "counts": counts.astype(np.int32),
            "probabilities": choices.probabilities[ranks],
        },
    }
