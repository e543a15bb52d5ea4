"""The fp32 graph against transformers' Llama and Qwen2 in PyTorch, on random weights: every named tensor."""

import asyncio
from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
import pytest

from glassbox.config import ModelConfig
from glassbox.runtime.base import RunRequest
from glassbox.runtime.native import NativeRuntime
from model_export.export import export
from model_export.llama import LLAMA
from tests.checkpoints import toy_llama, write_llama
from tests.parity.closeness import TOLERANCE, assert_all_close, assert_close

pytestmark = pytest.mark.parity

QWEN2 = ("query", "key", "value")
LLAMA3 = {"rope_type": "llama3", "factor": 8.0, "low_freq_factor": 1.0, "high_freq_factor": 4.0}
# Each with more of config.json.
SHAPES: dict[str, tuple[ModelConfig, dict[str, Any]]] = {
    "grouped, tied": (toy_llama(), {}),
    "not grouped, untied": (toy_llama(n_kv_head=6, is_tied=False), {}),
    "biases of Qwen2": (toy_llama(attention_biases=QWEN2), {}),
    "all biases, untied": (toy_llama(attention_biases=(*QWEN2, "output"), is_tied=False, n_kv_head=3), {}),
    "rotation of Llama 3": (toy_llama(), {"rope_scaling": {**LLAMA3, "original_max_position_embeddings": 16}}),
    "SmolLM2-135M": (
        toy_llama(n_layer=30, n_head=9, n_kv_head=3, n_embd=576, d_head=64, d_mlp=1536, n_ctx=8192, vocab_size=1000),
        {"rope_theta": 100_000.0},
    ),
}
TOKEN_IDS = [1, 5, 260, 3, 99, 120, 7, 3, 5, 11, 42]
NAMES = (*LLAMA.layer_tensors, LLAMA.final_norm)


class Pair(NamedTuple):
    """One checkpoint as PyTorch runs it, and as we do."""

    config: ModelConfig
    torch_model: Any
    runtime: NativeRuntime


@pytest.fixture(scope="module", params=SHAPES)
def pair(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    import torch
    from transformers import AutoModelForCausalLM

    config, settings = SHAPES[request.param]
    place = tmp_path_factory.mktemp("llama")
    folder = write_llama(place / "checkpoint", config, **settings)
    model = AutoModelForCausalLM.from_pretrained(folder, attn_implementation="eager", dtype=torch.float32).eval()
    export(str(folder), place / "out", "fp32")
    with torch.no_grad():
        yield Pair(config, model, NativeRuntime(place / "out", threads=2))


def torch_tensors(pair: Pair, head_scale: np.ndarray | None = None) -> dict[str, np.ndarray]:
    """Everything the seams name, taken from PyTorch with hooks."""
    import torch

    config, seen, hooks = pair.config, {}, []

    def watch(module: Any, inside: str, outside: str) -> None:
        """Keep what a module gets and gives."""

        def keep(_: Any, inputs: Any, output: Any) -> None:
            if inputs:
                seen[inside] = inputs[0][0]
            seen[outside] = (output[0] if isinstance(output, tuple) else output)[0]

        hooks.append(module.register_forward_hook(keep))

    def scale_heads(layer: int) -> Any:
        def scaled(_: Any, inputs: Any) -> Any:
            assert head_scale is not None
            return (inputs[0] * torch.tensor(head_scale[layer]).repeat_interleave(config.d_head),)

        return scaled

    model = pair.torch_model.model
    for layer, block in enumerate(model.layers):
        attention, mlp = block.self_attn, block.mlp
        if head_scale is not None:
            hooks.append(attention.o_proj.register_forward_pre_hook(scale_heads(layer)))
        watch(block, f"resid_pre.{layer}", f"resid_post.{layer}")
        watch(block.input_layernorm, f"resid_pre.{layer}", f"norm_1.{layer}")
        for name in ("query", "key", "value"):
            watch(getattr(attention, f"{name[0]}_proj"), f"norm_1.{layer}", f"rows_{name}.{layer}")
        watch(attention.o_proj, f"joined.{layer}", f"attn_out.{layer}")
        watch(block.post_attention_layernorm, f"resid_mid.{layer}", f"norm_2.{layer}")
        watch(mlp.gate_proj, f"norm_2.{layer}", f"mlp_gate.{layer}")
        watch(mlp.up_proj, f"norm_2.{layer}", f"mlp_up.{layer}")
        watch(mlp.down_proj, f"mlp_post.{layer}", f"mlp_out.{layer}")
    watch(model.norm, f"resid_post.{config.n_layer - 1}", "norm_final")
    answer = pair.torch_model(torch.tensor([TOKEN_IDS]), output_attentions=True)
    for hook in hooks:
        hook.remove()
    seen["logits"] = answer.logits[0]
    attention_tensors(pair, seen, answer.attentions)
    return {name: tensor.numpy() for name, tensor in seen.items()}


def attention_tensors(pair: Pair, seen: dict[str, Any], patterns: Any) -> None:
    """Put queries, keys, values and scores in the place of the projections' rows."""
    import torch
    from transformers.models.llama.modeling_llama import apply_rotary_pos_emb

    config, model = pair.config, pair.torch_model.model

    def heads(rows: Any) -> Any:
        """[position, heads * d_head] -> [head, position, d_head]."""
        return rows.reshape(len(rows), -1, config.d_head).transpose(0, 1)

    cosine, sine = model.rotary_emb(seen["resid_pre.0"][None], torch.arange(len(TOKEN_IDS))[None])
    later = torch.ones(len(TOKEN_IDS), len(TOKEN_IDS)).triu(1).bool()
    for layer in range(config.n_layer):
        query, key, value = (heads(seen.pop(f"rows_{name}.{layer}")) for name in ("query", "key", "value"))
        seen |= {f"query_pre_rotation.{layer}": query, f"key_pre_rotation.{layer}": key, f"value.{layer}": value}
        query, key = (rows[0] for rows in apply_rotary_pos_emb(query[None], key[None], cosine, sine))
        repeated = key.repeat_interleave(config.n_head // config.n_kv_head, dim=0)
        scores = query @ repeated.transpose(1, 2) / config.d_head**0.5
        seen |= {f"query.{layer}": query, f"key.{layer}": key}
        seen[f"attention_scores.{layer}"] = scores.masked_fill(later, float("-inf"))
        seen[f"attention_pattern.{layer}"] = patterns[layer][0]
        seen[f"head_output.{layer}"] = heads(seen.pop(f"joined.{layer}"))


def our_tensors(
    pair: Pair, token_ids: list[int], past: int = 0, head_scale: np.ndarray | None = None
) -> dict[str, np.ndarray]:
    """The same from the exported graph; logits of all rows of the last layer."""
    config, n_new = pair.config, len(token_ids)
    rows = np.arange(config.n_layer * n_new, (config.n_layer + 1) * n_new)
    scale = np.ones((config.n_layer, config.n_head), np.float32) if head_scale is None else head_scale
    answer = dict(asyncio.run(pair.runtime.run(RunRequest(np.array(token_ids), past, rows, scale, NAMES))))
    flat = {name: answer.pop(name) for name in ("logits", LLAMA.final_norm)}
    return flat | {f"{name}.{i}": layer for name, layers in answer.items() for i, layer in enumerate(layers)}


def test_every_tensor(pair: Pair) -> None:
    assert_all_close(our_tensors(pair, TOKEN_IDS), torch_tensors(pair))


def test_scaled_heads(pair: Pair) -> None:
    scale = np.random.default_rng(2).uniform(0, 2, (pair.config.n_layer, pair.config.n_head)).astype(np.float32)
    scale[0, 0] = 0
    expected = torch_tensors(pair, scale)
    assert np.abs(expected["logits"] - torch_tensors(pair)["logits"]).max() > 10 * TOLERANCE, "it must matter"
    assert_all_close(our_tensors(pair, TOKEN_IDS, head_scale=scale), expected)


def test_continuing_from_the_cache(pair: Pair) -> None:
    import torch

    n_past = 6
    first = pair.torch_model(torch.tensor([TOKEN_IDS[:n_past]]), use_cache=True)
    our_tensors(pair, TOKEN_IDS[:n_past])
    for position in range(n_past, len(TOKEN_IDS)):
        token = TOKEN_IDS[position : position + 1]
        first = pair.torch_model(torch.tensor([token]), past_key_values=first.past_key_values, use_cache=True)
        assert_close(our_tensors(pair, token, past=position)["logits"], first.logits[0].numpy(), f"at {position}")
