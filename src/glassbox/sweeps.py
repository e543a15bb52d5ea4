"""What matters for an answer? A run with one thing changed at a time, and what it would then say."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from glassbox.engine import Engine
from glassbox.errors import GlassboxError
from glassbox.interventions import Cut, Interventions, Patch, When, scaled
from glassbox.runs import Run
from glassbox.sampling_rules import softmax


@dataclass(frozen=True)
class Outcome:
    """What the model says after the last token once something is changed: temperature 1, nothing cut off.

    probability: of the token that is asked about. top_id, top_probability: the likeliest token.
    """

    probability: float
    top_id: int
    top_probability: float


def without_each_head(engine: Engine, run: Run) -> list[Interventions]:
    """The run's changes and one head switched off: [layer * n_head + head]."""
    config, changes = engine.config, run.interventions
    return [
        replace(changes, head_scales=scaled([*changes.head_scales, (layer, head, 0.0)]))
        for layer in range(config.n_layer)
        for head in range(config.n_head)
    ]


def without_each_ribbon(engine: Engine, run: Run, when: When) -> list[Interventions]:
    """The run's changes and one ribbon into the last token cut, all heads: [layer * n_tokens + key]."""
    last = run.n_tokens - 1
    return [
        replace(run.interventions, cuts=run.interventions.cuts | {Cut(layer, None, last, key, when)})
        for layer in range(engine.config.n_layer)
        for key in range(run.n_tokens)
    ]


async def with_each_row(
    engine: Engine, run: Run, other: Run, pairs: Sequence[tuple[int, int]], indices: range
) -> list[Interventions]:
    """The run's changes and one row of another run put in, for some of [layer * n_pairs + pair].

    pairs: a position, and the other run's position that its row is of.
    """
    made = []
    for index in indices:
        layer, (position, from_position) = index // len(pairs), pairs[index % len(pairs)]
        row = (await engine.row(other, "resid_pre", layer, from_position)).tobytes()
        others = (p for p in run.interventions.patches if (p.layer, p.position) != (layer, position))
        made.append(replace(run.interventions, patches=frozenset({*others, Patch(layer, position, row)})))
    return made


async def sweep(
    engine: Engine, run: Run, changes: Sequence[Interventions], token_id: int
) -> AsyncIterator[Outcome | None]:
    """What each of the changes leads to, one pass each; None where it cannot be made. Stop asking, and it stops.

    The rows before a change are those of the run; what is held of the run stays.
    """
    for changed in changes:
        if changed.leaves_nothing(engine.config.n_head):
            yield None
            continue
        shares = softmax((await engine.look(run, changed)).astype(np.float64))
        top = int(shares.argmax())
        yield Outcome(float(shares[token_id]), top, float(shares[top]))


async def swept(
    engine: Engine,
    run: Run,
    kind: str,
    token_id: int,
    indices: range,
    when: When = "before",
    other: Run | None = None,
    pairs: Sequence[Sequence[int]] = (),
) -> dict[str, Any]:
    """Some of a sweep: ``{count, probabilities, top_ids, top_probabilities}``, of ``count`` changes those in indices.

    kind: ``heads``, ``ribbons`` (cut ``when``) or ``rows`` (of ``other``, at ``pairs``). What cannot be made is NaN and
    -1. Raises ``bad_option``.
    """
    config = engine.config
    counts = {
        "heads": config.n_layer * config.n_head,
        "ribbons": config.n_layer * run.n_tokens,
        "rows": config.n_layer * len(pairs),
    }
    if kind not in counts or (kind == "rows" and other is None):
        raise GlassboxError("bad_option", f"A sweep is of {', '.join(counts)} (of another run); not {kind!r}.")
    if not 0 <= token_id < config.vocab_size:
        raise GlassboxError("bad_option", f"Token ids are 0 to {config.vocab_size - 1}; got {token_id}.")
    indices = range(counts[kind])[indices.start : indices.stop]
    if other is not None:
        places = [(int(position), int(from_position)) for position, from_position in pairs]
        for position, from_position in places:
            run.token_at(position)
            other.token_at(from_position)
        changes = await with_each_row(engine, run, other, places, indices)
    else:
        every = without_each_head(engine, run) if kind == "heads" else without_each_ribbon(engine, run, when)
        changes = [every[index] for index in indices]
    nothing = Outcome(float("nan"), -1, float("nan"))
    outcomes = [outcome or nothing async for outcome in sweep(engine, run, changes, token_id)]
    return {
        "count": counts[kind],
        "probabilities": np.array([one.probability for one in outcomes], np.float32),
        "top_ids": np.array([one.top_id for one in outcomes], np.int32),
        "top_probabilities": np.array([one.top_probability for one in outcomes], np.float32),
    }
