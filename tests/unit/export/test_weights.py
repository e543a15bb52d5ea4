"""The package reads the weights the graph computes with: the checkpoint's, after quantising."""

import asyncio
from pathlib import Path

import numpy as np
import pytest

from glassbox.errors import GlassboxError
from glassbox.runtime.native import NativeRuntime
from glassbox.weights import Weights
from model_export.folder_checkpoint import FolderCheckpoint
from model_export.gpt2.tensors import tensor_specs
from model_export.quantize import Quantized
from model_export.storage import form_of
from tests.checkpoints import TOY


@pytest.mark.parametrize("scheme", ["fp32", "int8", "int8-integer"])
@pytest.mark.parametrize("name", tensor_specs(TOY))
def test_slices(scheme: str, name: str, toy_checkpoint: Path, request: pytest.FixtureRequest) -> None:
    weights = Weights(NativeRuntime(request.getfixturevalue(f"toy_{scheme.replace('-', '_')}"), threads=1))
    spec = tensor_specs(TOY)[name]
    form = form_of(spec, FolderCheckpoint(toy_checkpoint).tensor(name), scheme)
    expected = form.data.dequantize() if isinstance(form.data, Quantized) else form.data
    n_rows = len(expected)
    assert weights.shape(name) == expected.shape
    for start, stop in ((0, n_rows), (1, 3), (n_rows - 1, n_rows), (2, 2)):
        np.testing.assert_array_equal(asyncio.run(weights.rows(name, start, stop)), expected[start:stop])
    if spec.role == "matrix":
        np.testing.assert_array_equal(asyncio.run(weights.matrix(name)), expected)
        np.testing.assert_array_equal(asyncio.run(weights.column(name, 5)), expected[:, 5])
        columns = np.random.default_rng(0).standard_normal((expected.shape[1], 3), dtype=np.float32)
        np.testing.assert_allclose(asyncio.run(weights.times(name, columns)), expected @ columns, rtol=0, atol=1e-5)


@pytest.mark.parametrize(("start", "stop"), [(-1, 2), (0, 17), (3, 2)])
def test_rows_that_do_not_exist(start: int, stop: int, toy_int8: Path) -> None:
    weights = Weights(NativeRuntime(toy_int8, threads=1))
    with pytest.raises(GlassboxError, match=r"ln_f\.weight has 16 rows"):
        asyncio.run(weights.rows("ln_f.weight", start, stop))


def test_weights_that_do_not_exist(toy_int8: Path) -> None:
    with pytest.raises(GlassboxError, match=r"lm_head\.weight"):
        asyncio.run(Weights(NativeRuntime(toy_int8, threads=1)).rows("lm_head.weight", 0, 1))
