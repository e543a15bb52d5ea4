"""Dequantised slices of the model's real weights."""

from collections import OrderedDict
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from glassbox.config import StoredTensor
from glassbox.dequantize import dequantize, integers_of, stored_ranges
from glassbox.errors import GlassboxError
from glassbox.runtime.base import FloatArray, ModelRuntime

# Whole tensors are kept as they are stored: reading one again takes longer than computing with it. Every output
# projection of GPT-2 (124M) is 7 MB in 8 bits.
_KEPT_BYTES = 32 * 2**20
_ROWS_AT_A_TIME = 4096


@dataclass(frozen=True)
class _Whole:
    """A tensor as it is stored: its pieces in the order of ``stored_ranges``."""

    tensor: StoredTensor
    parts: tuple[bytes, ...]

    @property
    def n_bytes(self) -> int:
        """How much it holds."""
        return sum(map(len, self.parts))

    def values(self) -> FloatArray:
        """All of it, in fp32."""
        return dequantize(self.tensor, self.parts)

    def times(self, columns: FloatArray) -> FloatArray:
        """Matrix [input, output] x columns [output, n]; scales of output channels are put where it takes least work."""
        tensor = self.tensor
        columns = columns.astype(np.float32)
        if tensor.scale is None or tensor.scale.block is not None or tensor.scale.axis != tensor.output_axis:
            matrix = self.values()
        else:
            matrix = integers_of(tensor, self.parts[0]).astype(np.float32)
            matrix -= np.float32(tensor.scale.zero_point)
            columns = np.frombuffer(self.parts[1], tensor.scale.scale.dtype)[:, None] * columns
        product: FloatArray = (matrix if tensor.output_axis == 1 else matrix.T) @ columns
        return product


class Weights:
    """The checkpoint's tensors by Hugging Face name, read piece by piece from the joined weight chunks."""

    def __init__(self, runtime: ModelRuntime, kept_bytes: int = _KEPT_BYTES) -> None:
        self._runtime = runtime
        self._tensors = runtime.manifest.tensors
        self._means: dict[str, npt.NDArray[np.float64]] = {}
        self._kept: OrderedDict[str, _Whole] = OrderedDict()
        self._kept_bytes = kept_bytes
        self._held_bytes = 0

    def shape(self, name: str) -> tuple[int, ...]:
        """Shape of a tensor. Raises ``unknown_tensor``."""
        return self._entry(name).shape

    async def rows(self, name: str, start: int, stop: int) -> FloatArray:
        """Rows ``start`` to ``stop`` (or, of a vector, its items) as the model computes with them, dequantised.

        [stop - start, ...the tensor's other axes]. Raises ``unknown_tensor``.
        """
        entry = self._entry(name)
        if not 0 <= start <= stop <= entry.shape[0]:
            raise GlassboxError("unknown_tensor", f"{name} has {entry.shape[0]} rows; asked for {start}:{stop}.")
        return dequantize(entry, await self._read(entry, start, stop))

    def has(self, name: str) -> bool:
        """Whether the model has such a tensor: not every one of a family has every bias."""
        return name in self._tensors

    async def vector(self, name: str) -> FloatArray:
        """All items of a vector, such as a bias or a gain; kept. Raises ``unknown_tensor``."""
        return (await self._whole(name)).values()

    async def matrix(self, name: str) -> FloatArray:
        """A matrix as it multiplies rows: [input, output], whichever way it is stored. Raises ``unknown_tensor``."""
        values = await self.rows(name, 0, self._entry(name).shape[0])
        turned: FloatArray = values.T
        return values if self._entry(name).output_axis == 1 else turned

    async def column(self, name: str, index: int) -> FloatArray:
        """The weights [input] of a matrix that make one output channel. Raises ``unknown_tensor``."""
        if self._entry(name).output_axis == 0:
            channel: FloatArray = (await self.rows(name, index, index + 1))[0]
            return channel
        return np.ascontiguousarray((await self.matrix(name))[:, index])

    async def times(self, name: str, columns: FloatArray) -> FloatArray:
        """Matrix [input, output] x ``columns`` [output, n] -> [input, n]; the matrix is kept as it is stored."""
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
            read = _Whole(entry, await self._read(entry, 0, entry.shape[0]))
            if name not in self._kept:
                self._kept[name] = read
                self._held_bytes += read.n_bytes
        self._kept.move_to_end(name)
        found = self._kept[name]
        while len(self._kept) > 1 and self._held_bytes > self._kept_bytes:
            self._held_bytes -= self._kept.popitem(last=False)[1].n_bytes
        return found

    async def _read(self, entry: StoredTensor, start: int, stop: int) -> tuple[bytes, ...]:
        ranges = stored_ranges(entry, start, stop)
        return tuple([await self._runtime.read_weights(offset, size) for offset, size in ranges])

    def _entry(self, name: str) -> StoredTensor:
        if name not in self._tensors:
            raise GlassboxError("unknown_tensor", f"The model has no weights called {name!r}.")
        return self._tensors[name]
