"""Unigram, bigram and trigram models of a source, to hold the trained model against.

Bigram and trigram are interpolated Kneser-Ney with one discount, over the full vocabulary: what a discount takes from
the seen continuations of a context goes to the next shorter context, and in the end to every token alike. Shorter
orders count in how many contexts a token was seen, not how often. The unigram counts tokens, each once more than seen.
"""

import numpy as np
import numpy.typing as npt

IntArray = npt.NDArray[np.int64]
FloatArray = npt.NDArray[np.float64]
DISCOUNT = 0.75


class NGrams:
    """Counts of the sequences of a training text, up to three tokens long."""

    def __init__(self, tokens: npt.NDArray[np.integer], vocab_size: int) -> None:
        """``tokens``: [position] token ids."""
        self.vocab_size = vocab_size
        ids = tokens.astype(np.int64)
        self._unigrams = np.bincount(ids, minlength=vocab_size).astype(np.float64)
        pairs, pair_counts = np.unique(ids[:-1] * vocab_size + ids[1:], return_counts=True)
        triples, triple_counts = np.unique(
            (ids[:-2] * vocab_size + ids[1:-1]) * vocab_size + ids[2:], return_counts=True
        )
        followers = np.bincount(pairs % vocab_size, minlength=vocab_size).astype(np.float64)
        self._single = _Level.of(np.zeros(vocab_size, np.int64), np.arange(vocab_size), followers)
        self._bigram = _Level.of(pairs // vocab_size, pairs, pair_counts)
        # A pair counts once for each token it was seen behind.
        inner, n_before = np.unique(triples % vocab_size**2, return_counts=True)
        self._inner = _Level.of(inner // vocab_size, inner, n_before)
        self._trigram = _Level.of(triples // vocab_size, triples, triple_counts)

    def losses(self, tokens: npt.NDArray[np.integer]) -> dict[str, FloatArray]:
        """-log p in nats of every token from the third on, by each baseline: [position - 2]."""
        ids = tokens.astype(np.int64)
        before, last, asked = ids[:-2], ids[1:-1], ids[2:]
        size = self.vocab_size
        unigram = (self._unigrams[asked] + 1) / (self._unigrams.sum() + size)
        lowest = self._single.interpolate(np.zeros_like(asked), asked, np.full(len(asked), 1 / size))
        bigram = self._bigram.interpolate(last, last * size + asked, lowest)
        inner = self._inner.interpolate(last, last * size + asked, lowest)
        pair = before * size + last
        trigram = self._trigram.interpolate(pair, pair * size + asked, inner)
        return {"unigram": -np.log(unigram), "bigram": -np.log(bigram), "trigram": -np.log(trigram)}


class _Level:
    """Counts of (context, token) keys, with their sums for each context."""

    def __init__(self, keys: IntArray, counts: FloatArray, contexts: IntArray, totals: FloatArray, kinds: FloatArray):
        self._keys, self._counts = keys, counts
        self._contexts, self._totals, self._kinds = contexts, totals, kinds

    @classmethod
    def of(cls, contexts: IntArray, keys: IntArray, counts: npt.NDArray[np.number]) -> "_Level":
        """``keys`` sorted, ``contexts`` of the keys, ``counts`` of the keys."""
        seen = counts > 0
        keys, contexts, amounts = keys[seen], contexts[seen], counts[seen].astype(np.float64)
        unique, place = np.unique(contexts, return_inverse=True)
        totals: FloatArray = np.bincount(place, amounts).astype(np.float64)
        kinds: FloatArray = np.bincount(place).astype(np.float64)
        return cls(keys, amounts, unique, totals, kinds)

    def interpolate(self, contexts: IntArray, keys: IntArray, shorter: FloatArray) -> FloatArray:
        """p of each key, given the probabilities of the next shorter context."""
        counts = _look_up(self._keys, self._counts, keys)
        totals = _look_up(self._contexts, self._totals, contexts)
        kinds = _look_up(self._contexts, self._kinds, contexts)
        known = totals > 0
        safe = np.where(known, totals, 1)
        own = np.maximum(counts - DISCOUNT, 0) / safe
        return np.where(known, own + DISCOUNT * kinds / safe * shorter, shorter)


def _look_up(keys: IntArray, values: FloatArray, wanted: IntArray) -> FloatArray:
    place = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
    return np.where(keys[place] == wanted, values[place], 0.0)
