"""Single tokens and the whole vocabulary through every step of sampling: what is drawn of it adds up."""

import asyncio
from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest

from glassbox.engine import Engine
from glassbox.errors import GlassboxError
from glassbox.runs import Run
from glassbox.sections import sampling
from tests.unit.core.prefix_runtime import PrefixRuntime

OPTIONS = {"temperature": 0.7, "top_k": 20, "top_p": 0.9, "min_p": 0.02}
SHARES = ("own", "softmax", "top_k", "top_p", "min_p")


@pytest.fixture
def engine() -> Engine:
    return Engine(tokenizer=None, runtime=PrefixRuntime())  # type: ignore[arg-type]


def steps_of(engine: Engine, options: Mapping[str, Any] = OPTIONS, count: int = 5, asked: tuple[int, ...] = ()) -> Any:
    async def ask() -> tuple[Run, Any]:
        run = await engine.run_tokens([1, 2, 3])
        return run, await sampling(engine, run, options, count, asked)

    return asyncio.run(ask())[1]


def test_every_column_of_shares_adds_up_to_one(engine: Engine) -> None:
    steps = steps_of(engine)
    for name in SHARES:
        assert steps["columns"][name].sum() + steps["others"][name] == pytest.approx(1, abs=1e-6), name


def test_a_token_that_is_asked_for_comes_with_its_rank(engine: Engine) -> None:
    everything = steps_of(engine, count=10_000)
    rank = 17
    token_id = int(everything["token_ids"][rank])
    steps = steps_of(engine, count=5, asked=(token_id,))
    assert steps["listed"] == 5
    assert steps["ranks"].tolist() == [0, 1, 2, 3, 4, rank]
    for name in ("logits", "scaled", *SHARES):
        assert steps["columns"][name][5] == everything["columns"][name][rank], name
    with pytest.raises(GlassboxError, match="There is no token"):
        steps_of(engine, asked=(-1,))


def test_the_curve_covers_the_vocabulary_and_every_cut(engine: Engine) -> None:
    steps = steps_of(engine, count=10_000)
    curve = steps["curve"]
    counts = curve["counts"]
    assert counts[0] == 1
    assert counts[-1] == steps["vocab_size"]
    assert {stage["kept_count"] for stage in steps["stages"]} <= set(counts.tolist())
    for name in ("own", "softmax", "min_p"):
        np.testing.assert_allclose(curve["masses"][name], np.cumsum(steps["columns"][name])[counts - 1], rtol=1e-5)


def test_spread_is_the_entropy_in_bits(engine: Engine) -> None:
    steps = steps_of(engine, count=10_000)
    for name, spread in steps["spread"].items():
        shares = steps["columns"][name].astype(np.float64)
        some = shares[shares > 0]
        assert spread["entropy"] == pytest.approx(-(some * np.log2(some)).sum(), abs=1e-5)
        assert spread["choices"] == pytest.approx(2 ** spread["entropy"])


def test_greedy_has_one_choice(engine: Engine) -> None:
    steps = steps_of(engine, {"temperature": 0})
    assert steps["spread"]["min_p"] == {"entropy": 0.0, "choices": 1.0}
    assert steps["spread"]["own"]["entropy"] > 0, "the model's own is not touched by it"
