"""Stored weights as the model computes with them: fp32. What the pieces of a tensor mean is in docs/seams.md."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from glassbox.config import StoredArray, StoredTensor

FloatArray = npt.NDArray[np.float32]

# Two of them a byte; NumPy has no such kind.
_PACKED = "uint4"


def stored_ranges(tensor: StoredTensor, start: int, stop: int) -> list[tuple[int, int]]:
    """(offset, bytes) in the joined chunks of all that rows ``start`` to ``stop`` are made of.

    Items come first; of a quantised tensor then scales and, where it has them, minima.
    """
    ranges = [_rows_of(tensor.offset, tensor.bytes, tensor.shape[0], start, stop)]
    for array in _factor_arrays(tensor):
        by_row = tensor.scale is not None and tensor.scale.axis == 0
        whole = (array.offset, array.bytes)
        ranges.append(_rows_of(*whole, array.shape[0], start, stop) if by_row else whole)
    return ranges


def dequantize(tensor: StoredTensor, parts: Sequence[bytes | memoryview]) -> FloatArray:
    """The rows whose ``stored_ranges`` hold ``parts``: [rows, ...the tensor's other axes], in fp32."""
    shape = (-1, *tensor.shape[1:])
    if tensor.scale is None:
        return np.frombuffer(parts[0], tensor.dtype).reshape(shape).astype(np.float32, copy=False)
    values = integers_of(tensor, parts[0]).astype(np.float32)
    if tensor.scale.zero_point:
        values -= np.float32(tensor.scale.zero_point)
    arrays = zip(_factor_arrays(tensor), parts[1:], strict=True)
    scale, *minimum = (_factors(tensor, array, part) for array, part in arrays)
    if tensor.scale.block is None:
        values *= scale
        return values
    blocks = values.reshape(len(values), tensor.shape[1] // tensor.scale.block, tensor.scale.block)
    blocks *= scale[..., None]
    if minimum:
        blocks += minimum[0][..., None]
    return values


def integers_of(tensor: StoredTensor, part: bytes | memoryview) -> npt.NDArray[np.integer]:
    """Integers [rows, columns] of a quantised matrix as they are stored, unpacked."""
    if tensor.dtype != _PACKED:
        return np.frombuffer(part, tensor.dtype).reshape(-1, tensor.shape[1])
    assert tensor.scale is not None, "only quantised tensors are packed"
    assert tensor.scale.block is not None, "halves of a byte are items of one block"
    packed = np.frombuffer(part, np.uint8).reshape(-1, tensor.scale.block // 2)
    # The first half of a block lies in the low halves of its bytes.
    return np.concatenate([packed & 15, packed >> 4], axis=1).reshape(-1, tensor.shape[1])


def _factor_arrays(tensor: StoredTensor) -> list[StoredArray]:
    scale = tensor.scale
    return [] if scale is None else [scale.scale, *filter(None, [scale.minimum])]


def _factors(tensor: StoredTensor, array: StoredArray, part: bytes | memoryview) -> FloatArray:
    """Scales or minima, shaped so that they multiply rows, or the blocks of rows."""
    assert tensor.scale is not None, "only quantised tensors have scales"
    numbers = np.frombuffer(part, array.dtype).astype(np.float32)
    if tensor.scale.block is not None:
        return numbers.reshape(-1, *array.shape[1:])
    return np.expand_dims(numbers, 1 - tensor.scale.axis)


def _rows_of(offset: int, size: int, n_rows: int, start: int, stop: int) -> tuple[int, int]:
    row = size // n_rows
    return offset + start * row, (stop - start) * row
