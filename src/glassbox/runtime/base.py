"""What every runtime can do."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from glassbox.config import Manifest, ModelConfig

FloatArray = npt.NDArray[np.float32]
IntArray = npt.NDArray[np.int64]


@dataclass(frozen=True)
class RunRequest:
    """One forward pass over new tokens.

    token_ids: [n_new]. past_length: rows of the runtime's key/value cache that precede them.
    unembed_rows: [n_rows], rows of the stacked residual stream [(n_layer + 1) * n_new] to turn into logits.
    head_scale: [n_layer, n_head]. tensor_names: which of the glossary's tensors to answer with.
    keeps_cache: whether the cache shall be afterwards what it was before: a look back at an earlier token.
    """

    token_ids: IntArray
    past_length: int
    unembed_rows: IntArray
    head_scale: FloatArray
    tensor_names: Sequence[str]
    keeps_cache: bool = False


class ModelRuntime(Protocol):
    """Runs one forward pass; knows nothing of text or views. Keeps the keys and values of its last run."""

    manifest: Manifest

    async def run(self, request: RunRequest) -> Mapping[str, FloatArray]:
        """``logits`` [n_rows, vocab_size] and each named tensor for the new rows, layers stacked in front.

        Raises GlassboxError ``out_of_memory`` or ``worker_died`` when the pass could not be made.
        """
        ...

    async def read_weights(self, offset: int, size: int) -> bytes:
        """``size`` bytes of the joined weight chunks, from ``offset``."""
        ...


# Axes of each tensor for one layer, in the glossary's words. "position" and "query" grow with the text;
# "key" counts past and new tokens.
TENSOR_AXES: Mapping[str, tuple[str, ...]] = {
    "resid_pre": ("position", "n_embd"),
    "ln_1": ("position", "n_embd"),
    "query": ("head", "position", "d_head"),
    "key": ("head", "position", "d_head"),
    "value": ("head", "position", "d_head"),
    "attention_scores": ("head", "query", "key"),
    "attention_pattern": ("head", "query", "key"),
    "head_output": ("head", "position", "d_head"),
    "attn_out": ("position", "n_embd"),
    "resid_mid": ("position", "n_embd"),
    "ln_2": ("position", "n_embd"),
    "mlp_pre": ("position", "d_mlp"),
    "mlp_post": ("position", "d_mlp"),
    "mlp_out": ("position", "n_embd"),
    "resid_post": ("position", "n_embd"),
    "ln_f": ("position", "n_embd"),
}

# The one tensor that stands after the last block instead of in every block.
UNLAYERED = frozenset({"ln_f"})


def new_rows_shape(name: str, config: ModelConfig, n_new: int, n_past: int) -> tuple[int, ...]:
    """Shape of a tensor as a run answers it: layers in front (unless it has none), new rows, all keys.

    name: a glossary name (all layers) or one layer's, such as ``value.3``.
    """
    tensor, _, layer = name.partition(".")
    sizes = {
        "head": config.n_head,
        "position": n_new,
        "query": n_new,
        "key": n_past + n_new,
        "n_embd": config.n_embd,
        "d_head": config.d_head,
        "d_mlp": config.d_mlp,
    }
    layers = () if layer or tensor in UNLAYERED else (config.n_layer,)
    return layers + tuple(sizes[axis] for axis in TENSOR_AXES[tensor])


def answer_shapes(request: RunRequest, config: ModelConfig) -> dict[str, tuple[int, ...]]:
    """Name and shape of every array that answers a request, in the order in which they travel."""
    shapes: dict[str, tuple[int, ...]] = {"logits": (len(request.unembed_rows), config.vocab_size)}
    for name in request.tensor_names:
        shapes[name] = new_rows_shape(name, config, len(request.token_ids), request.past_length)
    return shapes
