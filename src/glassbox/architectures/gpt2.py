"""GPT-2 (Radford et al. 2019): its tensors, and which operands make a cell of each."""

from collections.abc import Mapping

from glassbox.architectures.architecture import Architecture
from glassbox.architectures.operations import (
    Cells,
    Channel,
    Dot,
    Gelu,
    LayerNorm,
    Operation,
    Softmax,
    Sum,
    TableRow,
)

_STREAM = ("position", "n_embd")
_HEADS = ("head", "position", "d_head")
_PAIRS = ("head", "query", "key")
_NEURONS = ("position", "d_mlp")

_TENSORS: Mapping[str, tuple[str, ...]] = {
    "resid_pre": _STREAM,
    "norm_1": _STREAM,
    "query": _HEADS,
    "key": _HEADS,
    "value": _HEADS,
    "attention_scores": _PAIRS,
    "attention_pattern": _PAIRS,
    "head_output": _HEADS,
    "attn_out": _STREAM,
    "resid_mid": _STREAM,
    "norm_2": _STREAM,
    "mlp_pre": _NEURONS,
    "mlp_post": _NEURONS,
    "mlp_out": _STREAM,
    "resid_post": _STREAM,
    "norm_final": _STREAM,
}


def _channel(matrix: str, part: int = 0) -> Channel:
    return Channel(f"h.{{layer}}.{matrix}.weight", f"h.{{layer}}.{matrix}.bias", part)


# One matrix makes query, key and value.
_OF_HEAD = {
    name: Dot(Cells("norm_1"), _channel("attn.c_attn", part), (name[0], "x", "W"))
    for part, name in enumerate(("query", "key", "value"))
}

_OPERATIONS: Mapping[str, Operation] = {
    # A block's input is the block before's output.
    "resid_pre": Sum((Cells("resid_mid", layer="previous"), Cells("mlp_out", layer="previous"))),
    "norm_1": LayerNorm(Cells("resid_pre"), "h.{layer}.ln_1"),
    **_OF_HEAD,
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
    "attn_out": Dot(Cells("head_output", head="joined"), _channel("attn.c_proj"), ("a", "o", "W")),
    "resid_mid": Sum((Cells("resid_pre"), Cells("attn_out"))),
    "norm_2": LayerNorm(Cells("resid_mid"), "h.{layer}.ln_2"),
    "mlp_pre": Dot(Cells("norm_2"), _channel("mlp.c_fc"), ("h", "x", "W")),
    "mlp_post": Gelu(Cells("mlp_pre")),
    "mlp_out": Dot(Cells("mlp_post"), _channel("mlp.c_proj"), ("m", "g", "W"), factor="mlp_scale"),
    "resid_post": Sum((Cells("resid_mid"), Cells("mlp_out"))),
    "norm_final": LayerNorm(Cells("resid_post", layer="last"), "ln_f"),
    "logits": Dot(
        Cells("norm_final", layer="none"),
        TableRow("unembedding", "lm_head.weight", "column", tied="wte.weight"),
        (r"\ell", "x", "e"),
    ),
}

GPT2 = Architecture(
    name="gpt2",
    tensors=_TENSORS,
    operations=_OPERATIONS,
    first_layer={
        "resid_pre": Sum(
            (
                TableRow("token_embedding", "wte.weight", "token"),
                TableRow("position_embedding", "wpe.weight", "position"),
            )
        )
    },
    masked={"attention_scores": float("-inf"), "attention_pattern": 0.0},
    unlayered=frozenset({"norm_final"}),
    aliases={"ln_1": "norm_1", "ln_2": "norm_2", "ln_f": "norm_final"},
)
