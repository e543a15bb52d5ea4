"""One attention head: how much each token takes from itself and those before it (Vaswani et al. 2017).

query, key, value: [token, d_head]. Every step also takes several heads at once, [head, token, d_head].
"""

from typing import Any

import numpy as np
import numpy.typing as npt

from glassbox.sampling_rules import softmax

FloatArray = npt.NDArray[Any]


def attention(query: FloatArray, key: FloatArray, value: FloatArray) -> tuple[FloatArray, FloatArray]:
    """The pattern [query, key], whose rows sum to 1, and what the head hands on, [token, d_head].

    >>> same = np.ones((3, 4))
    >>> pattern, output = attention(same, same, np.diag([1.0, 2.0, 4.0]))
    >>> pattern.round(2).tolist()
    [[1.0, 0.0, 0.0], [0.5, 0.5, 0.0], [0.33, 0.33, 0.33]]
    >>> output[1].tolist()
    [0.5, 1.0, 0.0]
    """
    scores = masked(scaled(products(query, key), query.shape[-1]))
    pattern = softmax(scores)
    return pattern, pattern @ value


def products(query: FloatArray, key: FloatArray) -> FloatArray:
    """How well what each token looks for fits what each token offers: q . k, [query, key]."""
    found: FloatArray = query @ key.swapaxes(-1, -2)
    return found


def scaled(products: FloatArray, d_head: int) -> FloatArray:
    """Over the square root of d_head: sums of more products are larger, and the softmax would see one token only."""
    smaller: FloatArray = products / np.sqrt(products.dtype.type(d_head))
    return smaller


def masked(scores: FloatArray) -> FloatArray:
    """Minus infinity for keys that come later: e to that is 0, so no token sees what follows it."""
    later = np.triu(np.ones(scores.shape[-2:], bool), 1)
    return np.where(later, scores.dtype.type(-np.inf), scores)
