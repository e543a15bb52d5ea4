"""What an operation reads for one cell: real numbers of the run or of the weights, and which cells they are."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from glassbox.architectures.operations import Cells, Channel, Index, TableRow
from glassbox.engine import Engine
from glassbox.runs import Run
from glassbox.runtime.base import FloatArray


@dataclass(frozen=True)
class Cell:
    """One number of a tensor: ``row`` is a position (or query), ``column`` an index along its last axis (or a key)."""

    name: str
    layer: int | None
    head: int | None
    row: int
    column: int


@dataclass(frozen=True)
class Operand:
    """values: [n_terms]. cells: where they are, as ``explain`` gives them; None for weights. bias: of a channel."""

    name: str
    values: FloatArray
    cells: dict[str, Any] | None = None
    bias: float | None = None


class Operands:
    """Looks up what the operations of one run read."""

    def __init__(self, engine: Engine, run: Run) -> None:
        self._engine = engine
        self._run = run
        self._config = engine.config

    def cell(self, cells: Cells, cell: Cell) -> Cell:
        """Of an operation with one term: the cell it reads for ``cell``."""
        return Cell(cells.name, self._layer(cells, cell), self._head(cells, cell), cell.row, cell.column)

    async def number(self, cell: Cell) -> float:
        """What stands in a cell."""
        row = await self._engine.row(self._run, cell.name, cell.layer, cell.row)
        return float((row if cell.head is None else row[cell.head])[cell.column])

    async def of(self, operand: Cells | Channel | TableRow, cell: Cell) -> Operand:
        """All terms of an operand of ``cell``."""
        if isinstance(operand, Channel):
            return await self._channel(operand, cell)
        if isinstance(operand, TableRow):
            row = {"token": self._run.token_ids[cell.row], "position": cell.row, "column": cell.column}[operand.index]
            matrix = self.matrix_of(operand)
            return Operand(matrix, (await self._engine.weights.rows(matrix, row, row + 1))[0])
        return await self._cells(operand, cell)

    async def _cells(self, cells: Cells, cell: Cell) -> Operand:
        layer, head = self._layer(cells, cell), self._head(cells, cell)
        if cells.row == "term":
            # One column of every row that the cell's query sees.
            tensor = await self._engine.tensor(self._run, cells.name, layer, head)
            values = tensor[: cell.row + 1, self._index(cells.column, cell)]
        else:
            row = await self._engine.row(self._run, cells.name, layer, self._index(cells.row, cell))
            values = (row if head is None else row[head]).ravel()
            if self._engine.layout.masked(cells.name) is not None:
                values = values[: cell.row + 1]
        return Operand(cells.name, values, self._places(cells, cell, layer, head, len(values)))

    def _places(self, cells: Cells, cell: Cell, layer: int | None, head: int | None, n_terms: int) -> dict[str, Any]:
        """Head, row and column of every term."""
        terms = np.arange(n_terms, dtype=np.int32)
        heads: npt.NDArray[np.int32] | None = None if head is None else np.full(n_terms, head, np.int32)
        columns = self._each(cells.column, cell, terms)
        if cells.head == "joined":
            heads, columns = terms // self._config.d_head, terms % self._config.d_head
        rows = self._each(cells.row, cell, terms)
        return {"name": cells.name, "layer": layer, "heads": heads, "rows": rows, "columns": columns}

    async def _channel(self, channel: Channel, cell: Cell) -> Operand:
        index = cell.column if cell.head is None else cell.column + self.first_channel(channel, cell.head)
        matrix, weights = channel.matrix.format(layer=cell.layer), self._engine.weights
        biases = await self.bias_of(channel, cell.layer)
        bias = None if biases is None else float(biases[index])
        return Operand(matrix, await weights.column(matrix, index), bias=bias)

    def matrix_of(self, row: TableRow) -> str:
        """The matrix a row is looked up in; of a tied one, what stands in for it."""
        return row.tied if row.tied is not None and not self._engine.weights.has(row.matrix) else row.matrix

    async def bias_of(self, channel: Channel, layer: int | None) -> FloatArray | None:
        """The biases [output] of a matrix; None where the model has none."""
        name = None if channel.bias is None else channel.bias.format(layer=layer)
        return await self._engine.weights.vector(name) if name and self._engine.weights.has(name) else None

    def group_of(self, name: str, head: int) -> int:
        """The head of a tensor that serves a query head: another one where several share it."""
        return head // (self._config.n_head // self._engine.layout.n_heads(name))

    def first_channel(self, channel: Channel, head: int) -> int:
        """Where a head's channels begin."""
        return (channel.part * self._config.n_head + head) * self._config.d_head

    def _layer(self, cells: Cells, cell: Cell) -> int | None:
        if cells.layer == "none":
            return None
        if cells.layer == "last":
            return self._config.n_layer - 1
        return cell.layer if cells.layer == "same" or cell.layer is None else cell.layer - 1

    def _head(self, cells: Cells, cell: Cell) -> int | None:
        if cells.head == "group" and cell.head is not None:
            return self.group_of(cells.name, cell.head)
        return cell.head if cells.head == "same" else None

    def _index(self, index: Index, cell: Cell) -> int:
        return cell.row if index == "row" else cell.column

    def _each(self, index: Index, cell: Cell, terms: npt.NDArray[np.int32]) -> npt.NDArray[np.int32]:
        return terms if index == "term" else np.full(len(terms), self._index(index, cell), np.int32)
