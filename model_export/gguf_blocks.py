"""GGUF's blocks of 32 weights taken apart: integers, scales and minima each put together, not a bit changed."""

import numpy as np
import numpy.typing as npt
from gguf import GGMLQuantizationType as Kind

from model_export.quantize import BLOCK, Quantized

# How each kind packs its block, by the file format's own definition.
_FIELDS = {
    Kind.Q8_0: [("scale", "<f2"), ("integers", "i1", BLOCK)],
    Kind.Q4_0: [("scale", "<f2"), ("integers", "u1", BLOCK // 2)],
    Kind.Q4_1: [("scale", "<f2"), ("minimum", "<f2"), ("integers", "u1", BLOCK // 2)],
}
_Q4_0_ZERO_POINT = 8


def kept_blocks(kind: Kind, rows: npt.NDArray[np.uint8]) -> Quantized | None:
    """Rows of bytes [n_rows, n_bytes] as they are stored; None for a kind that is not kept."""
    if kind not in _FIELDS:
        return None
    blocks = np.ascontiguousarray(rows).view(np.dtype(_FIELDS[kind]))
    return Quantized(
        shape=(len(rows), blocks.shape[1] * BLOCK),
        dtype="int8" if kind == Kind.Q8_0 else "uint4",
        integers=np.ascontiguousarray(blocks["integers"]).reshape(len(rows), -1),
        scale=np.ascontiguousarray(blocks["scale"]),
        axis=0,
        block=BLOCK,
        zero_point=_Q4_0_ZERO_POINT if kind == Kind.Q4_0 else 0,
        minimum=np.ascontiguousarray(blocks["minimum"]) if kind == Kind.Q4_1 else None,
    )
