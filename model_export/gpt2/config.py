"""Sizes of a GPT-2."""

from collections.abc import Mapping
from typing import Any

from glassbox.config import ModelConfig
from model_export.config_file import check_settings, small_number, whole_numbers
from model_export.errors import ExportError

# Settings of GPT-2's config.json that change the arithmetic, with the values this graph computes; the first is usual.
_ACCEPTED: Mapping[str, tuple[Any, ...]] = {
    "activation_function": ("gelu_new", "gelu_pytorch_tanh"),
    "scale_attn_weights": (True,),
    "scale_attn_by_inverse_layer_idx": (False,),
    "add_cross_attention": (False,),
    "tie_word_embeddings": (True,),
}

# Shares of the numbers that training sets to 0, in three places; GPT-2's own, 0.1, where config.json does not say.
_DROPOUTS = ("attn_pdrop", "embd_pdrop", "resid_pdrop")
_USUAL_DROPOUT = 0.1


def gpt2_config(
    n_layer: int,
    n_head: int,
    n_embd: int,
    n_ctx: int,
    vocab_size: int,
    norm_epsilon: float = 1e-5,
    is_tied: bool = True,
    dropout: float | None = 0.0,
) -> ModelConfig:
    """What a GPT-2 of these sizes is."""
    return ModelConfig(
        n_layer=n_layer,
        n_head=n_head,
        n_kv_head=n_head,
        n_embd=n_embd,
        d_head=n_embd // n_head,
        d_mlp=4 * n_embd,
        n_ctx=n_ctx,
        vocab_size=vocab_size,
        norm="layer_norm",
        norm_epsilon=norm_epsilon,
        position="learned",
        rotary_frequencies=(),
        activation="gelu_tanh",
        attention_biases=("query", "key", "value", "output"),
        is_tied=is_tied,
        dropout=dropout,
    )


def read_config(raw: Mapping[str, Any]) -> ModelConfig:
    """From the settings of ``config.json``. Raises ExportError where they ask for what the graph does not compute."""
    check_settings(raw, _ACCEPTED, "GPT-2")
    # n_ctx is an older name of n_positions, which alone counts where both are there.
    sizes = {**raw, "n_ctx": raw.get("n_positions", raw.get("n_ctx"))}
    n_layer, n_head, n_embd, n_ctx, vocab_size = whole_numbers(
        sizes, ("n_layer", "n_head", "n_embd", "n_ctx", "vocab_size")
    )
    if n_embd % n_head:
        raise ExportError(
            f"config.json shares n_embd {n_embd} among n_head {n_head} heads, which does not come out even. "
            "Correct the two numbers."
        )
    if raw.get("n_inner") not in (None, 4 * n_embd):
        raise ExportError(
            f"config.json sets n_inner to {raw['n_inner']}. The MLP must be 4 x n_embd wide, as in GPT-2: "
            "choose another model."
        )
    dropout = max(float(raw.get(name, _USUAL_DROPOUT)) for name in _DROPOUTS)
    epsilon = small_number(raw, "layer_norm_epsilon", 1e-5)
    return gpt2_config(n_layer, n_head, n_embd, n_ctx, vocab_size, epsilon, dropout=dropout)
