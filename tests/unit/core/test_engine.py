"""The engine remembers, reuses and forgets as it should. The model is a stand-in; parity has a real one."""

import asyncio
from collections.abc import Coroutine
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from glassbox.engine import Engine
from glassbox.errors import GlassboxError
from glassbox.lens import lens_table
from glassbox.runtime.base import TENSOR_AXES, UNLAYERED, FloatArray
from glassbox.sampling import Distribution, SamplingOptions, distribution
from tests.unit.core.prefix_runtime import CONFIG, PrefixRuntime


@pytest.fixture
def runtime() -> PrefixRuntime:
    return PrefixRuntime()


def wait(coroutine: Coroutine[Any, Any, Any]) -> Any:
    return asyncio.run(coroutine)


def engine_on(runtime: PrefixRuntime, **options: Any) -> Engine:
    return Engine(tokenizer=None, runtime=runtime, **options)  # type: ignore[arg-type]


async def everything(engine: Engine) -> dict[str, Any]:
    answer: dict[str, Any] = {"logits": await engine.logits()}
    for name in TENSOR_AXES:
        for layer in [None] if name in UNLAYERED else range(CONFIG.n_layer):
            answer[f"{name}.{layer}"] = np.array(await engine.tensor(name, layer))
    return answer


def assert_same_as_whole_run(engine: Engine, token_ids: list[int]) -> None:
    async def compare() -> None:
        whole = engine_on(PrefixRuntime())
        await whole.run_tokens(token_ids)
        expected, actual = await everything(whole), await everything(engine)
        for name in expected:
            np.testing.assert_array_equal(actual[name], expected[name], err_msg=name)

    wait(compare())


actions = st.lists(
    st.one_of(
        st.tuples(st.just("run"), st.lists(st.integers(0, 3), min_size=1, max_size=8)),
        st.tuples(st.just("append"), st.integers(0, 39)),
        st.tuples(st.just("rewind"), st.floats(0, 1)),
        st.tuples(st.just("generate"), st.integers(0, 5)),
        st.tuples(st.just("logits"), st.floats(0, 1)),
        st.tuples(st.just("lens"), st.none()),
        st.tuples(st.just("fail"), st.lists(st.integers(0, 3), min_size=1, max_size=8)),
    ),
    max_size=12,
)


@settings(max_examples=60, deadline=None)
@given(actions, st.sampled_from([2**30, 3000, 0]))
def test_any_history_ends_like_a_whole_run(history: list[tuple[str, Any]], budget: int) -> None:
    runtime = PrefixRuntime()
    engine = engine_on(runtime, activation_budget_bytes=budget)

    async def play() -> list[int]:
        token_ids = [1]
        await engine.run_tokens(token_ids)
        for action, value in history:
            if action == "run":
                token_ids = value
                await engine.run_tokens(token_ids)
            elif action == "fail":
                runtime.fails_next = True
                with pytest.raises(GlassboxError):
                    await engine.run_tokens(value)
            elif action == "append" and len(token_ids) < CONFIG.n_ctx:
                token_ids = [*token_ids, value]
                await engine.append_token(value)
            elif action == "generate" and len(token_ids) < CONFIG.n_ctx:
                run, _ = await engine.generate_token(SamplingOptions(seed=value))
                token_ids = list(run.token_ids)
            elif action == "rewind":
                token_ids = token_ids[: 1 + int(value * (len(token_ids) - 1))]
                engine.rewind(len(token_ids))
            elif action == "logits":
                await engine.logits(int(value * (len(token_ids) - 1)))
            elif action == "lens":
                await engine.lens()
        return token_ids

    token_ids = wait(play())
    assert engine.require_run().token_ids == token_ids
    assert_same_as_whole_run(engine, token_ids)


def test_a_generated_token_costs_one_row(runtime: PrefixRuntime) -> None:
    engine = engine_on(runtime)

    async def play() -> None:
        await engine.run_tokens([1, 2, 3])
        await engine.generate_token(SamplingOptions())

    wait(play())
    assert runtime.rows_computed == 4


def test_typing_on_costs_the_new_rows_only(runtime: PrefixRuntime) -> None:
    engine = engine_on(runtime)

    async def play() -> None:
        await engine.run_tokens([1, 2, 3])
        await engine.run_tokens([1, 2, 3, 4, 5])

    wait(play())
    assert runtime.rows_computed == 5


def test_going_back_computes_nothing(runtime: PrefixRuntime) -> None:
    engine = engine_on(runtime)

    async def play() -> None:
        await engine.run_tokens([1, 2])
        await engine.append_token(3)
        before = runtime.rows_computed
        engine.rewind(2)
        await engine.logits()
        assert runtime.rows_computed == before

    wait(play())


def test_the_same_seed_draws_the_same_after_going_back(runtime: PrefixRuntime) -> None:
    engine = engine_on(runtime)

    async def draw(n: int) -> list[int]:
        for _ in range(n):
            await engine.generate_token(SamplingOptions(seed=4))
        return list(engine.require_run().token_ids)

    async def play() -> tuple[list[int], list[int]]:
        await engine.run_tokens([1, 2])
        first = await draw(5)
        engine.rewind(3)
        return first, await draw(4)

    first, second = wait(play())
    assert first == second


def test_a_failed_run_leaves_the_last_one(runtime: PrefixRuntime) -> None:
    engine = engine_on(runtime)

    async def play() -> None:
        run = await engine.run_tokens([1, 2])
        runtime.fails_next = True
        with pytest.raises(GlassboxError):
            await engine.run_tokens([5])
        assert engine.require_run() is run

    wait(play())
    assert_same_as_whole_run(engine, [1, 2])


def test_switching_a_head_off_runs_everything_anew(runtime: PrefixRuntime) -> None:
    engine = engine_on(runtime)

    async def play() -> None:
        await engine.run_tokens([1, 2, 3])
        await engine.run_tokens([1, 2, 3], engine.head_scale([(0, 1, 0.0)]))

    wait(play())
    assert runtime.rows_computed == 6


@pytest.mark.parametrize(
    ("token_ids", "code"), [([], "empty_text"), ([0] * 17, "text_too_long"), ([40], "bad_option"), ([-1], "bad_option")]
)
def test_tokens_that_cannot_be_read_are_refused(runtime: PrefixRuntime, token_ids: list[int], code: str) -> None:
    with pytest.raises(GlassboxError) as refused:
        wait(engine_on(runtime).run_tokens(token_ids))
    assert refused.value.code == code


def test_a_full_text_generates_no_more(runtime: PrefixRuntime) -> None:
    engine = engine_on(runtime)

    async def play() -> None:
        await engine.run_tokens([0] * CONFIG.n_ctx)
        with pytest.raises(GlassboxError) as refused:
            await engine.generate_token(SamplingOptions())
        assert refused.value.code == "text_too_long"

    wait(play())


def test_lens_table_in_groups_equals_the_lens(runtime: PrefixRuntime, monkeypatch: pytest.MonkeyPatch) -> None:
    engine = engine_on(runtime)
    monkeypatch.setattr("glassbox.lens._GROUP_BYTES", 2 * 4 * CONFIG.vocab_size * (CONFIG.n_layer + 1))

    async def play() -> tuple[Any, dict[str, Any]]:
        await engine.run_tokens([3, 1, 4, 1, 5])
        return await engine.lens(), await lens_table(engine)

    logits, table = wait(play())
    shape = tuple(table["shape"])
    np.testing.assert_array_equal(table["token_ids"].reshape(shape), logits.argmax(-1))
    softmax = np.exp(logits) / np.exp(logits).sum(-1, keepdims=True)
    np.testing.assert_allclose(table["probabilities"].reshape(shape), softmax.max(-1), rtol=1e-5)
    assert (table["final_ranks"].reshape(shape)[-1] == 1).all()
    answer = logits[-1].argmax(-1)
    ranks = [[1 + (row > row[answer[p]]).sum() for p, row in enumerate(layer)] for layer in logits]
    np.testing.assert_array_equal(table["final_ranks"].reshape(shape), ranks)


def test_what_is_on_screen_is_not_computed_again_for_the_draw(
    runtime: PrefixRuntime, monkeypatch: pytest.MonkeyPatch
) -> None:
    computed = []

    def counted(logits: FloatArray, options: SamplingOptions) -> Distribution:
        computed.append(options)
        return distribution(logits, options)

    monkeypatch.setattr("glassbox.engine.distribution", counted)
    engine = engine_on(runtime)
    options = SamplingOptions(temperature=0.7, seed=3)

    async def play() -> None:
        await engine.run_tokens([1, 2, 3])
        shown = await engine.distribution(SamplingOptions(temperature=0.7, seed=9))
        await engine.generate_token(options)
        assert len(computed) == 1
        after = await engine.distribution(options)
        assert len(computed) == 2, "another token, other probabilities"
        assert not np.array_equal(after.logits, shown.logits)
        await engine.distribution(SamplingOptions(temperature=0.8))
        assert len(computed) == 3, "another temperature"

    wait(play())
