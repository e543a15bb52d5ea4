"""GPT-2 in plain NumPy, every tensor of the glossary: what the graph is held against (Radford et al. 2019)."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np
import numpy.typing as npt

from model_export.config import CheckpointConfig

FloatArray = npt.NDArray[np.floating]

# Rows of the token embedding that are held in the wanted precision at a time.
_UNEMBED_ROWS = 4096


def forward(
    config: CheckpointConfig,
    tensor: Callable[[str], FloatArray],
    token_ids: Sequence[int],
    head_scale: FloatArray | None = None,
    *,
    dtype: type[np.floating] = np.float32,
    given: Mapping[str, FloatArray] | None = None,
    rounded: Callable[[FloatArray], FloatArray] | None = None,
) -> dict[str, FloatArray]:
    """Run a text.

    tensor: checkpoint name -> weights. token_ids: [n_tokens]. head_scale: [n_layer, n_head], ones if None.
    dtype: the precision of all sums. given: results to go on with instead of what is computed here, so that each answer
    is one step away from them. rounded: what is done to the rows [n_tokens, n_in] that enter a matrix of a block.

    Returns ``NAME.LAYER`` for every tensor of the glossary, ``ln_f`` [n_tokens, n_embd] and ``logits``
    [n_tokens, vocab_size].
    """
    return _Forward(config, tensor, dtype, given or {}, rounded).run(token_ids, head_scale)


class _Forward:
    def __init__(
        self,
        config: CheckpointConfig,
        tensor: Callable[[str], FloatArray],
        dtype: type[np.floating],
        given: Mapping[str, FloatArray],
        rounded: Callable[[FloatArray], FloatArray] | None,
    ) -> None:
        self.config = config
        self.stored = tensor
        self.dtype = dtype
        self.given = given
        self.rounded = rounded
        self.computed: dict[str, FloatArray] = {}

    def run(self, token_ids: Sequence[int], head_scale: FloatArray | None) -> dict[str, FloatArray]:
        """Every tensor, by name."""
        n_tokens = len(token_ids)
        rows = self.stored("wte.weight")[list(token_ids)].astype(self.dtype)
        stream = self.keep("resid_pre.0", rows + self.tensor("wpe.weight")[:n_tokens])
        for layer in range(self.config.n_layer):
            attended = self.attention(layer, stream, None if head_scale is None else head_scale[layer])
            stream = self.keep(f"resid_mid.{layer}", stream + attended)
            stream = self.keep(f"resid_post.{layer}", stream + self.mlp(layer, stream))
            if layer + 1 < self.config.n_layer:
                stream = self.keep(f"resid_pre.{layer + 1}", stream)
        self.unembed(self.keep("ln_f", self.layer_norm("ln_f", stream)))
        return self.computed

    def keep(self, name: str, value: FloatArray) -> FloatArray:
        """Note a result; what to go on with is the given one, if there is one."""
        self.computed[name] = value
        return self.given[name].astype(self.dtype) if name in self.given else value

    def tensor(self, name: str) -> FloatArray:
        """Weights in the wanted precision, shaped as the checkpoint has them."""
        return self.stored(name).astype(self.dtype, copy=False)

    def attention(self, layer: int, stream: FloatArray, head_scale: FloatArray | None) -> FloatArray:
        """What a block's heads add: [n_tokens, n_embd] -> [n_tokens, n_embd]. head_scale: [n_head]."""
        normed = self.keep(f"ln_1.{layer}", self.layer_norm(f"h.{layer}.ln_1", stream))
        # [n_tokens, 3 * n_embd]: queries, keys and values of all heads.
        fused = self.linear(f"h.{layer}.attn.c_attn", normed)
        query, key, value = (
            self.keep(f"{name}.{layer}", self.heads(part))
            for name, part in zip(("query", "key", "value"), np.split(fused, 3, axis=1), strict=True)
        )
        # [n_head, query, key].
        scores = query @ key.swapaxes(1, 2) / np.sqrt(self.dtype(query.shape[-1]))
        later = np.triu(np.ones(scores.shape[1:], bool), 1)
        scores = self.keep(f"attention_scores.{layer}", np.where(later, self.dtype(-np.inf), scores))
        numerators = np.exp(scores - scores.max(axis=-1, keepdims=True))
        pattern = self.keep(f"attention_pattern.{layer}", numerators / numerators.sum(axis=-1, keepdims=True))
        heads: FloatArray = pattern @ value
        if head_scale is not None:
            heads = heads * head_scale.astype(self.dtype)[:, None, None]
        heads = self.keep(f"head_output.{layer}", heads)
        # [n_head, n_tokens, d_head] -> [n_tokens, n_embd].
        joined = heads.swapaxes(0, 1).reshape(len(stream), self.config.n_embd)
        return self.keep(f"attn_out.{layer}", self.linear(f"h.{layer}.attn.c_proj", joined))

    def mlp(self, layer: int, stream: FloatArray) -> FloatArray:
        """What a block's neurons add: [n_tokens, n_embd] -> [n_tokens, n_embd]."""
        normed = self.keep(f"ln_2.{layer}", self.layer_norm(f"h.{layer}.ln_2", stream))
        wide = self.keep(f"mlp_pre.{layer}", self.linear(f"h.{layer}.mlp.c_fc", normed))
        wide = self.keep(f"mlp_post.{layer}", _gelu(wide))
        return self.keep(f"mlp_out.{layer}", self.linear(f"h.{layer}.mlp.c_proj", wide))

    def unembed(self, normed: FloatArray) -> None:
        """[n_tokens, n_embd] -> logits [n_tokens, vocab_size]."""
        embedding = self.stored("wte.weight")
        starts = range(0, len(embedding), _UNEMBED_ROWS)
        parts = [normed @ embedding[i : i + _UNEMBED_ROWS].astype(self.dtype, copy=False).T for i in starts]
        self.keep("logits", np.concatenate(parts, axis=1))

    def layer_norm(self, weight: str, rows: FloatArray) -> FloatArray:
        """[n_tokens, n_embd] -> the same shape: mean 0 and variance 1 a row, times gain plus bias."""
        centred = rows - rows.mean(axis=-1, keepdims=True)
        scale = np.sqrt((centred**2).mean(axis=-1, keepdims=True) + self.dtype(self.config.layer_norm_epsilon))
        normed: FloatArray = centred / scale * self.tensor(f"{weight}.weight") + self.tensor(f"{weight}.bias")
        return normed

    def linear(self, weight: str, rows: FloatArray) -> FloatArray:
        """[n_tokens, n_in] -> [n_tokens, n_out]."""
        entering = rows if self.rounded is None else self.rounded(rows).astype(self.dtype)
        product: FloatArray = entering @ self.tensor(f"{weight}.weight") + self.tensor(f"{weight}.bias")
        return product

    def heads(self, rows: FloatArray) -> FloatArray:
        """[n_tokens, n_embd] -> [n_head, n_tokens, d_head]."""
        return rows.reshape(len(rows), self.config.n_head, -1).swapaxes(0, 1)


def _gelu(x: FloatArray) -> FloatArray:
    """Tanh form (Hendrycks and Gimpel 2016), element by element."""
    number = x.dtype.type
    inner = number(np.sqrt(2 / np.pi)) * (x + number(0.044715) * x**3)
    gelu: FloatArray = number(0.5) * x * (1 + np.tanh(inner))
    return gelu
