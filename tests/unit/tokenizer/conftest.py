"""GPT-2's tokeniser, which comes with the starter model, and a small one, each in two forms: ours and the library's."""

from pathlib import Path

import pytest

from glassbox.tokenizer import Tokenizer

GPT2_FILE = Path(__file__).parents[3] / "model_export" / "starter" / "checkpoint" / "tokenizer.json"


@pytest.fixture(scope="session")
def gpt2_json() -> str:
    return GPT2_FILE.read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def gpt2(gpt2_json: str) -> Tokenizer:
    return Tokenizer.from_json(gpt2_json)
