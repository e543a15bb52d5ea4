"""The arithmetic the page explains gives the number the page shows, for every kind of tensor."""

import asyncio
import math
from typing import Any

import numpy as np
import pytest

from glassbox.architectures.gpt2 import GPT2
from glassbox.arithmetic import Arithmetic
from glassbox.engine import Engine
from glassbox.errors import GlassboxError
from glassbox.operands import Cell
from glassbox.runs import Run
from glassbox.tokenizer import Tokenizer
from tests.checkpoints import TOY, toy_tokenizer
from tests.numpy_model import NumpyRuntime, random_weights

TOLERANCE = 1e-4
CELLS_OF_EACH = 5
TEXT = "the man and the thing"


@pytest.fixture(params=["numpy", "toy_int8"])
def engine(request: pytest.FixtureRequest) -> Engine:
    tokenizer = Tokenizer.from_json(toy_tokenizer())
    if request.param == "numpy":
        return Engine(tokenizer, NumpyRuntime(TOY, random_weights(TOY)))
    # Here, so that the tests run where onnxruntime is not.
    from glassbox.runtime.native import NativeRuntime

    return Engine(tokenizer, NativeRuntime(request.getfixturevalue(request.param), threads=1))


def run_of(engine: Engine) -> Run:
    """Two heads are scaled, one of them to nothing. The same content is the same run, so it is read once."""
    return asyncio.run(engine.run_text(TEXT, engine.heads_scaled([(0, 1, 0.0), (1, 0, 0.4)])))


def total(answer: dict[str, Any]) -> float:
    """What the parts of an explanation amount to, worked out here and not by the code that gave them."""
    kind = answer["kind"]
    if kind == "sum":
        return sum(part["value"] for part in answer["parts"])
    if kind == "layer_norm":
        deviation = math.sqrt(answer["variance"] + answer["epsilon"])
        return (answer["input"] - answer["mean"]) / deviation * answer["gain"] + answer["bias"]
    if kind == "softmax":
        return float(answer["numerators"][-1]) / answer["denominator"]
    if kind == "gelu":
        x = answer["input"]
        return 0.5 * x * (1 + math.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x**3)))
    assert kind == "dot"
    products = answer["left"].astype(float) @ answer["right"].astype(float)
    return (products + (answer["bias"] or 0)) * (1 if answer["factor"] is None else answer["factor"])


def sample_cells(name: str, layer: int | None, shape: tuple[int, ...]) -> list[Cell]:
    """Some cells of a tensor, the corners among them. Of attention the diagonal: its softmax's last numerator."""
    generator = np.random.default_rng(0)
    picked = [(0,) * len(shape), tuple(size - 1 for size in shape)]
    picked += [tuple(int(generator.integers(size)) for size in shape) for _ in range(CELLS_OF_EACH)]
    cells = []
    for *head, row, column in picked:
        seen = row if name == "attention_pattern" else min(row, column) if name == "attention_scores" else column
        cells.append(Cell(name, layer, head[0] if head else None, row, seen))
    return cells


def explain(engine: Engine, cell: Cell) -> dict[str, Any]:
    return asyncio.run(Arithmetic(engine, run_of(engine)).explain(cell))


@pytest.mark.parametrize("name", GPT2.tensors)
def test_every_tensor(name: str, engine: Engine) -> None:
    for layer in [None] if name in GPT2.unlayered else range(engine.config.n_layer):
        shown = asyncio.run(engine.tensor(run_of(engine), name, layer))
        for cell in sample_cells(name, layer, shown.shape):
            heads = () if cell.head is None else (cell.head,)
            expected = float(shown[(*heads, cell.row, cell.column)])
            answer = explain(engine, cell)
            assert answer["value"] == expected, cell
            assert total(answer) == pytest.approx(expected, abs=TOLERANCE), cell


def cells_of(answer: dict[str, Any]) -> list[tuple[Cell, float]]:
    """Every cell an explanation names, with the number it gives for it."""
    single = {**answer.get("input_cell", {})}
    named = [(Cell(**single), answer["input"])] if single else []
    named += [(Cell(**part["cell"]), part["value"]) for part in answer.get("parts", []) if part["cell"]]
    for cells, numbers in (("left_cells", "left"), ("right_cells", "right"), ("score_cells", "scores")):
        many = answer.get(cells)
        for term, number in enumerate(answer[numbers] if many else []):
            head = None if many["heads"] is None else int(many["heads"][term])
            row, column = int(many["rows"][term]), int(many["columns"][term])
            named.append((Cell(many["name"], many["layer"], head, row, column), float(number)))
    return named


@pytest.mark.parametrize("name", [*GPT2.tensors, "logits"])
def test_operands_are_the_cells_they_say_they_are(name: str, engine: Engine) -> None:
    """Following any operand leads to a cell that shows the same number."""
    run = run_of(engine)
    layered = name != "logits" and name not in GPT2.unlayered
    for layer in range(engine.config.n_layer) if layered else [None]:
        shape = (run.n_tokens, 261) if name == "logits" else asyncio.run(engine.tensor(run, name, layer)).shape
        for cell in sample_cells(name, layer, shape)[:4]:
            answer = explain(engine, cell)
            operands = cells_of(answer)
            # The first block's input is made of weights alone; all else leads on.
            assert operands or (name, layer) == ("resid_pre", 0)
            for operand, number in operands[:: max(1, len(operands) // 6)]:
                assert explain(engine, operand)["value"] == number, (cell, operand)


def test_logits(engine: Engine) -> None:
    shown = asyncio.run(engine.all_logits(run_of(engine)))
    for cell in sample_cells("logits", None, shown.shape):
        answer = explain(engine, cell)
        assert answer["value"] == pytest.approx(float(shown[cell.row, cell.column]), abs=TOLERANCE)
        assert total(answer) == pytest.approx(answer["value"], abs=TOLERANCE)


def test_shown_terms_and_the_rest_are_the_total(engine: Engine) -> None:
    answer = explain(engine, Cell("mlp_out", 1, None, 3, 7))
    largest = [term["product"] for term in answer["largest"]]
    assert sum(largest) + answer["rest_sum"] + answer["bias"] == pytest.approx(answer["total"], abs=1e-9)
    assert [abs(product) for product in largest] == sorted((abs(product) for product in largest), reverse=True)
    assert len(largest) + answer["rest_count"] == len(answer["left"])
    assert answer["total"] == pytest.approx(answer["value"], abs=TOLERANCE)


@pytest.mark.parametrize("name", ["attention_scores", "attention_pattern"])
def test_a_later_key_is_masked(name: str, engine: Engine) -> None:
    answer = explain(engine, Cell(name, 0, 0, 1, 2))
    assert answer == {"kind": "masked", "value": 0.0 if name == "attention_pattern" else -math.inf}


@pytest.mark.parametrize(
    "cell",
    [
        Cell("warmth", 0, None, 0, 0),
        Cell("mlp_out", 2, None, 0, 0),
        Cell("mlp_out", 0, None, 1000, 0),
        Cell("mlp_out", 0, None, 0, -1),
        Cell("query", 0, 2, 0, 0),
        Cell("query", 0, None, 0, 0),
        Cell("logits", None, None, 1000, 0),
        Cell("logits", None, None, 0, 1000),
    ],
)
def test_cells_that_do_not_exist(cell: Cell, engine: Engine) -> None:
    with pytest.raises(GlassboxError):
        explain(engine, cell)
