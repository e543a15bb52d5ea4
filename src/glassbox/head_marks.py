"""What each head attends to, as scores computed from the text (Olsson et al. 2022 for induction heads)."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from glassbox.runtime.base import FloatArray

MARKS = ("previous_token", "first_token", "same_token", "induction")


def head_marks(patterns: FloatArray, token_ids: Sequence[int]) -> FloatArray:
    """Mean attention that a head's queries give to the keys a mark names; not a number where the text has no such pair.

    patterns: [..., query, key]. Returns [..., len(MARKS)], each from 0 to 1:
    previous_token: the key just before the query. first_token: key 0, for queries after it.
    same_token: earlier keys with the query's own token. induction: keys that follow an earlier one of those.
    """
    scores = [_mean_mass(patterns, mask) for mask in _masks(np.asarray(token_ids)).values()]
    return np.stack(scores, axis=-1).astype(np.float32)


def _masks(token_ids: npt.NDArray[np.int64]) -> dict[str, npt.NDArray[np.bool_]]:
    """[query, key] of the pairs each mark counts."""
    n_tokens = len(token_ids)
    query, key = np.indices((n_tokens, n_tokens))
    earlier_same = (token_ids[:, None] == token_ids[None, :]) & (key < query)
    after_same = np.zeros_like(earlier_same)
    after_same[:, 1:] = earlier_same[:, :-1]
    return {
        "previous_token": key == query - 1,
        "first_token": (key == 0) & (query > 0),
        "same_token": earlier_same,
        # A repeat right before the query would make the query its own follower.
        "induction": after_same & (key < query),
    }


def _mean_mass(patterns: FloatArray, mask: npt.NDArray[np.bool_]) -> FloatArray:
    """Attention inside the mask, summed over keys, averaged over the queries that have such keys."""
    queries = mask.any(axis=-1)
    if not queries.any():
        return np.full(patterns.shape[:-2], np.nan, np.float32)
    mass: FloatArray = (patterns * mask).sum(axis=-1)[..., queries].mean(axis=-1)
    return mass
