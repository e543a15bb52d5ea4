"""Logit lens: what the model would predict if it stopped after each block (nostalgebraist, 2020)."""

from collections.abc import Sequence

import numpy as np

from glassbox.runtime.base import FloatArray
from glassbox.token_numbers import Guess


def guesses(logits: FloatArray) -> list[Guess]:
    """For each position every layer's top token, its probability, and how the final answer ranks.

    logits: [n_layer + 1, position, vocab_size]; layer 0 is the embedding, the last layer the model's own answer, whose
    top token has rank 1.

    >>> after_embedding, after_block = [0.0, 2.0, 1.0], [3.0, 0.0, 0.0]
    >>> [guess] = guesses(np.array([[after_embedding], [after_block]], np.float32))
    >>> guess.token_ids.tolist()
    [1, 0]
    >>> [f"{probability:.2f}" for probability in guess.probabilities]
    ['0.67', '0.91']
    >>> guess.final_ranks.tolist()
    [3, 1]
    """
    top = logits.argmax(axis=-1)
    largest = logits.max(axis=-1, keepdims=True)
    # Softmax of the largest logit: its own numerator is 1.
    probabilities = 1 / np.exp(logits - largest).sum(axis=-1)
    answer = np.broadcast_to(top[-1, :, None], (*top.shape, 1))
    ranks = 1 + (logits > np.take_along_axis(logits, answer, axis=-1)).sum(axis=-1)
    return [
        Guess(top[:, i].astype(np.int32), probabilities[:, i].astype(np.float32), ranks[:, i].astype(np.int32))
        for i in range(top.shape[1])
    ]


def stacked(columns: Sequence[Guess]) -> Guess:
    """The guesses of some positions as one: arrays [n_layer + 1, position]."""
    return Guess(
        np.stack([column.token_ids for column in columns], axis=1),
        np.stack([column.probabilities for column in columns], axis=1),
        np.stack([column.final_ranks for column in columns], axis=1),
    )
