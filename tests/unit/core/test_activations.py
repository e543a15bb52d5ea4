"""Rows grow, branch and keep what they held; the store keeps to its budget."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from glassbox.activations import Activations
from glassbox.errors import GlassboxError
from glassbox.interventions import NONE
from glassbox.runtime.base import FloatArray
from glassbox.store import Store
from glassbox.tensor_layout import TensorLayout
from model_export.gpt2.config import gpt2_config

CONFIG = gpt2_config(n_layer=2, n_head=2, n_embd=8, n_ctx=48, vocab_size=11, norm_epsilon=1e-5)
LAYOUT = TensorLayout("gpt2", CONFIG)
KEYS = LAYOUT.keys


def whole_run(n_tokens: int, seed: int = 0) -> dict[str, FloatArray]:
    """Random tensors shaped like a run of ``n_tokens`` in one go, masked like attention."""
    generator = np.random.default_rng(seed)
    later = np.triu(np.ones((n_tokens, n_tokens), bool), 1)
    tensors = {}
    for key in KEYS:
        tensors[key] = generator.normal(size=LAYOUT.shape(key, n_tokens)).astype(np.float32)
        if key.startswith("attention_"):
            tensors[key][..., later] = -np.inf if key.startswith("attention_scores") else 0
    return tensors


def rows_of(tensors: dict[str, FloatArray], start: int, stop: int) -> dict[str, FloatArray]:
    """The rows a run of tokens ``start`` to ``stop`` would answer with."""
    return {
        key: array[..., start:stop, :stop] if key.startswith("attention_") else array[..., start:stop, :]
        for key, array in tensors.items()
    }


def assert_holds(line: Activations, tensors: dict[str, FloatArray], start: int, stop: int) -> None:
    for key, expected in rows_of(tensors, start, stop).items():
        assert line.holds(key, start, stop)
        np.testing.assert_array_equal(line.rows[key].read(start, stop), expected, err_msg=key)


@given(st.lists(st.integers(1, 9), min_size=1, max_size=8), st.data())
def test_growing_in_pieces_equals_the_whole(pieces: list[int], data: st.DataObject) -> None:
    stops = [min(stop, CONFIG.n_ctx) for stop in np.cumsum(pieces).tolist()]
    tensors = whole_run(stops[-1])
    line = Activations(LAYOUT, [], NONE)
    for start, stop in zip([0, *stops], stops, strict=False):
        # The runtime's cache may hold less than the line: some rows come once more.
        again = data.draw(st.integers(0, start))
        if stop > start:
            line.add(range(stop), again, rows_of(tensors, again, stop))
    for start in (0, stops[-1] // 2, stops[-1] - 1):
        assert_holds(line, tensors, start, stops[-1])


def test_a_view_stays_what_it_was_while_the_line_grows() -> None:
    tensors = whole_run(40)
    line = Activations(LAYOUT, [], NONE)
    line.add(range(5), 0, rows_of(tensors, 0, 5))
    views = {key: line.rows[key].read(0, 5) for key in KEYS}
    for stop in range(6, 41):
        line.add(range(stop), stop - 1, rows_of(tensors, stop - 1, stop))
    for key, expected in rows_of(tensors, 0, 5).items():
        np.testing.assert_array_equal(views[key], expected)
        np.testing.assert_array_equal(line.rows[key].read(0, 5), expected)


def test_a_branch_and_its_trunk_go_their_own_ways() -> None:
    first, second = whole_run(12, seed=1), whole_run(12, seed=2)
    trunk = Activations(LAYOUT, [], NONE)
    trunk.add(range(12), 0, first)
    branch = trunk.branch(5, NONE)
    assert_holds(branch, first, 0, 5)
    branch.add([0, 1, 2, 3, 4, *range(20, 27)], 5, rows_of(second, 5, 12))
    joined = {key: second[key].copy() for key in KEYS}
    for key in KEYS:
        joined[key][..., :5, :] = first[key][..., :5, :]
    assert_holds(branch, joined, 0, 12)
    assert_holds(trunk, first, 0, 12)


def test_what_cannot_be_held_whole_keeps_its_newest_row() -> None:
    tensors = whole_run(30)
    line = Activations(LAYOUT, [], NONE)
    line.add(range(10), 0, rows_of(tensors, 0, 10))
    for key in KEYS:
        line.forget(key)
    assert_holds(line, tensors, 9, 10)
    for stop in range(11, 31):
        line.add(range(stop), stop - 1, rows_of(tensors, stop - 1, stop))
        assert not line.holds("value.0", stop - 2, stop)
    assert_holds(line, tensors, 29, 30)


def test_size_counts_every_tensor() -> None:
    tensors = whole_run(7)
    assert sum(7 * LAYOUT.row_bytes(key, 7) for key in KEYS) == sum(array.nbytes for array in tensors.values())
    assert set(KEYS) == {key for name in LAYOUT.names for key in LAYOUT.layer_keys(name)}


@given(st.integers(0, 60000), st.integers(1, 48), st.lists(st.sampled_from(KEYS), max_size=6, unique=True))
def test_the_store_keeps_to_its_budget_and_to_what_was_asked_for_last(
    budget: int, n_tokens: int, asked: list[str]
) -> None:
    store = Store(LAYOUT, budget)
    store.ask(KEYS[:3])
    store.ask(asked)
    wanted = store.wanted(n_tokens)
    size = {key: n_tokens * LAYOUT.row_bytes(key, n_tokens) for key in KEYS}
    assert sum(size[key] for key in wanted) <= budget
    if sum(size[key] for key in asked) <= budget:
        assert set(asked) <= set(wanted)
    tensors = whole_run(n_tokens)
    line = store.line(range(n_tokens), NONE)
    line.add(range(n_tokens), 0, tensors)
    store.trim()
    newest = sum(LAYOUT.row_bytes(key, n_tokens) for key in KEYS)
    assert line.nbytes <= budget + newest
    assert_holds(line, tensors, n_tokens - 1, n_tokens)


def test_older_lines_go_first() -> None:
    tensors = whole_run(8)
    size = sum(array.nbytes for array in tensors.values())
    store = Store(LAYOUT, int(1.5 * size))
    for first in (1, 2):
        line = store.line([first, *range(7)], NONE)
        line.add([first, *range(7)], 0, tensors)
        store.trim()
    old, _ = store.find([1, *range(7)], NONE)
    new, _ = store.find([2, *range(7)], NONE)
    assert old is not None
    assert not old.rows
    assert new is not None
    assert_holds(new, tensors, 0, 8)


@pytest.mark.parametrize(
    ("name", "layer", "head"),
    [
        ("attn", 0, None),
        ("value", 2, None),
        ("value", None, None),
        ("value", 0, 2),
        ("resid_pre", 0, 0),
        ("value", -1, 0),
        ("ln_f", 0, None),
    ],
)
def test_what_the_model_has_not_is_refused(name: str, layer: int | None, head: int | None) -> None:
    with pytest.raises(GlassboxError) as refused:
        LAYOUT.checked(name, layer, head)
    assert refused.value.code == "unknown_tensor"


def test_older_names_are_understood() -> None:
    assert LAYOUT.checked("ln_1", 1, None) == LAYOUT.checked("norm_1", 1, None) == "norm_1"
    assert LAYOUT.checked("ln_f", None, None) == "norm_final"


def test_an_architecture_that_is_not_there_is_named() -> None:
    with pytest.raises(GlassboxError, match="'bert'") as refused:
        TensorLayout("bert", CONFIG)
    assert refused.value.code == "model_missing"
