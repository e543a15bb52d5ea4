"""What is learned from candidates is the full softmax: on average their gradients are zero at the same logits."""

import numpy as np
import pytest

from model_export.starter.candidates import IGNORED, Candidates, Sampler, chances, every_token

SIZE = 12
CHANCE = np.array([1, 1, 0.9, 0.7, 0.5, 0.5, 0.3, 0.3, 0.2, 0.1, 0.1, 0.05])
TRUTH = np.array([0.2, 0.05, 0.1, 0.1, 0.05, 0.2, 0.02, 0.08, 0.05, 0.1, 0.02, 0.03])


def corrected(found: Candidates, logits: np.ndarray, window: int, position: int) -> np.ndarray:
    """[column] Corrected logits of one position."""
    both = np.concatenate([found.correction, found.read_correction[window, position]])
    return logits[found.token_ids] + both


def gradient(found: Candidates, logits: np.ndarray, window: int, position: int) -> np.ndarray:
    """[token] Gradient of -log p(target) at one position, by token."""
    values = corrected(found, logits, window, position)
    shares = np.exp(values - values.max())
    shares /= shares.sum()
    shares[found.asked[window, position]] -= 1
    by_token = np.zeros(SIZE)
    np.add.at(by_token, found.token_ids[found.is_real], shares[found.is_real])
    return by_token


@pytest.mark.parametrize("last", [0, 5, 10], ids=["after a certain token", "after a rare one", "after the rarest"])
def test_no_gradient_on_average_where_the_logits_are_right(last: int) -> None:
    sampler = Sampler(CHANCE, seed=3)
    logits = np.log(TRUTH) + 1.7  # a constant does not matter
    total, squares, n_steps = np.zeros(SIZE), np.zeros(SIZE), 3000
    for step in range(n_steps):
        # Every target with its own probability; the next position reads it, as in a text.
        here = np.zeros(SIZE)
        for target in range(SIZE):
            read = np.array([[3, last, target]])
            asked = np.array([[last, target, 7]])
            here += TRUTH[target] * gradient(sampler.candidates(SIZE * step + target, read, asked), logits, 0, 1)
        total, squares = total + here, squares + here**2
    mean = total / n_steps
    error = np.sqrt((squares / n_steps - mean**2) / n_steps)
    assert (np.abs(mean) < 5 * error + 1e-9).all(), (mean, error)
    assert np.abs(mean).max() < 0.01


def test_wrong_logits_are_pulled_towards_the_truth() -> None:
    sampler = Sampler(CHANCE, seed=3)
    logits = np.log(TRUTH)
    logits[[7, 9]] += [1.5, -1.5]
    total = np.zeros(SIZE)
    for step in range(400):
        for target in range(SIZE):
            found = sampler.candidates(SIZE * step + target, np.array([[0, 1]]), np.array([[1, target]]))
            total += TRUTH[target] * gradient(found, logits, 0, 1)
    assert total[7] > 0 > total[9]


def test_a_later_or_foreign_token_is_no_candidate_unless_drawn() -> None:
    chance = np.full(SIZE, 1e-12)
    chance[:2] = 1
    found = Sampler(chance, seed=1).candidates(
        0, np.array([[0, 5, 6], [0, 1, 8]]), np.array([[5, 6, 9], [1, 8, IGNORED]])
    )
    allowed = [
        [
            sorted(found.token_ids[np.isfinite(corrected(found, np.zeros(SIZE), window, position))])
            for position in range(3)
        ]
        for window in range(2)
    ]
    assert allowed == [[[0, 1, 5], [0, 1, 5, 6], [0, 1, 5, 6, 9]], [[0, 1], [0, 1, 8], [0, 1, 8]]]


def test_what_was_read_needs_no_correction() -> None:
    found = Sampler(CHANCE, seed=1).candidates(0, np.array([[4, 9]]), np.array([[9, 4]]))
    place = {int(token): column for column, token in enumerate(found.token_ids) if found.is_real[column]}
    first, second = (np.concatenate([found.correction, found.read_correction[0, position]]) for position in range(2))
    assert first[place[4]] == 0
    assert first[place[9]] == pytest.approx(-np.log(CHANCE[9]))  # asked, not yet read
    assert second[place[9]] == 0
    assert first[place[0]] == 0  # always there


def test_columns_name_the_tokens_and_no_token_twice() -> None:
    draw = np.random.default_rng(0)
    read, asked = draw.integers(SIZE, size=(2, 4, 8))
    asked[0, 3] = IGNORED
    found = Sampler(CHANCE, seed=1).candidates(5, read, asked)
    np.testing.assert_array_equal(found.token_ids[found.read], read)
    known = asked != IGNORED
    np.testing.assert_array_equal(found.token_ids[found.asked[known]], asked[known])
    assert found.asked[0, 3] == IGNORED
    real = found.token_ids[found.is_real]
    assert len(np.unique(real)) == len(real)
    again = Sampler(CHANCE, seed=1).candidates(5, read, asked)
    np.testing.assert_array_equal(again.token_ids, found.token_ids)


def test_chances_sum_to_what_is_asked_for() -> None:
    counts = 1 / np.arange(1, 5001)
    found = chances(counts, 800)
    assert found.sum() == pytest.approx(800, rel=1e-3)
    assert found.max() == 1
    assert found.min() >= 0.03
    assert (np.diff(found) <= 0).all()


def test_every_token_is_the_full_softmax() -> None:
    found = every_token(np.array([[0, 4]]), np.array([[4, 7]]), SIZE)
    shares = np.exp(np.log(TRUTH))
    assert gradient(found, np.log(TRUTH), 0, 1) == pytest.approx(shares - (np.arange(SIZE) == 7))
