"""The shared row stands for every rare token exactly."""

import numpy as np
import pytest

from model_export.starter.vocabulary import IGNORED, Vocabulary, most_frequent

KEPT = np.array([1, 4, 9])


def test_maps_rare_tokens_to_the_shared_row() -> None:
    vocabulary = Vocabulary(KEPT, 12)
    assert vocabulary.n_rows == 4
    np.testing.assert_array_equal(vocabulary.rows(np.array([4, 0, 9, 11])), [1, 3, 2, 3])


def test_never_asks_for_a_rare_token() -> None:
    targets = Vocabulary(KEPT, 12).targets(np.array([4, 0, IGNORED, 1]))
    np.testing.assert_array_equal(targets, [1, IGNORED, IGNORED, 0])


def test_softmax_equals_that_of_the_full_vocabulary() -> None:
    draw = np.random.default_rng(0)
    vocabulary = Vocabulary(KEPT, 12)
    rows = draw.normal(size=(4, 5)).astype(np.float32)
    stream = draw.normal(size=5).astype(np.float32)
    short = np.exp(rows @ stream + vocabulary.row_bias())
    full = np.exp(vocabulary.expand(rows) @ stream)
    short, full = short / short.sum(), full / full.sum()
    np.testing.assert_allclose(full[KEPT], short[:3], rtol=1e-5)
    np.testing.assert_allclose(np.delete(full, KEPT).sum(), short[3], rtol=1e-5)


def test_contract_undoes_expand() -> None:
    vocabulary = Vocabulary(KEPT, 12)
    rows = np.random.default_rng(0).normal(size=(4, 5)).astype(np.float32)
    np.testing.assert_allclose(vocabulary.contract(vocabulary.expand(rows)), rows, atol=1e-6)


def test_with_every_token_kept_nothing_changes() -> None:
    vocabulary = Vocabulary(most_frequent(np.zeros(12), 0, ()), 12)
    ids = np.array([3, 11, 0])
    assert vocabulary.n_rows == 12
    np.testing.assert_array_equal(vocabulary.rows(ids), ids)
    np.testing.assert_array_equal(vocabulary.targets(ids), ids)
    assert not vocabulary.row_bias().any()


@pytest.mark.parametrize(("n_kept", "expected"), [(2, [1, 3, 5]), (1, [3, 5])])
def test_keeps_the_most_frequent_and_what_is_always_needed(n_kept: int, expected: list[int]) -> None:
    counts = np.array([0.0, 2, 1, 5, 0, 0])
    np.testing.assert_array_equal(most_frequent(counts, n_kept, (5,)), expected)
