"""Names, shapes and axes of the Llama family's tensors, as Hugging Face stores them: matrices are [output, input]."""

from glassbox.config import ModelConfig
from model_export.architecture import TensorSpec

# What a block makes, in order.
LAYER_TENSORS = (
    "resid_pre", "norm_1", "query_pre_rotation", "key_pre_rotation", "query", "key", "value", "attention_scores",
    "attention_pattern", "head_output", "attn_out", "resid_mid", "norm_2", "mlp_gate", "mlp_up", "mlp_post", "mlp_out",
    "resid_post",
)  # fmt: skip
FINAL_NORM = "norm_final"


def tensor_specs(config: ModelConfig) -> dict[str, TensorSpec]:
    """Every tensor, in the order of the forward pass."""
    width = (config.n_embd, "n_embd")
    query, key = (config.n_head * config.d_head, "query"), (config.n_kv_head * config.d_head, "key")
    value, joined = (key[0], "value"), (query[0], "head_output")
    wide = (config.d_mlp, "d_mlp")
    embedding = TensorSpec((config.vocab_size, config.n_embd), ("vocab_size", "n_embd"), "embedding", 0)
    specs = {"embed_tokens.weight": embedding}
    for layer in range(config.n_layer):
        block = f"layers.{layer}"
        specs |= _norm(f"{block}.input_layernorm", config)
        for name, n_out in (("query", query), ("key", key), ("value", value)):
            has_bias = name in config.attention_biases
            specs |= _linear(f"{block}.self_attn.{name[0]}_proj", n_out, width, has_bias)
        specs |= _linear(f"{block}.self_attn.o_proj", width, joined, "output" in config.attention_biases)
        specs |= _norm(f"{block}.post_attention_layernorm", config)
        specs |= _linear(f"{block}.mlp.gate_proj", wide, width)
        specs |= _linear(f"{block}.mlp.up_proj", wide, width)
        specs |= _linear(f"{block}.mlp.down_proj", width, wide)
    specs |= _norm("norm", config)
    return specs if config.is_tied else specs | {"lm_head.weight": embedding}


def _norm(name: str, config: ModelConfig) -> dict[str, TensorSpec]:
    return {f"{name}.weight": TensorSpec((config.n_embd,), ("n_embd",), "vector")}


def _linear(name: str, n_out: tuple[int, str], n_in: tuple[int, str], has_bias: bool = False) -> dict[str, TensorSpec]:
    shape, axes = (n_out[0], n_in[0]), (n_out[1], n_in[1])
    specs = {f"{name}.weight": TensorSpec(shape, axes, "matrix", 0)}
    return specs | ({f"{name}.bias": TensorSpec(n_out[:1], n_out[1:], "vector")} if has_bias else {})
