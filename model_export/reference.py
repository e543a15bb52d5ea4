"""GPT-2 in plain NumPy, every tensor of the glossary: what the graph is held against (Radford et al. 2019)."""

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt

from model_export.config import CheckpointConfig

FloatArray = npt.NDArray[np.float32]


def forward(
    config: CheckpointConfig,
    tensor: Callable[[str], FloatArray],
    token_ids: Sequence[int],
    head_scale: FloatArray | None = None,
) -> dict[str, FloatArray]:
    """Run a text. tensor: checkpoint name -> weights. head_scale: [n_layer, n_head], ones if None.

    Returns ``NAME.LAYER`` for every tensor of the glossary, ``ln_f`` and ``logits`` [n_tokens, vocab_size].
    """
    run: dict[str, FloatArray] = {}
    n_tokens = len(token_ids)
    later = np.triu(np.ones((n_tokens, n_tokens), bool), 1)
    embedding = tensor("wte.weight")
    stream = embedding[list(token_ids)] + tensor("wpe.weight")[:n_tokens]
    for layer in range(config.n_layer):
        block = f"h.{layer}"
        run[f"resid_pre.{layer}"] = stream
        run[f"ln_1.{layer}"] = normed = _layer_norm(config, tensor, f"{block}.ln_1", stream)
        fused = _linear(tensor, f"{block}.attn.c_attn", normed)
        query, key, value = (_heads(config, part) for part in np.split(fused, 3, axis=1))
        scores = query @ key.swapaxes(1, 2) / np.sqrt(np.float32(query.shape[-1]))
        scores = np.where(later, np.float32(-np.inf), scores)
        pattern = np.exp(scores - scores.max(axis=-1, keepdims=True))
        pattern /= pattern.sum(axis=-1, keepdims=True)
        heads = pattern @ value
        if head_scale is not None:
            heads = heads * head_scale[layer][:, None, None]
        joined = heads.swapaxes(0, 1).reshape(n_tokens, config.n_embd)
        run |= {f"query.{layer}": query, f"key.{layer}": key, f"value.{layer}": value}
        run |= {
            f"attention_scores.{layer}": scores,
            f"attention_pattern.{layer}": pattern,
            f"head_output.{layer}": heads,
        }
        run[f"attn_out.{layer}"] = _linear(tensor, f"{block}.attn.c_proj", joined)
        run[f"resid_mid.{layer}"] = stream = stream + run[f"attn_out.{layer}"]
        run[f"ln_2.{layer}"] = normed = _layer_norm(config, tensor, f"{block}.ln_2", stream)
        run[f"mlp_pre.{layer}"] = wide = _linear(tensor, f"{block}.mlp.c_fc", normed)
        run[f"mlp_post.{layer}"] = wide = _gelu(wide)
        run[f"mlp_out.{layer}"] = _linear(tensor, f"{block}.mlp.c_proj", wide)
        run[f"resid_post.{layer}"] = stream = stream + run[f"mlp_out.{layer}"]
    run["ln_f"] = _layer_norm(config, tensor, "ln_f", stream)
    run["logits"] = run["ln_f"] @ embedding.T
    return run


def _layer_norm(
    config: CheckpointConfig, tensor: Callable[[str], FloatArray], weight: str, rows: FloatArray
) -> FloatArray:
    centred = rows - rows.mean(axis=-1, keepdims=True)
    scale = np.sqrt((centred**2).mean(axis=-1, keepdims=True) + np.float32(config.layer_norm_epsilon))
    normed: FloatArray = centred / scale * tensor(f"{weight}.weight") + tensor(f"{weight}.bias")
    return normed


def _linear(tensor: Callable[[str], FloatArray], weight: str, rows: FloatArray) -> FloatArray:
    product: FloatArray = rows @ tensor(f"{weight}.weight") + tensor(f"{weight}.bias")
    return product


def _heads(config: CheckpointConfig, rows: FloatArray) -> FloatArray:
    """[n_tokens, n_embd] -> [n_head, n_tokens, d_head]."""
    return rows.reshape(len(rows), config.n_head, -1).swapaxes(0, 1)


def _gelu(x: FloatArray) -> FloatArray:
    inner = np.float32(np.sqrt(2 / np.pi)) * (x + np.float32(0.044715) * x**3)
    gelu: FloatArray = np.float32(0.5) * x * (1 + np.tanh(inner))
    return gelu
