"""The tensors of a run, growing row by row as tokens are added."""

from collections.abc import Mapping

import numpy as np

from glassbox.config import ModelConfig
from glassbox.errors import GlassboxError
from glassbox.runtime.base import TENSOR_AXES, UNLAYERED, FloatArray, new_rows_shape

# What stands where a query cannot look: later keys.
_MASKED = {"attention_scores": -np.inf, "attention_pattern": 0.0}

# In every tensor of a run, the axis that counts tokens is the last but one; for attention the last counts tokens too.
_ROW_AXIS = -2


def activation_bytes(config: ModelConfig, n_tokens: int) -> int:
    """Bytes that all tensors of a text of ``n_tokens`` take."""
    return sum(4 * int(np.prod(new_rows_shape(name, config, n_tokens, 0))) for name in TENSOR_AXES)


def check_tensor(config: ModelConfig, name: str, layer: int | None, head: int | None) -> None:
    """Raise GlassboxError ``unknown_tensor`` unless the model has such a tensor, layer and head."""
    if name not in TENSOR_AXES:
        raise GlassboxError("unknown_tensor", f"No tensor is called {name!r}. There are: {', '.join(TENSOR_AXES)}.")
    if name not in UNLAYERED and (layer is None or not 0 <= layer < config.n_layer):
        raise GlassboxError("unknown_tensor", f"{name} has layers 0 to {config.n_layer - 1}; asked for {layer}.")
    if head is not None and (TENSOR_AXES[name][0] != "head" or not 0 <= head < config.n_head):
        raise GlassboxError(
            "unknown_tensor", f"{name} has no head {head}; the model's heads are 0 to {config.n_head - 1}."
        )


class Activations:
    """All tensors of a run for its first ``n_tokens`` positions, in arrays with room to grow."""

    def __init__(self, config: ModelConfig) -> None:
        self._config = config
        self._buffers: dict[str, FloatArray] = {}
        self._capacity = 0
        self.n_tokens = 0

    def append(self, rows: Mapping[str, FloatArray], n_new: int) -> None:
        """Add the rows of ``n_new`` tokens.

        rows: every tensor name -> its new rows, shaped as ``new_rows_shape`` with the rows held so far as the past.
        """
        total = self.n_tokens + n_new
        if total > self._capacity:
            self._grow(total)
        for name in TENSOR_AXES:
            buffer = self._buffers[name]
            width = total if name in _MASKED else buffer.shape[-1]
            buffer[..., self.n_tokens : total, :width] = rows[name]
        self.n_tokens = total

    def truncate(self, n_tokens: int) -> None:
        """Forget all rows from ``n_tokens`` on."""
        self.n_tokens = min(self.n_tokens, n_tokens)

    def tensor(self, name: str, layer: int | None, head: int | None) -> FloatArray:
        """A view of one tensor for all positions held: its glossary axes, less ``head`` when a head is named."""
        view = self._buffers[name]
        if name not in UNLAYERED:
            view = view[layer]
        if head is not None:
            view = view[head]
        return view[..., : self.n_tokens, : self.n_tokens] if name in _MASKED else view[..., : self.n_tokens, :]

    def _grow(self, needed: int) -> None:
        capacity = min(max(needed, 2 * self._capacity), self._config.n_ctx)
        for name in TENSOR_AXES:
            grown = np.full(new_rows_shape(name, self._config, capacity, 0), _MASKED.get(name, 0.0), dtype=np.float32)
            if self.n_tokens:
                held = self._buffers[name][..., : self.n_tokens, :]
                grown[..., : self.n_tokens, : held.shape[_ROW_AXIS + 1]] = held
            self._buffers[name] = grown
        self._capacity = capacity
