"""Our tokeniser beside the tokenizers library, live: long texts, and whatever hypothesis thinks of."""

import json
import random
import re
import unicodedata
from pathlib import Path
from typing import Any

import pytest
import tokenizers
from hypothesis import example, given, settings
from hypothesis import strategies as st

from glassbox.tokenizer import Tokenizer
from glassbox.word_split import SINGLE_DIGITS, word_pattern, words_of
from model_export.gguf_tokenizer import PRE_TOKENIZERS
from tests.fixtures.tokenizer_texts import LONG_TEXTS, PROSE, TEXTS, mixed

GPT2_FILE = Path(__file__).parents[3] / "model_export" / "starter" / "checkpoint" / "tokenizer.json"
GPT2_JSON = GPT2_FILE.read_text(encoding="utf-8")


def small_json() -> str:
    """A tokeniser trained here on a little text: few merges, and added tokens that overlap."""
    trained = tokenizers.ByteLevelBPETokenizer()
    trained.train_from_iterator([PROSE, mixed(2_000)], vocab_size=400, show_progress=False)
    content = json.loads(trained.to_str())
    plain = {"single_word": False, "lstrip": False, "rstrip": False, "special": False}
    content["added_tokens"] = [
        {"id": 400, "content": "the wind", "normalized": True, **plain},
        {"id": 401, "content": "the", "normalized": True, **plain},
        {"id": 402, "content": "é d", "normalized": False, **plain},
    ]
    content["pre_tokenizer"]["add_prefix_space"] = False
    return json.dumps(content)


def cut_otherwise(name: str, **model: Any) -> str:
    """GPT-2's merges under another model's way of cutting texts into words."""
    content = json.loads(GPT2_JSON)
    content["pre_tokenizer"] = PRE_TOKENIZERS[name]
    content["model"] |= model
    return json.dumps(content)


def lacking_json() -> str:
    """As SmolLM2's: some bytes are no tokens."""
    content = json.loads(cut_otherwise("smollm"))
    content["model"]["vocab"] = {text: i for text, i in content["model"]["vocab"].items() if text not in "Ąò"}
    return json.dumps(content)


def composed_json() -> str:
    """As Qwen2's: texts are brought into the form NFC, but for some added tokens."""
    content = json.loads(cut_otherwise("qwen2"))
    content["normalizer"] = {"type": "NFC"}
    plain = {"single_word": False, "lstrip": False, "rstrip": False, "special": False}
    content["added_tokens"] += [
        {"id": 50257, "content": "e\u0301 d", "normalized": False, **plain},
        {"id": 50258, "content": "\u00f3n", "normalized": True, **plain},
    ]
    return json.dumps(content)


JSONS = {
    "gpt2": GPT2_JSON,
    "small": small_json(),
    "smollm": lacking_json(),
    "llama-bpe": cut_otherwise("llama-bpe", ignore_merges=True),
    "qwen2": cut_otherwise("qwen2"),
    "composed": composed_json(),
}
OURS = {name: Tokenizer.from_json(content) for name, content in JSONS.items()}
LIBRARYS = {name: tokenizers.Tokenizer.from_str(content) for name, content in JSONS.items()}
LLAMA3_PATTERN = PRE_TOKENIZERS["llama-bpe"]["pretokenizers"][0]["pattern"]["Regex"]
LLAMA3_WORDS = word_pattern(LLAMA3_PATTERN)
LLAMA3_SPLIT = tokenizers.pre_tokenizers.Split(tokenizers.Regex(LLAMA3_PATTERN), "isolated")

# Characters with a byte that is left out there. Offsets are those in the text that the tokens decode to.
LACKED = re.compile("[\x04\U00080000-\U000bffff]")

# Words, endings, white space and added tokens come up more often than in plain st.text().
PIECES = st.sampled_from(
    [
        "the",
        " the",
        "é d",
        "the wind",
        "'s",
        "'ll",
        " ",
        "  ",
        "\n",
        "\t",
        "\u00a0",
        "\u0301",
        "<|endoftext|>",
        "1",
        "2026",
        "\u00bd\u2167",
        "'LL",
        "'\u017f",
        "\r\n",
        "!\n\n",
        "e\u0301 d",
        "o\u0301n",
        ".",
    ]
)
TEXT = st.one_of(
    st.text(), st.lists(st.one_of(PIECES, st.characters(exclude_categories=["Cs"])), max_size=30).map("".join)
)


def assert_same(which: str, text: str) -> None:
    ours, librarys = OURS[which].encode(text), LIBRARYS[which].encode(text, add_special_tokens=False)
    assert ours.token_ids.tolist() == librarys.ids
    if which != "composed" and (which != "smollm" or not LACKED.search(text)):
        assert ours.offsets == librarys.offsets


@pytest.mark.parametrize("which", OURS)
@pytest.mark.parametrize("name", LONG_TEXTS)
def test_long_texts(which: str, name: str) -> None:
    assert_same(which, LONG_TEXTS[name])


@pytest.mark.parametrize("which", OURS)
@given(text=TEXT)
@example(text="\x1c\x1d\x1e\x1f \x85a")
@settings(max_examples=400)
def test_any_text(which: str, text: str) -> None:
    # Which younger characters are composed differs between versions of Unicode.
    if which != "composed" or all(unicodedata.category(character) != "Cn" for character in text):
        assert_same(which, text)


@pytest.mark.parametrize("which", OURS)
@pytest.mark.parametrize("name", TEXTS)
def test_texts_of_the_fixture(which: str, name: str) -> None:
    assert_same(which, TEXTS[name])


@pytest.mark.parametrize("which", OURS)
def test_four_thousand_texts(which: str) -> None:
    generator = random.Random(5)
    for seed in range(4_000):
        assert_same(which, mixed(generator.randrange(1, 120), seed))


def test_code_points_fall_into_the_same_kind_of_word() -> None:
    """Letter, number, sign or white space: seen from how each is joined to a letter, a number, a sign, and spaces.

    All of them where kinds alternate; samples of the long stretches of one kind (ideographs, Hangul, private use).
    """
    stretches = [(0, 0x3400, 1), (0x3400, 0xA000, 50), (0xA000, 0xAC00, 1), (0xAC00, 0xD7A0, 50), (0xD7A0, 0xD800, 1)]
    stretches += [(0xE000, 0xF900, 50), (0xF900, 0x14000, 1), (0x14000, 0x1B000, 3), (0x1B000, 0x20000, 1)]
    stretches += [(0x20000, 0x40000, 6), (0x40000, 0x110000, 1000)]
    code_points = [code for stretch in stretches for code in range(*stretch)]
    for start in range(0, len(code_points), 1000):
        characters = map(chr, code_points[start : start + 1000])
        text = "\n".join(f"a{c}1{c}!{c}  {c}b" for c in characters)
        library = tokenizers.pre_tokenizers.ByteLevel(add_prefix_space=False).pre_tokenize_str(text)
        assert words_of(text) == [text[begin:end] for _, (begin, end) in library]
        digits = tokenizers.pre_tokenizers.Digits(individual_digits=True).pre_tokenize_str(text)
        assert words_of(text, [SINGLE_DIGITS]) == [piece for piece, _ in digits]
        words = LLAMA3_SPLIT.pre_tokenize_str(text)
        assert words_of(text, [LLAMA3_WORDS]) == [piece for piece, _ in words]


@pytest.mark.parametrize("which", OURS)
@given(data=st.data())
@settings(max_examples=300)
def test_any_tokens_decode_alike(which: str, data: st.DataObject) -> None:
    """Broken sequences too. Ids that no token has are passed over."""
    token_ids = data.draw(st.lists(st.integers(0, OURS[which].vocab_size + 5), max_size=30))
    ours = OURS[which].decode(token_ids)
    assert ours == LIBRARYS[which].decode(token_ids, skip_special_tokens=False)
