"""What a caller asks to change in a run, with rows that come from other runs: a river transplanted."""

from collections.abc import Mapping, Sequence
from typing import Any

from glassbox.engine import Engine
from glassbox.errors import GlassboxError
from glassbox.intervention_options import InterventionOptions
from glassbox.interventions import Interventions
from glassbox.runtime.base import FloatArray


async def interventions_of(
    engine: Engine,
    n_tokens: int,
    head_scale: Sequence[Sequence[float]],
    mlp_scale: Sequence[Sequence[float]],
    attention_cuts: Sequence[Mapping[str, Any]],
    patches: Sequence[Mapping[str, Any]],
) -> Interventions:
    """See ``InterventionOptions``; patches: ``{layer, position, run_id, from_position}``. Raises ``bad_option``."""
    rows = [await _patch_row(engine, patch) for patch in patches]
    options = InterventionOptions(engine.config, n_tokens)
    return options.interventions(head_scale, mlp_scale, attention_cuts, rows)


async def _patch_row(engine: Engine, patch: Mapping[str, Any]) -> tuple[int, int, FloatArray]:
    """Where a row is put, and the row [n_embd] that enters the block in another run: ``(layer, position, row)``."""
    unknown = set(patch) - {"layer", "position", "run_id", "from_position"}
    if unknown or not {"layer", "position", "run_id"} <= set(patch):
        raise GlassboxError("bad_option", "A patch has layer, position, run_id and from_position.")
    source = engine.history.find(patch["run_id"])
    layer, position = patch["layer"], patch["position"]
    return layer, position, await engine.row(source, "resid_pre", layer, patch.get("from_position", position))
