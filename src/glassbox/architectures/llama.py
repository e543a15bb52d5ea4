"""The Llama family (Touvron et al. 2023): root mean square norms, rotated positions, grouped heads, a gated MLP."""

from collections.abc import Mapping

from glassbox.architectures.architecture import Architecture
from glassbox.architectures.operations import (
    Cells,
    Channel,
    Dot,
    Gate,
    Operation,
    RmsNorm,
    Rotation,
    Softmax,
    Sum,
    TableRow,
)

_STREAM = ("position", "n_embd")
_HEADS = ("head", "position", "d_head")
_GROUPS = ("kv_head", "position", "d_head")
_PAIRS = ("head", "query", "key")
_NEURONS = ("position", "d_mlp")

_TENSORS: Mapping[str, tuple[str, ...]] = {
    "resid_pre": _STREAM,
    "norm_1": _STREAM,
    "query_pre_rotation": _HEADS,
    "key_pre_rotation": _GROUPS,
    "query": _HEADS,
    "key": _GROUPS,
    "value": _GROUPS,
    "attention_scores": _PAIRS,
    "attention_pattern": _PAIRS,
    "head_output": _HEADS,
    "attn_out": _STREAM,
    "resid_mid": _STREAM,
    "norm_2": _STREAM,
    "mlp_gate": _NEURONS,
    "mlp_up": _NEURONS,
    "mlp_post": _NEURONS,
    "mlp_out": _STREAM,
    "resid_post": _STREAM,
    "norm_final": _STREAM,
}


def _channel(matrix: str) -> Channel:
    return Channel(f"layers.{{layer}}.{matrix}.weight", f"layers.{{layer}}.{matrix}.bias")


_OPERATIONS: Mapping[str, Operation] = {
    # A block's input is the block before's output.
    "resid_pre": Sum((Cells("resid_mid", layer="previous"), Cells("mlp_out", layer="previous"))),
    "norm_1": RmsNorm(Cells("resid_pre"), "layers.{layer}.input_layernorm"),
    "query_pre_rotation": Dot(Cells("norm_1"), _channel("self_attn.q_proj"), ("q", "x", "W")),
    "key_pre_rotation": Dot(Cells("norm_1"), _channel("self_attn.k_proj"), ("k", "x", "W")),
    "query": Rotation(Cells("query_pre_rotation", head="same")),
    "key": Rotation(Cells("key_pre_rotation", head="same")),
    "value": Dot(Cells("norm_1"), _channel("self_attn.v_proj"), ("v", "x", "W")),
    "attention_scores": Dot(
        Cells("query", head="same"),
        Cells("key", head="group", row="column"),
        ("s", "q", "k"),
        factor="attention",
    ),
    "attention_pattern": Softmax(Cells("attention_scores", head="same")),
    "head_output": Dot(
        Cells("attention_pattern", head="same"),
        Cells("value", head="group", row="term", column="column"),
        ("o", "w", "v"),
        factor="head_scale",
    ),
    "attn_out": Dot(Cells("head_output", head="joined"), _channel("self_attn.o_proj"), ("a", "o", "W")),
    "resid_mid": Sum((Cells("resid_pre"), Cells("attn_out"))),
    "norm_2": RmsNorm(Cells("resid_mid"), "layers.{layer}.post_attention_layernorm"),
    "mlp_gate": Dot(Cells("norm_2"), _channel("mlp.gate_proj"), ("g", "x", "W")),
    "mlp_up": Dot(Cells("norm_2"), _channel("mlp.up_proj"), ("u", "x", "W")),
    "mlp_post": Gate(Cells("mlp_gate"), Cells("mlp_up")),
    "mlp_out": Dot(Cells("mlp_post"), _channel("mlp.down_proj"), ("m", "h", "W"), factor="mlp_scale"),
    "resid_post": Sum((Cells("resid_mid"), Cells("mlp_out"))),
    "norm_final": RmsNorm(Cells("resid_post", layer="last"), "norm"),
    "logits": Dot(
        Cells("norm_final", layer="none"),
        TableRow("unembedding", "lm_head.weight", "column", tied="embed_tokens.weight"),
        (r"\ell", "x", "e"),
    ),
}

LLAMA = Architecture(
    name="llama",
    tensors=_TENSORS,
    operations=_OPERATIONS,
    first_layer={"resid_pre": Sum((TableRow("token_embedding", "embed_tokens.weight", "token"),))},
    masked={"attention_scores": float("-inf"), "attention_pattern": 0.0},
    unlayered=frozenset({"norm_final"}),
)
