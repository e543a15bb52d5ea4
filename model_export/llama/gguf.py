"""The Llama family in a GGUF file."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from glassbox.config import ModelConfig
from model_export.architecture import GgufLayout
from model_export.errors import ExportError
from model_export.gguf_fields import block_name, epsilon, size
from model_export.llama.config import check_heads, llama_config
from model_export.llama.rotary import frequencies

_NAMES = {
    "token_embd.weight": "embed_tokens.weight",
    "output_norm.weight": "norm.weight",
    "output.weight": "lm_head.weight",
}
_IN_BLOCK = {
    "attn_norm": "input_layernorm",
    "attn_q": "self_attn.q_proj",
    "attn_k": "self_attn.k_proj",
    "attn_v": "self_attn.v_proj",
    "attn_output": "self_attn.o_proj",
    "ffn_norm": "post_attention_layernorm",
    "ffn_gate": "mlp.gate_proj",
    "ffn_up": "mlp.up_proj",
    "ffn_down": "mlp.down_proj",
}
_BIASES = {"query": "attn_q", "key": "attn_k", "value": "attn_v", "output": "attn_output"}


def _read_config(fields: Mapping[str, Any], names: frozenset[str]) -> ModelConfig:
    kind = fields["general.architecture"]
    if "rope_freqs.weight" in names or fields.get(f"{kind}.rope.scaling.type", "none") != "none":
        raise ExportError("The GGUF file scales its rotation. Export the model from its Hugging Face folder.")
    n_head, n_embd = size(fields, f"{kind}.attention.head_count"), size(fields, f"{kind}.embedding_length")
    n_kv_head = size(fields, f"{kind}.attention.head_count_kv", n_head)
    d_head = size(fields, f"{kind}.attention.key_length", n_embd // n_head)
    check_heads(n_head, n_kv_head, d_head, "The GGUF file")
    if size(fields, f"{kind}.rope.dimension_count", d_head) != d_head:
        raise ExportError(
            "The GGUF file turns only a part of each head. Such a model cannot be exported: choose another."
        )
    return llama_config(
        n_layer=size(fields, f"{kind}.block_count"),
        n_head=n_head,
        n_kv_head=n_kv_head,
        n_embd=n_embd,
        d_head=d_head,
        d_mlp=size(fields, f"{kind}.feed_forward_length"),
        n_ctx=size(fields, f"{kind}.context_length"),
        vocab_size=len(fields["tokenizer.ggml.tokens"]),
        norm_epsilon=epsilon(fields, f"{kind}.attention.layer_norm_rms_epsilon"),
        rotary_frequencies=tuple(frequencies(float(fields.get(f"{kind}.rope.freq_base", 10_000.0)), d_head)),
        attention_biases=tuple(name for name, part in _BIASES.items() if f"blk.0.{part}.bias" in names),
        is_tied="output.weight" not in names,
        dropout=None,
    )


def _tensor_name(name: str) -> str | None:
    return _NAMES.get(name) or block_name(name, "layers", _IN_BLOCK)


def _row_order(kind: str, config: ModelConfig, name: str) -> npt.NDArray[np.int64] | None:
    """Files of the kind ``llama`` keep a pair's rows next to each other; here its halves are d_head / 2 apart."""
    part = name.split(".")[2] if name.startswith("blk.") else ""
    if kind != "llama" or part not in ("attn_q", "attn_k"):
        return None
    n_head = config.n_head if part == "attn_q" else config.n_kv_head
    rows = np.arange(n_head * config.d_head).reshape(n_head, config.d_head // 2, 2)
    return rows.swapaxes(1, 2).ravel()


GGUF = GgufLayout(("llama", "qwen2"), _read_config, _tensor_name, _row_order)
