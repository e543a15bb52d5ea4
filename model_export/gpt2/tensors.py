"""Names, shapes and axes of GPT-2's tensors, as Hugging Face stores them: matrices are [input, output]."""

from glassbox.config import ModelConfig
from model_export.architecture import TensorSpec

# What a block makes, in order.
LAYER_TENSORS = (
    "resid_pre", "ln_1", "query", "key", "value", "attention_scores", "attention_pattern", "head_output", "attn_out",
    "resid_mid", "ln_2", "mlp_pre", "mlp_post", "mlp_out", "resid_post",
)  # fmt: skip
FINAL_NORM = "ln_f"
OTHER_NAMES = {"norm_1": "ln_1", "norm_2": "ln_2", "norm_final": "ln_f"}


def tensor_specs(config: ModelConfig) -> dict[str, TensorSpec]:
    """Every tensor, in the order of the forward pass."""
    width, wide = config.n_embd, config.d_mlp
    specs = {
        "wte.weight": TensorSpec((config.vocab_size, width), ("vocab_size", "n_embd"), "embedding", 0),
        "wpe.weight": TensorSpec((config.n_ctx, width), ("position", "n_embd"), "positions"),
    }
    for layer in range(config.n_layer):
        block = f"h.{layer}"
        specs |= _norm(f"{block}.ln_1", width)
        specs |= _linear(f"{block}.attn.c_attn", (width, "n_embd"), (3 * width, "query_key_value"))
        specs |= _linear(f"{block}.attn.c_proj", (width, "head_output"), (width, "n_embd"))
        specs |= _norm(f"{block}.ln_2", width)
        specs |= _linear(f"{block}.mlp.c_fc", (width, "n_embd"), (wide, "d_mlp"))
        specs |= _linear(f"{block}.mlp.c_proj", (wide, "d_mlp"), (width, "n_embd"))
    specs |= _norm("ln_f", width)
    if not config.is_tied:
        specs["lm_head.weight"] = TensorSpec((config.vocab_size, width), ("vocab_size", "n_embd"), "embedding", 0)
    return specs


def _norm(name: str, width: int) -> dict[str, TensorSpec]:
    return {f"{name}.{part}": TensorSpec((width,), ("n_embd",), "vector") for part in ("weight", "bias")}


def _linear(name: str, n_in: tuple[int, str], n_out: tuple[int, str]) -> dict[str, TensorSpec]:
    shape, axes = (n_in[0], n_out[0]), (n_in[1], n_out[1])
    return {
        f"{name}.weight": TensorSpec(shape, axes, "matrix", 1),
        f"{name}.bias": TensorSpec(n_out[:1], n_out[1:], "vector"),
    }
