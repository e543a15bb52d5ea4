"""In which form each of a checkpoint's tensors is written."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from model_export.architecture import FloatArray, TensorSpec
from model_export.checkpoint import Checkpoint
from model_export.quantize import BLOCK, GGUF_SCHEME, Quantized, as_unsigned, quantize, quantize_blocks


class Form(NamedTuple):
    """A tensor as it is written. is_transposed: a matrix stands the other way round than Hugging Face stores it."""

    data: FloatArray | Quantized
    is_transposed: bool = False


def stored_form(checkpoint: Checkpoint, name: str, scheme: str) -> Form:
    """The form of a tensor under a scheme. Vectors stay fp32 always, position embeddings but for ``int4``.

    ``gguf`` keeps a file's blocks and writes what else it quantises in 8 bits.
    """
    spec = checkpoint.specs[name]
    if scheme == GGUF_SCHEME:
        blocks = checkpoint.blocks(name)
        if blocks is not None:
            return Form(blocks, spec.output_axis == 1)
    return form_of(spec, checkpoint.tensor(name), "int8" if scheme == GGUF_SCHEME else scheme)


def form_of(spec: TensorSpec, tensor: FloatArray, scheme: str) -> Form:
    """The form of a tensor that is given in fp32, shaped as Hugging Face stores it."""
    if scheme == "fp32" or spec.role == "vector" or (spec.role == "positions" and scheme != "int4"):
        return Form(tensor)
    if spec.role != "matrix":
        return Form(quantize(tensor, 0))
    assert spec.output_axis is not None, "a matrix has output channels"
    if scheme == "int8-integer":
        # Multiplied from the left, a matrix is [input, output].
        return _turned(spec, 1, tensor, lambda matrix: as_unsigned(quantize(matrix, 1)))
    if scheme == "int4" and tensor.shape[1 - spec.output_axis] % BLOCK == 0:
        # Blocks run along the inputs.
        return _turned(spec, 0, tensor, quantize_blocks)
    return Form(quantize(tensor, spec.output_axis))


def _turned(spec: TensorSpec, output_axis: int, tensor: FloatArray, form: Callable[[FloatArray], Quantized]) -> Form:
    is_transposed = spec.output_axis != output_axis
    return Form(form(np.ascontiguousarray(tensor.T) if is_transposed else tensor), is_transposed)
