"""The curriculum is the same every time, and what is held out is never trained on."""

import pytest

from model_export.starter.config import TrainingConfig
from model_export.starter.curriculum import KINDS, SHARES, held_out_items, in_ordinary_text, training_items


def test_same_seed_same_items() -> None:
    assert list(training_items(300, seed=5)) == list(training_items(300, seed=5))
    assert list(training_items(300, seed=5)) != list(training_items(300, seed=6))


def test_kinds_come_by_their_shares() -> None:
    assert set(SHARES) <= set(KINDS)
    shares = {kind: SHARES.get(kind, 1) for kind in KINDS}
    kinds = [item.kind for item in training_items(20 * sum(shares.values()), seed=1)]
    # An item that is held out is drawn again, of the same kind.
    assert {kind: kinds.count(kind) for kind in KINDS} == {kind: 20 * share for kind, share in shares.items()}


@pytest.mark.parametrize("kind", KINDS)
def test_held_out_prompts_are_not_in_training(kind: str) -> None:
    held_out = {item.prompt for item in held_out_items(kind, 100, seed=2)}
    trained = {item.prompt for item in training_items(8000, seed=1) if item.kind == kind}
    assert len(held_out) >= 40
    assert not held_out & trained


@pytest.mark.parametrize("kind", KINDS)
def test_wrong_choices_differ_from_the_answer(kind: str) -> None:
    for item in held_out_items(kind, 100, seed=2):
        assert item.answer not in item.wrong
        assert not item.prompt.endswith(" ")
        assert item.text.startswith(item.prompt + item.answer)


def test_the_receiver_is_not_the_giver() -> None:
    for item in held_out_items("indirect_object", 100, seed=2):
        giver = item.wrong[0]
        assert item.prompt.count(giver) == 2
        assert item.prompt.count(item.answer) == 1


def test_the_verb_agrees() -> None:
    for item in held_out_items("agreement", 100, seed=2):
        subject = item.prompt.split()[1]
        assert subject.endswith("s") == (item.answer in (" are", " were", " have")), item


def test_every_exercise_ends_in_ordinary_text() -> None:
    items = list(training_items(400, seed=1))
    texts = list(in_ordinary_text(items, seed=1))
    exercises = {item.text for item in items}
    left = iter(texts)
    for item in items:
        text = next(left)
        assert text.startswith(item.text)
        after = text[len(item.text) :] or next(left)
        another = next(left)
        for ordinary in (after, another):
            assert len(ordinary) > 20
            assert ordinary not in exercises
    assert next(left, None) is None


def test_exercises_are_under_eight_percent_of_the_mix() -> None:
    items = list(training_items(2000, seed=1))
    texts = list(in_ordinary_text(items, seed=1))
    share = sum(len(item.text) for item in items) / sum(map(len, texts))
    assert share * TrainingConfig().mix["curriculum"] < 0.08
