"""Tokens that shared a row get one of their own, near to what they are spelled with."""

import numpy as np
import pytest
from tokenizers import Tokenizer

from model_export.starter.data import load_tokenizer
from model_export.starter.rows import shared, spell_out

SIZE = 50257


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    return load_tokenizer()


@pytest.fixture(scope="module")
def embedding() -> np.ndarray:
    """Rows of their own for the first 8,000 tokens, one row for all others."""
    rows = np.random.default_rng(0).normal(size=(SIZE, 16)).astype(np.float32)
    rows[8000:] = 3.0
    return rows


def test_finds_who_shares_a_row(embedding: np.ndarray) -> None:
    np.testing.assert_array_equal(shared(embedding), np.arange(8000, SIZE))
    assert not len(shared(embedding[:8000]))


def test_everybody_gets_a_row_and_the_others_keep_theirs(embedding: np.ndarray, tokenizer: Tokenizer) -> None:
    found = spell_out(embedding, tokenizer)
    assert not len(shared(found))
    np.testing.assert_array_equal(found[:8000], embedding[:8000])
    np.testing.assert_array_equal(spell_out(embedding, tokenizer), found)


def test_a_row_leans_to_its_pieces(embedding: np.ndarray, tokenizer: Tokenizer) -> None:
    found = spell_out(embedding, tokenizer)
    quantum = tokenizer.token_to_id("Ġquantum")
    assert quantum >= 8000
    # Its last merge joins these two, both with rows of their own here.
    pieces = [tokenizer.token_to_id(piece) for piece in ("Ġquant", "um")]
    assert max(pieces) < 8000
    direction = embedding[pieces].mean(axis=0) - embedding[:8000].mean(axis=0)
    rare = (found[8000:] - found[8000:].mean(axis=0)) @ direction
    assert rare[quantum - 8000] > np.quantile(rare, 0.99)


def test_a_token_takes_after_its_twin_with_a_space(tokenizer: Tokenizer, embedding: np.ndarray) -> None:
    found = spell_out(embedding, tokenizer)
    bare, twin = next(
        (token_id, other)
        for label, token_id in tokenizer.get_vocab().items()
        if token_id >= 8000 and label.isalpha() and 0 <= (other := tokenizer.get_vocab().get("Ġ" + label, -1)) < 8000
    )
    direction = embedding[twin] - embedding[:8000].mean(axis=0)
    assert (found[bare] - found[8000:].mean(axis=0)) @ direction > 0.3 * direction @ direction


def test_nothing_changes_where_nothing_is_shared(tokenizer: Tokenizer) -> None:
    rows = np.random.default_rng(1).normal(size=(SIZE, 4)).astype(np.float32)
    np.testing.assert_array_equal(spell_out(rows, tokenizer), rows)
