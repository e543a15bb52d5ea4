"""Weights as 8-bit integers with one scale for each output channel, and activations as integer arithmetic has them."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

SCHEMES = ("int8", "int8-integer", "fp32")
_LARGEST = 127
# Where an unsigned integer stands for zero.
ZERO_POINT = 128


@dataclass(frozen=True)
class Quantized:
    """``(integers - zero_point) * scale`` along ``axis`` gives the weights back, to half a step.

    integers: [rows, columns]. scale: [rows] for axis 0, [columns] for axis 1.
    """

    integers: npt.NDArray[np.int8] | npt.NDArray[np.uint8]
    scale: npt.NDArray[np.float32]
    axis: int
    zero_point: int = 0

    def dequantize(self) -> npt.NDArray[np.float32]:
        """The weights the model computes with, [rows, columns]."""
        weights = self.integers.astype(np.float32)
        if self.zero_point:
            weights -= self.zero_point
        weights *= np.expand_dims(self.scale, 1 - self.axis)
        return weights


def quantize(weights: npt.NDArray[np.float32], axis: int) -> Quantized:
    """Quantise a matrix symmetrically; ``axis`` counts the output channels, each with its own scale."""
    # The embedding can be most of a model, so copies are spared.
    largest = np.maximum(weights.max(axis=1 - axis), -weights.min(axis=1 - axis))
    scale = (largest / _LARGEST).astype(np.float32)
    # A channel of zeros, or of numbers so small that their scale rounds to zero.
    scale[scale == 0] = 1
    steps = weights / np.expand_dims(scale, 1 - axis)
    np.rint(steps, out=steps)
    np.clip(steps, -_LARGEST, _LARGEST, out=steps)
    return Quantized(steps.astype(np.int8), scale, axis)


def as_unsigned(quantized: Quantized) -> Quantized:
    """The same weights in unsigned integers, for integer arithmetic.

    Processors without VNNI add two products of an unsigned and a signed byte in 16 bits, where 255 x 127 + 255 x 127
    has no room; products of two unsigned bytes they add in 32 bits. So only this pair gives the same sums everywhere.
    """
    integers = (quantized.integers.astype(np.int16) + ZERO_POINT).astype(np.uint8)
    return Quantized(integers, quantized.scale, quantized.axis, ZERO_POINT)


def round_activations(rows: npt.NDArray[np.floating]) -> npt.NDArray[np.float32]:
    """What is left of rows [n_rows, n_in] as unsigned bytes with one scale for all: ONNX's DynamicQuantizeLinear."""
    values = rows.astype(np.float32)
    least, largest = min(np.float32(0), values.min()), max(np.float32(0), values.max())
    scale = (largest - least) / np.float32(255) or np.float32(1)
    zero_point = np.rint(-least / scale)
    steps = np.clip(np.rint(values / scale) + zero_point, 0, 255)
    entering: npt.NDArray[np.float32] = (steps - zero_point) * scale
    return entering


def quantized_axis(name: str) -> int | None:
    """Which axis of a tensor has the output channels, None for what stays fp32.

    The token embedding is read by row, as input and as unembedding. Position embeddings, gains and biases are small.
    """
    if name == "wte.weight":
        return 0
    return 1 if name.endswith(("c_attn.weight", "c_proj.weight", "c_fc.weight")) else None
