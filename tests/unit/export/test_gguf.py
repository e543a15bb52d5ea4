"""GGUF files of both families: the same model as from a Hugging Face folder, blocks kept bit by bit."""

import asyncio
import json
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from gguf import GGMLQuantizationType as Kind
from gguf import GGUFWriter
from gguf.quants import dequantize, quantize
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tokenizers import Tokenizer

from glassbox.config import ModelConfig
from glassbox.runtime.base import RunRequest
from glassbox.runtime.native import NativeRuntime
from glassbox.weights import Weights
from model_export.__main__ import main
from model_export.errors import ExportError
from model_export.export import export
from model_export.gguf_checkpoint import GgufCheckpoint
from model_export.gpt2 import GPT2
from model_export.gpt2.config import gpt2_config
from model_export.llama import LLAMA
from tests.checkpoints import llama_tensors, normal_tensors, toy_llama, toy_tokenizer, write_checkpoint, write_llama

GPT2_TOY = gpt2_config(n_layer=2, n_head=2, n_embd=64, n_ctx=32, vocab_size=261)
LLAMA_TOY = toy_llama()
QWEN2_TOY = toy_llama(attention_biases=("query", "key", "value"))
TOKEN_IDS = [1, 5, 260, 3, 99, 120, 7, 3, 5]

_LLAMA_NAMES = {
    "input_layernorm": "attn_norm",
    "self_attn.q_proj": "attn_q",
    "self_attn.k_proj": "attn_k",
    "self_attn.v_proj": "attn_v",
    "self_attn.o_proj": "attn_output",
    "post_attention_layernorm": "ffn_norm",
    "mlp.gate_proj": "ffn_gate",
    "mlp.up_proj": "ffn_up",
    "mlp.down_proj": "ffn_down",
    "embed_tokens": "token_embd",
    "norm": "output_norm",
    "lm_head": "output",
}
_GPT2_NAMES = {
    "ln_1": "attn_norm",
    "attn.c_attn": "attn_qkv",
    "attn.c_proj": "attn_output",
    "ln_2": "ffn_norm",
    "mlp.c_fc": "ffn_up",
    "mlp.c_proj": "ffn_down",
    "wte": "token_embd",
    "wpe": "position_embd",
    "ln_f": "output_norm",
}


def gguf_name(name: str, names: dict[str, str]) -> str:
    """``layers.1.mlp.up_proj.weight`` -> ``blk.1.ffn_up.weight``."""
    stem, _, part = name.rpartition(".")
    if stem.startswith(("layers.", "h.")):
        _, layer, inside = stem.split(".", 2)
        return f"blk.{layer}.{names[inside]}.{part}"
    return f"{names[stem]}.{part}"


def interleaved(rows: np.ndarray, n_head: int) -> np.ndarray:
    """Halves of a head brought together pair by pair, as files of the kind llama have them."""
    heads = rows.reshape(n_head, 2, len(rows) // n_head // 2, *rows.shape[1:])
    return np.ascontiguousarray(heads.swapaxes(1, 2)).reshape(rows.shape)


def write_gguf(
    path: Path,
    kind: str,
    config: ModelConfig,
    tensors: dict[str, np.ndarray],
    quantization: Kind = Kind.F32,
    **fields: Any,
) -> Path:
    """Write a file as llama.cpp's converter does. tensors: by Hugging Face's names and shapes."""
    writer = GGUFWriter(path, kind)
    writer.add_block_count(config.n_layer)
    writer.add_context_length(config.n_ctx)
    writer.add_embedding_length(config.n_embd)
    writer.add_feed_forward_length(config.d_mlp)
    writer.add_head_count(config.n_head)
    if kind == "gpt2":
        writer.add_layer_norm_eps(config.norm_epsilon)
    else:
        writer.add_head_count_kv(config.n_kv_head)
        writer.add_layer_norm_rms_eps(config.norm_epsilon)
        writer.add_rope_freq_base(10_000.0)
        writer.add_rope_dimension_count(config.d_head)
        writer.add_key_length(config.d_head)
    content = json.loads(toy_tokenizer())
    vocabulary = content["model"]["vocab"]
    writer.add_tokenizer_model(fields.get("tokenizer", "gpt2"))
    writer.add_tokenizer_pre(fields.get("pre", "gpt-2"))
    writer.add_token_list(sorted(vocabulary, key=vocabulary.__getitem__))
    special = {token["id"] for token in content["added_tokens"]}
    writer.add_token_types([3 if token_id in special else 1 for token_id in range(len(vocabulary))])
    writer.add_token_merges(content["model"]["merges"])
    writer.add_eos_token_id(260)
    writer.add_license("mit")
    if "template" in fields:
        writer.add_chat_template(fields["template"])
    names = _GPT2_NAMES if kind == "gpt2" else _LLAMA_NAMES
    for name, values in tensors.items():
        there = gguf_name(name, names)
        stored = values.T if kind == "gpt2" and name.startswith("h.") and values.ndim == 2 else values
        if kind == "llama" and ("attn_q" in there or "attn_k" in there):
            stored = interleaved(stored, config.n_head if "attn_q" in there else config.n_kv_head)
        stored = np.ascontiguousarray(stored)
        if stored.ndim == 2 and quantization not in (Kind.F32, Kind.F16) and "position" not in there:
            writer.add_tensor(there, quantize(stored, quantization), raw_dtype=quantization)
        else:
            writer.add_tensor(
                there, stored.astype(np.float16) if quantization == Kind.F16 and stored.ndim == 2 else stored
            )
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path


MODELS: dict[str, tuple[str, ModelConfig, dict[str, np.ndarray]]] = {
    "gpt2": ("gpt2", GPT2_TOY, normal_tensors(GPT2_TOY, 0.1)),
    "llama": ("llama", LLAMA_TOY, llama_tensors(LLAMA_TOY)),
    "qwen2": ("qwen2", QWEN2_TOY, llama_tensors(QWEN2_TOY)),
    "untied llama": ("llama", replace(LLAMA_TOY, is_tied=False), llama_tensors(replace(LLAMA_TOY, is_tied=False))),
}


def logits_of(out: Path) -> np.ndarray:
    runtime = NativeRuntime(out, threads=1)
    config, n_tokens = runtime.manifest.config, len(TOKEN_IDS)
    rows = np.arange(config.n_layer * n_tokens, (config.n_layer + 1) * n_tokens)
    scale = np.ones((config.n_layer, config.n_head), np.float32)
    return np.asarray(asyncio.run(runtime.run(RunRequest(np.array(TOKEN_IDS), 0, rows, scale, ())))["logits"])


@pytest.mark.parametrize("model", ["gpt2", "llama", "qwen2"])
def test_the_same_model_as_from_a_folder(model: str, tmp_path: Path) -> None:
    """The rows of queries and keys stand in another order in the file, matrices the other way round."""
    kind, config, tensors = MODELS[model]
    writes = write_checkpoint if kind == "gpt2" else write_llama
    folder = writes(tmp_path / "folder", config, **({"tensors": tensors} if kind == "gpt2" else {}))
    file = write_gguf(tmp_path / "toy.gguf", kind, config, tensors)
    export(str(folder), tmp_path / "from-folder", "fp32")
    manifest = export(str(file), tmp_path / "from-file", "fp32")
    assert manifest["licence"] == "mit"
    assert manifest["source"] == {"id": "toy", "revision": None}
    assert manifest["end_tokens"] == [260]
    np.testing.assert_allclose(
        logits_of(tmp_path / "from-file"), logits_of(tmp_path / "from-folder"), rtol=0, atol=1e-5
    )


@pytest.mark.parametrize("quantization", [Kind.Q8_0, Kind.Q4_0, Kind.Q4_1])
@pytest.mark.parametrize("model", MODELS)
def test_blocks_are_kept(model: str, quantization: Kind, tmp_path: Path) -> None:
    """What the file holds is what the model computes with: no second loss, and no more bytes."""
    kind, config, tensors = MODELS[model]
    file = write_gguf(tmp_path / "toy.gguf", kind, config, tensors, quantization)
    manifest = export(str(file), tmp_path / "out")
    assert manifest["quantization"] == {"scheme": "gguf"}
    # Only the two orders of addition stand between them.
    assert manifest["deviation"]["largest_logit_difference"] < 1e-4
    weights = Weights(NativeRuntime(tmp_path / "out", threads=1))
    for name, values in tensors.items():
        entry = manifest["tensors"][name]
        if values.ndim != 2 or name == "wpe.weight":
            assert entry["dtype"] == "float32"
            continue
        assert entry["scale"]["block"] == 32
        stored = values.T if kind == "gpt2" and name.startswith("h.") else values
        expected = dequantize(quantize(np.ascontiguousarray(stored), quantization), quantization)
        np.testing.assert_array_equal(asyncio.run(weights.rows(name, 0, len(stored))), expected, err_msg=name)
        n_bytes = sum(part["bytes"] for part in (entry, entry["scale"], entry["minimum"]) if part)
        assert n_bytes == quantize(np.ascontiguousarray(stored), quantization).nbytes


@pytest.mark.parametrize("quantization", [Kind.F16, Kind.Q5_0, Kind.Q5_1, Kind.BF16])
def test_other_kinds_become_8_bits(quantization: Kind, tmp_path: Path) -> None:
    kind, config, tensors = MODELS["llama"]
    manifest = export(str(write_gguf(tmp_path / "toy.gguf", kind, config, tensors, quantization)), tmp_path / "out")
    kinds = {entry["dtype"] for name, entry in manifest["tensors"].items() if len(entry["shape"]) == 2}
    assert kinds == {"int8"}
    assert 0 < manifest["deviation"]["mean_kl"] < 1e-3


def test_a_scheme_can_be_asked_for(tmp_path: Path) -> None:
    kind, config, tensors = MODELS["llama"]
    file = write_gguf(tmp_path / "toy.gguf", kind, config, tensors, Kind.Q8_0)
    manifest = export(str(file), tmp_path / "out", "int4")
    assert manifest["quantization"] == {"scheme": "int4"}
    assert manifest["tensors"]["layers.0.mlp.up_proj.weight"]["dtype"] == "uint4"


def test_a_scaled_head_and_the_template(tmp_path: Path) -> None:
    kind, config, tensors = MODELS["llama"]
    file = write_gguf(tmp_path / "toy.gguf", kind, config, tensors, template="{{ messages }}")
    manifest = export(str(file), tmp_path / "out")
    assert manifest["chat_template"] == "{{ messages }}"
    assert manifest["architecture"] == "llama"
    assert manifest["config"]["n_kv_head"] == 2


@pytest.mark.parametrize("cut", ["gpt-2", "smollm", "llama-bpe", "qwen2"])
def test_pre_tokenizers(cut: str, tmp_path: Path) -> None:
    kind, config, tensors = MODELS["llama"]
    checkpoint = GgufCheckpoint(write_gguf(tmp_path / "toy.gguf", kind, config, tensors, pre=cut))
    tokenizer = Tokenizer.from_str(checkpoint.tokenizer())
    words = [text for text, _ in tokenizer.pre_tokenizer.pre_tokenize_str("I'll pay 1234, OK?")]
    numbers = {"gpt-2": ["Ġ1234"], "smollm": ["1", "2", "3", "4"], "llama-bpe": ["123", "4"], "qwen2": list("1234")}
    assert [word for word in words if any(character.isdigit() for character in word)] == numbers[cut]
    assert tokenizer.encode("the<|endoftext|>").ids[-1] == 260
    assert tokenizer.decode(tokenizer.encode("the man, 12").ids) == "the man, 12"


class TestBrokenFiles:
    """A clear error in one line, and nothing written."""

    @pytest.fixture
    def whole(self, tmp_path: Path) -> bytes:
        kind, config, tensors = MODELS["llama"]
        return write_gguf(tmp_path / "whole.gguf", kind, config, tensors, Kind.Q4_0).read_bytes()

    def refused(self, content: bytes, place: Path, capsys: pytest.CaptureFixture[str]) -> str:
        file = place / "broken.gguf"
        file.write_bytes(content)
        assert main(["--model", str(file), "--out", str(place / "exports" / "out")]) == 2
        output = capsys.readouterr()
        assert output.err.count("\n") == 1
        assert not (place / "exports").exists() or not list((place / "exports").iterdir())
        return output.err

    @pytest.mark.parametrize("kept", [0, 3, 4, 20, 200, 3000, -200_000, -1])
    def test_cut_short(self, kept: int, whole: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert "GGUF" in self.refused(whole[:kept], tmp_path, capsys)

    def test_another_file(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert "does not begin as one" in self.refused(b"PK\3\4" + bytes(1000), tmp_path, capsys)

    def test_a_list_without_end(self, whole: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        """Taken at its word, it would fill the memory."""
        place = whole.index(b"tokenizer.ggml.merges") + len(b"tokenizer.ggml.merges") + 8
        hostile = whole[:place] + (2**60).to_bytes(8, "little") + whole[place + 8 :]
        assert "four million" in self.refused(hostile, tmp_path, capsys)

    def test_numbers_that_are_none(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        kind, config, tensors = MODELS["llama"]
        spoilt = {**tensors, "norm.weight": np.full_like(tensors["norm.weight"], np.nan)}
        content = write_gguf(tmp_path / "nan.gguf", kind, config, spoilt).read_bytes()
        assert "norm.weight" in self.refused(content, tmp_path, capsys)

    def test_another_architecture(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        content = write_gguf(tmp_path / "mamba.gguf", "mamba", LLAMA_TOY, {}).read_bytes()
        line = self.refused(content, tmp_path, capsys)
        assert "'mamba'" in line
        assert "llama" in line

    @pytest.mark.parametrize(
        ("fields", "expected"), [({"pre": "tekken"}, "tekken"), ({"tokenizer": "llama"}, "'llama'")]
    )
    def test_an_unknown_tokenizer(
        self, fields: dict[str, str], expected: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        kind, config, tensors = MODELS["llama"]
        content = write_gguf(tmp_path / "other.gguf", kind, config, tensors, **fields).read_bytes()
        assert expected in self.refused(content, tmp_path, capsys)

    def test_a_missing_tensor(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        kind, config, tensors = MODELS["llama"]
        fewer = {name: values for name, values in tensors.items() if name != "layers.1.mlp.up_proj.weight"}
        content = write_gguf(tmp_path / "fewer.gguf", kind, config, fewer).read_bytes()
        assert "layers.1.mlp.up_proj.weight" in self.refused(content, tmp_path, capsys)

    def test_a_wrong_shape(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        kind, config, tensors = MODELS["llama"]
        spoilt = {**tensors, "layers.0.mlp.up_proj.weight": tensors["layers.0.mlp.up_proj.weight"][:-1]}
        content = write_gguf(tmp_path / "shape.gguf", kind, config, spoilt).read_bytes()
        assert "layers.0.mlp.up_proj.weight has the shape [63, 96]" in self.refused(content, tmp_path, capsys)

    def test_more_blocks_than_tensors(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        kind, config, tensors = MODELS["llama"]
        whole = write_gguf(tmp_path / "whole.gguf", kind, config, tensors).read_bytes()
        key = b"llama.block_count"
        at = whole.index(key) + len(key) + 4
        content = whole[:at] + (2**31 - 1).to_bytes(4, "little") + whole[at + 4 :]
        assert "announces 2147483647 blocks" in self.refused(content, tmp_path, capsys)

    @settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(place=st.integers(0, 9000), value=st.integers(0, 255))
    def test_any_byte_of_the_header(self, place: int, value: int, whole: bytes, tmp_path: Path) -> None:
        """Whatever one byte becomes, the file is read or refused, and nothing else is raised."""
        file = tmp_path / "changed.gguf"
        file.write_bytes(whole[:place] + bytes([value]) + whole[place + 1 :])
        with suppress(ExportError):
            GgufCheckpoint(file)


def test_registries_name_each_kind_once() -> None:
    kinds = [kind for one in (GPT2, LLAMA) for kind in one.gguf.kinds]
    assert len(kinds) == len(set(kinds))
