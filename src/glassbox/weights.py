"""Dequantised slices of the model's real weights."""

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from glassbox.config import StoredTensor
from glassbox.errors import GlassboxError
from glassbox.runtime.base import FloatArray, ModelRuntime

_DTYPES: Mapping[str, type[np.generic]] = {"int8": np.int8, "uint8": np.uint8, "float32": np.float32}
# Whole tensors are kept as they are stored: reading one again takes longer than computing with it. Every output
# projection of GPT-2 (124M) is 7 MB in 8 bits.
_KEPT_BYTES = 32 * 2**20
_ROWS_AT_A_TIME = 4096


@dataclass(frozen=True)
class _Whole:
    """A tensor as stored: ``values``, and the ``scale`` along ``axis`` where it is quantised."""

    values: npt.NDArray[np.generic]
    scale: FloatArray | None
    axis: int

    def times(self, columns: FloatArray) -> FloatArray:
        """Matrix [rows, inner] x columns [inner, n]; the scale is put where it takes least work."""
        if self.scale is not None and self.axis == 1:
            columns = self.scale[:, None] * columns
        product: FloatArray = self.values.astype(np.float32) @ columns.astype(np.float32)
        return product * self.scale[:, None] if self.scale is not None and self.axis == 0 else product


class Weights:
    """The checkpoint's tensors by Hugging Face name, read piece by piece from the joined weight chunks."""

    def __init__(self, runtime: ModelRuntime, kept_bytes: int = _KEPT_BYTES) -> None:
        self._runtime = runtime
        self._tensors = runtime.manifest.tensors
        self._scales: dict[str, FloatArray] = {}
        self._means: dict[str, npt.NDArray[np.float64]] = {}
        self._kept: OrderedDict[str, _Whole] = OrderedDict()
        self._kept_bytes = kept_bytes

    def shape(self, name: str) -> tuple[int, ...]:
        """Shape of a tensor. Raises ``unknown_tensor``."""
        return self._entry(name).shape

    async def rows(self, name: str, start: int, stop: int) -> FloatArray:
        """Rows ``start`` to ``stop`` (or, of a vector, its items) as the model computes with them, dequantised.

        [stop - start, ...the tensor's other axes]. Raises ``unknown_tensor``.
        """
        entry = self._entry(name)
        values = (await self._stored_rows(name, start, stop)).astype(np.float32)
        scale = await self._scale(name)
        if scale is None:
            return values
        return values * (scale[start:stop, None] if entry.scale and entry.scale.axis == 0 else scale)

    async def vector(self, name: str) -> FloatArray:
        """All items of a vector, such as a bias or a gain; kept. Raises ``unknown_tensor``."""
        return (await self._whole(name)).values.astype(np.float32)

    async def column(self, name: str, index: int) -> FloatArray:
        """One column [rows] of a matrix: the weights that make one output channel."""
        return np.ascontiguousarray((await self.rows(name, 0, self._entry(name).shape[0]))[:, index])

    async def times(self, name: str, columns: FloatArray) -> FloatArray:
        """Matrix [rows, inner] x ``columns`` [inner, n] -> [rows, n]; the matrix is kept as it is stored."""
        return (await self._whole(name)).times(columns)

    async def mean_row(self, name: str) -> npt.NDArray[np.float64]:
        """Mean of a matrix's rows [inner], such as the mean of all token embeddings; computed once."""
        if name not in self._means:
            n_rows = self._entry(name).shape[0]
            total = np.zeros(self._entry(name).shape[1])
            for start in range(0, n_rows, _ROWS_AT_A_TIME):
                rows = await self.rows(name, start, min(start + _ROWS_AT_A_TIME, n_rows))
                total += rows.sum(axis=0, dtype=np.float64)
            self._means[name] = total / n_rows
        return self._means[name]

    async def _whole(self, name: str) -> _Whole:
        entry = self._entry(name)
        if name not in self._kept:
            values = await self._stored_rows(name, 0, entry.shape[0])
            self._kept[name] = _Whole(values, await self._scale(name), entry.scale.axis if entry.scale else 0)
        self._kept.move_to_end(name)
        found = self._kept[name]
        while len(self._kept) > 1 and sum(one.values.nbytes for one in self._kept.values()) > self._kept_bytes:
            self._kept.popitem(last=False)
        return found

    async def _stored_rows(self, name: str, start: int, stop: int) -> npt.NDArray[np.generic]:
        """Rows as they are stored; of a quantised tensor the integers that the scales belong to."""
        entry = self._entry(name)
        if not 0 <= start <= stop <= entry.shape[0]:
            raise GlassboxError("unknown_tensor", f"{name} has {entry.shape[0]} rows; asked for {start}:{stop}.")
        dtype = np.dtype(_DTYPES[entry.dtype])
        row_bytes = dtype.itemsize * int(np.prod(entry.shape[1:]))
        raw = await self._runtime.read_weights(entry.offset + start * row_bytes, (stop - start) * row_bytes)
        values = np.frombuffer(raw, dtype).reshape(stop - start, *entry.shape[1:])
        if entry.scale is None or entry.scale.zero_point == 0:
            return values
        return (values.astype(np.int16) - entry.scale.zero_point).astype(np.int8)

    async def _scale(self, name: str) -> FloatArray | None:
        entry = self._entry(name)
        if entry.scale is None:
            return None
        if name not in self._scales:
            raw = await self._runtime.read_weights(entry.scale.offset, entry.scale.bytes)
            self._scales[name] = np.frombuffer(raw, np.float32)
        return self._scales[name]

    def _entry(self, name: str) -> StoredTensor:
        if name not in self._tensors:
            raise GlassboxError("unknown_tensor", f"The model has no weights called {name!r}.")
        return self._tensors[name]
