"""GPT-2 in a GGUF file."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from glassbox.config import ModelConfig
from model_export.architecture import GgufLayout
from model_export.errors import ExportError
from model_export.gguf_fields import block_name, epsilon, size
from model_export.gpt2.config import gpt2_config

_NAMES = {
    "token_embd.weight": "wte.weight",
    "position_embd.weight": "wpe.weight",
    "output_norm.weight": "ln_f.weight",
    "output_norm.bias": "ln_f.bias",
    "output.weight": "lm_head.weight",
}
_IN_BLOCK = {
    "attn_norm": "ln_1",
    "attn_qkv": "attn.c_attn",
    "attn_output": "attn.c_proj",
    "ffn_norm": "ln_2",
    "ffn_up": "mlp.c_fc",
    "ffn_down": "mlp.c_proj",
}


def _read_config(fields: Mapping[str, Any], names: frozenset[str]) -> ModelConfig:
    n_embd, n_head = size(fields, "gpt2.embedding_length"), size(fields, "gpt2.attention.head_count")
    if n_embd % n_head or size(fields, "gpt2.feed_forward_length") != 4 * n_embd:
        raise ExportError("The GGUF file's sizes are not those of a GPT-2. Get another copy.")
    return gpt2_config(
        size(fields, "gpt2.block_count"),
        n_head,
        n_embd,
        size(fields, "gpt2.context_length"),
        len(fields["tokenizer.ggml.tokens"]),
        epsilon(fields, "gpt2.attention.layer_norm_epsilon"),
        is_tied="output.weight" not in names,
        dropout=None,
    )


def _tensor_name(name: str) -> str | None:
    return _NAMES.get(name) or block_name(name, "h", _IN_BLOCK)


def _row_order(_: str, __: ModelConfig, ___: str) -> npt.NDArray[np.int64] | None:
    return None


GGUF = GgufLayout(("gpt2",), _read_config, _tensor_name, _row_order)
