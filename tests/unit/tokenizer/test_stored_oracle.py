"""Tokens and offsets as the tokenizers library made them; needs nothing but our package, so it runs in Pyodide too."""

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from glassbox.tokenizer import Tokenizer

ORACLE_FILE = Path(__file__).parents[2] / "fixtures" / "tokenizer_oracle.json.gz"
CASES: dict[str, Any] = json.loads(gzip.decompress(ORACLE_FILE.read_bytes()))["cases"]


@pytest.mark.parametrize("name", CASES)
def test_tokens_and_offsets_are_the_librarys(gpt2: Tokenizer, name: str) -> None:
    case = CASES[name]
    encoding = gpt2.encode(case["text"])
    assert encoding.token_ids.tolist() == case["token_ids"]
    assert encoding.offsets == [tuple(span) for span in case["offsets"]]


@pytest.mark.parametrize("name", CASES)
def test_decoding_gives_the_text_back(gpt2: Tokenizer, name: str) -> None:
    case = CASES[name]
    assert gpt2.decode(case["token_ids"]) == case["text"]


@pytest.mark.parametrize("name", CASES)
def test_utf16_spans_cut_the_text_as_javascript_would(gpt2: Tokenizer, name: str) -> None:
    case = CASES[name]
    units = case["text"].encode("utf-16-le")
    spans = gpt2.utf16_spans(case["token_ids"])
    cut = [units[2 * start : 2 * end].decode("utf-16-le") for start, end in spans]
    assert cut == [case["text"][start:end] for start, end in case["offsets"]]
