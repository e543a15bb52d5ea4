"""Weights as integers with scales, and activations as integer arithmetic has them."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from glassbox.config import StoredArray, StoredScale, StoredTensor
from glassbox.dequantize import dequantize

SCHEMES = ("int8", "int8-integer", "int4", "fp32")
# What a GGUF file's blocks are kept under.
GGUF_SCHEME = "gguf"
BLOCK = 32
# Where an unsigned integer stands for zero.
ZERO_POINT = 128
_LARGEST = 127
_LARGEST_UINT4 = 15


@dataclass(frozen=True)
class Quantized:
    """``(integers - zero_point) * scale + minimum`` gives the weights back (docs/seams.md).

    shape: [rows, columns]. dtype: ``int8``, ``uint8`` or ``uint4``. integers: [rows, columns], or packed
    [rows, columns / 2]. scale: for each index of ``axis`` in fp32, or for each ``block`` of a row in fp16,
    [rows, columns / block], as is minimum; None stands for 0.
    """

    shape: tuple[int, int]
    dtype: str
    integers: npt.NDArray[np.int8] | npt.NDArray[np.uint8]
    scale: npt.NDArray[np.float32] | npt.NDArray[np.float16]
    axis: int
    block: int | None = None
    zero_point: int = 0
    minimum: npt.NDArray[np.float16] | None = None

    def dequantize(self) -> npt.NDArray[np.float32]:
        """The weights the model computes with, [rows, columns]."""
        factors = [self.scale, *([] if self.minimum is None else [self.minimum])]
        scale, *minimum = (StoredArray(array.shape, str(array.dtype), 0, array.nbytes) for array in factors)
        stored = StoredScale(self.axis, self.block, self.zero_point, scale, minimum[0] if minimum else None)
        tensor = StoredTensor(self.shape, (), None, self.dtype, 0, self.integers.nbytes, stored, {})
        return dequantize(tensor, [array.tobytes() for array in (self.integers, *factors)])


def quantize(weights: npt.NDArray[np.float32], axis: int) -> Quantized:
    """Quantise a matrix symmetrically to 8 bits; ``axis`` counts the output channels, each with its own scale."""
    # The embedding can be most of a model, so copies are spared.
    largest = np.maximum(weights.max(axis=1 - axis), -weights.min(axis=1 - axis))
    scale = (largest / _LARGEST).astype(np.float32)
    # A channel of zeros, or of numbers so small that their scale rounds to zero.
    scale[scale == 0] = 1
    steps = weights / np.expand_dims(scale, 1 - axis)
    np.rint(steps, out=steps)
    np.clip(steps, -_LARGEST, _LARGEST, out=steps)
    rows, columns = weights.shape
    return Quantized((rows, columns), "int8", steps.astype(np.int8), scale, axis)


def as_unsigned(quantized: Quantized) -> Quantized:
    """The same weights in unsigned integers, for integer arithmetic.

    Processors without VNNI add two products of an unsigned and a signed byte in 16 bits, where 255 x 127 + 255 x 127
    has no room; products of two unsigned bytes they add in 32 bits. So only this pair gives the same sums everywhere.
    """
    integers = (quantized.integers.astype(np.int16) + ZERO_POINT).astype(np.uint8)
    return replace(quantized, dtype="uint8", integers=integers, zero_point=ZERO_POINT)


def quantize_blocks(weights: npt.NDArray[np.float32]) -> Quantized:
    """Quantise [rows, columns] to 4 bits: each run of 32 columns has a scale and a minimum, as in GGUF's Q4_1.

    Raises ValueError unless the columns come out even.
    """
    rows, columns = weights.shape
    blocks = weights.reshape(rows, columns // BLOCK, BLOCK)
    if columns % BLOCK:
        raise ValueError(f"{columns} columns are no whole number of blocks")
    minimum = blocks.min(axis=2).astype(np.float16)
    # Rounded scales and minima are what the weights come back with, so the steps are counted with those.
    span = blocks.max(axis=2) - minimum.astype(np.float32)
    scale = (np.maximum(span, 0) / _LARGEST_UINT4).astype(np.float16)
    step = scale.astype(np.float32)
    step[step == 0] = 1
    steps = np.rint((blocks - minimum.astype(np.float32)[..., None]) / step[..., None])
    integers = np.clip(steps, 0, _LARGEST_UINT4).astype(np.uint8)
    packed = integers[..., : BLOCK // 2] | (integers[..., BLOCK // 2 :] << 4)
    return Quantized(
        (rows, columns), "uint4", packed.reshape(rows, columns // 2), scale, axis=0, block=BLOCK, minimum=minimum
    )


def round_activations(rows: npt.NDArray[Any]) -> npt.NDArray[np.float32]:
    """What is left of rows [n_rows, n_in] as unsigned bytes with one scale for all: ONNX's DynamicQuantizeLinear."""
    values = rows.astype(np.float32)
    least, largest = min(np.float32(0), values.min()), max(np.float32(0), values.max())
    scale = (largest - least) / np.float32(255) or np.float32(1)
    zero_point = np.rint(-least / scale)
    steps = np.clip(np.rint(values / scale) + zero_point, 0, 255)
    entering: npt.NDArray[np.float32] = (steps - zero_point) * scale
    return entering
