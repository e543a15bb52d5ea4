"""The tensors of one line of tokens, growing row by row as tokens are added; a run reads its leading rows.

Rows never change once they are written, so runs along one line share them. A tensor is held from the first row on, or,
where that would take too much room, for the newest rows only.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from glassbox.interventions import NONE, Interventions
from glassbox.runtime.base import FloatArray
from glassbox.tensor_layout import TensorLayout
from glassbox.token_numbers import Guess, TokenNumbers

# Room to grow is a quarter more, within these: of a long text's tensors much more would be a waste.
_LEAST_SPARE, _MOST_SPARE = 8, 32


class Rows:
    """Rows ``first`` up to ``stop`` of one layer's tensor, in an array with room to grow.

    The axis that counts rows is the last but one; in attention the last counts tokens too, from 0.
    """

    def __init__(self, first: int, rows: FloatArray, masked: float | None = None) -> None:
        """rows: the tensor for positions ``first`` on, as a runtime answers it.

        masked: what stands in attention where a key comes after the query; None for a tensor that counts no keys.
        """
        self._masked = masked
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
        return rows if self._masked is None else rows[..., :stop]

    def _grow(self, capacity: int) -> None:
        *leading, _, width = self._buffer.shape
        width = width if self._masked is None else self.first + capacity
        grown = np.full((*leading, capacity, width), self._masked or 0.0, np.float32)
        grown[..., : self._count, : self._buffer.shape[-1]] = self._buffer[..., : self._count, :]
        self._buffer = grown


class Activations:
    """What is held of one line of tokens: rows of tensors, and what is a number or a guess a token."""

    def __init__(self, layout: TensorLayout, token_ids: Sequence[int], interventions: Interventions = NONE) -> None:
        self._layout = layout
        self.token_ids = list(token_ids)
        self.interventions = interventions
        self.rows: dict[str, Rows] = {}
        self.numbers: list[TokenNumbers] = []
        self.guesses: dict[int, Guess] = {}

    @property
    def nbytes(self) -> int:
        """Room that the tensors take."""
        return sum(rows.nbytes for rows in self.rows.values())

    def shared(self, token_ids: Sequence[int], interventions: Interventions) -> int:
        """How many leading tokens are the same, with the same rows."""
        return int(min(common_length(self.token_ids, token_ids), self.interventions.agreeing_rows(interventions)))

    def branch(self, n_tokens: int, interventions: Interventions) -> "Activations":
        """A line of its own that begins with the first ``n_tokens`` tokens of this one."""
        made = Activations(self._layout, self.token_ids[:n_tokens], interventions)
        made.numbers = self.numbers[:n_tokens]
        made.guesses = {position: guess for position, guess in self.guesses.items() if position < n_tokens}
        for key, rows in self.rows.items():
            if rows.first == 0:
                made.hold(key, 0, rows.read(0, min(n_tokens, rows.stop)))
        return made

    def add(self, token_ids: Sequence[int], start: int, answer: Mapping[str, FloatArray]) -> None:
        """Take in the rows from ``start`` on of ``token_ids``, of which those held so far are the beginning."""
        self.token_ids = list(token_ids)
        for key, new in answer.items():
            held = self.rows.get(key)
            if held is None or held.first > 0 or start > held.stop:
                self.hold(key, start, new)
            elif held.stop < len(token_ids):
                held.append(new[..., held.stop - start :, :])

    def hold(self, key: str, first: int, rows: FloatArray) -> None:
        """Hold these rows of a tensor, from position ``first`` on, and no others."""
        self.rows[key] = Rows(first, rows, self._layout.masked(key))

    def holds(self, key: str, start: int, stop: int) -> bool:
        """Whether these rows of a tensor are here."""
        rows = self.rows.get(key)
        return rows is not None and rows.first <= start and stop <= rows.stop

    def forget(self, key: str) -> None:
        """Keep the newest row of a tensor only."""
        rows = self.rows[key]
        newest = rows.stop - 1
        self.hold(key, newest, rows.read(newest, rows.stop))


def common_length(first: Sequence[Any], second: Sequence[Any]) -> int:
    """How many leading items agree."""
    length = min(len(first), len(second))
    if list(first[:length]) == list(second[:length]):
        return length
    return next(index for index in range(length) if first[index] != second[index])
