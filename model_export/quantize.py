"""Weights as 8-bit integers with one scale for each output channel."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

SCHEMES = ("int8", "int8-integer", "fp32")
_LARGEST = 127


@dataclass(frozen=True)
class Quantized:
    """``integers * scale`` along ``axis`` gives the weights back, to half a step."""

    integers: npt.NDArray[np.int8]
    scale: npt.NDArray[np.float32]
    axis: int

    def dequantize(self) -> npt.NDArray[np.float32]:
        """The weights the model computes with, [rows, columns]."""
        weights = self.integers.astype(np.float32)
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


def quantized_axis(name: str) -> int | None:
    """Which axis of a tensor has the output channels, None for what stays fp32.

    The token embedding is read by row, as input and as unembedding. Position embeddings, gains and biases are small.
    """
    if name == "wte.weight":
        return 0
    return 1 if name.endswith(("c_attn.weight", "c_proj.weight", "c_fc.weight")) else None
