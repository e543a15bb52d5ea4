"""What unfolds where positions are rotations (Su et al. 2021): pairs turned, and what a score makes of it."""

from dataclasses import asdict
from typing import Any

import numpy as np

from glassbox.engine import Engine
from glassbox.errors import GlassboxError
from glassbox.operands import Cell, Operands
from glassbox.payloads import tensor_payload
from glassbox.runs import Run

# How far apart query and key are thought to be, and by how much both are moved on.
_DISTANCES = 64
_SHIFT = 100


async def rotation(engine: Engine, run: Run, layer: int, head: int, position: int) -> dict[str, Any]:
    """One head's query at a position and all its keys, before and after they are turned by their positions.

    ``angles`` [position, pair], radians. ``query``: ``before``, ``after`` [d_head]; ``keys``: the same [key, d_head]
    for keys up to the position, ``head`` as in ``qkv``; both with ``cells``, the first of ``before`` and ``after``.
    ``weights``, ``scores`` [key] of this query. ``by_distance`` [key, distance]: the score were this key so many tokens
    before the query. ``shifted_scores`` [key]: the score were both ``shift`` tokens later. Raises ``unknown_tensor``
    for a model that turns nothing.
    """
    architecture, operands, config = engine.layout.architecture, Operands(engine, run), engine.config
    unturned = {name: architecture.turned_from(name) for name in ("query", "key")}
    if None in unturned.values():
        raise GlassboxError("unknown_tensor", "This model turns nothing: its positions are embeddings.")
    own, stop = operands.group_of("key", head), position + 1
    asked = [(str(unturned["query"]), head), ("query", head), (str(unturned["key"]), own), ("key", own)]
    asked += [("attention_scores", head), ("attention_pattern", head)]
    arrays = await engine.tensors(run, [(name, layer, index) for name, index in asked])
    query, turned_query = (rows[position] for rows in arrays[:2])
    keys, turned_keys = (rows[:stop] for rows in arrays[2:4])
    scores, weights = (rows[position, :stop] for rows in arrays[4:])
    # In fp32, as models are trained.
    frequencies = np.array(config.rotary_frequencies, np.float32)
    angles = np.arange(stop, dtype=np.float32)[:, None] * frequencies
    scale = config.d_head**-0.5
    later = (np.arange(stop, dtype=np.float32)[:, None] + np.float32(_SHIFT)) * frequencies
    shifted = turn(keys, later) @ turn(query, later[position]) * scale
    apart = np.arange(_DISTANCES, dtype=np.float32)[:, None] * frequencies
    by_distance = keys.astype(np.float64) @ turn(query, apart).T * scale

    def part(name: str, of_head: int, row: int, before: np.ndarray, after: np.ndarray) -> dict[str, Any]:
        axes = ("d_head",) if before.ndim == 1 else ("key", "d_head")
        names = {"before": str(unturned[name]), "after": name}
        return {
            "head": of_head,
            "before": tensor_payload(before, axes),
            "after": tensor_payload(after, axes),
            "cells": {key: asdict(Cell(tensor, layer, of_head, row, 0)) for key, tensor in names.items()},
        }

    return {
        "angles": tensor_payload(angles, ("position", "pair")),
        "query": part("query", head, position, query, turned_query),
        "keys": part("key", own, 0, keys, turned_keys),
        "weights": tensor_payload(weights, ("key",)),
        "scores": tensor_payload(scores, ("key",)),
        "by_distance": tensor_payload(by_distance.astype(np.float32), ("key", "distance")),
        "shift": _SHIFT,
        "shifted_scores": tensor_payload(shifted.astype(np.float32), ("key",)),
    }


def turn(rows: np.ndarray, angles: np.ndarray) -> np.ndarray:
    """Columns i and i + d_head / 2 of rows [..., d_head] turned by angles [..., d_head / 2], radians, in fp64."""
    first, second = np.split(rows.astype(np.float64), 2, axis=-1)
    cosine, sine = np.cos(angles.astype(np.float64)), np.sin(angles.astype(np.float64))
    return np.concatenate([first * cosine - second * sine, second * cosine + first * sine], axis=-1)
