"""Token and position embeddings: sums, neighbours, similarities."""

from typing import Any

import numpy as np

from glassbox.engine import Engine
from glassbox.errors import GlassboxError
from glassbox.operands import Cell, Operands
from glassbox.payloads import tensor_payload
from glassbox.runs import Run
from glassbox.runtime.base import FloatArray

_ROWS_AT_A_TIME = 4096


async def embedding_sum(engine: Engine, run: Run, position: int) -> dict[str, Any]:
    """The rows whose sum enters the first block: ``{token, position, sum}``, each a tensor [n_embd]."""
    made = Cell("resid_pre", 0, None, position, 0)
    run.token_at(position)
    rows = {
        part.name.removesuffix("_embedding"): (await Operands(engine, run).of(part, made)).values
        for part in engine.layout.architecture.embeddings
    }
    rows["sum"] = await engine.row(run, made.name, made.layer, position)
    return {name: tensor_payload(row, ("n_embd",)) for name, row in rows.items()}


async def position_embeddings(engine: Engine) -> dict[str, Any]:
    """All position embeddings [n_ctx, n_embd] and their cosine similarity [n_ctx, n_ctx].

    Raises ``unknown_tensor`` for a model that has none: its positions are rotations.
    """
    tables = [part.matrix for part in engine.layout.architecture.embeddings if part.index == "position"]
    if not tables:
        raise GlassboxError("unknown_tensor", "This model has no position embeddings: its positions are rotations.")
    rows = await engine.weights.rows(tables[0], 0, engine.weights.shape(tables[0])[0])
    unit = _unit(rows)
    return {
        "embeddings": tensor_payload(rows, ("position", "n_embd")),
        "similarity": tensor_payload(unit @ unit.T, ("position", "position")),
    }


async def nearest_tokens(engine: Engine, token_id: int, count: int) -> dict[str, Any]:
    """``{token_ids, similarities}`` of the other tokens whose embeddings point most nearly the same way (cosine)."""
    table = next(part.matrix for part in engine.layout.architecture.embeddings if part.index == "token")
    weights, vocab_size = engine.weights, engine.config.vocab_size
    target = _unit(await weights.rows(table, token_id, token_id + 1))[0]
    similarity = np.empty(vocab_size, np.float32)
    for start in range(0, vocab_size, _ROWS_AT_A_TIME):
        stop = min(start + _ROWS_AT_A_TIME, vocab_size)
        similarity[start:stop] = _unit(await weights.rows(table, start, stop)) @ target
    similarity[token_id] = -np.inf
    best = np.argsort(-similarity, kind="stable")[: min(count, vocab_size - 1)]
    return {"token_ids": best.astype(np.int32), "similarities": similarity[best]}


def _unit(rows: FloatArray) -> FloatArray:
    """Rows divided by their length; a row of zeros stays as it is."""
    length = np.linalg.norm(rows, axis=-1, keepdims=True)
    length[length == 0] = 1
    unit: FloatArray = (rows / length).astype(np.float32)
    return unit
