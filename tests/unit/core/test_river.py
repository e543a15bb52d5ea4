"""Shares and pushes add up, at random places, in the starter and in GPT-2 (124M)'s shape; each part is what it says."""

import asyncio
from functools import cache
from typing import Any

import numpy as np
import pytest

from glassbox.engine import Engine
from glassbox.errors import GlassboxError
from glassbox.river import River, river, river_payload
from glassbox.runs import Run
from model_export.gpt2.config import gpt2_config
from tests.checkpoints import TOY
from tests.numpy_model import NumpyRuntime, random_weights, starter_weights

# Twelve blocks of GPT-2 (124M); its vocabulary has no part in what is added up here.
GPT2_SHAPE = gpt2_config(n_layer=12, n_head=12, n_embd=768, n_ctx=64, vocab_size=300, norm_epsilon=1e-5)
CLOSE = 1e-4
ROWS_OF_A_TEXT = 8


@cache
def runtime_of(model: str) -> NumpyRuntime:
    if model == "starter":
        return NumpyRuntime(*starter_weights())
    config = GPT2_SHAPE if model == "gpt-2" else TOY
    return NumpyRuntime(config, random_weights(config))


def read(model: str, token_ids: list[int], scales: Any = ()) -> tuple[Engine, Run]:
    engine = Engine(tokenizer=None, runtime=runtime_of(model))  # type: ignore[arg-type]
    return engine, asyncio.run(engine.run_tokens(token_ids, engine.heads_scaled(scales)))


def assert_adds_up(found: River) -> int:
    """Check every block's sums and the pushes; returns how many places that were."""
    shares, pushes = found.shares, found.pushes
    into_mid = shares["stream"] + shares["heads"].sum(axis=(1, 2)) + shares["attention_bias"]
    np.testing.assert_allclose(into_mid, shares["mid_length"], rtol=CLOSE)
    into_post = shares["mid"] + shares["mlp"] + shares["mlp_bias"]
    np.testing.assert_allclose(into_post, shares["post_length"], rtol=CLOSE)
    parts = [pushes["heads"], pushes["attention_bias"], pushes["mlp"], pushes["mlp_bias"]]
    sizes = sum(np.abs(part).sum() for part in parts)
    total = sum(part.sum() for part in parts) + pushes["token"] + pushes["position"] + pushes["norm_bias"]
    # An answer may differ from another by next to nothing: then rounding of what is added up is all there is.
    assert abs(total - pushes["total"]) <= CLOSE * abs(pushes["total"]) + 1e-7 * sizes
    return len(into_mid)


@pytest.mark.parametrize(("model", "places"), [("starter", 200), ("gpt-2", 200)])
def test_shares_and_pushes_add_up_at_random_places(model: str, places: int) -> None:
    generator = np.random.default_rng(7)
    vocab_size, checked = runtime_of(model).manifest.config.vocab_size, 0
    while checked < places:
        token_ids = generator.integers(0, vocab_size, int(generator.integers(2, 25))).tolist()
        engine, run = read(model, token_ids, [(0, 1, 0.0), (1, 0, 0.4)] if generator.random() < 0.5 else [])
        for row in generator.choice(len(token_ids), min(ROWS_OF_A_TEXT, len(token_ids)), replace=False).tolist():
            against = None if generator.random() < 0.5 else int(generator.integers(vocab_size))
            checked += assert_adds_up(asyncio.run(river(engine, run, row, against=against)))


def test_a_part_is_what_the_head_writes_along_the_stream() -> None:
    """One head, one key, by the plain product of weights, not by the shortcut the code takes."""
    token_ids, layer, head, row, key = [5, 99, 3, 260, 17], 1, 1, 3, 2
    engine, run = read("toy", token_ids)
    found = asyncio.run(river(engine, run, row, answer=7, against=9))
    config, weights = engine.config, runtime_of("toy")._weights
    value = asyncio.run(engine.tensor(run, "value", layer))[head, key].astype(np.float64)
    weight = asyncio.run(engine.tensor(run, "attention_pattern", layer))[head, row, key]
    rows_of_head = weights[f"h.{layer}.attn.c_proj.weight"].reshape(config.n_head, config.d_head, -1)[head]
    written = weight * (value @ rows_of_head)
    mid = asyncio.run(engine.tensor(run, "resid_mid", layer))[row].astype(np.float64)
    assert found.shares["heads"][layer, head, key] == pytest.approx(written @ mid / np.linalg.norm(mid), rel=CLOSE)
    # The norm at the end with its deviation held: taking the part away changes the answer by its push.
    last = asyncio.run(engine.tensor(run, "resid_post", 1))[row].astype(np.float64)
    difference = (weights["wte.weight"][7] - weights["wte.weight"][9]).astype(np.float64)
    deviation = np.sqrt(last.var() + config.norm_epsilon)

    def answer(stream: np.ndarray) -> float:
        normed = (stream - stream.mean()) / deviation * weights["ln_f.weight"] + weights["ln_f.bias"]
        return float(normed @ difference)

    assert found.pushes["heads"][layer, head, key] == pytest.approx(answer(last) - answer(last - written), rel=CLOSE)
    assert found.pushes["total"] == pytest.approx(answer(last), rel=CLOSE)


def test_later_keys_and_heads_switched_off_give_nothing() -> None:
    engine, run = read("toy", [5, 99, 3, 260], [(0, 1, 0.0)])
    found = asyncio.run(river(engine, run, 1))
    assert found.shares["heads"].shape == (2, 2, 2)
    assert not found.shares["heads"][0, 1].any()
    assert not found.pushes["heads"][0, 1].any()
    assert found.shares["heads"][0, 0].any()


def test_the_answer_is_the_likeliest_token_and_the_last_row_unless_named() -> None:
    engine, run = read("toy", [5, 99, 3])
    found = asyncio.run(river(engine, run))
    assert (found.position, found.answer, found.against) == (2, int(asyncio.run(engine.logits(run)).argmax()), None)
    payload = river_payload(found)
    assert payload["shares"]["heads"]["axes"] == ["layer", "head", "key"]
    assert payload["shares"]["heads"]["shape"] == [2, 2, 3]
    assert isinstance(payload["pushes"]["total"], float)


@pytest.mark.parametrize("place", [{"position": 3}, {"position": -1}, {"answer": 261}, {"against": -1}])
def test_what_there_is_not_is_refused(place: dict[str, int]) -> None:
    engine, run = read("toy", [5, 99, 3])
    with pytest.raises(GlassboxError):
        asyncio.run(river(engine, run, **place))
