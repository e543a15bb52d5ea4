"""How one number of a run came about: the real inputs, the real weights, and a sum that closes."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from glassbox.activations import check_tensor
from glassbox.engine import Engine
from glassbox.errors import GlassboxError
from glassbox.runs import Run
from glassbox.runtime.base import TENSOR_AXES, FloatArray, new_rows_shape

LARGEST_TERMS = 8

# The fused projection's columns hold queries, then keys, then values.
_FUSED = ("query", "key", "value")
# What stands where a key comes after the query.
_ATTENTION: Mapping[str, float] = {"attention_scores": -np.inf, "attention_pattern": 0.0}


@dataclass(frozen=True)
class Cell:
    """One number of a tensor: ``row`` is a position (or query), ``column`` an index along its last axis (or a key)."""

    name: str
    layer: int | None
    head: int | None
    row: int
    column: int


@dataclass(frozen=True)
class Product:
    """value = factor * (sum of left * right + bias); left and right are [n_terms]."""

    left_name: str
    right_name: str
    left: FloatArray
    right: FloatArray
    bias: float | None = None
    factor: float | None = None


class Arithmetic:
    """Explains cells of a run."""

    def __init__(self, engine: Engine, run: Run) -> None:
        self._engine = engine
        self._run = run
        self._weights = engine.weights

    async def explain(self, cell: Cell) -> dict[str, Any]:
        """``{kind, value, …}`` for a cell. Raises ``unknown_tensor`` for one that does not exist.

        kind ``dot``: left_name, right_name, left, right, products, bias, factor, largest [{index, left, right,
        product}], rest_count, rest_sum, sum, total. kind ``sum``: parts [{name, value}]. kind ``layer_norm``: input,
        mean, variance, epsilon, gain, bias. kind ``softmax``: scores, largest_score, numerators, denominator.
        kind ``gelu``: input. kind ``masked``: nothing more, a later key cannot be seen.
        """
        config = self._engine.config
        if cell.name == "logits":
            return await self._logit(cell)
        check_tensor(config, cell.name, cell.layer, cell.head)
        if TENSOR_AXES[cell.name][0] == "head" and cell.head is None:
            raise GlassboxError("unknown_tensor", f"{cell.name} has a value for each head; name one.")
        n_rows, n_columns = new_rows_shape(cell.name, config, self._run.n_tokens, 0)[-2:]
        if not (0 <= cell.row < n_rows and 0 <= cell.column < n_columns):
            raise GlassboxError("unknown_tensor", f"{cell.name} has {n_rows} rows and {n_columns} columns; not {cell}.")
        if cell.name in _ATTENTION and cell.column > cell.row:
            return {"kind": "masked", "value": _ATTENTION[cell.name]}
        value = float((await self._row(cell.name, cell.layer, cell.head, cell.row))[cell.column])
        if cell.name == "attention_pattern":
            return await self._softmax(cell, value)
        if cell.name in ("ln_1", "ln_2", "ln_f"):
            return await self._layer_norm(cell, value)
        if cell.name in ("resid_pre", "resid_mid", "resid_post"):
            return await self._sum(cell, value)
        if cell.name == "mlp_post":
            before = await self._row("mlp_pre", cell.layer, None, cell.row)
            return {"kind": "gelu", "value": value, "input": float(before[cell.column])}
        return _dot(await self._product(cell), value)

    async def _product(self, cell: Cell) -> Product:
        """The two vectors whose product a cell is."""
        config, weights = self._engine.config, self._weights
        block = f"h.{cell.layer}"
        if cell.name == "attention_scores":
            query = await self._row("query", cell.layer, cell.head, cell.row)
            key = await self._row("key", cell.layer, cell.head, cell.column)
            return Product("query", "key", query, key, factor=config.d_head**-0.5)
        if cell.name == "head_output":
            pattern = await self._row("attention_pattern", cell.layer, cell.head, cell.row)
            value = await self._row("value", cell.layer, cell.head, None)
            scale = float(self._run.head_scale[cell.layer, cell.head])
            seen = cell.row + 1
            factor = None if scale == 1 else scale
            return Product("attention_pattern", "value", pattern[:seen], value[:seen, cell.column], factor=factor)
        if cell.name in _FUSED:
            head = cell.head or 0
            column = _FUSED.index(cell.name) * config.n_embd + head * config.d_head + cell.column
            source, weight = "ln_1", f"{block}.attn.c_attn"
        elif cell.name == "attn_out":
            joined = (await self._row("head_output", cell.layer, None, cell.row)).ravel()
            return await self._with_weights("head_output", joined, f"{block}.attn.c_proj", cell.column)
        elif cell.name == "mlp_pre":
            source, weight, column = "ln_2", f"{block}.mlp.c_fc", cell.column
        elif cell.name == "mlp_out":
            source, weight, column = "mlp_post", f"{block}.mlp.c_proj", cell.column
        else:
            raise GlassboxError("unknown_tensor", f"There is no arithmetic for {cell.name!r}.")
        assert weights is not None
        return await self._with_weights(source, await self._row(source, cell.layer, None, cell.row), weight, column)

    async def _with_weights(self, source: str, left: FloatArray, weight: str, column: int) -> Product:
        right = await self._weights.column(f"{weight}.weight", column)
        bias = await self._weights.rows(f"{weight}.bias", column, column + 1)
        return Product(source, f"{weight}.weight", left, right, bias=float(bias[0]))

    async def _logit(self, cell: Cell) -> dict[str, Any]:
        # First, since it refuses positions that do not exist.
        logits = await self._engine.logits(self._run, cell.row)
        embedding = (await self._weights.rows("wte.weight", cell.column, cell.column + 1))[0]
        normed = await self._row("ln_f", None, None, cell.row)
        value = float(logits[cell.column])
        return _dot(Product("ln_f", "wte.weight", normed, embedding), value)

    async def _sum(self, cell: Cell, value: float) -> dict[str, Any]:
        parts: list[tuple[str, FloatArray]]
        if cell.name == "resid_pre" and cell.layer == 0:
            token_id = self._run.token_ids[cell.row]
            parts = [
                ("token_embedding", (await self._weights.rows("wte.weight", token_id, token_id + 1))[0]),
                ("position_embedding", (await self._weights.rows("wpe.weight", cell.row, cell.row + 1))[0]),
            ]
        else:
            # A block's input is the block before's output: the same sum.
            layer = cell.layer - 1 if cell.name == "resid_pre" and cell.layer else cell.layer
            names = ("resid_pre", "attn_out") if cell.name == "resid_mid" else ("resid_mid", "mlp_out")
            parts = [(name, await self._row(name, layer, None, cell.row)) for name in names]
        return {
            "kind": "sum",
            "value": value,
            "parts": [{"name": name, "value": float(row[cell.column])} for name, row in parts],
        }

    async def _layer_norm(self, cell: Cell, value: float) -> dict[str, Any]:
        config = self._engine.config
        if cell.name == "ln_f":
            source, layer, weight = "resid_post", config.n_layer - 1, "ln_f"
        else:
            source = "resid_pre" if cell.name == "ln_1" else "resid_mid"
            layer, weight = cell.layer or 0, f"h.{cell.layer}.{cell.name}"
        row = (await self._row(source, layer, None, cell.row)).astype(np.float64)
        gain = await self._weights.rows(f"{weight}.weight", cell.column, cell.column + 1)
        bias = await self._weights.rows(f"{weight}.bias", cell.column, cell.column + 1)
        return {
            "kind": "layer_norm",
            "value": value,
            "source": source,
            "input": float(row[cell.column]),
            "mean": float(row.mean()),
            "variance": float(row.var()),
            "epsilon": config.norm_epsilon,
            "gain": float(gain[0]),
            "bias": float(bias[0]),
        }

    async def _softmax(self, cell: Cell, value: float) -> dict[str, Any]:
        row = await self._row("attention_scores", cell.layer, cell.head, cell.row)
        scores = row[: cell.row + 1].astype(np.float64)
        numerators = np.exp(scores - scores.max())
        return {
            "kind": "softmax",
            "value": value,
            "scores": scores.astype(np.float32),
            "largest_score": float(scores.max()),
            "numerators": numerators.astype(np.float32),
            "denominator": float(numerators.sum()),
        }

    async def _row(self, name: str, layer: int | None, head: int | None, row: int | None) -> FloatArray:
        """One row of a tensor, or all of it if ``row`` is None."""
        if row is None:
            return await self._engine.tensor(self._run, name, layer, head)
        found: FloatArray = (await self._engine.row(self._run, name, layer, row))[... if head is None else head]
        return found


def _dot(product: Product, value: float) -> dict[str, Any]:
    """A sum of products: the largest terms in order of size, the others as one, and the total."""
    products = product.left.astype(np.float64) * product.right.astype(np.float64)
    largest = np.argsort(-np.abs(products), kind="stable")[:LARGEST_TERMS]
    rest = np.delete(products, largest)
    total = (products.sum() + (product.bias or 0.0)) * (1.0 if product.factor is None else product.factor)
    return {
        "kind": "dot",
        "value": value,
        "left_name": product.left_name,
        "right_name": product.right_name,
        "left": np.ascontiguousarray(product.left, np.float32),
        "right": np.ascontiguousarray(product.right, np.float32),
        "products": products.astype(np.float32),
        "bias": product.bias,
        "factor": product.factor,
        "largest": [
            {
                "index": int(index),
                "left": float(product.left[index]),
                "right": float(product.right[index]),
                "product": float(products[index]),
            }
            for index in largest
        ],
        "rest_count": len(rest),
        "rest_sum": float(rest.sum()),
        "sum": float(products.sum()),
        "total": float(total),
    }
