"""Beam search, a step at a time: of all ways to go on from a few texts, the least surprising ones."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from glassbox.engine import Engine
from glassbox.errors import GlassboxError
from glassbox.runs import Run
from glassbox.sampling import SamplingOptions

MOST_BEAMS = 8


@dataclass(frozen=True)
class Hypothesis:
    """A text, and how surprising what was added to it is: the sum of -log2 of the model's own probabilities, in bits.

    One that has ended does not go on, but is held against those that do.
    """

    run: Run
    surprise: float
    is_ended: bool = False


@dataclass(frozen=True)
class Candidate:
    """A way to go on from the hypothesis with the index ``parent``: by a token, or by none where that has ended.

    run: its text, where it is among those that are kept; None for the others, which are not read.
    """

    parent: int
    token_id: int | None
    probability: float
    surprise: float
    run: Run | None


async def beam_step(engine: Engine, beams: Sequence[Hypothesis], width: int) -> list[Candidate]:
    """The ``width`` likeliest tokens after every hypothesis, least surprising first; the first ``width`` are read.

    Probabilities are the model's own, at temperature 1 with nothing cut. Raises ``bad_option``.
    """
    if not 1 <= width <= MOST_BEAMS or not 1 <= len(beams) <= MOST_BEAMS:
        raise GlassboxError("bad_option", f"A beam is 1 to {MOST_BEAMS} texts wide; asked for {width}.")
    found: list[Candidate] = []
    for parent, beam in enumerate(beams):
        if beam.is_ended:
            found.append(Candidate(parent, None, 1.0, beam.surprise, beam.run))
            continue
        choices = await engine.distribution(beam.run, SamplingOptions())
        for token_id, probability in zip(choices.token_ids[:width], choices.probabilities[:width], strict=True):
            if probability > 0:
                surprise = beam.surprise - float(np.log2(probability))
                found.append(Candidate(parent, int(token_id), float(probability), surprise, None))
    found.sort(key=lambda one: (one.surprise, one.parent))
    return [await _read(engine, beams, one) if rank < width else one for rank, one in enumerate(found)]


async def _read(engine: Engine, beams: Sequence[Hypothesis], candidate: Candidate) -> Candidate:
    if candidate.token_id is None:
        return candidate
    run = await engine.append_token(beams[candidate.parent].run, candidate.token_id)
    return Candidate(candidate.parent, candidate.token_id, candidate.probability, candidate.surprise, run)
