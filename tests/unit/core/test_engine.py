"""The engine remembers, reuses and forgets as it should. The model is a stand-in; parity has a real one."""

import asyncio
import contextlib
from collections.abc import Coroutine
from dataclasses import FrozenInstanceError
from itertools import count
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from glassbox.architectures.gpt2 import GPT2
from glassbox.engine import Engine
from glassbox.errors import GlassboxError
from glassbox.lens import stacked
from glassbox.runs import Run
from glassbox.sampling import Distribution, Ranking, SamplingOptions, cut
from tests.unit.core.prefix_runtime import CONFIG, PrefixRuntime

ROOMY = 2**30
BUDGETS = [ROOMY, 3000, 0]
# Every tensor of the stand-in, as the engine is asked for them.
ALL = [
    (name, layer, None)
    for name in GPT2.tensors
    for layer in ([None] if name in GPT2.unlayered else range(CONFIG.n_layer))
]


@pytest.fixture
def runtime() -> PrefixRuntime:
    return PrefixRuntime()


def wait(coroutine: Coroutine[Any, Any, Any]) -> Any:
    return asyncio.run(coroutine)


def engine_on(runtime: PrefixRuntime, **options: Any) -> Engine:
    return Engine(tokenizer=None, runtime=runtime, **options)  # type: ignore[arg-type]


async def everything(engine: Engine, run: Run) -> dict[str, Any]:
    answer: dict[str, Any] = {"logits": await engine.logits(run)}
    for name, layer, _ in ALL:
        answer[f"{name}.{layer}"] = np.array(await engine.tensor(run, name, layer))
    numbers = await engine.numbers(run)
    for kind in ("attention", "mlp", "marks"):
        answer[kind] = np.stack([getattr(one, kind) for one in numbers])
    answer["guesses"] = stacked(await engine.guesses(run)).token_ids
    return answer


async def same_as_whole_run(engine: Engine, run: Run) -> None:
    whole = engine_on(PrefixRuntime())
    expected = await everything(whole, await whole.run_tokens(run.token_ids, run.interventions))
    actual = await everything(engine, run)
    for name in expected:
        np.testing.assert_array_equal(actual[name], expected[name], err_msg=f"{name} of {run.token_ids}")


texts = st.lists(st.integers(0, 3), min_size=1, max_size=8)
actions = st.lists(
    st.one_of(
        st.tuples(st.just("run"), texts),
        st.tuples(st.just("append"), st.integers(0, 39)),
        st.tuples(st.just("rewind"), st.floats(0, 1)),
        st.tuples(st.just("generate"), st.integers(0, 5)),
        st.tuples(st.just("logits"), st.floats(0, 1)),
        st.tuples(st.just("rows"), st.floats(0, 1)),
        st.tuples(st.just("guesses"), st.none()),
        st.tuples(st.just("head_off"), st.none()),
        st.tuples(st.just("go_back"), st.floats(0, 1)),
        st.tuples(st.just("fail"), texts),
    ),
    max_size=12,
)


class Visitor:
    """Does to an engine whatever a reader of the page may do; each action gives the run that is looked at then."""

    def __init__(self, budget: int) -> None:
        self.runtime = PrefixRuntime()
        self.engine = engine_on(self.runtime, activation_budget_bytes=budget)
        self.runs: list[Run] = []

    async def run(self, run: Run, token_ids: list[int]) -> Run:
        return await self.engine.run_tokens(token_ids)

    async def append(self, run: Run, token_id: int) -> Run:
        return run if run.n_tokens == CONFIG.n_ctx else await self.engine.append_token(run, token_id)

    async def generate(self, run: Run, seed: int) -> Run:
        if run.n_tokens == CONFIG.n_ctx:
            return run
        return (await self.engine.generate_token(run, SamplingOptions(seed=seed)))[0]

    async def rewind(self, run: Run, part: float) -> Run:
        return self.engine.rewind(run, 1 + int(part * (run.n_tokens - 1)))

    async def go_back(self, run: Run, part: float) -> Run:
        return self.runs[int(part * (len(self.runs) - 1))]

    async def head_off(self, run: Run, _: None) -> Run:
        return await self.engine.run_tokens(run.token_ids, self.engine.heads_scaled([(0, 1, 0.0)]))

    async def logits(self, run: Run, part: float) -> Run:
        await self.engine.logits(run, int(part * (run.n_tokens - 1)))
        return run

    async def rows(self, run: Run, part: float) -> Run:
        await self.engine.tensors(run, ALL[:3], int(part * (run.n_tokens - 1)))
        return run

    async def guesses(self, run: Run, _: None) -> Run:
        await self.engine.guesses(run)
        return run

    async def fail(self, run: Run, token_ids: list[int]) -> Run:
        self.runtime.fails_next = True
        # What is held already is read without the model, so that it cannot fail.
        with contextlib.suppress(GlassboxError):
            await self.engine.run_tokens(token_ids)
        self.runtime.fails_next = False
        return run


@settings(max_examples=60)
@given(actions, st.sampled_from(BUDGETS))
def test_every_run_of_any_history_answers_as_if_it_were_the_only_one(
    history: list[tuple[str, Any]], budget: int
) -> None:
    async def play() -> None:
        visitor = Visitor(budget)
        visitor.runs.append(await visitor.engine.run_tokens([1]))
        for action, value in history:
            visitor.runs.append(await getattr(visitor, action)(visitor.runs[-1], value))
        for run in visitor.runs:
            await same_as_whole_run(visitor.engine, run)

    wait(play())


@pytest.mark.parametrize("budget", BUDGETS)
def test_going_back_and_on_otherwise_gives_no_stale_tensor(runtime: PrefixRuntime, budget: int) -> None:
    """Same number of tokens, other tokens: what was computed for the first must not answer for the second."""
    engine = engine_on(runtime, activation_budget_bytes=budget)

    async def play() -> None:
        first = await engine.run_tokens([1, 2, 3])
        await engine.tensor(first, "value", 0)
        second = await engine.append_token(engine.rewind(first, 2), 7)
        await same_as_whole_run(engine, second)
        await same_as_whole_run(engine, first)

    wait(play())


@pytest.mark.parametrize("budget", BUDGETS)
def test_generating_while_a_run_is_read(runtime: PrefixRuntime, budget: int) -> None:
    engine = engine_on(runtime, activation_budget_bytes=budget)

    async def play() -> None:
        run = await engine.run_tokens([1, 2, 3])

        async def generate() -> Run:
            grown = run
            for seed in range(4):
                grown, _ = await engine.generate_token(grown, SamplingOptions(seed=seed))
            return grown

        read, other, grown = await asyncio.gather(everything(engine, run), everything(engine, run), generate())
        assert read["value.0"].shape[-2] == len(read["mlp"]) == run.n_tokens
        np.testing.assert_array_equal(read["resid_pre.1"], other["resid_pre.1"])
        await same_as_whole_run(engine, run)
        await same_as_whole_run(engine, grown)

    wait(play())


def test_two_that_go_on_from_one_run_at_once(runtime: PrefixRuntime) -> None:
    engine = engine_on(runtime)

    async def play() -> None:
        run = await engine.run_tokens([1, 2])
        grown = await asyncio.gather(*(engine.append_token(run, token_id) for token_id in (3, 4, 3, 5)))
        assert [one.token_ids[-1] for one in grown] == [3, 4, 3, 5]
        assert grown[0] is grown[2]
        for one in grown:
            await same_as_whole_run(engine, one)

    wait(play())


def test_an_id_names_one_content_for_good(runtime: PrefixRuntime) -> None:
    ids = count(1)
    engine, other = engine_on(runtime, run_ids=ids), engine_on(PrefixRuntime(), run_ids=ids)

    async def play() -> None:
        first = await engine.run_tokens([1, 2])
        grown = await engine.append_token(first, 3)
        off = await engine.run_tokens([1, 2], engine.heads_scaled([(0, 0, 0.0)]))
        foreign = await other.run_tokens([1, 2])
        assert len({run.run_id for run in (first, grown, off, foreign)}) == 4
        assert engine.history.find(first.run_id).token_ids == (1, 2)
        assert grown.parent is first
        # The same content, however it came about.
        assert engine.rewind(grown, 2) is first
        assert await engine.run_tokens([1, 2, 3]) is grown
        with pytest.raises(GlassboxError, match="no run"):
            engine.history.find(foreign.run_id)
        with pytest.raises(FrozenInstanceError):
            first.interventions.cuts = frozenset()  # type: ignore[misc]

    wait(play())


def test_a_generated_token_costs_one_row(runtime: PrefixRuntime) -> None:
    engine = engine_on(runtime)

    async def play() -> None:
        await engine.generate_token(await engine.run_tokens([1, 2, 3]), SamplingOptions())

    wait(play())
    assert runtime.rows_computed == 4


def test_typing_on_costs_the_new_rows_only(runtime: PrefixRuntime) -> None:
    engine = engine_on(runtime)

    async def play() -> None:
        await engine.run_tokens([1, 2, 3])
        await engine.run_tokens([1, 2, 3, 4, 5])

    wait(play())
    assert runtime.rows_computed == 5


def test_a_branch_costs_the_rows_that_differ(runtime: PrefixRuntime) -> None:
    engine = engine_on(runtime)

    async def play() -> None:
        trunk = await engine.run_tokens([1, 2, 3, 4, 5])
        left = await engine.run_tokens([*trunk.token_ids, 6, 7])
        right = await engine.run_tokens([*trunk.token_ids, 8, 9])
        assert runtime.rows_computed == 9
        for run in (trunk, left, right):
            await engine.tensors(run, ALL)
            await engine.numbers(run)
        assert runtime.rows_computed == 9, "all of them are held"

    wait(play())


def test_going_back_computes_nothing(runtime: PrefixRuntime) -> None:
    engine = engine_on(runtime)

    async def play() -> None:
        run = await engine.append_token(await engine.run_tokens([1, 2]), 3)
        before = runtime.rows_computed
        await engine.logits(engine.rewind(run, 2))
        await engine.tensors(engine.rewind(run, 1), ALL)
        assert runtime.rows_computed == before

    wait(play())


def test_a_look_back_leaves_the_cache(runtime: PrefixRuntime) -> None:
    """Lens and logits of an earlier token cost that token's row, and the next token one row more."""
    engine = engine_on(runtime)

    async def play() -> None:
        run = await engine.run_tokens([1, 2, 3, 4, 5, 6])
        await engine.logits(run, 1)
        await engine.guesses(run, 2, 3)
        await engine.guesses(run, 2, 3)
        assert runtime.rows_computed == 6 + 2
        await engine.append_token(run, 7)
        assert runtime.rows_computed == 6 + 2 + 1

    wait(play())


def test_over_the_budget_a_view_takes_one_pass_and_a_token_one_row(runtime: PrefixRuntime) -> None:
    # Room for two tensors of one block, with what they grow by.
    engine = engine_on(runtime, activation_budget_bytes=4 * 2 * CONFIG.n_embd * 2 * CONFIG.n_ctx)
    shown = [("resid_mid", 1, None), ("value", 0, None)]

    async def play() -> None:
        run = await engine.run_tokens([1, 2, 3, 4, 5])
        passes = runtime.passes
        await engine.tensors(run, shown)
        assert runtime.passes == passes + 1
        passes, rows = runtime.passes, runtime.rows_computed
        for token_id in range(6):
            run = await engine.append_token(run, token_id)
            await engine.tensors(run, shown)
            # The newest row of everything is at hand.
            await engine.tensors(run, ALL, run.n_tokens - 1)
            await engine.numbers(run)
        assert (runtime.passes - passes, runtime.rows_computed - rows) == (6, 6)
        await same_as_whole_run(engine, run)

    wait(play())


def test_long_texts_are_read_in_pieces(runtime: PrefixRuntime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("glassbox.reader._PASS_BYTES", 2000)
    engine = engine_on(runtime, activation_budget_bytes=4000)

    async def play() -> None:
        run = await engine.run_tokens(list(range(12)))
        assert runtime.passes > 2
        assert runtime.rows_computed == 12
        await same_as_whole_run(engine, run)

    wait(play())


def test_the_same_seed_draws_the_same_after_going_back(runtime: PrefixRuntime) -> None:
    engine = engine_on(runtime)

    async def drawn(run: Run, n: int) -> Run:
        for _ in range(n):
            run, _ = await engine.generate_token(run, SamplingOptions(seed=4))
        return run

    async def play() -> tuple[Run, Run]:
        first = await drawn(await engine.run_tokens([1, 2]), 5)
        return first, await drawn(engine.rewind(first, 3), 4)

    first, second = wait(play())
    assert first is second


def test_after_a_failure_all_is_as_before(runtime: PrefixRuntime) -> None:
    engine = engine_on(runtime)

    async def play() -> None:
        run = await engine.run_tokens([1, 2, 3])
        back = engine.rewind(run, 2)
        runtime.fails_next = True
        with pytest.raises(GlassboxError):
            await engine.append_token(back, 5)
        for one in (run, back, await engine.append_token(back, 5)):
            await same_as_whole_run(engine, one)

    wait(play())


def test_switching_a_head_off_runs_everything_anew(runtime: PrefixRuntime) -> None:
    engine = engine_on(runtime)

    async def play() -> None:
        await engine.run_tokens([1, 2, 3])
        await engine.run_tokens([1, 2, 3], engine.heads_scaled([(0, 1, 0.0)]))

    wait(play())
    assert runtime.rows_computed == 6


@pytest.mark.parametrize(
    ("token_ids", "code"), [([], "empty_text"), ([0] * 17, "text_too_long"), ([40], "bad_option"), ([-1], "bad_option")]
)
def test_tokens_that_cannot_be_read_are_refused(runtime: PrefixRuntime, token_ids: list[int], code: str) -> None:
    with pytest.raises(GlassboxError) as refused:
        wait(engine_on(runtime).run_tokens(token_ids))
    assert refused.value.code == code


@pytest.mark.parametrize(("start", "stop"), [(-1, 2), (2, 2), (0, 4), (3, None)])
def test_positions_that_do_not_exist_are_refused(runtime: PrefixRuntime, start: int, stop: int | None) -> None:
    engine = engine_on(runtime)

    async def play() -> None:
        run = await engine.run_tokens([1, 2, 3])
        for ask in (engine.guesses, engine.lens):
            with pytest.raises(GlassboxError):
                await ask(run, start, stop)
        with pytest.raises(GlassboxError):
            await engine.tensors(run, ALL, start, stop)
        with pytest.raises(GlassboxError):
            await engine.logits(run, 3)

    wait(play())


def test_a_full_text_generates_no_more(runtime: PrefixRuntime) -> None:
    engine = engine_on(runtime)

    async def play() -> None:
        run = await engine.run_tokens([0] * CONFIG.n_ctx)
        with pytest.raises(GlassboxError) as refused:
            await engine.generate_token(run, SamplingOptions())
        assert refused.value.code == "text_too_long"

    wait(play())


def test_guesses_in_groups_equal_the_lens(runtime: PrefixRuntime, monkeypatch: pytest.MonkeyPatch) -> None:
    engine = engine_on(runtime)
    monkeypatch.setattr("glassbox.reader._PASS_BYTES", 2 * 4 * CONFIG.vocab_size * (CONFIG.n_layer + 1))

    async def play() -> tuple[Any, Any]:
        run = await engine.run_tokens([3, 1, 4, 1, 5])
        await engine.guesses(run, 2, 3)
        return await engine.lens(run), stacked(await engine.guesses(run))

    logits, table = wait(play())
    np.testing.assert_array_equal(table.token_ids, logits.argmax(-1))
    softmax = np.exp(logits) / np.exp(logits).sum(-1, keepdims=True)
    np.testing.assert_allclose(table.probabilities, softmax.max(-1), rtol=1e-5)
    assert (table.final_ranks[-1] == 1).all()
    answer = logits[-1].argmax(-1)
    ranks = [[1 + (row > row[answer[p]]).sum() for p, row in enumerate(layer)] for layer in logits]
    np.testing.assert_array_equal(table.final_ranks, ranks)


def test_what_is_on_screen_is_not_computed_again_for_the_draw(
    runtime: PrefixRuntime, monkeypatch: pytest.MonkeyPatch
) -> None:
    computed = []

    def counted(ranked: Ranking, options: SamplingOptions) -> Distribution:
        computed.append(options)
        return cut(ranked, options)

    monkeypatch.setattr("glassbox.engine.cut", counted)
    engine = engine_on(runtime)
    options = SamplingOptions(temperature=0.7, seed=3)

    async def play() -> None:
        run = await engine.run_tokens([1, 2, 3])
        shown = await engine.distribution(run, SamplingOptions(temperature=0.7, seed=9))
        run, _ = await engine.generate_token(run, options)
        assert len(computed) == 1
        after = await engine.distribution(run, options)
        assert len(computed) == 2, "another token, other probabilities"
        assert not np.array_equal(after.logits, shown.logits)
        await engine.distribution(run, SamplingOptions(temperature=0.8))
        assert len(computed) == 3, "another temperature"

    wait(play())
