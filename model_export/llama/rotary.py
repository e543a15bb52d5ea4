"""How fast each pair of a query or key turns from one position to the next (Su et al. 2021)."""

import math
from collections.abc import Mapping
from typing import Any

from model_export.errors import ExportError


def frequencies(base: float, d_head: int) -> list[float]:
    """Radians a position, [d_head / 2]: base^(-2i / d_head) for pair i."""
    return [base ** (-2 * i / d_head) for i in range(d_head // 2)]


def scaled(turns: list[float], scaling: Mapping[str, Any]) -> list[float]:
    """Frequencies [d_head / 2] for texts longer than those of the first training.

    scaling: ``rope_type`` or, in older files, ``type``: ``default``, ``linear`` (all slower) or ``llama3`` (slow ones
    slower, quick ones as they are, those in between in between). Raises ExportError for any other.
    """
    kind = scaling.get("rope_type", scaling.get("type", "default"))
    try:
        if kind == "linear":
            return [turn / float(scaling["factor"]) for turn in turns]
        if kind == "llama3":
            return [_llama3(turn, scaling) for turn in turns]
    except (KeyError, TypeError, ValueError, ZeroDivisionError) as error:
        raise ExportError(
            f"config.json describes {kind} rotation without a usable {error}. Download it again."
        ) from error
    if kind != "default":
        raise ExportError(f"config.json asks for {kind} rotation. Only default, linear and llama3 can be exported.")
    return turns


def _llama3(turn: float, scaling: Mapping[str, Any]) -> float:
    """Grattafiori et al. 2024: by how many turns fit into the length of the first training."""
    factor, low, high = (float(scaling[name]) for name in ("factor", "low_freq_factor", "high_freq_factor"))
    full_turns = float(scaling["original_max_position_embeddings"]) * turn / (2 * math.pi)
    share = min(1.0, max(0.0, (full_turns - low) / (high - low)))
    return (1 - share) * turn / factor + share * turn
