"""The baselines are probability distributions, and know more the longer their contexts."""

import numpy as np
import pytest

from model_export.starter.baselines import NGrams

SIZE = 7


def text(n_tokens: int, seed: int) -> np.ndarray:
    """Tokens that mostly count upwards by one, sometimes jump."""
    draw = np.random.default_rng(seed)
    steps = np.where(draw.random(n_tokens) < 0.8, 1, draw.integers(0, SIZE - 1, n_tokens))
    return np.cumsum(steps) % (SIZE - 1)  # the last token never occurs


@pytest.mark.parametrize("context", [(0, 1), (3, 3), (6, 2), (6, 6)])
@pytest.mark.parametrize("name", ["unigram", "bigram", "trigram"])
def test_probabilities_sum_to_one(name: str, context: tuple[int, int]) -> None:
    model = NGrams(text(300, 0), SIZE)
    losses = [model.losses(np.array([*context, token]))[name][0] for token in range(SIZE)]
    assert np.exp(-np.array(losses)).sum() == pytest.approx(1.0)
    assert all(np.isfinite(losses))


def test_contexts_help() -> None:
    losses = {name: values.mean() for name, values in NGrams(text(5000, 0), SIZE).losses(text(2000, 1)).items()}
    assert losses["bigram"] < losses["unigram"] - 0.5
    assert losses["trigram"] < losses["unigram"] - 0.5


def test_kneser_ney_by_hand() -> None:
    # Pairs 01 12 20 01 13: the token 1 was seen twice behind 0. Triples 012 120 201 013.
    model = NGrams(np.array([0, 1, 2, 0, 1, 3]), 4)
    lowest = (1 - 0.75) / 4 + 0.75 * 4 / 4 / 4  # 3 follows one of the four kinds of pairs
    bigram = (1 - 0.75) / 2 + 0.75 * 2 / 2 * lowest
    trigram = (1 - 0.75) / 2 + 0.75 * 2 / 2 * bigram
    losses = model.losses(np.array([0, 1, 3]))
    assert losses["bigram"][0] == pytest.approx(-np.log(bigram))
    assert losses["trigram"][0] == pytest.approx(-np.log(trigram))
