"""What a section shows is what the run holds, and its steps lead from one to the next."""

import asyncio
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from glassbox.__main__ import open_engine
from glassbox.engine import Engine
from glassbox.errors import GlassboxError
from glassbox.runs import Run
from glassbox.sections import section

TEXT = "the man and the thing"
Array = npt.NDArray[Any]


@pytest.fixture(params=["toy_fp32", "toy_int8"])
def engine(request: pytest.FixtureRequest) -> Engine:
    return open_engine(request.getfixturevalue(request.param), threads=1)


def run_of(engine: Engine) -> Run:
    """The same content is the same run, so it is read once."""
    return asyncio.run(engine.run_text(TEXT))


def opened(engine: Engine, name: str, **place: Any) -> dict[str, Any]:
    return asyncio.run(section(engine, run_of(engine), name, **place))


def array(payload: dict[str, Any]) -> Array:
    shaped: Array = payload["data"].reshape(payload["shape"])
    return shaped


def held(engine: Engine, name: str, layer: int | None, position: int) -> Array:
    return asyncio.run(engine.tensor(run_of(engine), name, layer))[position]


def close(first: Array, second: Array) -> None:
    np.testing.assert_allclose(first, second, rtol=1e-4, atol=1e-4)


def test_query_key_value_come_from_the_normed_stream(engine: Engine) -> None:
    steps = opened(engine, "qkv", layer=1, head=1, position=2)
    for name in ("query", "key", "value"):
        part = steps[name]
        close(array(steps["input"]) @ array(part["weight"]) + array(part["bias"]), array(part["output"]))


def test_attention_from_products_to_the_residual_stream(engine: Engine) -> None:
    steps = opened(engine, "attention", layer=1, head=0, position=3)
    seen = np.tril(np.ones(steps["scores"]["shape"], bool))
    scaled, scores, pattern = (array(steps[name]) for name in ("scaled", "scores", "pattern"))
    close(array(steps["products"]) / np.sqrt(engine.config.d_head), scaled)
    close(scaled[seen], scores[seen])
    assert np.isneginf(scores[~seen]).all()
    exponents = np.exp(scores)
    close(exponents / exponents.sum(axis=1, keepdims=True), pattern)
    close(pattern[3] @ array(steps["values"]), array(steps["output"]))
    close(np.sqrt((array(steps["values"]) ** 2).sum(axis=-1)), array(steps["value_lengths"]))
    close(array(steps["by_head"]).sum(axis=0) + array(steps["bias"]), array(steps["added"]))
    close(array(steps["before_stream"]) + array(steps["added"]), array(steps["after_stream"]))


@pytest.mark.parametrize(("norm", "layer"), [("norm_1", 0), ("norm_2", 1), ("norm_final", None), ("ln_2", 0)])
def test_layer_norm(norm: str, layer: int | None, engine: Engine) -> None:
    steps = opened(engine, "layer_norm", norm=norm, layer=layer, position=1)
    normed = array(steps["normed"])
    assert normed.mean() == pytest.approx(0, abs=1e-5)
    close((array(steps["input"]) - steps["mean"]) / np.sqrt(steps["variance"] + steps["epsilon"]), normed)
    close(normed * array(steps["gain"]) + array(steps["bias"]), array(steps["output"]))
    close(array(steps["output"]), held(engine, norm, layer, 1))
    for vector in ("input", "output"):
        cell = steps["cells"][vector]
        close(array(steps[vector]), held(engine, cell["name"], cell["layer"], cell["row"]))


def test_mlp(engine: Engine) -> None:
    steps = opened(engine, "mlp", layer=0, position=2, count=5)
    before, after, curve = array(steps["before"]), array(steps["after"]), steps["curve"]
    # Straight lines between the curve's points.
    np.testing.assert_allclose(np.interp(before, curve["inputs"], curve["outputs"]), after, atol=2e-3)
    outputs = [neuron["after"] for neuron in steps["neurons"]]
    assert outputs == sorted(after.tolist(), reverse=True)[:5]
    assert all(before[neuron["index"]] == neuron["before"] for neuron in steps["neurons"])
    close(array(steps["before_stream"]) + array(steps["added"]), array(steps["after_stream"]))
    along = array(steps["after_stream"]) / steps["after_length"]
    close(np.linalg.norm(along), 1)
    close(array(steps["writes"]).sum() + steps["bias_write"], array(steps["added"]) @ along)


def test_unembedding_is_a_dot_product_without_bias(engine: Engine) -> None:
    steps = opened(engine, "unembedding", position=2, count=4)
    close(array(steps["embeddings"]) @ array(steps["normed"]), steps["logits"])
    logits = asyncio.run(engine.logits(run_of(engine), 2))
    assert steps["logits"].tolist() == sorted(logits.tolist(), reverse=True)[:4]


def test_sampling_fractions_close(engine: Engine) -> None:
    options = {"temperature": 0.7, "top_k": 20, "top_p": 0.9, "min_p": 0.01}
    steps = opened(engine, "sampling", options=options, count=30)
    columns, numerators = steps["columns"], steps["numerators"]
    close(columns["logits"] / 0.7, columns["scaled"])
    close(numerators / steps["denominator_all"], columns["softmax"])
    kept = columns["min_p"] > 0
    close(numerators[kept] / steps["denominator_kept"], columns["min_p"][kept])
    for name, stage in zip(("top_k", "top_p", "min_p"), steps["stages"][1:], strict=True):
        assert (columns[name] > 0).sum() == min(30, stage["kept_count"]), name


@pytest.mark.parametrize(
    ("name", "place"),
    [
        ("warmth", {}),
        ("layer_norm", {"norm": "ln_3", "layer": 0, "position": 0}),
        ("qkv", {"layer": 2, "head": 0, "position": 0}),
        ("qkv", {"layer": 0, "head": 9, "position": 0}),
        ("mlp", {"layer": 0, "position": 1000, "count": 1}),
    ],
)
def test_sections_that_do_not_exist(name: str, place: dict[str, Any], engine: Engine) -> None:
    with pytest.raises(GlassboxError):
        opened(engine, name, **place)
