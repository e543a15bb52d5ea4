"""Models of the Llama family answer what GPT-2 answers: sums close, operands lead on, shares and pushes add up."""

import asyncio
import math
from typing import Any

import numpy as np
import pytest

from glassbox.__main__ import open_engine
from glassbox.architectures.llama import LLAMA
from glassbox.arithmetic import Arithmetic
from glassbox.engine import Engine
from glassbox.operands import Cell
from glassbox.river import river
from glassbox.rotation import turn
from glassbox.runs import Run
from glassbox.sections import section
from model_export.export import export
from tests.checkpoints import toy_llama, write_llama

TEXT = "the man and the thing"
TOLERANCE = 1e-4
MODELS = {
    "grouped, tied": toy_llama(),
    "biases, untied": toy_llama(attention_biases=("query", "key", "value"), is_tied=False),
}


@pytest.fixture(scope="module", params=MODELS)
def engine(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Engine:
    place = tmp_path_factory.mktemp("llama")
    export(str(write_llama(place / "checkpoint", MODELS[request.param])), place / "out", "int8")
    return open_engine(place / "out", threads=1)


def run_of(engine: Engine) -> Run:
    return asyncio.run(engine.run_text(TEXT, engine.heads_scaled([(0, 1, 0.0), (1, 0, 0.4)])))


def explain(engine: Engine, cell: Cell) -> dict[str, Any]:
    return asyncio.run(Arithmetic(engine, run_of(engine)).explain(cell))


def total(answer: dict[str, Any], column: int) -> float:
    """What the parts amount to, worked out here and not by the code that gave them."""
    kind = answer["kind"]
    if kind == "sum":
        return float(sum(part["value"] for part in answer["parts"]))
    if kind == "rotation":
        return float(sum(part["value"] * part["factor"] for part in answer["parts"]))
    if kind == "rms_norm":
        return float(answer["input"] / math.sqrt(answer["mean_square"] + answer["epsilon"]) * answer["gain"])
    if kind == "gate":
        return float(answer["gate"] / (1 + math.exp(-answer["gate"])) * answer["up"])
    if kind == "softmax":
        return float(answer["numerators"][column] / answer["denominator"])
    assert kind == "dot"
    products = answer["left"].astype(float) @ answer["right"].astype(float)
    return float((products + (answer["bias"] or 0)) * (1 if answer["factor"] is None else answer["factor"]))


def operands(answer: dict[str, Any]) -> list[tuple[Cell, float]]:
    """Cells an explanation names, with the numbers it gives for them."""
    named = [(Cell(**part["cell"]), part["value"]) for part in answer.get("parts", []) if part["cell"]]
    named += [(Cell(**answer[f"{name}_cell"]), answer[name]) for name in ("input", "gate", "up") if name in answer]
    for cells, numbers in (("left_cells", "left"), ("right_cells", "right"), ("score_cells", "scores")):
        many = answer.get(cells)
        for term in range(0, len(answer[numbers]) if many else 0, 5):
            head = None if many["heads"] is None else int(many["heads"][term])
            place = (head, int(many["rows"][term]), int(many["columns"][term]))
            named.append((Cell(many["name"], many["layer"], *place), float(answer[numbers][term])))
    return named


@pytest.mark.parametrize("name", [*LLAMA.tensors, "logits"])
def test_every_kind_of_cell_closes_and_leads_on(name: str, engine: Engine) -> None:
    run, generator = run_of(engine), np.random.default_rng(3)
    layered = name != "logits" and name not in LLAMA.unlayered
    for layer in range(engine.config.n_layer) if layered else [None]:
        is_logit = name == "logits"
        shown = asyncio.run(engine.all_logits(run) if is_logit else engine.tensor(run, name, layer))
        for _ in range(6):
            *head, row, column = (int(generator.integers(size)) for size in shown.shape)
            column = min(row, column) if name.startswith("attention_") else column
            cell = Cell(name, layer, head[0] if head else None, row, column)
            answer = explain(engine, cell)
            expected = float(shown[(*head, row, column)])
            assert answer["value"] == pytest.approx(expected, abs=1e-6 + TOLERANCE * is_logit), cell
            assert total(answer, column) == pytest.approx(expected, abs=TOLERANCE), cell
            for operand, number in operands(answer):
                assert explain(engine, operand)["value"] == number, (cell, operand)


@pytest.mark.parametrize("against", [None, 7])
def test_shares_and_pushes_add_up(against: int | None, engine: Engine) -> None:
    run = run_of(engine)
    for position in range(run.n_tokens):
        found = asyncio.run(river(engine, run, position, against=against))
        shares, pushes = found.shares, found.pushes
        into_mid = shares["stream"] + shares["heads"].sum(axis=(1, 2)) + shares["attention_bias"]
        np.testing.assert_allclose(into_mid, shares["mid_length"], rtol=TOLERANCE)
        np.testing.assert_allclose(shares["mid"] + shares["mlp"], shares["post_length"], rtol=TOLERANCE)
        parts = [part.sum() for name, part in pushes.items() if name != "total"]
        assert sum(parts) == pytest.approx(float(pushes["total"]), rel=TOLERANCE, abs=TOLERANCE)


def test_sections(engine: Engine) -> None:
    run, config = run_of(engine), engine.config
    head, position = config.n_head - 1, 3
    place = {"layer": 1, "head": head, "position": position}

    def opened(name: str, **place: Any) -> dict[str, Any]:
        return asyncio.run(section(engine, run, name, **place))

    def array(payload: dict[str, Any]) -> np.ndarray:
        return np.asarray(payload["data"]).reshape(payload["shape"])

    qkv = opened("qkv", **place)
    assert qkv["key"]["head"] == qkv["value"]["head"] == config.n_kv_head - 1
    for name in ("query", "key", "value"):
        part = qkv[name]
        made = array(qkv["input"]) @ array(part["weight"]) + (array(part["bias"]) if part["bias"] else 0)
        np.testing.assert_allclose(made, array(part["projected"] or part["output"]), atol=TOLERANCE)
        assert explain(engine, Cell(**part["cells"]["output"]))["value"] == array(part["output"])[0]
        if part["projected"]:
            assert explain(engine, Cell(**part["cells"]["projected"]))["value"] == array(part["projected"])[0]
    turned = opened("rotation", **place)
    assert turned["keys"]["head"] == config.n_kv_head - 1
    for rows, angles in (
        (turned["query"], array(turned["angles"])[position]),
        (turned["keys"], array(turned["angles"])),
    ):
        np.testing.assert_allclose(turn(array(rows["before"]), angles), array(rows["after"]), atol=TOLERANCE)
        for name in ("before", "after"):
            assert explain(engine, Cell(**rows["cells"][name]))["value"] == array(rows[name]).flat[0]
    scores = array(turned["scores"])
    np.testing.assert_allclose(
        scores, array(turned["keys"]["after"]) @ array(turned["query"]["after"]) / 4, atol=TOLERANCE
    )
    # Only the distance counts: both later, and the score at the key's own distance, are the same.
    np.testing.assert_allclose(array(turned["shifted_scores"]), scores, atol=TOLERANCE)
    own_distance = array(turned["by_distance"])[np.arange(position + 1), position - np.arange(position + 1)]
    np.testing.assert_allclose(own_distance, scores, atol=TOLERANCE)
    steps = opened("attention", **place)
    assert steps["value_head"] == config.n_kv_head - 1
    np.testing.assert_allclose(
        array(steps["pattern"])[position] @ array(steps["values"]), array(steps["output"]), atol=TOLERANCE
    )
    np.testing.assert_allclose(array(steps["by_head"]).sum(axis=0), array(steps["added"]), atol=TOLERANCE)
    norm = opened("layer_norm", norm="norm_2", layer=0, position=position)
    assert norm["mean"] is norm["bias"] is None
    np.testing.assert_allclose(array(norm["normed"]) * array(norm["gain"]), array(norm["output"]), atol=TOLERANCE)
    mlp = opened("mlp", layer=0, position=position, count=3)
    before = array(mlp["before"])
    np.testing.assert_allclose(before / (1 + np.exp(-before)) * array(mlp["up"]), array(mlp["after"]), atol=TOLERANCE)
    written = array(mlp["added"]) @ array(mlp["after_stream"]) / mlp["after_length"]
    np.testing.assert_allclose(array(mlp["writes"]).sum() + mlp["bias_write"], written, atol=TOLERANCE)
    words = opened("unembedding", position=position, count=3)
    np.testing.assert_allclose(array(words["embeddings"]) @ array(words["normed"]), words["logits"], atol=TOLERANCE)
