"""The exported graph in onnxruntime against plain NumPy: every tensor, with cache, scaled heads and lens."""

import asyncio
from pathlib import Path

import numpy as np
import pytest

from glassbox.architectures.gpt2 import GPT2
from glassbox.runtime.base import RunRequest
from glassbox.runtime.native import NativeRuntime
from model_export.export import export
from model_export.folder_checkpoint import FolderCheckpoint
from model_export.gpt2.config import gpt2_config
from model_export.gpt2.reference import forward
from model_export.graph_builder import UNEMBED_ROWS
from tests.checkpoints import TOY, write_checkpoint
from tests.numpy_model import by_layout_names
from tests.unit.export.effective import effective_weights

SHAPES = {
    "toy": TOY,
    "one block, one head": gpt2_config(1, 1, 8, 16, 261, 1e-5),
    "five heads": gpt2_config(3, 5, 40, 24, 300, 1e-3),
    # More rows than the unembedding multiplies at a time.
    "large vocabulary": gpt2_config(2, 2, 8, 16, UNEMBED_ROWS + 5, 1e-5),
}
TOKEN_IDS = [1, 5, 260, 3, 99, 120, 7, 3, 5]


def run(runtime: NativeRuntime, token_ids: list[int], past: int, rows: list[int], scale: np.ndarray) -> dict:
    names = tuple(GPT2.tensors)
    request = RunRequest(np.array(token_ids), past, np.array(rows), scale, names)
    return dict(asyncio.run(runtime.run(request)))


def assert_close(actual: np.ndarray, expected: np.ndarray, name: str) -> None:
    assert actual.shape == expected.shape, name
    assert actual.dtype == np.float32, name
    np.testing.assert_allclose(actual, expected, rtol=0, atol=1e-5, err_msg=name)


@pytest.mark.parametrize("scheme", ["fp32", "int8"])
@pytest.mark.parametrize("shape", SHAPES)
def test_every_tensor(shape: str, scheme: str, tmp_path: Path) -> None:
    config = SHAPES[shape]
    folder = write_checkpoint(tmp_path / "checkpoint", config)
    export(str(folder), tmp_path / "out", scheme)
    runtime = NativeRuntime(tmp_path / "out", threads=1)
    scale = np.random.default_rng(1).uniform(0, 2, (config.n_layer, config.n_head)).astype(np.float32)
    scale[0, 0] = 0
    expected = by_layout_names(forward(config, effective_weights(FolderCheckpoint(folder), scheme), TOKEN_IDS, scale))
    n_tokens = len(TOKEN_IDS)
    every_row = list(range(config.n_layer * n_tokens, (config.n_layer + 1) * n_tokens))
    actual = run(runtime, TOKEN_IDS, 0, every_row, scale)
    assert_close(actual["logits"], expected["logits"], "logits")
    assert not actual["head_output"][0, 0].any()
    for name in GPT2.tensors:
        if name in GPT2.unlayered:
            assert_close(actual[name], expected[name], name)
            continue
        for layer in range(config.n_layer):
            assert_close(actual[name][layer], expected[f"{name}.{layer}"], f"{name}.{layer}")


@pytest.mark.parametrize("scheme", ["fp32", "int8"])
def test_continuing_from_the_cache(scheme: str, tmp_path: Path) -> None:
    folder = write_checkpoint(tmp_path / "checkpoint", TOY)
    export(str(folder), tmp_path / "out", scheme)
    runtime = NativeRuntime(tmp_path / "out", threads=1)
    ones = np.ones((TOY.n_layer, TOY.n_head), np.float32)
    whole = run(runtime, TOKEN_IDS, 0, [TOY.n_layer * len(TOKEN_IDS) + len(TOKEN_IDS) - 1], ones)
    run(runtime, TOKEN_IDS[:4], 0, [0], ones)
    run(runtime, [9, 9], 4, [0], ones)
    # Back to the four tokens, then on: the two in between leave no trace.
    new = len(TOKEN_IDS) - 4
    last = run(runtime, TOKEN_IDS[4:], 4, [TOY.n_layer * new + new - 1], ones)
    assert_close(last["logits"], whole["logits"], "logits")
    assert_close(last["attention_pattern"], whole["attention_pattern"][:, :, 4:], "attention_pattern")
    assert_close(last["value"], whole["value"][:, :, 4:], "value")


def test_lens(tmp_path: Path) -> None:
    folder = write_checkpoint(tmp_path / "checkpoint", TOY)
    export(str(folder), tmp_path / "out", "fp32")
    runtime = NativeRuntime(tmp_path / "out", threads=1)
    n_tokens = len(TOKEN_IDS)
    rows = list(range((TOY.n_layer + 1) * n_tokens))
    actual = run(runtime, TOKEN_IDS, 0, rows[::-1], np.ones((TOY.n_layer, TOY.n_head), np.float32))
    checkpoint = FolderCheckpoint(folder)
    stream = np.concatenate([*actual["resid_pre"], actual["resid_post"][-1]])
    centred = stream - stream.mean(-1, keepdims=True)
    normed = centred / np.sqrt((centred**2).mean(-1, keepdims=True) + TOY.norm_epsilon)
    normed = normed * checkpoint.tensor("ln_f.weight") + checkpoint.tensor("ln_f.bias")
    assert_close(actual["logits"][::-1], normed @ checkpoint.tensor("wte.weight").T, "lens")


def test_integer_arithmetic_is_near(tmp_path: Path) -> None:
    folder = write_checkpoint(tmp_path / "checkpoint", TOY)
    manifest = export(str(folder), tmp_path / "out", "int8-integer")
    # Only the embedding is wanted as fp32.
    assert [name for name, entry in manifest["tensors"].items() if entry["dequantized"]] == ["wte.weight"]
    runtime = NativeRuntime(tmp_path / "out", threads=1)
    ones = np.ones((TOY.n_layer, TOY.n_head), np.float32)
    rows = list(range(TOY.n_layer * len(TOKEN_IDS), (TOY.n_layer + 1) * len(TOKEN_IDS)))
    expected = forward(TOY, FolderCheckpoint(folder).tensor, TOKEN_IDS)["logits"]
    actual = run(runtime, TOKEN_IDS, 0, rows, ones)["logits"]
    assert np.abs(actual - expected).max() < 0.1 * expected.std()
