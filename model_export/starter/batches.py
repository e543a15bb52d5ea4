"""Cuts batches out of the sources, by the shares of the mix. A batch depends only on the seed and its step."""

from collections.abc import Mapping

import numpy as np

from model_export.starter.candidates import IGNORED, IntArray
from model_export.starter.config import END_OF_TEXT
from model_export.starter.data import Source, TokenArray

REPEATS = "repeats"
PARAGRAPH_END = 198
"""The token of a line feed."""
_SHORTEST_REPEAT = 4


class Batches:
    """Windows of the training tokens, and repeated sequences of random tokens."""

    def __init__(self, sources: Mapping[str, Source], mix: Mapping[str, float], vocab_size: int, seed: int):
        self._names = list(mix)
        self._shares = np.array([mix[name] for name in self._names]) / sum(mix.values())
        self._tokens = {name: sources[name].train for name in self._names if name != REPEATS}
        # Books begin anywhere at a paragraph: their very beginnings are title pages.
        self._starts = {
            name: starts_after(PARAGRAPH_END if name == "books" else END_OF_TEXT, tokens)
            for name, tokens in self._tokens.items()
        }
        self._vocab_size = vocab_size
        self._seed = seed

    def batch(self, step: int, n_windows: int, n_tokens: int) -> tuple[IntArray, IntArray]:
        """Tokens to read and tokens to predict, both [window, position]."""
        draw = np.random.default_rng((self._seed, step))
        read = np.empty((n_windows, n_tokens), np.int64)
        asked = np.empty((n_windows, n_tokens), np.int64)
        for window, source in enumerate(draw.choice(len(self._names), n_windows, p=self._shares)):
            name = self._names[source]
            if name == REPEATS:
                read[window], asked[window] = repeated_tokens(draw, self._vocab_size, n_tokens)
            else:
                tokens = self._window(draw, name, n_tokens + 1)
                read[window], asked[window] = tokens[:-1], tokens[1:]
        return read, asked

    def _window(self, draw: np.random.Generator, name: str, length: int) -> TokenArray:
        # Half of the windows begin where a text does, since that is how a reader's text begins.
        tokens, starts = self._tokens[name], self._starts[name]
        last = len(tokens) - length
        usable = int(np.searchsorted(starts, last, side="right"))
        from_start = usable and draw.random() < 0.5
        start = int(starts[draw.integers(usable)] if from_start else draw.integers(last + 1))
        return tokens[start : start + length]


def starts_after(end: int, tokens: TokenArray) -> IntArray:
    """Positions of the first token and of every token that follows the token ``end``."""
    return np.concatenate([[0], np.flatnonzero(tokens[:-1] == end) + 1]).astype(np.int64)


def repeated_tokens(draw: np.random.Generator, vocab_size: int, n_tokens: int) -> tuple[IntArray, IntArray]:
    """A random sequence again and again: tokens to read and to predict, [n_tokens] each.

    The first time round nothing can be predicted, so nothing is asked. As many lengths are between 4 and 8 as between 8
    and 16: short sequences come round often, and from them the way of copying is found soonest.
    """
    longest = max(_SHORTEST_REPEAT, n_tokens // 2)
    period = int(_SHORTEST_REPEAT * ((longest + 1) / _SHORTEST_REPEAT) ** draw.random())
    tokens = np.resize(draw.integers(vocab_size, size=period), n_tokens + 1)
    asked = tokens[1:].copy()
    asked[: period - 1] = IGNORED
    return tokens[:-1], asked
