"""The rules of sampling: temperature, softmax, top-k, top-p, min-p. ``sampling.py`` calls them in this order.

Logits and probabilities come best first. So whatever a cut keeps is a beginning of them, and it answers with how many
it keeps.
"""

from typing import Any

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]


def divide(logits: npt.NDArray[np.floating[Any]], temperature: float) -> FloatArray:
    """Logits over temperature. At 0 only the first stays finite: the limit of ever smaller temperatures."""
    if temperature > 0:
        return logits.astype(np.float64) / temperature
    greedy = np.full(len(logits), -np.inf)
    greedy[0] = logits[0]
    return greedy


def softmax(logits: npt.NDArray[np.floating[Any]]) -> npt.NDArray[Any]:
    """Probabilities: they sum to 1 along the last axis. In the precision of the logits.

    >>> softmax(np.log([1.0, 2.0, 1.0])).round(3).tolist()
    [0.25, 0.5, 0.25]
    """
    # The largest is taken off first: e to a large number would be too large.
    exponents = np.exp(logits - logits.max(axis=-1, keepdims=True))
    probabilities: npt.NDArray[Any] = exponents / exponents.sum(axis=-1, keepdims=True)
    return probabilities


def top_k(logits: FloatArray, probabilities: FloatArray, top_k: int) -> int:
    """The k largest, and what equals the k-th: a cut must not choose between tokens that are alike to the model."""
    return int((logits >= logits[min(top_k, len(logits)) - 1]).sum())


def top_p(logits: FloatArray, probabilities: FloatArray, top_p: float) -> int:
    """Smallest set of likeliest tokens whose mass reaches ``top_p``; never empty (Holtzman et al. 2019)."""
    if top_p >= 1:
        return len(probabilities)  # Rounded sums reach 1 before the last token.
    return 1 + int((np.cumsum(probabilities[:-1]) < top_p).sum())


def min_p(logits: FloatArray, probabilities: FloatArray, min_p: float) -> int:
    """Tokens with at least ``min_p`` of the largest probability (Nguyen et al. 2024)."""
    return int((probabilities >= min_p * probabilities[0]).sum())


def renormalise(probabilities: FloatArray, n_kept: int) -> FloatArray:
    """After a cut: the first ``n_kept`` probabilities made to sum to 1, the others 0."""
    left = np.zeros_like(probabilities)
    left[:n_kept] = probabilities[:n_kept] / probabilities[:n_kept].sum()
    return left
