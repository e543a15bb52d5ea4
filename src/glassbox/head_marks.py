"""What each head attends to, as scores computed from the text (Olsson et al. 2022 for induction heads)."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from glassbox.runtime.base import FloatArray

MARKS = ("previous_token", "first_token", "same_token", "induction")


def head_marks(patterns: FloatArray, token_ids: Sequence[int]) -> FloatArray:
    """Mean attention that a head's queries give to the keys a mark names; not a number where the text has no such pair.

    patterns: [..., query, key] of a whole text. Returns [..., len(MARKS)], each from 0 to 1:
    previous_token: the key just before the query. first_token: key 0, for queries that it is not just before.
    same_token: earlier keys with the query's own token. induction: keys that follow an earlier one of those.
    """
    return mean_marks(np.moveaxis(mark_masses(patterns, token_ids), -2, 0))


def mark_masses(patterns: FloatArray, token_ids: Sequence[int], start: int = 0) -> FloatArray:
    """Attention that each query gives to the keys a mark names, not a number where it has no such key.

    patterns: [..., query, key], queries from position ``start`` on. Returns [..., query, len(MARKS)].
    """
    masses = np.full((*patterns.shape[:-1], len(MARKS)), np.nan, np.float32)
    for index, mask in enumerate(_masks(np.asarray(token_ids), start).values()):
        queries = mask.any(axis=-1)
        masses[..., queries, index] = (patterns[..., queries, :] * mask[queries]).sum(axis=-1)
    return masses


def mean_marks(masses: FloatArray) -> FloatArray:
    """Mean over the queries that have such keys. masses: [query, ...]; not a number where none has."""
    counted = ~np.isnan(masses)
    count = counted.sum(axis=0)
    total = np.where(counted, masses, 0).sum(axis=0)
    return np.where(count > 0, total / np.maximum(count, 1), np.nan).astype(np.float32)


def _masks(token_ids: npt.NDArray[np.int64], start: int) -> dict[str, npt.NDArray[np.bool_]]:
    """[query, key] of the pairs each mark counts, for the queries from ``start`` on."""
    n_tokens = len(token_ids)
    query, key = np.ogrid[start:n_tokens, :n_tokens]
    same = token_ids[start:, None] == token_ids[None, :]
    # A key that follows an earlier one of the query's token. A repeat right before the query would make the query its
    # own follower.
    after_same = np.zeros_like(same)
    after_same[:, 1:] = same[:, :-1]
    return {
        "previous_token": key == query - 1,
        "first_token": (key == 0) & (query > 1),
        "same_token": same & (key < query),
        "induction": after_same & (key < query),
    }
