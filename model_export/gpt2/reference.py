"""GPT-2 in plain NumPy (Radford et al. 2019)."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from glassbox.config import ModelConfig
from model_export.gpt2.tensors import FINAL_NORM
from model_export.reference import FloatArray, Reference


def forward(
    config: ModelConfig,
    tensor: Callable[[str], FloatArray],
    token_ids: Sequence[int],
    head_scale: FloatArray | None = None,
    **options: Any,
) -> dict[str, FloatArray]:
    """Every tensor of a text. See ``Reference`` for tensor and options, ``Reference.run`` for the rest."""
    return Gpt2Reference(config, tensor, **options).run(token_ids, head_scale)


class Gpt2Reference(Reference):
    """Layer norms, learned positions, one matrix for query, key and value, GELU."""

    token_embedding = "wte.weight"
    final_norm_weight = "ln_f"
    final_norm = FINAL_NORM

    def embed(self, token_ids: Sequence[int]) -> FloatArray:
        """Token embedding + position embedding, [n_tokens, n_embd]."""
        embedded: FloatArray = self.token_rows(token_ids) + self.tensor("wpe.weight")[: len(token_ids)]
        return embedded

    def attention(self, layer: int, stream: FloatArray, head_scale: FloatArray | None) -> FloatArray:
        """See ``Reference.attention``."""
        normed = self.keep(f"ln_1.{layer}", self.norm(f"h.{layer}.ln_1", stream))
        # [n_tokens, 3 * n_embd]: queries, keys and values of all heads.
        fused = np.split(self.linear(f"h.{layer}.attn.c_attn", normed), 3, axis=1)
        parts = [
            self.keep(f"{name}.{layer}", self.heads(part, self.config.n_head))
            for name, part in zip(("query", "key", "value"), fused, strict=True)
        ]
        return self.linear(f"h.{layer}.attn.c_proj", self.attend(layer, head_scale, *parts))

    def mlp(self, layer: int, stream: FloatArray) -> FloatArray:
        """See ``Reference.mlp``."""
        normed = self.keep(f"ln_2.{layer}", self.norm(f"h.{layer}.ln_2", stream))
        wide = self.keep(f"mlp_pre.{layer}", self.linear(f"h.{layer}.mlp.c_fc", normed))
        wide = self.keep(f"mlp_post.{layer}", _gelu(wide))
        return self.linear(f"h.{layer}.mlp.c_proj", wide)

    def norm(self, weight: str, rows: FloatArray) -> FloatArray:
        """Mean 0 and variance 1 a row, times gain plus bias; [n_tokens, n_embd]."""
        centred = rows - rows.mean(axis=-1, keepdims=True)
        scale = np.sqrt((centred**2).mean(axis=-1, keepdims=True) + self.dtype(self.config.norm_epsilon))
        normed: FloatArray = centred / scale * self.tensor(f"{weight}.weight") + self.tensor(f"{weight}.bias")
        return normed

    def linear(self, weight: str, rows: FloatArray) -> FloatArray:
        """[n_tokens, n_in] x [n_in, n_out] + bias -> [n_tokens, n_out]."""
        product: FloatArray = self.entering(rows) @ self.tensor(f"{weight}.weight") + self.tensor(f"{weight}.bias")
        return product


def _gelu(x: FloatArray) -> FloatArray:
    """Tanh form (Hendrycks and Gimpel 2016), element by element."""
    number = x.dtype.type
    inner = number(np.sqrt(2 / np.pi)) * (x + number(0.044715) * x**3)
    gelu: FloatArray = number(0.5) * x * (1 + np.tanh(inner))
    return gelu
