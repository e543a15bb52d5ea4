"""The package reads the weights the graph computes with: the checkpoint's, after quantising."""

import asyncio
from pathlib import Path

import numpy as np
import pytest

from glassbox.errors import GlassboxError
from glassbox.runtime.native import NativeRuntime
from glassbox.weights import Weights
from model_export.checkpoint import Checkpoint
from model_export.config import tensor_shapes
from model_export.quantize import SCHEMES, quantize, quantized_axis
from tests.checkpoints import TOY


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("name", tensor_shapes(TOY))
def test_slices(scheme: str, name: str, toy_checkpoint: Path, request: pytest.FixtureRequest) -> None:
    weights = Weights(NativeRuntime(request.getfixturevalue(f"toy_{scheme.replace('-', '_')}"), threads=1))
    expected = Checkpoint(toy_checkpoint).tensor(name)
    axis = quantized_axis(name) if scheme != "fp32" else None
    if axis is not None:
        expected = quantize(expected, axis).dequantize()
    n_rows = len(expected)
    assert weights.shape(name) == expected.shape
    for start, stop in ((0, n_rows), (1, 3), (n_rows - 1, n_rows), (2, 2)):
        np.testing.assert_array_equal(asyncio.run(weights.rows(name, start, stop)), expected[start:stop])
    if expected.ndim == 2:
        np.testing.assert_array_equal(asyncio.run(weights.column(name, 5)), expected[:, 5])


@pytest.mark.parametrize(("start", "stop"), [(-1, 2), (0, 17), (3, 2)])
def test_rows_that_do_not_exist(start: int, stop: int, toy_int8: Path) -> None:
    weights = Weights(NativeRuntime(toy_int8, threads=1))
    with pytest.raises(GlassboxError, match=r"ln_f\.weight has 16 rows"):
        asyncio.run(weights.rows("ln_f.weight", start, stop))


def test_weights_that_do_not_exist(toy_int8: Path) -> None:
    with pytest.raises(GlassboxError, match=r"lm_head\.weight"):
        asyncio.run(Weights(NativeRuntime(toy_int8, threads=1)).rows("lm_head.weight", 0, 1))
