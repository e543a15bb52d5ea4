"""The Llama graph in onnxruntime against plain NumPy: every tensor, with cache, scaled heads and lens."""

import asyncio
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from glassbox.config import ModelConfig
from glassbox.runtime.base import RunRequest
from glassbox.runtime.native import NativeRuntime
from glassbox.weights import Weights
from model_export.export import export
from model_export.folder_checkpoint import FolderCheckpoint
from model_export.llama import LLAMA
from model_export.quantize import SCHEMES
from tests.checkpoints import toy_llama, write_llama
from tests.unit.export.effective import effective_weights

QWEN2 = ("query", "key", "value")
SHAPES = {
    "grouped": toy_llama(),
    "a key/value head each": toy_llama(n_kv_head=6),
    "one key/value head": toy_llama(n_kv_head=1),
    "biases": toy_llama(attention_biases=QWEN2),
    "biases on the output too": toy_llama(attention_biases=(*QWEN2, "output")),
    "untied": toy_llama(is_tied=False),
    "heads wider than the stream": toy_llama(d_head=32),
}
TOKEN_IDS = [1, 5, 260, 3, 99, 120, 7, 3, 5]
NAMES = (*LLAMA.layer_tensors, LLAMA.final_norm)


def run(runtime: NativeRuntime, token_ids: list[int], past: int, rows: list[int], scale: np.ndarray) -> dict[str, Any]:
    return dict(asyncio.run(runtime.run(RunRequest(np.array(token_ids), past, np.array(rows), scale, NAMES))))


def heads_of(config: ModelConfig) -> np.ndarray:
    scale = np.random.default_rng(1).uniform(0, 2, (config.n_layer, config.n_head)).astype(np.float32)
    scale[0, 0] = 0
    return scale


def assert_close(actual: np.ndarray, expected: np.ndarray, name: str) -> None:
    assert actual.shape == expected.shape, name
    np.testing.assert_allclose(actual, expected, rtol=0, atol=2e-5, err_msg=name)


@pytest.mark.parametrize("scheme", ["fp32", "int8", "int4"])
@pytest.mark.parametrize("shape", SHAPES)
def test_every_tensor(shape: str, scheme: str, tmp_path: Path) -> None:
    config = SHAPES[shape]
    folder = write_llama(tmp_path / "checkpoint", config)
    manifest = export(str(folder), tmp_path / "out", scheme)
    assert manifest["architecture"] == "llama"
    runtime = NativeRuntime(tmp_path / "out", threads=1)
    assert runtime.manifest.config == config
    scale, n_tokens = heads_of(config), len(TOKEN_IDS)
    expected = LLAMA.forward(config, effective_weights(FolderCheckpoint(folder), scheme), TOKEN_IDS, scale)
    every_row = list(range(config.n_layer * n_tokens, (config.n_layer + 1) * n_tokens))
    actual = run(runtime, TOKEN_IDS, 0, every_row, scale)
    assert not actual["head_output"][0, 0].any()
    for name in ("logits", LLAMA.final_norm):
        assert_close(actual[name], expected[name], name)
    for name in LLAMA.layer_tensors:
        for layer in range(config.n_layer):
            assert_close(actual[name][layer], expected[f"{name}.{layer}"], f"{name}.{layer}")


@pytest.mark.parametrize("scheme", SCHEMES)
def test_continuing_from_the_cache(scheme: str, tmp_path: Path) -> None:
    config = SHAPES["grouped"]
    export(str(write_llama(tmp_path / "checkpoint", config)), tmp_path / "out", scheme)
    runtime = NativeRuntime(tmp_path / "out", threads=1)
    ones = np.ones((config.n_layer, config.n_head), np.float32)
    whole = run(runtime, TOKEN_IDS, 0, [config.n_layer * len(TOKEN_IDS) + len(TOKEN_IDS) - 1], ones)
    run(runtime, TOKEN_IDS[:4], 0, [0], ones)
    run(runtime, [9, 9], 4, [0], ones)
    # Back to the four tokens, then on: the two in between leave no trace.
    new = len(TOKEN_IDS) - 4
    last = run(runtime, TOKEN_IDS[4:], 4, [config.n_layer * new + new - 1], ones)
    # Integer arithmetic has a scale for each pass.
    tolerance = 0.2 if scheme == "int8-integer" else 2e-5
    np.testing.assert_allclose(last["logits"], whole["logits"], rtol=0, atol=tolerance)
    np.testing.assert_allclose(last["key"], whole["key"][:, :, 4:], rtol=0, atol=tolerance)
    assert last["attention_pattern"].shape == (config.n_layer, config.n_head, new, len(TOKEN_IDS))


def test_lens(tmp_path: Path) -> None:
    config = SHAPES["untied"]
    folder = write_llama(tmp_path / "checkpoint", config)
    export(str(folder), tmp_path / "out", "fp32")
    rows = list(range((config.n_layer + 1) * len(TOKEN_IDS)))
    ones = np.ones((config.n_layer, config.n_head), np.float32)
    actual = run(NativeRuntime(tmp_path / "out", threads=1), TOKEN_IDS, 0, rows, ones)
    stream = np.concatenate([*actual["resid_pre"], actual["resid_post"][-1]])
    checkpoint = FolderCheckpoint(folder)
    scale = np.sqrt((stream**2).mean(-1, keepdims=True) + config.norm_epsilon)
    normed = stream / scale * checkpoint.tensor("norm.weight")
    assert_close(actual["logits"], normed @ checkpoint.tensor("lm_head.weight").T, "lens")


def test_only_the_distance_counts(tmp_path: Path) -> None:
    """The same two tokens, further on in the text, have the same score: rotation turns both."""
    config = SHAPES["grouped"]
    export(str(write_llama(tmp_path / "checkpoint", config)), tmp_path / "out", "fp32")
    ones = np.ones((config.n_layer, config.n_head), np.float32)
    tokens = [11, 12, 13, 14] * 3
    actual = run(NativeRuntime(tmp_path / "out", threads=1), tokens, 0, [0], ones)
    # In the first block the stream is the token's embedding alone.
    scores = actual["attention_scores"][0]
    np.testing.assert_allclose(scores[:, 3, 1], scores[:, 11, 9], rtol=0, atol=1e-5)
    assert np.abs(scores[:, 3, 1] - scores[:, 11, 1]).max() > 1e-3
    np.testing.assert_array_equal(actual["query_pre_rotation"][0][:, 3], actual["query_pre_rotation"][0][:, 7])
    assert not np.allclose(actual["query"][0][:, 3], actual["query"][0][:, 7])


@pytest.mark.parametrize("scheme", SCHEMES)
def test_weights_as_the_package_reads_them(scheme: str, tmp_path: Path) -> None:
    config = SHAPES["biases"]
    folder = write_llama(tmp_path / "checkpoint", config)
    export(str(folder), tmp_path / "out", scheme)
    checkpoint = FolderCheckpoint(folder)
    weights, tensor = Weights(NativeRuntime(tmp_path / "out", threads=1)), effective_weights(checkpoint, scheme)
    for name, spec in checkpoint.specs.items():
        expected = tensor(name)
        if spec.role == "matrix":
            matrix = expected.T
            np.testing.assert_array_equal(asyncio.run(weights.matrix(name)), matrix)
            np.testing.assert_array_equal(asyncio.run(weights.column(name, 3)), matrix[:, 3])
            columns = np.random.default_rng(0).standard_normal((matrix.shape[1], 3), dtype=np.float32)
            assert_close(asyncio.run(weights.times(name, columns)), matrix @ columns, name)
        else:
            np.testing.assert_array_equal(asyncio.run(weights.rows(name, 2, 5)), expected[2:5])


def test_int4_is_half_of_int8(tmp_path: Path) -> None:
    folder = write_llama(tmp_path / "checkpoint", toy_llama(n_embd=192, d_head=32, d_mlp=512))
    sizes = {}
    for scheme in ("int8", "int4"):
        manifest = export(str(folder), tmp_path / scheme, scheme)
        tensors = manifest["tensors"].items()
        sizes[scheme] = sum(
            entry["bytes"] + entry["scale"]["bytes"] + (entry["minimum"] or {"bytes": 0})["bytes"]
            for name, entry in tensors
            if name.startswith("layers.") and entry["scale"]
        )
        assert manifest["quantization"] == {"scheme": scheme}
    # Four bits and a sixteenth of four bytes, against eight bits and a scale a row.
    assert 0.6 < sizes["int4"] / sizes["int8"] < 0.63


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({"rope_parameters": {"rope_type": "default", "rope_theta": 500.0}}, lambda i: 500.0 ** (-i / 8)),
        ({"rope_scaling": {"type": "linear", "factor": 4.0}}, lambda i: 10_000.0 ** (-i / 8) / 4),
        ({"rope_theta": 300.0, "rope_parameters": None}, lambda i: 300.0 ** (-i / 8)),
    ],
)
def test_spellings_of_rotation(settings: dict[str, Any], expected: Any, tmp_path: Path) -> None:
    folder = write_llama(tmp_path / "checkpoint", SHAPES["grouped"], **settings)
    turns = FolderCheckpoint(folder).config.rotary_frequencies
    np.testing.assert_allclose(turns, [expected(i) for i in range(8)], rtol=1e-12)


def test_llama_3_slows_the_slow_pairs_only(tmp_path: Path) -> None:
    scaling = {"rope_type": "llama3", "factor": 8.0, "low_freq_factor": 1.0, "high_freq_factor": 4.0}
    scaling |= {"original_max_position_embeddings": 64}
    folder = write_llama(tmp_path / "checkpoint", SHAPES["grouped"], rope_scaling=scaling)
    plain, scaled = SHAPES["grouped"].rotary_frequencies, FolderCheckpoint(folder).config.rotary_frequencies
    assert scaled[0] == plain[0]
    assert scaled[-1] == pytest.approx(plain[-1] / 8)
    assert all(slow <= quick for slow, quick in zip(scaled, plain, strict=True))
