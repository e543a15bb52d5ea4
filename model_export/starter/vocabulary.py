"""Which rows of the vocabulary are trained one by one, and which share a single row.

On a CPU the 50,257-way softmax takes three quarters of the time. So only the tokens that the texts use most have rows
of their own; all others are stood for by one shared row. Its logit is raised by log(number of rare tokens), which makes
the softmax exactly that of the full vocabulary in which every rare token has the shared row: a sum of n equal terms e^z
is e^(z + log n). Rare tokens may be read, but are never asked for as the next token, so the shared row only ever learns
to be improbable.
"""

import math

import numpy as np
import numpy.typing as npt

IntArray = npt.NDArray[np.int64]
FloatArray = npt.NDArray[np.float32]

IGNORED = -100
"""Target that the loss leaves out (PyTorch's own default)."""


class Vocabulary:
    """Maps token ids to rows of the trained embedding. With every token kept, the map is the identity."""

    def __init__(self, kept: IntArray, size: int) -> None:
        """``kept``: token ids with rows of their own, each once; ``size``: of the whole vocabulary."""
        self.kept = np.unique(kept).astype(np.int64)
        self.size = size
        self.n_rare = size - len(self.kept)
        self.n_rows = len(self.kept) + (1 if self.n_rare else 0)
        self._row_of = np.full(size, len(self.kept), np.int64)
        self._row_of[self.kept] = np.arange(len(self.kept))

    def rows(self, token_ids: npt.NDArray[np.integer]) -> IntArray:
        """Row of each token, in the shape of ``token_ids``."""
        rows: IntArray = self._row_of[token_ids]
        return rows

    def targets(self, token_ids: npt.NDArray[np.integer]) -> IntArray:
        """Row of each token as something to predict: rare tokens, and IGNORED itself, are left out of the loss."""
        rows = self._row_of[np.maximum(token_ids, 0)]
        return np.where((token_ids < 0) | (rows == len(self.kept)), IGNORED, rows)

    def row_bias(self) -> FloatArray:
        """[n_rows] What is added to the logits: log(number of tokens) of each row."""
        bias = np.zeros(self.n_rows, np.float32)
        if self.n_rare:
            bias[-1] = math.log(self.n_rare)
        return bias

    def expand(self, rows: FloatArray) -> FloatArray:
        """[n_rows, n_embd] -> [size, n_embd]: every rare token gets the shared row."""
        return rows[self._row_of]

    def contract(self, embedding: FloatArray) -> FloatArray:
        """[size, n_embd] -> [n_rows, n_embd]: the shared row becomes the mean of the rare tokens' rows."""
        kept = embedding[self.kept]
        if not self.n_rare:
            return kept
        rare = np.setdiff1d(np.arange(self.size), self.kept)
        mean = embedding[rare].mean(axis=0, keepdims=True, dtype=np.float64)
        return np.concatenate([kept, mean.astype(np.float32)])


def most_frequent(counts: npt.NDArray[np.floating], n_kept: int, always: tuple[int, ...]) -> IntArray:
    """The ``n_kept`` token ids with the largest counts (all with ``n_kept`` 0), and those of ``always``."""
    if not n_kept:
        return np.arange(len(counts), dtype=np.int64)
    best = np.argsort(-counts, kind="stable")[:n_kept]
    return np.union1d(best, np.array(always, np.int64)).astype(np.int64)
