"""What readers and other modules see of tokens: labels, fragments, spans, errors, and how long it takes."""

import json
import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from glassbox.byte_level import CHARACTER_OF_BYTE, is_whole, spell, unspell, visible
from glassbox.errors import GlassboxError
from glassbox.text_spans import text_spans
from glassbox.tokenizer import Tokenizer


@pytest.mark.parametrize(
    ("data", "label"),
    [
        (b" the", "␣the"),
        ("a·b".encode(), "a·b"),
        (b"\n\n", "⏎⏎"),
        (b"\t", "⇥"),
        (b"\r\n", "␍⏎"),
        (b"\x00\x1b\x7f", "␀␛␡"),
        (b"\xe4\xbd", "⟨E4⟩⟨BD⟩"),
        (b" \xf0\x9f", "␣⟨F0⟩⟨9F⟩"),
        (b"\xa0\xe5\xa5\xbd", "⟨A0⟩好"),
        (b"\xed\xa0\x80", "⟨ED⟩⟨A0⟩⟨80⟩"),
        ("\ufffd".encode(), "\ufffd"),
        ("\u200b\u00a0\ufeff".encode(), "⟨U+200B⟩⟨U+00A0⟩⟨U+FEFF⟩"),
        ("\x85".encode(), "⟨U+0085⟩"),
        ("\u0301e\u0301".encode(), "◌\u0301e\u0301"),
        (b"<|endoftext|>", "<|endoftext|>"),
    ],
)
def test_labels_make_everything_visible(data: bytes, label: str) -> None:
    assert visible(data) == label


def test_labels_of_the_whole_vocabulary(gpt2: Tokenizer) -> None:
    labels = gpt2.labels()
    assert len(labels) == gpt2.vocab_size == 50257
    assert all(label and " " not in label and label == gpt2.label(i) for i, label in enumerate(labels))
    assert labels[50256] == "<|endoftext|>"


def test_an_id_that_only_pads_the_vocabulary_has_a_label_and_no_text(gpt2: Tokenizer) -> None:
    assert gpt2.label(50300) == "⟨50300⟩"
    assert gpt2.token_bytes(50300) == b""
    assert gpt2.decode([50300]) == ""
    assert gpt2.utf16_spans([64, 50300, 64]) == [(0, 1), (1, 1), (1, 2)]


def test_marks_stand_outside_the_merges(gpt2: Tokenizer) -> None:
    token_ids = gpt2.encode("a<|endoftext|>b").token_ids.tolist()
    assert [gpt2.is_mark(token_id) for token_id in token_ids] == [False, True, False]


def test_fragments(gpt2: Tokenizer) -> None:
    token_ids = gpt2.encode("a😀").token_ids.tolist()
    assert [gpt2.is_fragment(i) for i in token_ids] == [False, True, True]
    assert gpt2.encode("a😀b").offsets == [(0, 1), (1, 2), (1, 2), (2, 3)]
    assert gpt2.utf16_spans([*token_ids, 65]) == [(0, 1), (1, 3), (1, 3), (3, 4)]


@given(st.binary(max_size=200))
def test_every_byte_string_can_be_spelt(data: bytes) -> None:
    assert unspell(spell(data)) == data
    assert is_whole(data) == (
        not any("\udc80" <= c <= "\udcff" for c in data.decode("utf-8", errors="surrogateescape"))
    )


def spans_plainly(pieces: list[bytes], utf16: bool) -> list[tuple[int, int]]:
    """Byte by byte: where does the character lie to which the first and the last byte of a piece belong?"""
    data = b"".join(pieces)
    starts, ends = [], []
    for length in range(1, len(data) + 1):
        text = data.decode("utf-8", errors="replace")
        # The character of byte `length - 1` is the last one of the shortest whole prefix that reaches it.
        prefix = next(
            decoded
            for stop in range(length, len(data) + 1)
            if text.startswith(decoded := data[:stop].decode("utf-8", errors="replace"))
            and text[len(decoded) :] == data[stop:].decode("utf-8", errors="replace")
        )
        count = (lambda part: len(part.encode("utf-16-le")) // 2) if utf16 else len
        starts.append(count(prefix[:-1]))
        ends.append(count(prefix))
    spans, first = [], 0
    for piece in pieces:
        spans.append((starts[first], ends[first + len(piece) - 1]))
        first += len(piece)
    return spans


BYTES = st.one_of(
    st.text(max_size=3).map(str.encode),
    st.binary(max_size=4),
    st.sampled_from(list("é你😀".encode())).map(lambda b: bytes([b])),
)


@given(pieces=st.lists(BYTES.filter(bool), max_size=8), utf16=st.booleans())
def test_spans_of_any_bytes(pieces: list[bytes], utf16: bool) -> None:
    assert text_spans(pieces, utf16) == spans_plainly(pieces, utf16)


@pytest.mark.parametrize(("text", "position"), [("\ud83d", 0), ("ab\udc00c", 2), ("😀\ud83d\ud83d", 1)])
def test_half_a_surrogate_pair_is_refused_with_its_place(gpt2: Tokenizer, text: str, position: int) -> None:
    with pytest.raises(GlassboxError, match=f"Character {position + 1} ") as caught:
        gpt2.encode(text)
    assert caught.value.code == "text_not_unicode"
    assert caught.value.detail == {"position": position}


def tiny(**changes: Any) -> dict[str, Any]:
    """A tokenizer.json of bytes and one merge. changes: by ``part__key``, what to put in."""
    vocabulary = {character: i for i, character in enumerate([*CHARACTER_OF_BYTE.values(), "ab"])}
    content: dict[str, Any] = {
        "normalizer": None,
        "added_tokens": [],
        "pre_tokenizer": {"type": "ByteLevel", "add_prefix_space": False, "use_regex": True},
        "model": {"type": "BPE", "vocab": vocabulary, "merges": ["a b"]},
    }
    for name, value in changes.items():
        part, _, key = name.partition("__")
        if key:
            content[part][key] = value
        else:
            content[part] = value
    return content


def split(pattern: str) -> dict[str, Any]:
    return {"type": "Split", "pattern": {"Regex": pattern}, "behavior": "Isolated", "invert": False}


def steps(*before: dict[str, Any]) -> dict[str, Any]:
    """A sequence that ends in bytes."""
    last = {"type": "ByteLevel", "add_prefix_space": False, "use_regex": False}
    return {"type": "Sequence", "pretokenizers": [*before, last]}


def test_merges_may_be_strings_or_pairs() -> None:
    for merges in (["a b"], [["a", "b"]]):
        tokenizer = Tokenizer.from_json(json.dumps(tiny(model__merges=merges)))
        assert tokenizer.encode("cab").token_ids.tolist() == [ord("c"), 256]


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"model__type": "WordPiece"}, "type 'WordPiece'"),
        ({"model__dropout": 0.1}, "dropout 0.1"),
        ({"model__byte_fallback": True}, "byte_fallback True"),
        ({"model__vocab": {"a": 0, "b": 1, "ab": 2}}, "lacks 254 of the 256 bytes"),
        ({"model__merges": ["a c"]}, "make 'ac'"),
        ({"model__merges": ["ab"]}, "not a pair"),
        ({"model__merges": 3}, "int"),
        ({"pre_tokenizer": None}, "type None"),
        ({"pre_tokenizer__type": "Metaspace"}, "type 'Metaspace'"),
        ({"pre_tokenizer__add_prefix_space": True}, "add_prefix_space True"),
        ({"normalizer": {"type": "NFKC"}}, "normalizer has type 'NFKC'"),
        ({"pre_tokenizer": {"type": "Sequence", "pretokenizers": []}}, "type None"),
        ({"pre_tokenizer": steps({"type": "Punctuation"})}, "step of type 'Punctuation'"),
        ({"pre_tokenizer": steps({"type": "Split", "behavior": "Removed"})}, "behavior 'Removed'"),
        ({"pre_tokenizer": steps(split(r"\w+"))}, r"its pattern has \\w"),
        ({"pre_tokenizer": steps(split(r"\p{Lu}"))}, r"its pattern has \\p\{Lu\}"),
        ({"pre_tokenizer": steps(split("(a"))}, "its pattern cannot be read"),
        ({"added_tokens": [{"content": "<m>", "id": 257, "lstrip": True}]}, "lstrip True"),
        ({"model": {}}, "has no"),
        ({"model": None}, "None"),
    ],
)
def test_another_kind_of_tokeniser_is_refused(changes: dict[str, Any], reason: str) -> None:
    with pytest.raises(GlassboxError, match=reason) as caught:
        Tokenizer.from_json(json.dumps(tiny(**changes)))
    assert caught.value.code == "model_missing"


@pytest.mark.parametrize("text", ["", "[]", "{", "null", '{"model": 1}'])
def test_a_file_that_is_not_whole_is_refused(text: str) -> None:
    with pytest.raises(GlassboxError, match="not byte-level BPE"):
        Tokenizer.from_json(text)


def seconds(action: Any) -> float:
    """Of a processor: what others do on the machine does not count."""
    start = time.process_time()
    action()
    return time.process_time() - start


def test_it_is_quick(gpt2: Tokenizer, gpt2_json: str) -> None:
    """Bounds far above what is measured (45, 2, 400 ms), far below what a quadratic way or a lost cache takes."""
    assert min(seconds(lambda: Tokenizer.from_json(gpt2_json)) for _ in range(3)) < 0.5
    words = " ".join(gpt2.decode([i]).strip() for i in range(1000, 2000))
    gpt2.encode(words)
    assert min(seconds(lambda: gpt2.encode(words)) for _ in range(3)) < 0.05
    assert seconds(lambda: gpt2.encode("ab" * 50_000)) < 5
