"""What every runtime can do."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from glassbox.config import Manifest
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


def answer_shapes(request: RunRequest, layout: TensorLayout) -> dict[str, tuple[int, ...]]:
    """Name and shape of every array that answers a request, in the order in which they travel."""
    shapes: dict[str, tuple[int, ...]] = {"logits": (len(request.unembed_rows), layout.config.vocab_size)}
    for name in request.tensor_names:
        shapes[name] = layout.shape(name, len(request.token_ids), request.past_length)
    return shapes
