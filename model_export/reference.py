"""A forward pass in plain NumPy, every tensor of the glossary: what an exported graph is held against."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from glassbox.attention import masked, products, scaled
from glassbox.config import ModelConfig
from glassbox.sampling_rules import softmax

FloatArray = npt.NDArray[Any]

# Rows of the unembedding that are held in the wanted precision at a time.
_UNEMBED_ROWS = 4096


class Reference:
    """What architectures have in common. A subclass makes what enters the first block, the blocks and the norms."""

    token_embedding: str
    final_norm_weight: str
    final_norm: str

    def __init__(
        self,
        config: ModelConfig,
        tensor: Callable[[str], FloatArray],
        *,
        dtype: type[np.floating] = np.float32,
        given: Mapping[str, FloatArray] | None = None,
        edits: Mapping[str, FloatArray] | None = None,
        rounded: Callable[[FloatArray], FloatArray] | None = None,
    ) -> None:
        """tensor: checkpoint name -> weights, shaped as Hugging Face stores them. dtype: the precision of all sums.

        given: results to go on with instead of what is computed here, so that each answer is one step away from them.
        edits: the graph's inputs that change what is computed, by their names (``score_term.3``), for the whole text.
        rounded: what is done to the rows [n_tokens, n_in] that enter a matrix of a block.
        """
        self.config = config
        self.stored = tensor
        self.dtype = dtype
        self.given = given or {}
        self.edits = edits or {}
        self.rounded = rounded
        self.computed: dict[str, FloatArray] = {}

    def embed(self, token_ids: Sequence[int]) -> FloatArray:
        """The stream [n_tokens, n_embd] that enters the first block."""
        raise NotImplementedError

    def attention(self, layer: int, stream: FloatArray, head_scale: FloatArray | None) -> FloatArray:
        """What a block's heads add: [n_tokens, n_embd] -> [n_tokens, n_embd]. head_scale: [n_head]."""
        raise NotImplementedError

    def mlp(self, layer: int, stream: FloatArray) -> FloatArray:
        """What a block's neurons add: [n_tokens, n_embd] -> [n_tokens, n_embd]."""
        raise NotImplementedError

    def norm(self, weight: str, rows: FloatArray) -> FloatArray:
        """Normalise rows [n_tokens, n_embd]."""
        raise NotImplementedError

    def run(self, token_ids: Sequence[int], head_scale: FloatArray | None = None) -> dict[str, FloatArray]:
        """Run a text. token_ids: [n_tokens]. head_scale: [n_layer, n_head], ones if None.

        Returns ``NAME.LAYER`` for every tensor of the glossary, the final norm [n_tokens, n_embd] and ``logits``
        [n_tokens, vocab_size].
        """
        stream = self.embed(token_ids)
        for layer in range(self.config.n_layer):
            stream = self.keep(f"resid_pre.{layer}", self.patched(layer, stream))
            attended = self.attention(layer, stream, None if head_scale is None else head_scale[layer])
            stream = self.keep(f"resid_mid.{layer}", stream + self.keep(f"attn_out.{layer}", attended))
            added = self.mlp(layer, stream)
            if "mlp_scale" in self.edits:
                added = added * self.dtype(self.edits["mlp_scale"][layer])
            stream = self.keep(f"resid_post.{layer}", stream + self.keep(f"mlp_out.{layer}", added))
        self.unembed(self.keep(self.final_norm, self.norm(self.final_norm_weight, stream)))
        return self.computed

    def patched(self, layer: int, stream: FloatArray) -> FloatArray:
        """The stream [n_tokens, n_embd] with the rows that are given in place of its own."""
        if f"patch.{layer}" not in self.edits:
            return stream
        rows: FloatArray = np.where(self.edits[f"is_patched.{layer}"], self.edits[f"patch.{layer}"], stream)
        return rows.astype(self.dtype)

    def keep(self, name: str, value: FloatArray) -> FloatArray:
        """Note a result; what to go on with is the given one, if there is one."""
        self.computed[name] = value
        return self.given[name].astype(self.dtype) if name in self.given else value

    def tensor(self, name: str) -> FloatArray:
        """Weights in the wanted precision, shaped as Hugging Face stores them."""
        return self.stored(name).astype(self.dtype, copy=False)

    def token_rows(self, token_ids: Sequence[int]) -> FloatArray:
        """Rows of the token embedding [n_tokens, n_embd]."""
        return self.stored(self.token_embedding)[list(token_ids)].astype(self.dtype)

    def entering(self, rows: FloatArray) -> FloatArray:
        """Rows [n_tokens, n_in] as a matrix gets them."""
        return rows if self.rounded is None else self.rounded(rows).astype(self.dtype)

    def attend(self, layer: int, head_scale: FloatArray | None, *parts: FloatArray) -> FloatArray:
        """Query [n_head, n_tokens, d_head], key, value [n_kv_head, n_tokens, d_head] -> [n_tokens, n_head * d_head]."""
        group = self.config.n_head // self.config.n_kv_head
        query, key, value = parts[0], *(np.repeat(part, group, axis=0) for part in parts[1:])
        # [n_head, query, key].
        scores = scaled(products(query, key), self.config.d_head)
        if f"score_term.{layer}" in self.edits:
            scores = scores + self.edits[f"score_term.{layer}"].astype(self.dtype)
        scores = self.keep(f"attention_scores.{layer}", masked(scores))
        weights = softmax(scores)
        if f"pattern_scale.{layer}" in self.edits:
            weights = weights * self.edits[f"pattern_scale.{layer}"].astype(self.dtype)
        pattern = self.keep(f"attention_pattern.{layer}", weights)
        heads: FloatArray = pattern @ value
        if head_scale is not None:
            heads = heads * head_scale.astype(self.dtype)[:, None, None]
        heads = self.keep(f"head_output.{layer}", heads)
        # [n_head, n_tokens, d_head] -> [n_tokens, n_head * d_head].
        return heads.swapaxes(0, 1).reshape(heads.shape[1], -1)

    def unembed(self, normed: FloatArray) -> None:
        """[n_tokens, n_embd] -> logits [n_tokens, vocab_size]."""
        unembedding = self.stored(self.token_embedding if self.config.is_tied else "lm_head.weight")
        starts = range(0, len(unembedding), _UNEMBED_ROWS)
        parts = [normed @ unembedding[i : i + _UNEMBED_ROWS].astype(self.dtype, copy=False).T for i in starts]
        self.keep("logits", np.concatenate(parts, axis=1))

    def heads(self, rows: FloatArray, n_head: int) -> FloatArray:
        """[n_tokens, n_head * d_head] -> [n_head, n_tokens, d_head]."""
        return rows.reshape(len(rows), n_head, -1).swapaxes(0, 1)
