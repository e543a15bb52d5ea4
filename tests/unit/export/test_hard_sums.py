"""The sums behind cells close on weights that behave as trained ones do: outlying channels, scores of hundreds, a sink.

To how many digits: a sum can be no closer than its largest parts are exact, and those are fp32, of seven digits.
"""

import asyncio
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from glassbox.__main__ import open_engine
from glassbox.architectures.gpt2 import GPT2
from glassbox.arithmetic import Arithmetic
from glassbox.engine import Engine
from glassbox.operands import Cell
from model_export.export import export
from model_export.gpt2.config import gpt2_config
from tests.checkpoints import pretrained_like_tensors, write_checkpoint

HARD = gpt2_config(n_layer=2, n_head=4, n_embd=64, n_ctx=64, vocab_size=261, norm_epsilon=1e-5)
# Of the largest part of the sum.
CLOSES_TO = 2e-6
CELLS_OF_EACH = 40


@pytest.fixture(scope="module", params=["fp32", "int8"])
def engine(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Engine:
    place: Path = tmp_path_factory.mktemp("hard")
    folder = write_checkpoint(place / "checkpoint", HARD, tensors=pretrained_like_tensors(HARD))
    export(str(folder), place / "out", request.param)
    return open_engine(place / "out", threads=1)


def total_and_size(answer: dict[str, Any]) -> tuple[float, float]:
    """What the parts amount to, and the largest number that enters the sum."""
    kind = answer["kind"]
    if kind == "sum":
        parts = [part["value"] for part in answer["parts"]]
        return sum(parts), max(map(abs, parts))
    if kind == "layer_norm":
        scale = answer["gain"] / math.sqrt(answer["variance"] + answer["epsilon"])
        parts = [answer["input"] * scale, -answer["mean"] * scale, answer["bias"]]
        return sum(parts), max(map(abs, parts))
    if kind == "softmax":
        return float(answer["numerators"][-1]) / answer["denominator"], 1
    if kind == "gelu":
        x = answer["input"]
        return 0.5 * x * (1 + math.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x**3))), abs(x)
    assert kind == "dot"
    factor = 1 if answer["factor"] is None else answer["factor"]
    products = answer["left"].astype(float) * answer["right"].astype(float)
    return (products.sum() + (answer["bias"] or 0)) * factor, max(
        np.abs(products).max(), abs(answer["bias"] or 0)
    ) * factor


@pytest.mark.parametrize("name", GPT2.tensors)
def test_every_tensor(name: str, engine: Engine) -> None:
    generator = np.random.default_rng(0)
    run = asyncio.run(engine.run_text("the man and the other thing"))
    worst = 0.0
    for layer in [None] if name in GPT2.unlayered else range(HARD.n_layer):
        shown = asyncio.run(engine.tensor(run, name, layer))
        for _ in range(CELLS_OF_EACH):
            *head, row, column = (int(generator.integers(size)) for size in shown.shape)
            seen = row if name == "attention_pattern" else min(row, column) if name == "attention_scores" else column
            cell = Cell(name, layer, head[0] if head else None, row, seen)
            answer = asyncio.run(Arithmetic(engine, run).explain(cell))
            total, size = total_and_size(answer)
            worst = max(worst, abs(total - answer["value"]) / max(size, abs(answer["value"])))
    print(f"{name}: {worst:.1e} of the largest part")
    assert worst < CLOSES_TO
