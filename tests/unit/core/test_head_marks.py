"""Marks of hand-made patterns."""

import numpy as np
import pytest

from glassbox.head_marks import MARKS, head_marks


def pattern_of(choose: list[int]) -> np.ndarray:
    """A pattern in which query i gives all its attention to key choose[i]."""
    pattern = np.zeros((len(choose), len(choose)), np.float32)
    pattern[np.arange(len(choose)), choose] = 1
    return pattern


# a b c a b c: the repeat starts at 3.
TOKENS = [5, 6, 7, 5, 6, 7]


@pytest.mark.parametrize(
    ("choose", "mark", "score"),
    [
        ([0, 0, 1, 2, 3, 4], "previous_token", 1.0),
        ([0, 0, 0, 0, 0, 0], "first_token", 1.0),
        ([0, 0, 0, 0, 1, 2], "same_token", 1.0),
        ([0, 0, 0, 1, 2, 3], "induction", 1.0),
        ([0, 1, 2, 3, 4, 5], "previous_token", 0.0),
        ([0, 0, 0, 1, 2, 5], "induction", 2 / 3),
    ],
)
def test_marks_of_plain_patterns(choose: list[int], mark: str, score: float) -> None:
    marks = head_marks(pattern_of(choose), TOKENS)
    assert marks[MARKS.index(mark)] == pytest.approx(score)


def test_a_text_without_repeats_has_no_repeat_marks() -> None:
    marks = head_marks(pattern_of([0, 0, 1]), [1, 2, 3])
    assert np.isnan(marks[[MARKS.index("same_token"), MARKS.index("induction")]]).all()


def test_marks_keep_leading_axes() -> None:
    patterns = np.stack([pattern_of([0, 0, 1]), pattern_of([0, 0, 0])])[None]
    assert head_marks(patterns, [1, 2, 3]).shape == (1, 2, len(MARKS))


def test_one_token_has_no_marks() -> None:
    assert np.isnan(head_marks(np.ones((1, 1), np.float32), [3])).all()
