"""Numbers that fall on a line: the same everywhere, as often on a token as it is probable."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.random import default_rng

from glassbox.draws import MOST_DRAWS, draw, draws, draws_payload
from glassbox.errors import GlassboxError
from glassbox.sampling import Distribution, SamplingOptions, distribution


def spread(size: int = 300, **options: float) -> Distribution:
    logits = default_rng(1).normal(0, 2, size).astype(np.float32)
    return distribution(logits, SamplingOptions.from_dict(options))


@given(seed=st.integers(0, 2**53 - 1), n_tokens=st.integers(1, 1024), top_p=st.floats(0.05, 1))
def test_every_number_lies_within_its_tokens_part(seed: int, n_tokens: int, top_p: float) -> None:
    choices = spread(top_p=top_p)
    found = draws(choices, [seed], n_tokens, 20)
    assert (found.starts <= found.numbers).all()
    assert (found.numbers <= found.ends).all()
    np.testing.assert_allclose(found.ends - found.starts, choices.probabilities[found.ranks], atol=1e-12)
    assert choices.kept[found.ranks].all(), "what was cut is never drawn"
    assert found.token_ids[0, 0] == draw(choices, SamplingOptions(seed=seed), n_tokens), "the first is the one taken"


def test_more_draws_begin_with_the_same() -> None:
    choices = spread()
    few, many = draws(choices, [7], 5, 10), draws(choices, [7], 5, 1000)
    np.testing.assert_array_equal(many.token_ids[:, :10], few.token_ids)


def test_a_class_is_its_seeds_one_by_one() -> None:
    choices = spread()
    together = draws(choices, list(range(1, 31)), 4, 1)
    assert together.token_ids.shape == (30, 1)
    alone = [draw(choices, SamplingOptions(seed=seed), 4) for seed in range(1, 31)]
    assert together.token_ids[:, 0].tolist() == alone


def test_the_numbers_are_numpys_own() -> None:
    """PCG64, whose numbers do not change from one version or machine to another."""
    np.testing.assert_array_equal(draws(spread(), [7], 5, 3).numbers[0], default_rng([7, 5]).random(3))
    assert default_rng([7, 5]).random() == pytest.approx(0.019002501051586518, abs=1e-15)


def test_tokens_come_as_often_as_they_are_probable() -> None:
    choices = spread(8)
    payload = draws_payload(choices, draws(choices, [3], 2, MOST_DRAWS))
    tally = payload["tally"]
    assert tally["counts"].sum() == MOST_DRAWS
    np.testing.assert_array_equal(np.sort(tally["ranks"]), tally["ranks"])
    error = np.abs(tally["counts"] / MOST_DRAWS - tally["probabilities"])
    assert (error < 5 * np.sqrt(tally["probabilities"] / MOST_DRAWS)).all()


@pytest.mark.parametrize("count", [0, -1, MOST_DRAWS + 1])
def test_how_many_draws_there_can_be(count: int) -> None:
    with pytest.raises(GlassboxError, match="There can be 1 to 10000 draws"):
        draws(spread(), [1], 1, count)
