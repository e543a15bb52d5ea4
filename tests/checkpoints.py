"""Seeded random checkpoints in Hugging Face layout, for tests and measurements. Never shown to anybody as a model."""

import json
from pathlib import Path
from typing import Any

import numpy as np

from glassbox.byte_level import CHARACTER_OF_BYTE
from glassbox.config import ModelConfig
from model_export.gpt2.config import gpt2_config
from model_export.gpt2.tensors import tensor_specs
from model_export.llama import LLAMA
from model_export.llama.config import llama_config
from model_export.llama.rotary import frequencies

TOY = gpt2_config(n_layer=2, n_head=2, n_embd=16, n_ctx=32, vocab_size=261, norm_epsilon=1e-5)
GPT2_124M = gpt2_config(n_layer=12, n_head=12, n_embd=768, n_ctx=1024, vocab_size=50257, norm_epsilon=1e-5)

_TOY_MERGES = ["t h", "th e", "Ġ the", "a n"]


def write_checkpoint(
    folder: Path,
    config: ModelConfig,
    tokenizer: Path | None = None,
    seed: int = 0,
    tensors: dict[str, np.ndarray] | None = None,
) -> Path:
    """Write a checkpoint. tokenizer: a tokenizer.json to take; a toy one if None. tensors: normal ones if None."""
    from safetensors.numpy import save_file

    folder.mkdir(parents=True, exist_ok=True)
    # Large enough for attention to be far from even.
    tensors = tensors or normal_tensors(config, 0.1 if config.n_embd < 64 else 0.02, seed)
    stored = {f"transformer.{name}": values for name, values in tensors.items()}
    save_file(stored, folder / "model.safetensors", metadata={"format": "pt"})
    sizes = {
        "model_type": "gpt2",
        "architectures": ["GPT2LMHeadModel"],
        "activation_function": "gelu_new",
        "n_positions": config.n_ctx,
        "bos_token_id": config.vocab_size - 1,
        "eos_token_id": config.vocab_size - 1,
        "n_layer": config.n_layer,
        "n_head": config.n_head,
        "n_embd": config.n_embd,
        "vocab_size": config.vocab_size,
        "layer_norm_epsilon": config.norm_epsilon,
        **dict.fromkeys(("attn_pdrop", "embd_pdrop", "resid_pdrop"), config.dropout),
    }
    (folder / "config.json").write_text(json.dumps(sizes))
    content = toy_tokenizer() if tokenizer is None else tokenizer.read_text(encoding="utf-8")
    (folder / "tokenizer.json").write_text(content, encoding="utf-8")
    return folder


def normal_tensors(config: ModelConfig, deviation: float, seed: int = 0) -> dict[str, np.ndarray]:
    """Normally distributed weights; gains stand around 1."""
    generator = np.random.default_rng(seed)
    tensors = {}
    for name, spec in tensor_specs(config).items():
        values = generator.standard_normal(spec.shape, dtype=np.float32)
        is_gain = name.endswith(("ln_1.weight", "ln_2.weight", "ln_f.weight"))
        tensors[name] = 1 + 0.1 * values if is_gain else values * np.float32(deviation)
    return tensors


def pretrained_like_tensors(config: ModelConfig, deviation: float = 0.15, seed: int = 0) -> dict[str, np.ndarray]:
    """Weights with what makes trained ones hard: outlying channels, a sink at the first position, large scores.

    Two channels of the first position's stream are thousands. Every query has a part that points where the first
    position's key does, so half of all heads look there; scores reach some hundreds.
    """
    tensors = normal_tensors(config, deviation, seed)
    width, d_head = config.n_embd, config.n_embd // config.n_head
    outliers = [width // 3, width // 2]
    tensors["wpe.weight"][0, outliers] = [3000, -2500]
    for layer in range(config.n_layer):
        weight, bias = (tensors[f"h.{layer}.attn.c_attn.{kind}"] for kind in ("weight", "bias"))
        # What layer norm leaves of the two channels is about the root of half the width; so long is the first key.
        key = (weight[outliers[0]] - weight[outliers[1]])[width : 2 * width] * np.float32(np.sqrt(width / 2))
        for head in range(0, config.n_head, 2):
            part = slice(head * d_head, (head + 1) * d_head)
            length = np.linalg.norm(key[part])
            bias[part] += key[part] / length**2 * np.float32(300 * np.sqrt(d_head))
    return tensors


def toy_tokenizer() -> str:
    """A byte-level tokenizer.json of 256 bytes, a few merges and one special token."""
    tokens = list(CHARACTER_OF_BYTE.values()) + [merge.replace(" ", "") for merge in _TOY_MERGES]
    special = {"id": len(tokens), "content": "<|endoftext|>", "special": True, "normalized": False}
    special |= {"single_word": False, "lstrip": False, "rstrip": False}
    byte_level = {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True, "use_regex": True}
    vocabulary = {token: token_id for token_id, token in enumerate([*tokens, special["content"]])}
    return json.dumps(
        {
            "version": "1.0",
            "truncation": None,
            "padding": None,
            "added_tokens": [special],
            "normalizer": None,
            "pre_tokenizer": byte_level,
            "post_processor": None,
            "decoder": byte_level,
            "model": {
                "type": "BPE",
                "dropout": None,
                "unk_token": None,
                "continuing_subword_prefix": None,
                "end_of_word_suffix": None,
                "fuse_unk": False,
                "byte_fallback": False,
                "vocab": vocabulary,
                "merges": _TOY_MERGES,
            },
        },
        ensure_ascii=False,
    )


def toy_llama(**changes: Any) -> ModelConfig:
    """A small model of the Llama family: three query heads to a key/value head, no biases, tied."""
    facts: dict[str, Any] = {
        "n_layer": 2, "n_head": 6, "n_kv_head": 2, "n_embd": 96, "d_head": 16, "d_mlp": 64, "n_ctx": 64,
        "vocab_size": 261, "norm_epsilon": 1e-5, "is_tied": True, "dropout": 0.0,
    }  # fmt: skip
    facts |= {"rotary_frequencies": tuple(frequencies(10_000.0, changes.get("d_head", 16)))}
    return llama_config(**(facts | changes))


def llama_tensors(config: ModelConfig, deviation: float = 0.1, seed: int = 0) -> dict[str, np.ndarray]:
    """Normally distributed weights by Hugging Face's names without their prefix; gains stand around 1."""
    generator = np.random.default_rng(seed)
    tensors = {}
    for name, spec in LLAMA.tensor_specs(config).items():
        values = generator.standard_normal(spec.shape, dtype=np.float32)
        tensors[name] = 1 + 0.1 * values if "norm" in name else values * np.float32(deviation)
    return tensors


def write_llama(folder: Path, config: ModelConfig, base: float = 10_000.0, **settings: Any) -> Path:
    """Write a random checkpoint in Hugging Face layout. settings: more of config.json."""
    from safetensors.numpy import save_file

    folder.mkdir(parents=True, exist_ok=True)
    # As for GPT-2: wide enough, and 0.1 would make a stream of thousands.
    tensors = llama_tensors(config, 0.1 if config.n_embd < 512 else 0.02)
    stored = {name if name == "lm_head.weight" else f"model.{name}": values for name, values in tensors.items()}
    save_file(stored, folder / "model.safetensors", metadata={"format": "pt"})
    sizes = {
        "model_type": "qwen2" if config.attention_biases == ("query", "key", "value") else "llama",
        "num_hidden_layers": config.n_layer,
        "num_attention_heads": config.n_head,
        "num_key_value_heads": config.n_kv_head,
        "hidden_size": config.n_embd,
        "head_dim": config.d_head,
        "intermediate_size": config.d_mlp,
        "max_position_embeddings": config.n_ctx,
        "vocab_size": config.vocab_size,
        "rms_norm_eps": config.norm_epsilon,
        "rope_theta": base,
        "hidden_act": "silu",
        "attention_bias": "output" in config.attention_biases,
        "tie_word_embeddings": config.is_tied,
        "eos_token_id": 260,
    }
    (folder / "config.json").write_text(json.dumps(sizes | settings))
    (folder / "tokenizer.json").write_text(toy_tokenizer(), encoding="utf-8")
    return folder
