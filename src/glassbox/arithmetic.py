"""How one number of a run came about: the real inputs, the real weights, and a sum that closes.

Which operands make a cell is in the architecture's table (``architectures/``); here they are put together.
"""

from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np

from glassbox.architectures.operations import (
    Cells,
    Dot,
    Gate,
    LayerNorm,
    Norm,
    Operation,
    RmsNorm,
    Rotation,
    Softmax,
    Sum,
    TableRow,
)
from glassbox.engine import Engine
from glassbox.errors import GlassboxError
from glassbox.interventions import When
from glassbox.operands import Cell, Operand, Operands
from glassbox.runs import Run

LARGEST_TERMS = 8


@dataclass(frozen=True)
class Product:
    """value = factor * (sum of left * right + bias)."""

    left: Operand
    right: Operand
    factor: float | None


class Arithmetic:
    """Explains cells of a run."""

    def __init__(self, engine: Engine, run: Run) -> None:
        self._engine = engine
        self._run = run
        self._operands = Operands(engine, run)

    async def explain(self, cell: Cell) -> dict[str, Any]:
        """``{kind, value, …}`` for a cell. Raises ``unknown_tensor`` for one that does not exist.

        kind ``dot``: left_name, right_name, left, right, left_cells, right_cells, products, bias, factor, factor_name,
        symbols, largest [{index, left, right, product}], rest_count, rest_sum, sum, total. kind ``sum``: parts [{name,
        value, cell}]. kind ``layer_norm``: source, input, input_cell, mean, variance, epsilon, gain, bias. kind
        ``softmax``: scores, score_cells, largest_score, numerators, denominator. kind ``gelu``: source, input,
        input_cell. kind ``masked``: nothing more, a later key cannot be seen. kind ``rms_norm``: source, input,
        input_cell, mean_square, epsilon, gain. kind ``cut``: when, attention that was cut by hand; kind ``patched``:
        nothing more, a row that was put in. kind ``rotation``: parts [{name, value, factor, cell}], angle,
        frequency. kind ``gate``: gate, gate_cell, up, up_cell.

        ``…_cells`` are {name, layer, heads, rows, columns}, an index of each for every term (heads null where the
        tensor has none); null for weights. ``…_cell``: {name, layer, head, row, column}.
        """
        layout, is_logit = self._engine.layout, cell.name == "logits"
        if is_logit:
            # First, since it refuses positions and tokens that do not exist.
            value = float((await self._engine.logits(self._run, cell.row))[self._token(cell.column)])
        else:
            cell = self._checked(cell)
            masked = layout.masked(cell.name)
            if masked is not None and cell.column > cell.row:
                return {"kind": "masked", "value": masked}
            value = await self._operands.number(cell)
            changed = self._changed(cell)
            if changed is not None:
                return changed | {"value": value}
        operation = layout.architecture.operation(cell.name, cell.layer)
        return await self._explained(operation, cell, value)

    async def _explained(self, operation: Operation, cell: Cell, value: float) -> dict[str, Any]:
        if isinstance(operation, Dot):
            left = await self._operands.of(operation.left, cell)
            right = await self._operands.of(operation.right, cell)
            product = Product(left, right, self._factor(operation, cell))
            return _dot(product, value) | {"factor_name": operation.factor, "symbols": list(operation.symbols)}
        if isinstance(operation, Sum):
            return {"kind": "sum", "value": value, "parts": [await self._part(part, cell) for part in operation.parts]}
        if isinstance(operation, Softmax):
            return _softmax(await self._operands.of(operation.scores, cell), value)
        if isinstance(operation, LayerNorm | RmsNorm):
            return await self._norm(operation, cell, value)
        if isinstance(operation, Rotation):
            return await self._rotation(operation, cell, value)
        if isinstance(operation, Gate):
            return await self._gate(operation, cell, value)
        source, number = await self._single(operation.source, cell)
        return {"kind": "gelu", "value": value, "source": source.name, "input": number, "input_cell": asdict(source)}

    async def _gate(self, gate: Gate, cell: Cell, value: float) -> dict[str, Any]:
        parts = {"gate": await self._single(gate.gate, cell), "up": await self._single(gate.up, cell)}
        numbers = {name: number for name, (_, number) in parts.items()}
        cells = {f"{name}_cell": asdict(source) for name, (source, _) in parts.items()}
        return {"kind": "gate", "value": value} | numbers | cells

    async def _norm(self, norm: Norm, cell: Cell, value: float) -> dict[str, Any]:
        source, number = await self._single(norm.source, cell)
        row = (await self._engine.row(self._run, source.name, source.layer, source.row)).astype(np.float64)
        weight, weights = norm.weight.format(layer=cell.layer), self._engine.weights
        answer = {
            "value": value,
            "source": source.name,
            "input": number,
            "input_cell": asdict(source),
            "epsilon": self._engine.config.norm_epsilon,
            "gain": float((await weights.vector(f"{weight}.weight"))[cell.column]),
        }
        if isinstance(norm, RmsNorm):
            return {"kind": "rms_norm", "mean_square": float((row**2).mean())} | answer
        bias = float((await weights.vector(f"{weight}.bias"))[cell.column])
        return {"kind": "layer_norm", "mean": float(row.mean()), "variance": float(row.var()), "bias": bias} | answer

    async def _rotation(self, rotation: Rotation, cell: Cell, value: float) -> dict[str, Any]:
        half = self._engine.config.d_head // 2
        is_second = cell.column >= half
        frequency = self._engine.config.rotary_frequencies[cell.column % half]
        # In fp32, as models are trained.
        angle = float(np.float32(cell.row) * np.float32(frequency))
        other = replace(cell, column=cell.column - half if is_second else cell.column + half)
        factors = {"own": float(np.cos(angle)), "partner": float(np.sin(angle)) * (1 if is_second else -1)}
        parts = []
        for name, of in (("own", cell), ("partner", other)):
            source, number = await self._single(rotation.source, of)
            parts.append({"name": name, "value": number, "factor": factors[name], "cell": asdict(source)})
        return {"kind": "rotation", "value": value, "parts": parts, "angle": angle, "frequency": float(frequency)}

    async def _part(self, part: Cells | TableRow, cell: Cell) -> dict[str, Any]:
        if isinstance(part, TableRow):
            row = await self._operands.of(part, cell)
            return {"name": part.name, "value": float(row.values[cell.column]), "cell": None}
        source, number = await self._single(part, cell)
        return {"name": part.name, "value": number, "cell": asdict(source)}

    async def _single(self, cells: Cells, cell: Cell) -> tuple[Cell, float]:
        """Of an operation with one term: the cell it reads, and what is there."""
        source = self._operands.cell(cells, cell)
        return source, await self._operands.number(source)

    def _factor(self, operation: Dot, cell: Cell) -> float | None:
        if operation.factor == "attention":
            return float(self._engine.config.d_head**-0.5)
        config, interventions = self._engine.config, self._run.interventions
        scale = 1.0
        if operation.factor == "head_scale":
            scale = float(interventions.head_scale(config)[cell.layer, cell.head])
        elif operation.factor == "mlp_scale":
            scale = float(interventions.mlp_scale(config)[cell.layer])
        return None if scale == 1 else scale

    def _changed(self, cell: Cell) -> dict[str, Any] | None:
        """How a cell that was changed by hand is explained; None for every other."""
        interventions = self._run.interventions
        cuts: tuple[tuple[str, When], ...] = (("attention_scores", "before"), ("attention_pattern", "after"))
        for name, when in cuts:
            if cell.name == name and interventions.is_cut(when, cell.layer, cell.head, cell.row, cell.column):
                return {"kind": "cut", "when": when}
        if cell.name == "resid_pre" and interventions.patch_at(cell.layer or 0, cell.row) is not None:
            return {"kind": "patched"}
        return None

    def _token(self, token_id: int) -> int:
        if not 0 <= token_id < self._engine.config.vocab_size:
            raise GlassboxError("unknown_tensor", f"There is no token {token_id}.")
        return token_id

    def _checked(self, cell: Cell) -> Cell:
        """The cell by its tensor's own name. Raises ``unknown_tensor``."""
        layout = self._engine.layout
        name = layout.checked(cell.name, cell.layer, cell.head)
        if layout.is_of_heads(name) and cell.head is None:
            raise GlassboxError("unknown_tensor", f"{name} has a value for each head; name one.")
        n_rows, n_columns = layout.shape(name, self._run.n_tokens)[-2:]
        if not (0 <= cell.row < n_rows and 0 <= cell.column < n_columns):
            raise GlassboxError("unknown_tensor", f"{name} has {n_rows} rows and {n_columns} columns; not {cell}.")
        return Cell(name, cell.layer, cell.head, cell.row, cell.column)


def _softmax(scores: Operand, value: float) -> dict[str, Any]:
    numbers = scores.values.astype(np.float64)
    numerators = np.exp(numbers - numbers.max())
    return {
        "kind": "softmax",
        "value": value,
        "scores": np.ascontiguousarray(scores.values, np.float32),
        "score_cells": scores.cells,
        "largest_score": float(numbers.max()),
        "numerators": numerators.astype(np.float32),
        "denominator": float(numerators.sum()),
    }


def _dot(product: Product, value: float) -> dict[str, Any]:
    """A sum of products: the largest terms in order of size, the others as one, and the total."""
    left, right, bias = product.left.values, product.right.values, product.right.bias
    products = left.astype(np.float64) * right.astype(np.float64)
    largest = np.argsort(-np.abs(products), kind="stable")[:LARGEST_TERMS]
    rest = np.delete(products, largest)
    total = (products.sum() + (bias or 0.0)) * (1.0 if product.factor is None else product.factor)
    return {
        "kind": "dot",
        "value": value,
        "left_name": product.left.name,
        "right_name": product.right.name,
        "left": np.ascontiguousarray(left, np.float32),
        "right": np.ascontiguousarray(right, np.float32),
        "left_cells": product.left.cells,
        "right_cells": product.right.cells,
        "products": products.astype(np.float32),
        "bias": bias,
        "factor": product.factor,
        "largest": [
            {
                "index": int(index),
                "left": float(left[index]),
                "right": float(right[index]),
                "product": float(products[index]),
            }
            for index in largest
        ],
        "rest_count": len(rest),
        "rest_sum": float(rest.sum()),
        "sum": float(products.sum()),
        "total": float(total),
    }
