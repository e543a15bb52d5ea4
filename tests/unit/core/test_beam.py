"""Beam search beside a search through everything; going back along a tree of texts, and what it costs."""

import asyncio
import itertools
from collections.abc import Coroutine
from typing import Any

import numpy as np
import pytest

from glassbox.beam import Hypothesis, beam_step
from glassbox.engine import Engine
from glassbox.errors import GlassboxError
from glassbox.sampling import SamplingOptions
from tests.unit.core.prefix_runtime import CONFIG, PrefixRuntime

PROMPT = [1, 2, 3]


def wait(coroutine: Coroutine[Any, Any, Any]) -> Any:
    return asyncio.run(coroutine)


@pytest.fixture
def engine() -> Engine:
    return Engine(tokenizer=None, runtime=PrefixRuntime())  # type: ignore[arg-type]


async def surprise_of(engine: Engine, token_ids: list[int]) -> float:
    """Bits of what follows the prompt, from one distribution after the other."""
    total = 0.0
    for n_tokens in range(len(PROMPT), len(token_ids)):
        choices = await engine.distribution(await engine.run_tokens(token_ids[:n_tokens]), SamplingOptions())
        total -= float(np.log2(choices.probabilities[choices.token_ids == token_ids[n_tokens]][0]))
    return total


async def search(engine: Engine, width: int, n_steps: int) -> list[Hypothesis]:
    beams = [Hypothesis(await engine.run_tokens(PROMPT), 0.0)]
    for _ in range(n_steps):
        kept = (await beam_step(engine, beams, width))[:width]
        assert all(one.run is not None for one in kept)
        beams = [Hypothesis(one.run, one.surprise) for one in kept if one.run]
    return beams


def test_scores_are_the_sums_of_what_each_token_surprises_with(engine: Engine) -> None:
    async def play() -> None:
        beams = await search(engine, 3, 4)
        assert [beam.surprise for beam in beams] == sorted(beam.surprise for beam in beams)
        for beam in beams:
            assert beam.surprise == pytest.approx(await surprise_of(engine, list(beam.run.token_ids)))

    wait(play())


def test_one_wide_is_greedy(engine: Engine) -> None:
    async def play() -> None:
        (beam,) = await search(engine, 1, 5)
        run = await engine.run_tokens(PROMPT)
        for _ in range(5):
            run, _ = await engine.generate_token(run, SamplingOptions(temperature=0))
        assert beam.run.token_ids == run.token_ids

    wait(play())


def test_wide_enough_for_one_step_more_it_finds_the_best_of_all(engine: Engine) -> None:
    async def play() -> None:
        first = await beam_step(engine, [Hypothesis(await engine.run_tokens(PROMPT), 0.0)], 8)
        beams = [Hypothesis(one.run, one.surprise) for one in first if one.run]
        best = (await beam_step(engine, beams, 8))[0]
        likely = [one.token_id for one in first]
        pairs = itertools.product(likely, range(CONFIG.vocab_size))
        every = [await surprise_of(engine, [*PROMPT, int(a or 0), b]) for a, b in pairs]
        assert best.surprise == pytest.approx(min(every))

    wait(play())


def test_what_has_ended_stays_as_it_is(engine: Engine) -> None:
    async def play() -> None:
        run = await engine.run_tokens(PROMPT)
        found = await beam_step(engine, [Hypothesis(run, 0.5, is_ended=True), Hypothesis(run, 3.0)], 2)
        assert (found[0].token_id, found[0].run, found[0].surprise) == (None, run, 0.5)
        assert [one.run is None for one in found] == [False, False, True]

    wait(play())


@pytest.mark.parametrize("width", [0, 9])
def test_how_wide_a_beam_may_be(engine: Engine, width: int) -> None:
    async def play() -> None:
        await beam_step(engine, [Hypothesis(await engine.run_tokens(PROMPT), 0.0)], width)

    with pytest.raises(GlassboxError, match="1 to 8 texts wide"):
        wait(play())


def test_own_probabilities_are_those_of_the_distributions(engine: Engine) -> None:
    async def play() -> None:
        run = await engine.run_tokens([*PROMPT, 9, 8, 7, 6])
        found = await engine.own_probabilities(run, 2)
        for token, probability in zip(range(2, 7), found, strict=True):
            choices = await engine.distribution(run, SamplingOptions(), token - 1)
            assert probability == pytest.approx(choices.probabilities[choices.token_ids == run.token_ids[token]][0])
        assert len(await engine.own_probabilities(run, 7)) == 0

    wait(play())


def test_a_way_back_along_a_shared_beginning_is_not_computed_again(engine: Engine) -> None:
    async def play() -> None:
        first = await engine.run_tokens([*PROMPT, 4, 5, 6])
        assert engine.n_computed == 6
        await engine.run_tokens([*PROMPT, 4, 9])
        assert engine.n_computed == 1, "four tokens are shared"
        await engine.run_tokens(first.token_ids)
        assert engine.n_computed == 0, "it is still at hand"

    wait(play())
