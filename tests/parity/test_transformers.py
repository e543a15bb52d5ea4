"""The fp32 graph against transformers' GPT-2 in PyTorch, on random weights: every named tensor."""

import asyncio
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest

from glassbox.__main__ import open_engine
from glassbox.architectures.gpt2 import GPT2
from glassbox.config import ModelConfig
from glassbox.runtime.base import RunRequest
from glassbox.runtime.native import NativeRuntime
from model_export.export import export
from model_export.gpt2.config import gpt2_config
from model_export.gpt2.reference import forward
from tests.checkpoints import GPT2_124M, TOY, toy_tokenizer, write_checkpoint
from tests.numpy_model import by_layout_names
from tests.parity.closeness import TOLERANCE, assert_all_close, assert_close

pytestmark = pytest.mark.parity

SHAPES = {
    "toy": TOY,
    "five heads": gpt2_config(3, 5, 40, 24, 300, 1e-3),
    "gpt-2 (124M)": GPT2_124M,
}
TOKEN_IDS = [1, 5, 260, 3, 99, 120, 7, 3, 5, 11, 42]


STARTER = Path(__file__).parents[2] / "model_export" / "starter" / "checkpoint"


class Pair(NamedTuple):
    """One checkpoint as PyTorch runs it, and as we do."""

    config: ModelConfig
    torch_model: Any
    runtime: NativeRuntime
    folder: Path


@pytest.fixture(scope="module", params=SHAPES)
def pair(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    import torch
    from transformers import GPT2LMHeadModel

    config = SHAPES[request.param]
    place = tmp_path_factory.mktemp("parity")
    folder = write_checkpoint(place / "checkpoint", config)
    model = GPT2LMHeadModel.from_pretrained(folder, attn_implementation="eager").eval()
    export(str(folder), place / "out", "fp32")
    with torch.no_grad():
        yield Pair(config, model, NativeRuntime(place / "out", threads=2), folder)


def heads(rows: Any, config: ModelConfig) -> Any:
    """[position, n_embd] -> [head, position, d_head]."""
    return rows.reshape(len(rows), config.n_head, -1).transpose(0, 1)


def torch_tensors(pair: Pair, head_scale: np.ndarray | None = None) -> dict[str, np.ndarray]:
    """Everything the glossary names, taken from PyTorch with hooks."""
    import torch

    config, seen, hooks = pair.config, {}, []

    def watch(module: Any, inside: str, outside: str) -> None:
        """Keep what a module gets and gives."""

        def keep(_: Any, inputs: Any, output: Any) -> None:
            seen[inside] = inputs[0][0]
            seen[outside] = (output[0] if isinstance(output, tuple) else output)[0]

        hooks.append(module.register_forward_hook(keep))

    def scale_heads(layer: int) -> Any:
        def scaled(_: Any, inputs: Any) -> Any:
            assert head_scale is not None
            factors = torch.tensor(head_scale[layer]).repeat_interleave(config.n_embd // config.n_head)
            return (inputs[0] * factors,)

        return scaled

    transformer = pair.torch_model.transformer
    for layer, block in enumerate(transformer.h):
        if head_scale is not None:
            hooks.append(block.attn.c_proj.register_forward_pre_hook(scale_heads(layer)))
        watch(block, f"resid_pre.{layer}", f"resid_post.{layer}")
        watch(block.ln_1, f"resid_pre.{layer}", f"ln_1.{layer}")
        watch(block.attn.c_attn, f"ln_1.{layer}", f"fused.{layer}")
        watch(block.attn.c_proj, f"joined.{layer}", f"attn_out.{layer}")
        watch(block.ln_2, f"resid_mid.{layer}", f"ln_2.{layer}")
        watch(block.mlp.c_fc, f"ln_2.{layer}", f"mlp_pre.{layer}")
        watch(block.mlp.c_proj, f"mlp_post.{layer}", f"mlp_out.{layer}")
    watch(transformer.ln_f, f"resid_post.{config.n_layer - 1}", "ln_f")
    answer = pair.torch_model(torch.tensor([TOKEN_IDS]), output_attentions=True)
    for hook in hooks:
        hook.remove()
    seen["logits"] = answer.logits[0]
    for layer in range(config.n_layer):
        query, key, value = (heads(part, config) for part in seen.pop(f"fused.{layer}").split(config.n_embd, dim=1))
        scores = query @ key.transpose(1, 2) / (query.shape[-1] ** 0.5)
        later = torch.ones(len(TOKEN_IDS), len(TOKEN_IDS)).triu(1).bool()
        seen |= {f"query.{layer}": query, f"key.{layer}": key, f"value.{layer}": value}
        seen[f"attention_scores.{layer}"] = scores.masked_fill(later, float("-inf"))
        seen[f"attention_pattern.{layer}"] = answer.attentions[layer][0]
        seen[f"head_output.{layer}"] = heads(seen.pop(f"joined.{layer}"), config)
    return by_layout_names({name: tensor.numpy() for name, tensor in seen.items()})


def our_tensors(
    pair: Pair, token_ids: list[int], past: int = 0, head_scale: np.ndarray | None = None, lens: bool = False
) -> dict[str, np.ndarray]:
    """The same from the exported graph; logits of all rows of the last layer, or of all layers."""
    config, n_new = pair.config, len(token_ids)
    rows = np.arange(0 if lens else config.n_layer * n_new, (config.n_layer + 1) * n_new)
    scale = np.ones((config.n_layer, config.n_head), np.float32) if head_scale is None else head_scale
    request = RunRequest(np.array(token_ids), past, rows, scale, tuple(GPT2.tensors))
    answer = dict(asyncio.run(pair.runtime.run(request)))
    flat = {name: answer.pop(name) for name in ("logits", *GPT2.unlayered)}
    return flat | {f"{name}.{i}": layer for name, layers in answer.items() for i, layer in enumerate(layers)}


def test_every_tensor(pair: Pair) -> None:
    assert_all_close(our_tensors(pair, TOKEN_IDS), torch_tensors(pair))


def test_scaled_heads(pair: Pair) -> None:
    scale = np.random.default_rng(2).uniform(0, 2, (pair.config.n_layer, pair.config.n_head)).astype(np.float32)
    scale[0, 0] = 0
    expected = torch_tensors(pair, scale)
    assert_all_close(our_tensors(pair, TOKEN_IDS, head_scale=scale), expected)
    unscaled = torch_tensors(pair)["logits"]
    assert np.abs(expected["logits"] - unscaled).max() > 10 * TOLERANCE, "the scale must make a difference"


def test_continuing_from_the_cache(pair: Pair) -> None:
    import torch

    n_past = 6
    first = pair.torch_model(torch.tensor([TOKEN_IDS[:n_past]]), use_cache=True)
    our_tensors(pair, TOKEN_IDS[:n_past])
    for position in range(n_past, len(TOKEN_IDS)):
        token = TOKEN_IDS[position : position + 1]
        first = pair.torch_model(torch.tensor([token]), past_key_values=first.past_key_values, use_cache=True)
        ours = our_tensors(pair, token, past=position)
        assert_close(ours["logits"], first.logits[0].numpy(), f"logits at {position}")
        assert ours["attention_pattern.0"].shape == (pair.config.n_head, 1, position + 1)


def test_lens(pair: Pair) -> None:
    import torch

    tensors, model = torch_tensors(pair), pair.torch_model
    last = tensors[f"resid_post.{pair.config.n_layer - 1}"]
    streams = [tensors[f"resid_pre.{layer}"] for layer in range(pair.config.n_layer)] + [last]
    expected = [model.lm_head(model.transformer.ln_f(torch.tensor(stream))).numpy() for stream in streams]
    assert_close(our_tensors(pair, TOKEN_IDS, lens=True)["logits"], np.concatenate(expected), "lens")


def test_the_numpy_reference(pair: Pair) -> None:
    """Exports are held against it, so it is held against PyTorch."""
    from model_export.folder_checkpoint import FolderCheckpoint

    expected = by_layout_names(forward(pair.config, FolderCheckpoint(pair.folder).tensor, TOKEN_IDS))
    assert_all_close(expected, torch_tensors(pair))


def test_folder_saved_by_transformers(tmp_path: Path) -> None:
    """The layout that the library writes today, and its older one for PyTorch's format."""
    import torch
    from transformers import GPT2Config, GPT2LMHeadModel

    torch.manual_seed(0)
    sizes = {"n_layer": 2, "n_head": 2, "n_embd": 16, "n_positions": 32, "vocab_size": TOY.vocab_size}
    model = GPT2LMHeadModel(GPT2Config(**sizes))
    manifests = []
    for name in ("safetensors", "pytorch"):
        folder = tmp_path / name
        model.save_pretrained(folder)
        (folder / "tokenizer.json").write_text(toy_tokenizer(), encoding="utf-8")
        if name == "pytorch":
            (folder / "model.safetensors").unlink()
            # Here the tied head is stored too.
            torch.save(model.state_dict(), folder / "pytorch_model.bin")
        manifests.append(export(str(folder), tmp_path / "out" / name, "fp32"))
    assert manifests[0]["chunks"] == manifests[1]["chunks"]
    assert manifests[0]["deviation"]["largest_logit_difference"] < TOLERANCE


def test_truncated_pytorch_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    import torch

    from model_export.__main__ import main

    folder = write_checkpoint(tmp_path / "checkpoint", TOY)
    (folder / "model.safetensors").unlink()
    torch.save({"transformer.wte.weight": torch.zeros(4)}, folder / "pytorch_model.bin")
    whole = (folder / "pytorch_model.bin").read_bytes()
    for content in (whole[: len(whole) // 2], b"", b"not a checkpoint"):
        (folder / "pytorch_model.bin").write_bytes(content)
        assert main(["--model", str(folder), "--out", str(tmp_path / "out")]) == 2
        error = capsys.readouterr().err
        assert "pytorch_model.bin cannot be read" in error
        assert error.count("\n") == 1


@pytest.mark.skipif(not (STARTER / "model.safetensors").is_file(), reason="there is no starter checkpoint yet")
def test_starter_loads_and_agrees(caplog: pytest.LogCaptureFixture, tmp_path: Path) -> None:
    """The starter is an ordinary GPT-2 checkpoint: nothing missing, nothing left over, no warning."""
    import torch
    from transformers import AutoTokenizer, GPT2LMHeadModel
    from transformers.utils import logging

    logging.enable_propagation()
    try:
        with caplog.at_level("WARNING"), warnings.catch_warnings():
            warnings.simplefilter("error")
            # The weights are stored in half precision; we compute with them in fp32.
            model, loading = GPT2LMHeadModel.from_pretrained(
                STARTER, dtype=torch.float32, attn_implementation="eager", output_loading_info=True
            )
            tokenizer = AutoTokenizer.from_pretrained(STARTER)
    finally:
        logging.disable_propagation()
    assert not any(loading.values()), loading
    assert [record.getMessage() for record in caplog.records] == []
    token_ids = tokenizer("Once upon a time there was a little dog.")["input_ids"]
    export(str(STARTER), tmp_path / "out", "fp32")
    engine = open_engine(tmp_path / "out", threads=2)
    run = asyncio.run(engine.run_tokens(token_ids))
    with torch.no_grad():
        expected = model.eval()(torch.tensor([token_ids])).logits[0].numpy()
    assert_close(asyncio.run(engine.all_logits(run)), expected, "logits")
