"""Everyday texts: the same every time, many different ones, and clean."""

import random
import re

import pytest

from model_export.starter.everyday import TOPICS, everyday_texts


def test_same_seed_same_texts() -> None:
    assert list(everyday_texts(50, seed=4)) == list(everyday_texts(50, seed=4))
    assert list(everyday_texts(50, seed=4)) != list(everyday_texts(50, seed=5))


def test_hardly_any_text_comes_twice() -> None:
    texts = list(everyday_texts(3000, seed=1))
    assert len(set(texts)) > 2900


@pytest.mark.parametrize("topic", TOPICS, ids=lambda topic: topic.__name__)
def test_sentences_are_whole(topic: object) -> None:
    draw = random.Random(2)
    for _ in range(200):
        for sentence in topic(draw):  # type: ignore[operator]
            assert re.fullmatch(r'["A-Z].*[.?!]"?', sentence), sentence
            assert "  " not in sentence
            assert not re.search(r"\ba [aeio]|\ban (?!hour)[^aeiou]", sentence), sentence
