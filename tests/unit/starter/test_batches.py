"""Batches depend on seed and step only, and ask for what follows."""

import numpy as np
import pytest

from model_export.starter.batches import PARAGRAPH_END, Batches, repeated_tokens, starts_after
from model_export.starter.candidates import IGNORED
from model_export.starter.config import END_OF_TEXT
from model_export.starter.data import Source

TOKENS = np.resize(np.array([*range(40), END_OF_TEXT], np.uint16), 4000)
SOURCES = {"simple": Source(TOKENS, TOKENS[:100], 1)}
SIZE = END_OF_TEXT + 1


def make(seed: int = 1, **mix: float) -> Batches:
    return Batches(SOURCES, mix, SIZE, seed)


def test_the_same_step_gives_the_same_batch() -> None:
    mix = {"simple": 0.5, "repeats": 0.5}
    first, again, other = make(1, **mix).batch(7, 8, 16), make(1, **mix).batch(7, 8, 16), make(1, **mix).batch(8, 8, 16)
    np.testing.assert_array_equal(first, again)
    assert not np.array_equal(first, other)


def test_targets_are_the_next_tokens() -> None:
    read, asked = make(simple=1.0).batch(0, 8, 16)
    np.testing.assert_array_equal(read[:, 1:], asked[:, :-1])


def test_about_half_of_the_windows_begin_with_a_document() -> None:
    read, _ = make(simple=1.0).batch(0, 400, 16)
    # By chance one in 41 of the others does, too.
    assert 0.4 < (read[:, 0] == 0).mean() < 0.62


def test_starts_after() -> None:
    tokens = np.array([5, 6, END_OF_TEXT, 7, END_OF_TEXT, 8], np.uint16)
    np.testing.assert_array_equal(starts_after(END_OF_TEXT, tokens), [0, 3, 5])


def test_books_begin_at_paragraphs() -> None:
    tokens = np.resize(np.array([*range(40), PARAGRAPH_END], np.uint16), 4000)
    batches = Batches({"books": Source(tokens, tokens[:100], 1)}, {"books": 1.0}, SIZE, 1)
    assert 0.4 < (batches.batch(0, 400, 16)[0][:, 0] == 0).mean() < 0.62


@pytest.mark.parametrize("seed", range(20))
def test_repeats_ask_only_for_what_can_be_known(seed: int) -> None:
    read, asked = repeated_tokens(np.random.default_rng(seed), SIZE, 32)
    known = asked != IGNORED
    period = int(np.argmax(known)) + 1
    assert 4 <= period <= 16
    assert known[period - 1 :].all()
    np.testing.assert_array_equal(asked[known], np.resize(read[:period], 33)[1:][known])
