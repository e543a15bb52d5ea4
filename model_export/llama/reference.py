"""The Llama family in plain NumPy (Touvron et al. 2023)."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from glassbox.config import ModelConfig
from model_export.llama.tensors import FINAL_NORM
from model_export.reference import FloatArray, Reference


def forward(
    config: ModelConfig,
    tensor: Callable[[str], FloatArray],
    token_ids: Sequence[int],
    head_scale: FloatArray | None = None,
    **options: Any,
) -> dict[str, FloatArray]:
    """Every tensor of a text. See ``Reference`` for tensor and options, ``Reference.run`` for the rest."""
    return LlamaReference(config, tensor, **options).run(token_ids, head_scale)


class LlamaReference(Reference):
    """Root mean square norms, rotated queries and keys, grouped heads, a gated MLP."""

    token_embedding = "embed_tokens.weight"
    final_norm_weight = "norm.weight"
    final_norm = FINAL_NORM

    def embed(self, token_ids: Sequence[int]) -> FloatArray:
        """Token embedding [n_tokens, n_embd]; positions come in by rotation."""
        return self.token_rows(token_ids)

    def attention(self, layer: int, stream: FloatArray, head_scale: FloatArray | None) -> FloatArray:
        """See ``Reference.attention``."""
        block, config = f"layers.{layer}.self_attn", self.config
        normed = self.keep(f"norm_1.{layer}", self.norm(f"layers.{layer}.input_layernorm.weight", stream))
        turned = []
        for name, n_head in (("query", config.n_head), ("key", config.n_kv_head)):
            rows = self.heads(self.linear(f"{block}.{name[0]}_proj", normed, name), n_head)
            rows = self.keep(f"{name}_pre_rotation.{layer}", rows)
            turned.append(self.keep(f"{name}.{layer}", self.rotated(rows)))
        value = self.heads(self.linear(f"{block}.v_proj", normed, "value"), config.n_kv_head)
        value = self.keep(f"value.{layer}", value)
        return self.linear(f"{block}.o_proj", self.attend(layer, head_scale, *turned, value), "output")

    def mlp(self, layer: int, stream: FloatArray) -> FloatArray:
        """See ``Reference.mlp``."""
        block = f"layers.{layer}.mlp"
        normed = self.keep(f"norm_2.{layer}", self.norm(f"layers.{layer}.post_attention_layernorm.weight", stream))
        gate = self.keep(f"mlp_gate.{layer}", self.linear(f"{block}.gate_proj", normed))
        up = self.keep(f"mlp_up.{layer}", self.linear(f"{block}.up_proj", normed))
        # SiLU (Elfwing et al. 2018): x times its logistic function. Written so that no exponential overflows.
        open_gate = gate * self.dtype(0.5) * (1 + np.tanh(gate * self.dtype(0.5)))
        wide = self.keep(f"mlp_post.{layer}", open_gate * up)
        return self.linear(f"{block}.down_proj", wide)

    def norm(self, weight: str, rows: FloatArray) -> FloatArray:
        """Root mean square 1 a row, times gain; [n_tokens, n_embd]."""
        scale = np.sqrt((rows**2).mean(axis=-1, keepdims=True) + self.dtype(self.config.norm_epsilon))
        normed: FloatArray = rows / scale * self.tensor(weight)
        return normed

    def rotated(self, rows: FloatArray) -> FloatArray:
        """Pairs (i, i + d_head / 2) of rows [heads, n_tokens, d_head], turned by their position (Su et al. 2021)."""
        # In fp32 as models are trained: where a position is thousands, the last digits of an angle are gone.
        positions = np.arange(rows.shape[1], dtype=np.float32)[:, None]
        angles = (positions * np.array(self.config.rotary_frequencies, np.float32)).astype(self.dtype)
        cosine, sine = np.cos(angles), np.sin(angles)
        a, b = np.split(rows, 2, axis=-1)
        return np.concatenate([a * cosine - b * sine, b * cosine + a * sine], axis=-1)

    def linear(self, weight: str, rows: FloatArray, bias_of: str = "") -> FloatArray:
        """[n_tokens, n_in] x [n_out, n_in] transposed, + bias where bias_of has one -> [n_tokens, n_out]."""
        product: FloatArray = self.entering(rows) @ self.tensor(f"{weight}.weight").T
        if bias_of in self.config.attention_biases:
            product = product + self.tensor(f"{weight}.bias")
        return product
