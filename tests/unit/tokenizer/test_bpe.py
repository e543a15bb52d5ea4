"""Merging against the plainest way of doing it, and the steps a reader sees."""

from collections.abc import Mapping
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from glassbox.bpe import merges_of
from glassbox.tokenizer import Tokenizer


def merged_plainly(word: str, ranks: Mapping[str, int]) -> list[str]:
    """Look through the whole word for the best pair, merge it, begin again."""
    pieces = list(word)
    while True:
        pairs = [(ranks[f"{a} {b}"], place) for place, (a, b) in enumerate(pairwise(pieces)) if f"{a} {b}" in ranks]
        if not pairs:
            return pieces
        _, place = min(pairs)
        pieces[place : place + 2] = [pieces[place] + pieces[place + 1]]


PIECE = st.text("abc", min_size=1, max_size=3)


@given(word=st.text("abc", max_size=25), pairs=st.lists(st.tuples(PIECE, PIECE), unique=True, max_size=25))
def test_merges_are_those_of_the_plainest_way(word: str, pairs: list[tuple[str, str]]) -> None:
    ranks = {f"{a} {b}": rank for rank, (a, b) in enumerate(pairs)}
    gone = {merge.middle for merge in merges_of(word, ranks)}
    cuts = [place for place in range(len(word) + 1) if place not in gone]
    assert [word[start:end] for start, end in pairwise(cuts)] == merged_plainly(word, ranks)


@pytest.mark.parametrize("word", [" believe", "你", "Hello", " 👍", "=" * 64, "\n\n"])
def test_merge_steps_lead_from_bytes_to_the_token(gpt2: Tokenizer, word: str) -> None:
    byte_ids = {gpt2.token_bytes(i): i for i in range(256)}
    for token_id in gpt2.encode(word).token_ids.tolist():
        whole = gpt2.token_bytes(token_id)
        before = [byte_ids[bytes([byte])] for byte in whole]
        for step in gpt2.merge_steps(token_id):
            assert before[step.place : step.place + 2] == [step.left, step.right]
            before[step.place : step.place + 2] = [step.merged]
            assert tuple(before) == step.pieces
            assert gpt2.token_bytes(step.merged) == gpt2.token_bytes(step.left) + gpt2.token_bytes(step.right)
        assert before == [token_id]


def test_merge_steps_of_a_known_token(gpt2: Tokenizer) -> None:
    steps = gpt2.merge_steps(gpt2.encode(" the").token_ids[0])
    assert [[gpt2.label(piece) for piece in step.pieces] for step in steps] == [
        ["␣t", "h", "e"],
        ["␣t", "he"],
        ["␣the"],
    ]
    assert [step.rank for step in steps] == [0, 2, 6]


def test_bytes_and_added_tokens_have_no_steps(gpt2: Tokenizer) -> None:
    assert gpt2.merge_steps(gpt2.encode("a").token_ids[0]) == []
    assert gpt2.merge_steps(gpt2.encode("<|endoftext|>").token_ids[0]) == []
