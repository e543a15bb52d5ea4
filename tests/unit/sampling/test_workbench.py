"""Edited sources run in place of the page's own: unchanged they give what it shows, and every mistake is named."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import glassbox
from glassbox.attention import attention
from glassbox.sampling import SamplingOptions, distribution
from glassbox.sampling_steps import sampling_steps
from glassbox.workbench import MOST_PRINTED, run_version

FOLDER = Path(glassbox.__file__).parent
RULES = (FOLDER / "sampling_rules.py").read_text(encoding="utf-8")
ATTENTION = (FOLDER / "attention.py").read_text(encoding="utf-8")
OPTIONS = {"temperature": 0.8, "top_k": 40, "top_p": 0.9, "min_p": 0.05, "seed": 1}
LOGITS = np.sort(np.random.default_rng(0).standard_normal(500).astype(np.float32) * 3)[::-1]
TOKEN_IDS = np.random.default_rng(1).permutation(500).astype(np.int32)
N_TOKENS, D_HEAD = 5, 4
PARTS = np.random.default_rng(2).standard_normal((3, N_TOKENS, D_HEAD)).astype(np.float32)


def sample(source: str, **options: Any) -> Any:
    given = {"logits": LOGITS.copy(), "token_ids": TOKEN_IDS, "options": OPTIONS | options, "count": 6}
    return run_version("sampling", source, given, lambda text, is_cut: None)


def attend(source: str) -> Any:
    names = ("query", "key", "value")
    given = {name: part.ravel() for name, part in zip(names, PARTS, strict=True)} | {"n_tokens": N_TOKENS}
    return run_version("attention", source, given, lambda text, is_cut: None)


def edited(source: str, before: str, after: str) -> str:
    assert source.count(before) == 1, before
    return source.replace(before, after)


def line_of(source: str, words: str) -> int:
    return next(number for number, line in enumerate(source.splitlines(), 1) if words in line)


def test_unedited_sampling_is_what_the_page_shows() -> None:
    figure = sample(RULES)["figure"]
    vocabulary = np.empty(500, np.float32)
    vocabulary[TOKEN_IDS] = LOGITS
    expected = sampling_steps(distribution(vocabulary, SamplingOptions(**OPTIONS)), 6)
    assert figure["steps"]["token_ids"].tolist() == expected["token_ids"].tolist()
    assert figure["steps"]["stages"] == expected["stages"]
    for name, column in expected["columns"].items():
        np.testing.assert_array_equal(figure["steps"]["columns"][name], column)
    assert figure["called"] == ["divide", "min_p", "renormalise", "softmax", "top_k", "top_p"]


def test_a_rule_that_is_off_is_not_called() -> None:
    assert sample(RULES, top_k=None, min_p=None)["figure"]["called"] == ["divide", "renormalise", "softmax", "top_p"]


def test_an_edited_rule_changes_what_it_should() -> None:
    figure = sample(edited(RULES, "return int((logits >= logits[min(top_k, len(logits)) - 1]).sum())", "return 3"))
    assert [stage["kept_count"] for stage in figure["figure"]["steps"]["stages"]][:2] == [500, 3]


def test_changing_in_place_harms_nobody() -> None:
    given = {"logits": LOGITS.copy(), "token_ids": TOKEN_IDS, "options": OPTIONS, "count": 6}
    source = edited(RULES, "    if temperature > 0:", "    logits *= 0\n    if temperature > 0:")
    assert run_version("sampling", source, given, lambda text, is_cut: None)["mistake"] is None
    np.testing.assert_array_equal(given["logits"], LOGITS)


def test_unedited_attention_is_the_reference() -> None:
    figure = attend(ATTENTION)["figure"]
    pattern, output = attention(*PARTS)
    np.testing.assert_allclose(figure["pattern"]["data"], pattern.ravel(), atol=1e-7)
    np.testing.assert_allclose(figure["output"]["data"], output.ravel(), atol=1e-7)
    assert figure["pattern"]["shape"] == [N_TOKENS, N_TOKENS]


def test_without_its_mask_a_head_sees_what_follows() -> None:
    source = edited(
        ATTENTION, "scores = masked(scaled(products(query, key), query.shape[-1]))", "scores = query @ key.T"
    )
    pattern = np.reshape(attend(source)["figure"]["pattern"]["data"], (N_TOKENS, N_TOKENS))
    assert (pattern > 0).all()


GREEDY = "    if temperature > 0:"
SUMMED = "exponents / exponents.sum(axis=-1, keepdims=True)"


@pytest.mark.parametrize(
    ("before", "after", "reason", "at", "facts"),
    [
        (GREEDY, "    if temperature > 0", "syntax", "if temperature > 0", {}),
        (GREEDY, "    temprature\n    if temperature > 0:", "raised", "    temprature", {"type": "NameError"}),
        (GREEDY, "    1 / 0\n    if temperature > 0:", "raised", "    1 / 0", {"type": "ZeroDivisionError"}),
        (GREEDY, "    logits[10**6]\n    if temperature > 0:", "raised", "10**6", {"type": "IndexError"}),
        (GREEDY, "    raise SystemExit\n    if temperature > 0:", "raised", "raise SystemExit", {"type": "other"}),
        ("def softmax(logits:", "def soft_max(logits:", "missing", None, {"name": "softmax"}),
        (", temperature: float)", ")", "raised", "def divide", {"type": "TypeError"}),
        (SUMMED, "exponents", "sum", "def softmax", {"name": "softmax"}),
        (SUMMED, "list(exponents)", "not_array", "def softmax", {"got": "list"}),
        (SUMMED, "exponents[:3]", "shape", "def softmax", {"expected": "[500]", "got": "[3]"}),
        (SUMMED, "exponents * np.nan", "nan", "def softmax", {"amount": 500}),
        (SUMMED, "exponents - 0.5", "negative", "def softmax", {}),
        ("    return probabilities\n", "", "nothing", "def softmax", {}),
        ("return logits.astype(np.float64) / temperature", "return logits + np.inf", "infinite", "def divide", {}),
        ("return len(probabilities)", "return 1.5", "not_whole", "def top_p", {"got": "1.5"}),
        ("return len(probabilities)", "return 0", "range", "def top_p", {"got": 0, "most": 40}),
    ],
)
def test_a_mistake_has_its_reason_and_its_line(
    before: str, after: str, reason: str, at: str | None, facts: dict[str, Any]
) -> None:
    source = edited(RULES, before, after)
    reply = sample(source, top_p=1)
    mistake = reply["mistake"]
    assert reply["figure"] is None
    assert mistake["reason"] == reason, mistake
    assert mistake["line"] == (at and line_of(source, at))
    assert facts.items() <= mistake["facts"].items()
    assert bool(mistake["python"]) == (reason in ("syntax", "raised"))


@pytest.mark.parametrize(
    ("after", "reason"),
    [
        ("pattern", "no_pair"),
        ("None", "nothing"),
        ("2 * pattern, pattern @ value", "row_sum"),
        ("pattern, value[:2]", "shape"),
        ("pattern, value * np.inf", "not_finite"),
    ],
)
def test_a_mistake_of_a_head(after: str, reason: str) -> None:
    mistake = attend(edited(ATTENTION, "return pattern, pattern @ value", f"return {after}"))["mistake"]
    assert mistake["reason"] == reason
    assert mistake["line"] == line_of(ATTENTION, "def attention")


def test_what_is_printed_comes_and_a_flood_ends() -> None:
    heard: list[tuple[str, bool]] = []
    given = {"logits": LOGITS.copy(), "token_ids": TOKEN_IDS, "options": OPTIONS, "count": 6}

    def run(line: str) -> str:
        heard.clear()
        run_version("sampling", f"{RULES}\n{line}\n", given, lambda text, is_cut: heard.append((text, is_cut)))
        return "".join(text for text, _ in heard)

    assert run("print('one', 2); print('end', end='')") == "one 2\nend"
    assert not any(is_cut for _, is_cut in heard)
    assert len(run("for i in range(10**5): print(i)")) == MOST_PRINTED
    assert [is_cut for _, is_cut in heard].count(True) == 1
    assert len(heard) < 150
    assert run("import sys; print('w', file=sys.stderr)") == "w\n"
