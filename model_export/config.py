"""Sizes of a GPT-2, read from ``config.json`` and checked."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from model_export.errors import ExportError

_SIZES = ("n_layer", "n_head", "n_embd", "n_ctx", "vocab_size")
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


@dataclass(frozen=True)
class CheckpointConfig:
    """Sizes from ``config.json``, by the names GPT-2 gives them; ``dropout``: the largest share training dropped."""

    n_layer: int
    n_head: int
    n_embd: int
    n_ctx: int
    vocab_size: int
    layer_norm_epsilon: float
    dropout: float = 0.0


def read_config(folder: Path) -> CheckpointConfig:
    """Sizes of the model in a folder. Raises ExportError unless ``config.json`` describes a GPT-2."""
    raw = _read_json(folder)
    _check_kind(folder, raw)
    # n_ctx is an older name of n_positions, which alone counts where both are there.
    sizes: dict[str, Any] = {name: raw.get(name) for name in _SIZES} | {
        "n_ctx": raw.get("n_positions", raw.get("n_ctx"))
    }
    wrong = [name for name, size in sizes.items() if not isinstance(size, int) or isinstance(size, bool) or size < 1]
    if wrong:
        raise ExportError(f"config.json has no whole number for {', '.join(wrong)}. Download it again.")
    if sizes["n_embd"] % sizes["n_head"]:
        raise ExportError(
            f"config.json shares n_embd {sizes['n_embd']} among n_head {sizes['n_head']} heads, which does not "
            "come out even. Correct the two numbers."
        )
    if raw.get("n_inner") not in (None, 4 * sizes["n_embd"]):
        raise ExportError(
            f"config.json sets n_inner to {raw['n_inner']}. The MLP must be 4 x n_embd wide, as in GPT-2: "
            "choose another model."
        )
    epsilon = raw.get("layer_norm_epsilon", 1e-5)
    if not isinstance(epsilon, int | float) or not epsilon > 0:
        raise ExportError(f"config.json sets layer_norm_epsilon to {epsilon!r}. It must be a small number above 0.")
    dropout = max(float(raw.get(name, _USUAL_DROPOUT)) for name in _DROPOUTS)
    return CheckpointConfig(**sizes, layer_norm_epsilon=float(epsilon), dropout=dropout)


def tensor_shapes(config: CheckpointConfig) -> dict[str, tuple[int, ...]]:
    """Shape of every tensor, in the order of the forward pass; matrices are [input, output]."""
    width = config.n_embd
    shapes: dict[str, tuple[int, ...]] = {
        "wte.weight": (config.vocab_size, width),
        "wpe.weight": (config.n_ctx, width),
    }
    for layer in range(config.n_layer):
        for name, shape in {
            "ln_1.weight": (width,),
            "ln_1.bias": (width,),
            "attn.c_attn.weight": (width, 3 * width),
            "attn.c_attn.bias": (3 * width,),
            "attn.c_proj.weight": (width, width),
            "attn.c_proj.bias": (width,),
            "ln_2.weight": (width,),
            "ln_2.bias": (width,),
            "mlp.c_fc.weight": (width, 4 * width),
            "mlp.c_fc.bias": (4 * width,),
            "mlp.c_proj.weight": (4 * width, width),
            "mlp.c_proj.bias": (width,),
        }.items():
            shapes[f"h.{layer}.{name}"] = shape
    return shapes | {"ln_f.weight": (width,), "ln_f.bias": (width,)}


def _read_json(folder: Path) -> Mapping[str, Any]:
    path = folder / "config.json"
    try:
        raw = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ExportError(
            f"No readable config.json in {folder}. Name a folder in Hugging Face layout, or a model of the hub."
        ) from error
    except ValueError as error:
        raise ExportError(f"{path} is not JSON ({error}). Download it again.") from error
    if not isinstance(raw, dict):
        raise ExportError(f"{path} does not describe a model. Download it again.")
    return raw


def _check_kind(folder: Path, raw: Mapping[str, Any]) -> None:
    kind = raw.get("model_type")
    if kind != "gpt2":
        holds = f"holds a model of the kind {kind!r}" if kind else "does not say what kind of model it holds"
        raise ExportError(
            f"{folder} {holds}. Only the GPT-2 family (model_type 'gpt2' in config.json) can be exported: "
            "choose one of those, such as openai-community/gpt2."
        )
    for name, accepted in _ACCEPTED.items():
        if raw.get(name, accepted[0]) not in accepted:
            raise ExportError(
                f"config.json sets {name} to {raw[name]!r}. Only {accepted[0]!r}, as in GPT-2, can be exported: "
                "choose another model."
            )
