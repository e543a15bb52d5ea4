"""SmolLM2-135M-Instruct from its GGUF file against transformers reading the same file: logits, and how it goes on."""

import asyncio
from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
import pytest
from tokenizers import Tokenizer

from build_scripts.errors import BuildError
from build_scripts.pretrained import gguf_file
from glassbox.runtime.base import RunRequest
from glassbox.runtime.native import NativeRuntime
from model_export.export import export

pytestmark = pytest.mark.parity

TOLERANCE = 1e-3
NEW_TOKENS = 10
TEXTS = [
    "The capital of France is",
    "Artificial intelligence is transforming the",
    "12 + 7 =",
    "When Mary and John went to the store, John gave a drink to",
    "Once upon a time",
    "The little dog sat on the",
    "def fibonacci(n):",
    "Water boils at",
    "My favourite colour is",
    "The opposite of hot is",
    "To make tea, first",
    "In 1969, the first man",
    "Roses are red, violets are",
    "The sum of the angles of a triangle is",
    "Dear Sir or Madam,",
    "北京是",
    "El perro come",
    "1, 2, 3, 4,",
    "She opened the door and",
    "<|im_start|>user\nHello!<|im_end|>\n<|im_start|>assistant\n",
]


class Pair(NamedTuple):
    """One file as PyTorch runs it, and as we do."""

    torch_model: Any
    runtime: NativeRuntime
    tokenizer: Tokenizer


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    import torch
    from transformers import AutoModelForCausalLM

    pytest.importorskip("accelerate", reason="accelerate is not installed: make parity installs it")
    place = tmp_path_factory.mktemp("smollm2")
    try:
        file = gguf_file(place)
    except BuildError as error:
        pytest.skip(f"{error} SmolLM2 is not compared")
    model = AutoModelForCausalLM.from_pretrained(file.parent, gguf_file=file.name, dtype=torch.float32).eval()
    out = place / "out"
    manifest = export(str(file), out)
    with torch.no_grad():
        yield Pair(model, NativeRuntime(out, threads=2), Tokenizer.from_file(str(out / manifest["tokenizer"]["file"])))


def logits(pair: Pair, token_ids: list[int], past: int, rows: np.ndarray) -> np.ndarray:
    config = pair.runtime.manifest.config
    scale = np.ones((config.n_layer, config.n_head), np.float32)
    request = RunRequest(np.array(token_ids), past, config.n_layer * len(token_ids) + rows, scale, ())
    return np.asarray(asyncio.run(pair.runtime.run(request))["logits"])


@pytest.mark.parametrize("text", TEXTS)
def test_the_same_answers(text: str, pair: Pair) -> None:
    import torch

    token_ids = pair.tokenizer.encode(text).ids
    expected = pair.torch_model(torch.tensor([token_ids])).logits[0].numpy()
    actual = logits(pair, token_ids, 0, np.arange(len(token_ids)))
    assert np.abs(actual - expected).max() < TOLERANCE
    answer = pair.torch_model.generate(torch.tensor([token_ids]), max_new_tokens=NEW_TOKENS, do_sample=False)[
        0
    ].tolist()
    ours, last = list(token_ids), actual[-1]
    while len(ours) < len(answer):
        ours.append(int(last.argmax()))
        last = logits(pair, ours[-1:], len(ours) - 1, np.array([0]))[0]
    assert ours == answer
