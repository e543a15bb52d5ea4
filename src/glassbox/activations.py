"""The tensors of one line of tokens, growing row by row as tokens are added; a run reads its leading rows.

Rows never change once they are written, so runs along one line share them. A tensor is held from the first row on, or,
where that would take too much room, for the newest rows only.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from glassbox.config import ModelConfig
from glassbox.errors import GlassboxError
from glassbox.runtime.base import TENSOR_AXES, UNLAYERED, FloatArray, new_rows_shape
from glassbox.token_numbers import Guess, TokenNumbers

# What stands where a query cannot look: later keys.
_MASKED = {"attention_scores": -np.inf, "attention_pattern": 0.0}
# Room to grow is a quarter more, within these: of a long text's tensors much more would be a waste.
_LEAST_SPARE, _MOST_SPARE = 8, 32


def tensor_keys(config: ModelConfig) -> tuple[str, ...]:
    """Every tensor by the name a runtime knows it by: ``value.0``, ``value.1``, …, ``ln_f``."""
    return tuple(key for name in TENSOR_AXES for key in layer_keys(config, name))


def layer_keys(config: ModelConfig, name: str) -> list[str]:
    """The keys of one tensor in every layer."""
    return [name] if name in UNLAYERED else [f"{name}.{layer}" for layer in range(config.n_layer)]


def tensor_key(name: str, layer: int | None) -> str:
    """The runtime's name of one layer's tensor."""
    return name if layer is None else f"{name}.{layer}"


def row_bytes(config: ModelConfig, key: str, n_keys: int) -> int:
    """Bytes of one row of a tensor; n_keys: how many tokens a row of attention looks at."""
    return 4 * int(np.prod(new_rows_shape(key, config, 1, n_keys - 1)))


def check_tensor(config: ModelConfig, name: str, layer: int | None, head: int | None) -> None:
    """Raise GlassboxError ``unknown_tensor`` unless the model has such a tensor, layer and head."""
    if name not in TENSOR_AXES:
        raise GlassboxError("unknown_tensor", f"No tensor is called {name!r}. There are: {', '.join(TENSOR_AXES)}.")
    if name in UNLAYERED:
        if layer is not None:
            raise GlassboxError("unknown_tensor", f"{name} stands after the last layer and has none; leave it out.")
    elif layer is None or not 0 <= layer < config.n_layer:
        raise GlassboxError("unknown_tensor", f"{name} has layers 0 to {config.n_layer - 1}; asked for {layer}.")
    if head is not None and (TENSOR_AXES[name][0] != "head" or not 0 <= head < config.n_head):
        raise GlassboxError(
            "unknown_tensor", f"{name} has no head {head}; the model's heads are 0 to {config.n_head - 1}."
        )


class Rows:
    """Rows ``first`` up to ``stop`` of one layer's tensor, in an array with room to grow.

    The axis that counts rows is the last but one; in attention the last counts tokens too, from 0.
    """

    def __init__(self, key: str, first: int, rows: FloatArray) -> None:
        """rows: the tensor for positions ``first`` on, as a runtime answers it."""
        self._fill = _MASKED.get(key.partition(".")[0])
        self.first = first
        # What a runtime answers may be a part of something larger, which must not be kept alive by it.
        self._buffer = np.array(rows, np.float32)
        self._count: int = rows.shape[-2]

    @property
    def stop(self) -> int:
        """One past the last position held."""
        return self.first + self._count

    @property
    def nbytes(self) -> int:
        """Room taken, with what is spare."""
        return self._buffer.nbytes

    def append(self, rows: FloatArray) -> None:
        """Add the rows of the positions from ``stop`` on."""
        count = self._count + rows.shape[-2]
        if count > self._buffer.shape[-2]:
            self._grow(count + min(max(_LEAST_SPARE, count // 4), _MOST_SPARE))
        self._buffer[..., self._count : count, : rows.shape[-1]] = rows
        self._count = count

    def read(self, start: int, stop: int) -> FloatArray:
        """A view of positions ``start`` up to ``stop``, with the keys up to ``stop`` where it counts keys."""
        rows = self._buffer[..., start - self.first : stop - self.first, :]
        return rows if self._fill is None else rows[..., :stop]

    def _grow(self, capacity: int) -> None:
        *leading, _, width = self._buffer.shape
        width = width if self._fill is None else self.first + capacity
        grown = np.full((*leading, capacity, width), self._fill or 0.0, np.float32)
        grown[..., : self._count, : self._buffer.shape[-1]] = self._buffer[..., : self._count, :]
        self._buffer = grown


class Activations:
    """What is held of one line of tokens: rows of tensors, and what is a number or a guess a token."""

    def __init__(self, token_ids: Sequence[int], head_scale: FloatArray) -> None:
        self.token_ids = list(token_ids)
        self.head_scale = head_scale
        self.rows: dict[str, Rows] = {}
        self.numbers: list[TokenNumbers] = []
        self.guesses: dict[int, Guess] = {}

    @property
    def nbytes(self) -> int:
        """Room that the tensors take."""
        return sum(rows.nbytes for rows in self.rows.values())

    def shared(self, token_ids: Sequence[int], head_scale: FloatArray) -> int:
        """How many leading tokens are the same, read with the same heads."""
        if not np.array_equal(self.head_scale, head_scale):
            return 0
        return common_length(self.token_ids, token_ids)

    def branch(self, n_tokens: int) -> "Activations":
        """A line of its own that begins with the first ``n_tokens`` tokens of this one."""
        made = Activations(self.token_ids[:n_tokens], self.head_scale)
        made.numbers = self.numbers[:n_tokens]
        made.guesses = {position: guess for position, guess in self.guesses.items() if position < n_tokens}
        for key, rows in self.rows.items():
            if rows.first == 0:
                made.rows[key] = Rows(key, 0, rows.read(0, min(n_tokens, rows.stop)))
        return made

    def add(self, token_ids: Sequence[int], start: int, answer: Mapping[str, FloatArray]) -> None:
        """Take in the rows from ``start`` on of ``token_ids``, of which those held so far are the beginning."""
        self.token_ids = list(token_ids)
        for key, new in answer.items():
            held = self.rows.get(key)
            if held is None or held.first > 0 or start > held.stop:
                self.rows[key] = Rows(key, start, new)
            elif held.stop < len(token_ids):
                held.append(new[..., held.stop - start :, :])

    def holds(self, key: str, start: int, stop: int) -> bool:
        """Whether these rows of a tensor are here."""
        rows = self.rows.get(key)
        return rows is not None and rows.first <= start and stop <= rows.stop

    def forget(self, key: str) -> None:
        """Keep the newest row of a tensor only."""
        rows = self.rows[key]
        newest = rows.stop - 1
        self.rows[key] = Rows(key, newest, rows.read(newest, rows.stop))


def common_length(first: Sequence[Any], second: Sequence[Any]) -> int:
    """How many leading items agree."""
    length = min(len(first), len(second))
    if list(first[:length]) == list(second[:length]):
        return length
    return next(index for index in range(length) if first[index] != second[index])
