"""Every checkpoint that cannot be exported is refused with one line that names cause and mend."""

import json
import sys

import numpy as np
import pytest

from model_export.__main__ import main
from tests.unit.export.conftest import Refused, Tensors, ToyCheckpoint


@pytest.mark.parametrize("kind", ["bert", "mamba", "gptj", "gpt_neo", "opt"])
def test_other_architectures(kind: str, checkpoint: ToyCheckpoint, refused: Refused) -> None:
    checkpoint.set_config(model_type=kind)
    line = refused()
    assert kind in line
    assert "Only the kinds gpt2, llama" in line


def test_no_kind(checkpoint: ToyCheckpoint, refused: Refused) -> None:
    checkpoint.set_config(model_type=...)
    assert "does not say what kind of model" in refused()


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("activation_function", "relu"),
        ("scale_attn_weights", False),
        ("scale_attn_by_inverse_layer_idx", True),
        ("add_cross_attention", True),
        ("tie_word_embeddings", False),
        ("n_inner", 48),
        ("n_head", 3),
        ("n_layer", "two"),
        ("n_embd", 0),
        ("n_layer", True),
        ("vocab_size", ...),
        ("layer_norm_epsilon", "small"),
    ],
)
def test_settings_the_graph_does_not_compute(
    setting: str, value: object, checkpoint: ToyCheckpoint, refused: Refused
) -> None:
    checkpoint.set_config(**{setting: value})
    assert setting in refused()


@pytest.mark.parametrize("content", ["{", "[]", "null", ""])
def test_config_that_is_none(content: str, checkpoint: ToyCheckpoint, refused: Refused) -> None:
    (checkpoint.folder / "config.json").write_text(content)
    assert "Download it again" in refused()


def test_missing_config(checkpoint: ToyCheckpoint, refused: Refused) -> None:
    (checkpoint.folder / "config.json").unlink()
    assert "config.json" in refused()


def test_missing_weights(checkpoint: ToyCheckpoint, refused: Refused) -> None:
    checkpoint.weights.unlink()
    assert "model.safetensors" in refused()


def test_missing_tokenizer(checkpoint: ToyCheckpoint, refused: Refused) -> None:
    (checkpoint.folder / "tokenizer.json").unlink()
    assert "vocab.json" in refused()


@pytest.mark.parametrize("kept", [0, 5, 100, -1])
def test_truncated_weights(kept: int, checkpoint: ToyCheckpoint, refused: Refused) -> None:
    checkpoint.weights.write_bytes(checkpoint.weights.read_bytes()[:kept])
    line = refused()
    assert "model.safetensors" in line
    assert "download it again" in line


def test_pointer_in_place_of_weights(checkpoint: ToyCheckpoint, refused: Refused) -> None:
    checkpoint.weights.write_text("version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n")
    assert "git lfs pull" in refused()


def test_missing_tensor(checkpoint: ToyCheckpoint, refused: Refused) -> None:
    def change(tensors: Tensors) -> None:
        del tensors["transformer.h.1.mlp.c_fc.bias"]

    checkpoint.change_tensors(change)
    assert "h.1.mlp.c_fc.bias" in refused()


def test_wrong_shape(checkpoint: ToyCheckpoint, refused: Refused) -> None:
    def change(tensors: Tensors) -> None:
        # As another library, which stores matrices the other way round, would have it.
        tensors["transformer.h.0.attn.c_attn.weight"] = tensors["transformer.h.0.attn.c_attn.weight"].T.copy()

    checkpoint.change_tensors(change)
    line = refused()
    assert "h.0.attn.c_attn.weight" in line
    assert "[48, 16]" in line
    assert "[16, 48]" in line


def test_more_blocks_than_the_config_says(checkpoint: ToyCheckpoint, refused: Refused) -> None:
    checkpoint.set_config(n_layer=1)
    assert "h.1." in refused()


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("name", ["wte.weight", "h.1.ln_2.bias", "ln_f.weight"])
@pytest.mark.parametrize("scheme", ["int8", "fp32"])
def test_numbers_that_are_none(
    value: float, name: str, scheme: str, checkpoint: ToyCheckpoint, refused: Refused
) -> None:
    def change(tensors: Tensors) -> None:
        tensors[f"transformer.{name}"].flat[3] = value

    checkpoint.change_tensors(change)
    assert name in refused("--quant", scheme)


def test_weights_whose_sums_overflow(checkpoint: ToyCheckpoint, refused: Refused) -> None:
    def change(tensors: Tensors) -> None:
        tensors["transformer.ln_f.weight"][:] = np.finfo(np.float32).max

    checkpoint.change_tensors(change)
    with np.errstate(over="ignore", invalid="ignore"):
        assert "not finite" in refused()


def test_untied_head(checkpoint: ToyCheckpoint, refused: Refused) -> None:
    def change(tensors: Tensors) -> None:
        tensors["lm_head.weight"] = tensors["transformer.wte.weight"] + np.float32(0.01)

    checkpoint.change_tensors(change)
    line = refused()
    assert "lm_head.weight" in line
    assert "tied" in line


@pytest.mark.parametrize(
    "name", ["score.weight", "lm_head.decoder.weight", "transformer.h.0.crossattention.c_attn.bias"]
)
def test_heads_and_parts_that_would_be_lost(name: str, checkpoint: ToyCheckpoint, refused: Refused) -> None:
    def change(tensors: Tensors) -> None:
        tensors[name] = np.zeros((2, 16), np.float32)

    checkpoint.change_tensors(change)
    assert name.removeprefix("transformer.") in refused()


def test_quantised_checkpoint(checkpoint: ToyCheckpoint, refused: Refused) -> None:
    def change(tensors: Tensors) -> Tensors:
        return {name: (tensor * 10).astype(np.int8) for name, tensor in tensors.items()}

    checkpoint.change_tensors(change)
    assert "int8" in refused()


def test_part_of_a_split_checkpoint_is_missing(checkpoint: ToyCheckpoint, refused: Refused) -> None:
    checkpoint.weights.unlink()
    index = {"weight_map": {"transformer.wte.weight": "model-00001-of-00002.safetensors"}}
    (checkpoint.folder / "model.safetensors.index.json").write_text(json.dumps(index))
    assert "model-00001-of-00002.safetensors" in refused()


def test_pytorch_file_without_pytorch(
    checkpoint: ToyCheckpoint, refused: Refused, monkeypatch: pytest.MonkeyPatch
) -> None:
    # What Python finds for a package that is not installed.
    monkeypatch.setitem(sys.modules, "torch", None)
    checkpoint.weights.rename(checkpoint.folder / "pytorch_model.bin")
    line = refused()
    assert "Install torch" in line
    assert "model.safetensors" in line


def test_tokenizer_larger_than_the_model(checkpoint: ToyCheckpoint, refused: Refused) -> None:
    path = checkpoint.folder / "tokenizer.json"
    content = json.loads(path.read_text())
    content["added_tokens"].append(content["added_tokens"][0] | {"id": 261, "content": "<more>"})
    path.write_text(json.dumps(content))
    line = refused()
    assert "262 tokens" in line
    assert "261" in line


@pytest.mark.parametrize("content", ["", "{}", '{"model": {"type": "BPE"}}'])
def test_tokenizer_that_is_none(content: str, checkpoint: ToyCheckpoint, refused: Refused) -> None:
    (checkpoint.folder / "tokenizer.json").write_text(content)
    assert "tokenizer.json" in refused()


def test_other_kind_of_tokenizer(checkpoint: ToyCheckpoint, refused: Refused) -> None:
    from tokenizers import Tokenizer
    from tokenizers.models import WordPiece

    Tokenizer(WordPiece({"[UNK]": 0, "a": 1})).save(str(checkpoint.folder / "tokenizer.json"))
    assert "byte pairs" in refused()


def test_vocabulary_without_merges(checkpoint: ToyCheckpoint, refused: Refused) -> None:
    (checkpoint.folder / "tokenizer.json").unlink()
    (checkpoint.folder / "vocab.json").write_text("{}")
    assert "merges.txt" in refused()


def test_an_unknown_scheme_is_a_usage_error(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["--model", "x", "--out", "y", "--quant", "int3"])
    assert stopped.value.code == 2
    assert "int8-integer" in capsys.readouterr().err
