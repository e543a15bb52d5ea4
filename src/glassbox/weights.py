"""Dequantised slices of the model's real weights."""

from collections.abc import Mapping

import numpy as np

from glassbox.config import StoredTensor
from glassbox.errors import GlassboxError
from glassbox.runtime.base import FloatArray, ModelRuntime

_DTYPES: Mapping[str, type[np.generic]] = {"int8": np.int8, "float32": np.float32}


class Weights:
    """The checkpoint's tensors by Hugging Face name, read piece by piece from the joined weight chunks."""

    def __init__(self, runtime: ModelRuntime) -> None:
        self._runtime = runtime
        self._tensors = runtime.manifest.tensors

    def shape(self, name: str) -> tuple[int, ...]:
        """Shape of a tensor. Raises ``unknown_tensor``."""
        return self._entry(name).shape

    async def rows(self, name: str, start: int, stop: int) -> FloatArray:
        """Rows ``start`` to ``stop`` (or, of a vector, its items) as the model computes with them: integer x scale."""
        entry = self._entry(name)
        if not 0 <= start <= stop <= entry.shape[0]:
            raise GlassboxError("unknown_tensor", f"{name} has {entry.shape[0]} rows; asked for {start}:{stop}.")
        dtype = np.dtype(_DTYPES[entry.dtype])
        row_bytes = dtype.itemsize * int(np.prod(entry.shape[1:]))
        raw = await self._runtime.read_weights(entry.offset + start * row_bytes, (stop - start) * row_bytes)
        values = np.frombuffer(raw, dtype).reshape(stop - start, *entry.shape[1:]).astype(np.float32)
        scale = await self._scale(entry)
        if scale is None:
            return values
        return values * (scale[start:stop, None] if entry.scale and entry.scale.axis == 0 else scale)

    async def column(self, name: str, index: int) -> FloatArray:
        """One column [rows] of a matrix: the weights that make one output channel."""
        return np.ascontiguousarray((await self.rows(name, 0, self._entry(name).shape[0]))[:, index])

    async def _scale(self, entry: StoredTensor) -> FloatArray | None:
        if entry.scale is None:
            return None
        return np.frombuffer(await self._runtime.read_weights(entry.scale.offset, entry.scale.bytes), np.float32)

    def _entry(self, name: str) -> StoredTensor:
        if name not in self._tensors:
            raise GlassboxError("unknown_tensor", f"The model has no weights called {name!r}.")
        return self._tensors[name]
