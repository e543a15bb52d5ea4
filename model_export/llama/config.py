"""Sizes of a model of the Llama family."""

from collections.abc import Mapping
from typing import Any

from glassbox.config import ModelConfig
from model_export.config_file import check_settings, is_size, small_number, whole_numbers
from model_export.errors import ExportError
from model_export.llama.rotary import frequencies, scaled

_ACCEPTED: Mapping[str, tuple[Any, ...]] = {
    "hidden_act": ("silu", "swish"),
    "mlp_bias": (False,),
    "use_sliding_window": (False,),
    "pretraining_tp": (1,),
    "quantization_config": (None,),
}
_BASE = 10_000.0


def llama_config(**facts: Any) -> ModelConfig:
    """What a model of the family is; facts: the fields of ``ModelConfig`` that differ within it."""
    kinds = {"norm": "rms_norm", "position": "rotary", "activation": "silu", "attention_biases": ()}
    return ModelConfig(**{**kinds, **facts})


def read_config(raw: Mapping[str, Any]) -> ModelConfig:
    """From the settings of ``config.json``. Raises ExportError where they ask for what the graph does not compute."""
    like = "Llama"
    check_settings(raw, _ACCEPTED, like)
    names = ("num_hidden_layers", "num_attention_heads", "hidden_size", "intermediate_size", "max_position_embeddings")
    n_layer, n_head, n_embd, d_mlp, n_ctx = whole_numbers(raw, names)
    (vocab_size,) = whole_numbers(raw, ("vocab_size",))
    n_kv_head = raw.get("num_key_value_heads") or n_head
    d_head = raw.get("head_dim") or n_embd // n_head
    check_heads(n_head, n_kv_head, d_head, "config.json")
    # The older form has base and scaling beside each other.
    rotation = raw.get("rope_parameters") or {
        **(raw.get("rope_scaling") or {}),
        "rope_theta": raw.get("rope_theta", _BASE),
    }
    turns = frequencies(small_number(rotation, "rope_theta", _BASE), d_head)
    return llama_config(
        n_layer=n_layer,
        n_head=n_head,
        n_kv_head=n_kv_head,
        n_embd=n_embd,
        d_head=d_head,
        d_mlp=d_mlp,
        n_ctx=n_ctx,
        vocab_size=vocab_size,
        norm_epsilon=small_number(raw, "rms_norm_eps", 1e-6),
        rotary_frequencies=tuple(scaled(turns, rotation)),
        attention_biases=_biases(raw),
        is_tied=bool(raw.get("tie_word_embeddings", False)),
        dropout=float(raw.get("attention_dropout", 0.0)),
    )


def check_heads(n_head: int, n_kv_head: Any, d_head: Any, where: str) -> None:
    """Raise ExportError unless key/value heads serve equally many heads each, and pairs fill a head."""
    if not is_size(n_kv_head) or n_head % n_kv_head:
        raise ExportError(
            f"{where} shares {n_kv_head!r} key/value heads among {n_head} heads. Correct the two numbers."
        )
    if not is_size(d_head) or d_head % 2:
        raise ExportError(f"{where} makes a head {d_head!r} wide. It must be an even number: rotation turns pairs.")


def _biases(raw: Mapping[str, Any]) -> tuple[str, ...]:
    """Qwen2 has them on query, key and value without saying so."""
    if raw.get("model_type") == "qwen2":
        return ("query", "key", "value")
    return ("query", "key", "value", "output") if raw.get("attention_bias") else ()
