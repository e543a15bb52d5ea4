"""What every runtime can do."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from glassbox.config import Manifest, ModelConfig
from glassbox.tensor_layout import TensorLayout

FloatArray = npt.NDArray[np.float32]
IntArray = npt.NDArray[np.int64]


@dataclass(frozen=True)
class RunRequest:
    """One forward pass over new tokens.

    token_ids: [n_new]. past_length: rows of the runtime's key/value cache that precede them.
    unembed_rows: [n_rows], rows of the stacked residual stream [(n_layer + 1) * n_new] to turn into logits.
    head_scale: [n_layer, n_head]. tensor_names: which of the glossary's tensors to answer with.
    keeps_cache: whether the cache shall be afterwards what it was before: a look back at an earlier token.
    edits: further inputs that change what is computed, by the manifest's names, a block's with its number:
    ``mlp_scale`` [n_layer]; ``score_term.3``, ``pattern_scale.3`` [head, query, key], added to scores and multiplied
    with their softmax; ``is_patched.3`` [n_new, 1] and ``patch.3`` [n_new, n_embd], rows that enter the block instead
    of its own. Heads, queries, keys and rows may be 1 and then hold for all. What is not named changes nothing.
    """

    token_ids: IntArray
    past_length: int
    unembed_rows: IntArray
    head_scale: FloatArray
    tensor_names: Sequence[str]
    keeps_cache: bool = False
    edits: Mapping[str, npt.NDArray[Any]] = field(default_factory=dict)


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


def neutral_edits(n_layer: int) -> dict[str, npt.NDArray[Any]]:
    """By the manifest's names, what leaves a run as it is; of those of a block, one array for all blocks."""
    return {
        "mlp_scale": np.ones(n_layer, np.float32),
        # With -0 added a number is what it was to the last bit, were it 0 or -0.
        "score_term": np.full((1, 1, 1), -0.0, np.float32),
        "pattern_scale": np.ones((1, 1, 1), np.float32),
        "is_patched": np.zeros((1, 1), bool),
        "patch": np.zeros((1, 1), np.float32),
    }


def fed_edits(
    inputs: Mapping[str, str], config: ModelConfig, edits: Mapping[str, npt.NDArray[Any]]
) -> dict[str, npt.NDArray[Any]]:
    """Every input of a graph that takes edits, by the graph's names. inputs: the manifest's; older models have none."""
    fed = {}
    for name, neutral in neutral_edits(config.n_layer).items():
        if name not in inputs:
            continue
        for layer in range(config.n_layer):
            key = f"{name}.{layer}" if "{layer}" in inputs[name] else name
            fed[inputs[name].format(layer=layer)] = edits.get(key, neutral)
    return fed


def answer_shapes(request: RunRequest, layout: TensorLayout) -> dict[str, tuple[int, ...]]:
    """Name and shape of every array that answers a request, in the order in which they travel."""
    shapes: dict[str, tuple[int, ...]] = {"logits": (len(request.unembed_rows), layout.config.vocab_size)}
    for name in request.tensor_names:
        shapes[name] = layout.shape(name, len(request.token_ids), request.past_length)
    return shapes
