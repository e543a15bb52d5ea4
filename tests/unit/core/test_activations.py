"""Activations grow, shrink and keep what they held."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from glassbox.activations import Activations, activation_bytes, check_tensor
from glassbox.config import ModelConfig
from glassbox.errors import GlassboxError
from glassbox.runtime.base import TENSOR_AXES, UNLAYERED, FloatArray, new_rows_shape

CONFIG = ModelConfig(n_layer=2, n_head=2, n_embd=8, n_ctx=24, vocab_size=11, layer_norm_epsilon=1e-5)


def whole_run(n_tokens: int, seed: int = 0) -> dict[str, FloatArray]:
    """Random tensors shaped like a run of ``n_tokens`` in one go, masked like attention."""
    generator = np.random.default_rng(seed)
    tensors = {
        name: generator.normal(size=new_rows_shape(name, CONFIG, n_tokens, 0)).astype(np.float32)
        for name in TENSOR_AXES
    }
    later = np.triu(np.ones((n_tokens, n_tokens), bool), 1)
    tensors["attention_scores"][..., later] = -np.inf
    tensors["attention_pattern"][..., later] = 0
    return tensors


def rows_of(tensors: dict[str, FloatArray], start: int, stop: int) -> dict[str, FloatArray]:
    """The rows a run of tokens ``start`` to ``stop`` would answer with."""
    return {
        name: array[..., start:stop, :stop] if name.startswith("attention_") else array[..., start:stop, :]
        for name, array in tensors.items()
    }


def assert_holds(activations: Activations, tensors: dict[str, FloatArray], n_tokens: int) -> None:
    for name in TENSOR_AXES:
        expected = rows_of(tensors, 0, n_tokens)[name]
        if name in UNLAYERED:
            np.testing.assert_array_equal(activations.tensor(name, None, None), expected)
        else:
            for layer in range(CONFIG.n_layer):
                np.testing.assert_array_equal(activations.tensor(name, layer, None), expected[layer])


@given(st.lists(st.integers(1, 5), min_size=1, max_size=8))
def test_growing_in_pieces_equals_the_whole(pieces: list[int]) -> None:
    n_tokens = min(sum(pieces), CONFIG.n_ctx)
    tensors = whole_run(n_tokens)
    activations = Activations(CONFIG)
    start = 0
    for piece in pieces:
        stop = min(start + piece, n_tokens)
        if stop > start:
            activations.append(rows_of(tensors, start, stop), stop - start)
        start = stop
    assert_holds(activations, tensors, n_tokens)


def test_rows_written_after_going_back_leave_no_trace_of_the_old() -> None:
    first, second = whole_run(12, seed=1), whole_run(12, seed=2)
    activations = Activations(CONFIG)
    activations.append(first, 12)
    activations.truncate(5)
    assert_holds(activations, first, 5)
    joined = {name: second[name].copy() for name in TENSOR_AXES}
    for name in TENSOR_AXES:
        joined[name][..., :5, :] = first[name][..., :5, :]
    activations.append(rows_of(second, 5, 12), 7)
    assert_holds(activations, joined, 12)


def test_a_head_is_a_slice_of_the_layer() -> None:
    tensors = whole_run(6)
    activations = Activations(CONFIG)
    activations.append(tensors, 6)
    np.testing.assert_array_equal(activations.tensor("value", 1, 0), tensors["value"][1, 0])
    assert activations.tensor("attention_pattern", 0, 1).shape == (6, 6)


def test_size_counts_every_tensor() -> None:
    tensors = whole_run(7)
    assert activation_bytes(CONFIG, 7) == sum(array.nbytes for array in tensors.values())


@pytest.mark.parametrize(
    ("name", "layer", "head"),
    [
        ("attn", 0, None),
        ("value", 2, None),
        ("value", None, None),
        ("value", 0, 2),
        ("resid_pre", 0, 0),
        ("value", -1, 0),
    ],
)
def test_what_the_model_has_not_is_refused(name: str, layer: int | None, head: int | None) -> None:
    with pytest.raises(GlassboxError) as refused:
        check_tensor(CONFIG, name, layer, head)
    assert refused.value.code == "unknown_tensor"
