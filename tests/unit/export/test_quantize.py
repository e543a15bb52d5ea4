"""Weights as integers: never further than half a step away, whatever the numbers."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from model_export.quantize import quantize

MATRICES = arrays(
    np.float32, array_shapes(min_dims=2, max_dims=2, max_side=9), elements=st.floats(-(2.0**100), 2.0**100, width=32)
)


@given(MATRICES, st.sampled_from([0, 1]))
def test_half_a_step_at_most(weights: np.ndarray, axis: int) -> None:
    quantized = quantize(weights, axis)
    assert quantized.integers.dtype == np.int8
    assert quantized.scale.shape == (weights.shape[axis],)
    assert np.abs(quantized.integers.astype(int)).max() <= 127
    step = np.broadcast_to(np.expand_dims(quantized.scale, 1 - axis), weights.shape)
    # A little more than half where the numbers are too small for fp32 to hold the scale exactly.
    allowed = step.astype(np.float64) * 0.5001 + np.abs(weights).max() * 1e-6 + 1e-43
    assert (np.abs(quantized.dequantize().astype(np.float64) - weights) <= allowed).all()


def test_channels_have_scales_of_their_own() -> None:
    weights = np.array([[1, 1000], [-0.5, 500]], np.float32)
    np.testing.assert_allclose(quantize(weights, 1).scale, [1 / 127, 1000 / 127], rtol=1e-6)
    np.testing.assert_allclose(quantize(weights, 0).scale, [1000 / 127, 500 / 127], rtol=1e-6)


def test_a_channel_of_zeros_stays_zero() -> None:
    quantized = quantize(np.zeros((3, 2), np.float32), 1)
    assert (quantized.dequantize() == 0).all()
    assert (quantized.scale == 1).all()
