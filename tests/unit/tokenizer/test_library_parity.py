"""Our tokeniser beside the tokenizers library, live: long texts, and whatever hypothesis thinks of."""

import json
from pathlib import Path

import pytest
import tokenizers
from hypothesis import example, given, settings
from hypothesis import strategies as st

from glassbox.tokenizer import Tokenizer
from glassbox.word_split import words_of
from tests.fixtures.tokenizer_texts import LONG_TEXTS, PROSE, mixed

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


SMALL_JSON = small_json()
OURS = {"gpt2": Tokenizer.from_json(GPT2_JSON), "small": Tokenizer.from_json(SMALL_JSON)}
LIBRARYS = {"gpt2": tokenizers.Tokenizer.from_str(GPT2_JSON), "small": tokenizers.Tokenizer.from_str(SMALL_JSON)}

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
        ".",
    ]
)
TEXT = st.one_of(
    st.text(), st.lists(st.one_of(PIECES, st.characters(exclude_categories=["Cs"])), max_size=30).map("".join)
)


def assert_same(which: str, text: str) -> None:
    ours, librarys = OURS[which].encode(text), LIBRARYS[which].encode(text, add_special_tokens=False)
    assert ours.token_ids.tolist() == librarys.ids
    assert ours.offsets == librarys.offsets


@pytest.mark.parametrize("which", OURS)
@pytest.mark.parametrize("name", LONG_TEXTS)
def test_long_texts(which: str, name: str) -> None:
    assert_same(which, LONG_TEXTS[name])


@pytest.mark.parametrize("which", OURS)
@given(text=TEXT)
@example(text="\x1c\x1d\x1e\x1f \x85a")
@settings(max_examples=400, deadline=None)
def test_any_text(which: str, text: str) -> None:
    assert_same(which, text)


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


@pytest.mark.parametrize("which", OURS)
@given(data=st.data())
@settings(max_examples=300, deadline=None)
def test_any_tokens_decode_alike(which: str, data: st.DataObject) -> None:
    """Broken sequences too. Ids that no token has are passed over."""
    token_ids = data.draw(st.lists(st.integers(0, OURS[which].vocab_size + 5), max_size=30))
    ours = OURS[which].decode(token_ids)
    assert ours == LIBRARYS[which].decode(token_ids, skip_special_tokens=False)
