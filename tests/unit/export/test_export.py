"""What an export holds: the manifest's promises (docs/seams.md), checked against its files."""

import hashlib
import json
from dataclasses import replace
from math import prod
from pathlib import Path
from typing import Any

import ml_dtypes
import numpy as np
import pytest
from safetensors.numpy import load_file, save_file

from glassbox.tokenizer import Tokenizer
from model_export.export import export
from model_export.folder_checkpoint import FolderCheckpoint
from model_export.gpt2.config import gpt2_config
from model_export.gpt2.tensors import tensor_specs
from model_export.quantize import SCHEMES
from tests.checkpoints import TOY, write_checkpoint
from tests.unit.export.conftest import Tensors, ToyCheckpoint


def joined_chunks(out: Path, manifest: dict[str, Any]) -> bytes:
    return b"".join((out / chunk["file"]).read_bytes() for chunk in manifest["chunks"])


def stored_array(content: bytes, entry: dict[str, Any]) -> np.ndarray:
    values = np.frombuffer(content, entry["dtype"], prod(entry["shape"]), entry["offset"])
    return values.reshape(entry["shape"])


def read_back(content: bytes, entry: dict[str, Any]) -> tuple[np.ndarray, float]:
    """What docs/seams.md says an entry means, and how far it may be from the original."""
    scale = entry["scale"]
    if scale is None:
        return stored_array(content, entry), 0.0
    factors = stored_array(content, scale).astype(np.float32)
    if entry["dtype"] == "uint4":
        values = np.zeros(entry["shape"], np.float32)
        packed = np.frombuffer(content, np.uint8, entry["bytes"], entry["offset"]).reshape(len(values), -1, 16)
        minima = stored_array(content, entry["minimum"])
        for row, block in np.ndindex(*packed.shape[:2]):
            for i in range(32):
                byte = int(packed[row, block, i % 16])
                item = byte % 16 if i < 16 else byte // 16
                values[row, 32 * block + i] = item * factors[row, block] + np.float32(minima[row, block])
    else:
        values = (stored_array(content, entry).astype(np.float32) - scale["zero_point"]) * np.expand_dims(
            factors, 1 - scale["axis"]
        )
    # Half a step; in blocks the step and the minimum are rounded to fp16 themselves.
    return values, float(factors.max()) * (0.52 if scale["block"] else 0.5001)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_weights_are_found_by_the_manifest(scheme: str, checkpoint: ToyCheckpoint, tmp_path: Path) -> None:
    out = tmp_path / "toy"
    manifest = export(str(checkpoint.folder), out, scheme)
    content = joined_chunks(out, manifest)
    assert len(content) == manifest["weights"]["bytes"]
    assert list(manifest["tensors"]) == list(tensor_specs(TOY))
    original = load_file(checkpoint.weights)
    used = np.zeros(len(content), bool)
    for name, entry in manifest["tensors"].items():
        for place in filter(None, (entry, entry["scale"], entry["minimum"])):
            assert not used[place["offset"] : place["offset"] + place["bytes"]].any(), f"{name} overlaps"
            used[place["offset"] : place["offset"] + place["bytes"]] = True
        assert len(entry["axes"]) == len(entry["shape"])
        values, tolerance = read_back(content, entry)
        expected = original[f"transformer.{name}"]
        spec = tensor_specs(TOY)[name]
        is_turned = entry["output_axis"] != spec.output_axis
        assert entry["axes"] == list(reversed(spec.axes) if is_turned else spec.axes)
        np.testing.assert_allclose(values.T if is_turned else values, expected, rtol=0, atol=tolerance)
    quantised = {name for name, entry in manifest["tensors"].items() if entry["dtype"] != "float32"}
    matrices = {name for name, spec in tensor_specs(TOY).items() if len(spec.shape) == 2} - (
        set() if scheme == "int4" else {"wpe.weight"}
    )
    assert quantised == (set() if scheme == "fp32" else matrices)


def test_files_have_the_hashes_in_their_names(checkpoint: ToyCheckpoint, tmp_path: Path) -> None:
    out = tmp_path / "toy"
    manifest = export(str(checkpoint.folder), out, "int8")
    assert json.loads((out / "manifest.json").read_text()) == json.loads(json.dumps(manifest))
    for entry in [manifest["graph"], manifest["tokenizer"], *manifest["chunks"]]:
        data = (out / entry["file"]).read_bytes()
        assert (len(data), hashlib.sha256(data).hexdigest()) == (entry["bytes"], entry["sha256"])
        assert entry["sha256"][:12] in entry["file"]


def test_manifest(checkpoint: ToyCheckpoint, tmp_path: Path) -> None:
    (checkpoint.folder / "README.md").write_text("---\nlicense: mit\n---\n")
    manifest = export(str(checkpoint.folder), tmp_path / "My Toy", "int8", display_name="Toy")
    assert manifest["name"] == "my-toy"
    assert manifest["display_name"] == "Toy"
    assert manifest["licence"] == "mit"
    assert manifest["source"] == {"id": "checkpoint", "revision": None}
    assert manifest["config"] == vars(TOY)
    assert manifest["parameters"] == sum(prod(spec.shape) for spec in tensor_specs(TOY).values())
    deviation = manifest["deviation"]
    assert 1 < deviation["tokens"] <= TOY.n_ctx
    assert 0 < deviation["mean_kl"] < 1e-3
    assert 0.8 < deviation["top_1_agreement"] <= 1
    assert 0 < deviation["largest_logit_difference"] < 0.5


@pytest.mark.parametrize(
    ("said", "dropout"),
    [({"attn_pdrop": 0.0, "embd_pdrop": 0.0, "resid_pdrop": 0.0}, 0.0), ({"resid_pdrop": 0.2}, 0.2), ({}, 0.1)],
)
def test_dropout_is_the_checkpoint_s_own(checkpoint: ToyCheckpoint, said: dict[str, Any], dropout: float) -> None:
    checkpoint.set_config(**dict.fromkeys(("attn_pdrop", "embd_pdrop", "resid_pdrop"), ...) | said)
    assert FolderCheckpoint(checkpoint.folder).config.dropout == dropout


def test_fp32_deviates_by_rounding_only(checkpoint: ToyCheckpoint, tmp_path: Path) -> None:
    deviation = export(str(checkpoint.folder), tmp_path / "toy", "fp32")["deviation"]
    assert deviation["largest_logit_difference"] < 1e-5
    assert deviation["mean_kl"] < 1e-10
    assert deviation["top_1_agreement"] == 1


def test_same_checkpoint_same_bytes(checkpoint: ToyCheckpoint, tmp_path: Path) -> None:
    first, second = (export(str(checkpoint.folder), tmp_path / name / "toy", "int8") for name in ("a", "b"))
    for kind in ("graph", "chunks", "tokenizer"):
        assert first[kind] == second[kind]


def test_chunks_are_at_most_8_mib(tmp_path: Path) -> None:
    wide = gpt2_config(n_layer=1, n_head=4, n_embd=512, n_ctx=16, vocab_size=261, norm_epsilon=1e-5)
    out = tmp_path / "wide"
    manifest = export(str(write_checkpoint(tmp_path / "checkpoint", wide)), out, "fp32")
    sizes = [chunk["bytes"] for chunk in manifest["chunks"]]
    assert len(sizes) > 1
    assert set(sizes[:-1]) == {8 * 2**20}
    assert 0 < sizes[-1] <= 8 * 2**20


def change_precision(dtype: Any) -> Any:
    return lambda tensors: {name: tensor.astype(dtype) for name, tensor in tensors.items()}


def without_prefix(tensors: Tensors) -> Tensors:
    return {name.removeprefix("transformer."): tensor for name, tensor in tensors.items()}


def with_masks_and_head(tensors: Tensors) -> Tensors:
    masks = {f"transformer.h.{i}.attn.bias": np.ones((1, 1, TOY.n_ctx, TOY.n_ctx), np.uint8) for i in range(2)}
    masks |= {f"transformer.h.{i}.attn.masked_bias": np.array(-1e4, np.float32) for i in range(2)}
    return tensors | masks | {"lm_head.weight": tensors["transformer.wte.weight"].copy()}


@pytest.mark.parametrize("change", [without_prefix, with_masks_and_head])
def test_other_spellings_of_the_same_checkpoint(change: Any, checkpoint: ToyCheckpoint, tmp_path: Path) -> None:
    plain = export(str(checkpoint.folder), tmp_path / "plain", "int8")
    checkpoint.change_tensors(change)
    assert export(str(checkpoint.folder), tmp_path / "changed", "int8")["chunks"] == plain["chunks"]


@pytest.mark.parametrize("dtype", [np.float16, ml_dtypes.bfloat16, np.float64])
def test_other_precisions_are_read_as_fp32(dtype: Any, checkpoint: ToyCheckpoint, tmp_path: Path) -> None:
    original = load_file(checkpoint.weights)["transformer.h.0.mlp.c_fc.weight"]
    checkpoint.change_tensors(change_precision(dtype))
    out = tmp_path / "toy"
    manifest = export(str(checkpoint.folder), out, "fp32")
    stored = stored_array(joined_chunks(out, manifest), manifest["tensors"]["h.0.mlp.c_fc.weight"])
    np.testing.assert_array_equal(stored, original.astype(dtype).astype(np.float32))


def test_checkpoint_split_among_files(checkpoint: ToyCheckpoint, tmp_path: Path) -> None:
    plain = export(str(checkpoint.folder), tmp_path / "plain", "int8")
    tensors = load_file(checkpoint.weights)
    checkpoint.weights.unlink()
    weight_map = {}
    for number, name in enumerate(tensors):
        file = f"model-0000{number % 2 + 1}-of-00002.safetensors"
        weight_map[name] = file
    for file in set(weight_map.values()):
        part = {name: tensors[name] for name in tensors if weight_map[name] == file}
        save_file(part, checkpoint.folder / file, metadata={"format": "pt"})
    (checkpoint.folder / "model.safetensors.index.json").write_text(json.dumps({"weight_map": weight_map}))
    assert export(str(checkpoint.folder), tmp_path / "split", "int8")["chunks"] == plain["chunks"]


def test_n_positions_alone_gives_the_context(checkpoint: ToyCheckpoint, tmp_path: Path) -> None:
    checkpoint.set_config(n_ctx=..., n_positions=TOY.n_ctx)
    assert export(str(checkpoint.folder), tmp_path / "toy", "int8")["config"]["n_ctx"] == TOY.n_ctx


def test_tokenizer_from_vocabulary_and_merges(checkpoint: ToyCheckpoint, tmp_path: Path) -> None:
    path = checkpoint.folder / "tokenizer.json"
    content = path.read_text(encoding="utf-8")
    model = json.loads(content)["model"]
    path.unlink()
    (checkpoint.folder / "vocab.json").write_text(json.dumps(model["vocab"]), encoding="utf-8")
    merges = ["#version: 0.2", *model["merges"]]
    (checkpoint.folder / "merges.txt").write_text("\n".join(merges) + "\n", encoding="utf-8")
    out = tmp_path / "toy"
    manifest = export(str(checkpoint.folder), out, "int8")
    made = Tokenizer.from_json((out / manifest["tokenizer"]["file"]).read_text(encoding="utf-8"))
    own = Tokenizer.from_json(content)
    text = "the man\n ate—<|endoftext|>\U0001f600 then"
    assert made.encode(text).token_ids.tolist() == own.encode(text).token_ids.tolist()


def test_padded_vocabulary(tmp_path: Path) -> None:
    padded = replace(TOY, vocab_size=320)
    manifest = export(str(write_checkpoint(tmp_path / "checkpoint", padded)), tmp_path / "toy", "int8")
    assert manifest["tensors"]["wte.weight"]["shape"] == [320, TOY.n_embd]
