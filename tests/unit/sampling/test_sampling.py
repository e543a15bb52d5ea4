"""The stages of sampling: what they promise for any logits and options, and at the edges."""

import time
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from glassbox.draws import draw
from glassbox.errors import GlassboxError
from glassbox.sampling import STAGES, Distribution, SamplingOptions, distribution

FLOAT32 = st.floats(-100, 100, width=32)
# Few different values, so that ties are common; and tokens that cannot come.
LOGITS = st.one_of(
    arrays(np.float32, st.integers(1, 60), elements=FLOAT32),
    arrays(np.float32, st.integers(1, 60), elements=st.sampled_from([-np.inf, -1.0, -0.0, 0.0, 1.0, 2.5])),
).filter(lambda logits: np.isfinite(logits).any())
OPTIONS = st.builds(
    SamplingOptions,
    temperature=st.one_of(st.sampled_from([0.0, 1e-6, 0.01, 1.0, 100.0]), st.floats(0.01, 100)),
    top_k=st.none() | st.integers(1, 80),
    top_p=st.none() | st.floats(0, 1, exclude_min=True),
    min_p=st.none() | st.floats(0, 1),
    seed=st.integers(0, 2**53 - 1),
)


def sample(logits: list[float], **options: Any) -> Distribution:
    return distribution(np.array(logits, np.float32), SamplingOptions(**options))


@given(logits=LOGITS, options=OPTIONS)
def test_what_holds_for_any_distribution(logits: npt.NDArray[np.float32], options: SamplingOptions) -> None:
    choices = distribution(logits, options)
    assert sorted(choices.token_ids.tolist()) == list(range(len(logits)))
    assert choices.token_ids.tolist() == sorted(range(len(logits)), key=lambda i: (-logits[i], i))
    np.testing.assert_array_equal(choices.logits, logits[choices.token_ids])
    assert choices.probabilities.sum() == pytest.approx(1, abs=1e-12)
    assert (np.diff(choices.probabilities) <= 0).all()
    assert (choices.probabilities[~choices.kept] == 0).all()
    assert choices.kept[0]
    assert not choices.kept[np.isneginf(choices.logits)].any()


@given(logits=LOGITS, options=OPTIONS)
def test_what_holds_for_any_stages(logits: npt.NDArray[np.float32], options: SamplingOptions) -> None:
    choices = distribution(logits, options)
    assert tuple(stage.name for stage in choices.stages) == STAGES
    counts = [len(logits), *(stage.kept_count for stage in choices.stages)]
    assert counts == sorted(counts, reverse=True)
    assert counts[-1] == choices.kept.sum() >= 1
    for stage in choices.stages:
        assert stage.entering.sum() == pytest.approx(1, abs=1e-12)
        assert stage.kept_mass + stage.dropped_mass == pytest.approx(1, abs=1e-12)
        assert stage.kept_mass == pytest.approx(stage.entering[: stage.kept_count].sum(), abs=1e-12)
        assert stage.kept_mass > 0
    for stage, following in zip(choices.stages[1:], choices.stages[2:], strict=False):
        expected = stage.entering[: stage.kept_count] / stage.kept_mass
        np.testing.assert_allclose(following.entering[: stage.kept_count], expected, rtol=1e-12)
        assert not following.entering[stage.kept_count :].any()


@given(logits=LOGITS, options=OPTIONS, n_tokens=st.integers(0, 2000))
def test_a_draw_takes_a_kept_token_and_repeats(
    logits: npt.NDArray[np.float32], options: SamplingOptions, n_tokens: int
) -> None:
    choices = distribution(logits, options)
    token_id = draw(choices, options, n_tokens)
    assert choices.probabilities[choices.token_ids.tolist().index(token_id)] > 0
    assert draw(choices, options, n_tokens) == token_id


def test_draws_come_as_often_as_their_probability_says() -> None:
    choices = sample([2.0, 1.0, 0.0, -1.0, -9.0], top_k=4)
    drawn = [draw(choices, SamplingOptions(seed=5), n_tokens) for n_tokens in range(4000)]
    share = np.bincount(drawn, minlength=5) / 4000
    np.testing.assert_allclose(share, choices.probabilities, atol=0.02)
    assert share[4] == 0


def test_the_draw_depends_on_the_seed_and_on_the_place() -> None:
    choices = sample([0.0] * 1000)
    by_place = {draw(choices, SamplingOptions(seed=1), n_tokens) for n_tokens in range(20)}
    by_seed = {draw(choices, SamplingOptions(seed=seed), 1) for seed in range(20)}
    assert len(by_place) > 15
    assert len(by_seed) > 15


def test_a_known_draw() -> None:
    """A seed that somebody wrote down must go on giving the same text."""
    choices = sample([0.0] * 1000)
    assert [draw(choices, SamplingOptions(seed=42), n_tokens) for n_tokens in (1, 2, 3)] == [793, 289, 219]


def test_greedy_takes_the_largest_and_says_what_it_passed_over() -> None:
    choices = sample([0.0, np.log(3), 0.0], temperature=0.0, top_k=2, top_p=0.5)
    assert choices.token_ids[0] == 1
    assert choices.probabilities.tolist() == [1, 0, 0]
    assert [stage.kept_count for stage in choices.stages] == [1, 1, 1, 1]
    assert choices.stages[0].kept_mass == pytest.approx(0.6)
    assert choices.stages[0].dropped_mass == pytest.approx(0.4)
    assert draw(choices, SamplingOptions(temperature=0.0, seed=9), 3) == 1


def test_greedy_among_equals_takes_the_smallest_id() -> None:
    assert sample([1.0, 5.0, 5.0], temperature=0.0).token_ids[0] == 1


def test_ties() -> None:
    """Top-k keeps all that equal the k-th, as the transformers library does; top-p goes by the smaller id."""
    logits = [1.0, 3.0, 1.0, 1.0, 1.0]
    assert sample(logits, top_k=2).kept.sum() == 5
    assert sample(logits, top_k=1).kept.sum() == 1
    choices = sample([0.0, 0.0, 0.0, 0.0], top_p=0.5)
    assert choices.token_ids[choices.kept].tolist() == [0, 1]
    assert sample([0.0] * 4, min_p=1.0).kept.all()


def test_top_p_keeps_the_smallest_set_that_reaches_p() -> None:
    logits = np.log([0.5, 0.25, 0.125, 0.125]).tolist()
    assert [int(sample(logits, top_p=p).kept.sum()) for p in (0.01, 0.49, 0.51, 0.74, 0.76, 1.0)] == [1, 1, 2, 2, 3, 4]


def test_top_p_works_on_what_top_k_left() -> None:
    """Of 0.5, 0.25, 0.125, 0.125 the best two are 2/3 and 1/3 of what is left: 0.6 is reached by one."""
    logits = np.log([0.5, 0.25, 0.125, 0.125]).tolist()
    assert sample(logits, top_p=0.6).kept.sum() == 2
    assert sample(logits, top_k=2, top_p=0.6).kept.sum() == 1


def test_top_p_of_one_and_min_p_of_zero_drop_nothing() -> None:
    logits = [50.0, -50.0, -90.0]
    assert sample(logits, top_p=1.0).kept.all()
    assert sample(logits, min_p=0.0).kept.all()


def test_one_survivor() -> None:
    choices = sample([-np.inf, 3.0, -np.inf], temperature=0.5, top_k=2, top_p=0.5, min_p=0.5)
    assert choices.probabilities.tolist() == [1, 0, 0]
    assert choices.token_ids[0] == 1
    assert draw(choices, SamplingOptions(), 0) == 1


@pytest.mark.parametrize("temperature", [1e-6, 0.01, 100])
def test_extreme_temperatures_with_extreme_logits(temperature: float) -> None:
    with np.errstate(all="raise", under="ignore"):
        choices = sample([3e38, -3e38, 0.0, 1e30], temperature=temperature)
    assert choices.probabilities.tolist() == [1, 0, 0, 0]


@pytest.mark.parametrize("logits", [[np.nan, 1.0], [np.inf, 1.0], [-np.inf, -np.inf], []])
def test_logits_that_are_no_numbers_are_refused(logits: list[float]) -> None:
    with pytest.raises(GlassboxError, match="not made of numbers") as caught:
        sample(logits)
    assert caught.value.code == "internal"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("temperature", -0.1),
        ("temperature", 100.1),
        ("temperature", 1e-9),
        ("temperature", float("nan")),
        ("temperature", None),
        ("temperature", "1"),
        ("top_k", 0),
        ("top_k", 1.5),
        ("top_k", float("inf")),
        ("top_k", True),
        ("top_p", 0),
        ("top_p", 1.01),
        ("min_p", -0.1),
        ("min_p", 1.1),
        ("min_p", [1]),
        ("seed", -1),
        ("seed", 2**53),
        ("seed", 0.5),
        ("seed", None),
    ],
)
def test_a_bad_option_is_named_with_its_value_and_what_is_allowed(name: str, value: object) -> None:
    with pytest.raises(GlassboxError) as caught:
        SamplingOptions.from_dict({name: value})
    assert caught.value.code == "bad_option"
    assert caught.value.message.startswith(f"{name} must be ")
    assert repr(value) in caught.value.message
    assert caught.value.detail is not None
    assert caught.value.detail["option"] == name


def test_an_unknown_option_is_refused() -> None:
    with pytest.raises(GlassboxError, match="no option 'topk'"):
        SamplingOptions.from_dict({"topk": 5})


def test_options_from_outside() -> None:
    assert SamplingOptions.from_dict({}) == SamplingOptions()
    options = SamplingOptions.from_dict({"top_k": 40.0, "seed": 7.0, "top_p": None, "temperature": 0})
    assert options == SamplingOptions(temperature=0, top_k=40, seed=7)
    assert isinstance(options.top_k, int)
    assert isinstance(options.seed, int)


def test_the_full_vocabulary_is_quick() -> None:
    """Measured: 2 ms of a processor; what others do on the machine does not count."""
    logits = np.random.default_rng(0).normal(0, 3, 50257).astype(np.float32)
    options = SamplingOptions(0.8, 40, 0.95, 0.01)
    times = []
    for _ in range(8):
        start = time.process_time()
        draw(distribution(logits, options), options, 5)
        times.append(time.process_time() - start)
    assert min(times) < 0.02
