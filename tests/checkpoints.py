"""Seeded random checkpoints in Hugging Face layout, for tests and measurements. Never shown to anybody as a model."""

import json
from pathlib import Path

import numpy as np
from safetensors.numpy import save_file

from glassbox.byte_level import CHARACTER_OF_BYTE
from model_export.config import CheckpointConfig, tensor_shapes

TOY = CheckpointConfig(n_layer=2, n_head=2, n_embd=16, n_ctx=32, vocab_size=261, layer_norm_epsilon=1e-5)
GPT2_124M = CheckpointConfig(n_layer=12, n_head=12, n_embd=768, n_ctx=1024, vocab_size=50257, layer_norm_epsilon=1e-5)

_TOY_MERGES = ["t h", "th e", "Ġ the", "a n"]


def write_checkpoint(folder: Path, config: CheckpointConfig, tokenizer: Path | None = None, seed: int = 0) -> Path:
    """Write a checkpoint of normally distributed weights. tokenizer: a tokenizer.json to take; a toy one if None."""
    folder.mkdir(parents=True, exist_ok=True)
    generator = np.random.default_rng(seed)
    tensors = {}
    for name, shape in tensor_shapes(config).items():
        values = generator.standard_normal(shape, dtype=np.float32)
        # Gains stand around 1; the other weights are large enough for attention to be far from even.
        is_gain = name.endswith(("ln_1.weight", "ln_2.weight", "ln_f.weight"))
        tensors[f"transformer.{name}"] = (
            1 + 0.1 * values if is_gain else values * np.float32(0.1 if config.n_embd < 64 else 0.02)
        )
    save_file(tensors, folder / "model.safetensors", metadata={"format": "pt"})
    sizes = {
        "model_type": "gpt2",
        "architectures": ["GPT2LMHeadModel"],
        "activation_function": "gelu_new",
        "n_positions": config.n_ctx,
        "bos_token_id": config.vocab_size - 1,
        "eos_token_id": config.vocab_size - 1,
        **vars(config),
    }
    (folder / "config.json").write_text(json.dumps(sizes))
    content = toy_tokenizer() if tokenizer is None else tokenizer.read_text(encoding="utf-8")
    (folder / "tokenizer.json").write_text(content, encoding="utf-8")
    return folder


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
