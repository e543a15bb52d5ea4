"""All weights one after another in one file, and the directory that finds them again.

A graph that computes in fp32 refers to quantised weights by their place in a second file, which nobody writes: whoever
makes a session fills those places (docs/seams.md). So no copy of the whole model in fp32 exists
but the session's own.
"""

from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO

import numpy as np
import numpy.typing as npt
import onnx
from onnx import TensorProto

from glassbox.config import StoredTensor
from glassbox.dequantize import dequantize, stored_ranges
from model_export.quantize import Quantized

WEIGHTS_PATH = "weights.bin"
DEQUANTIZED_PATH = "dequantized.bin"
# Wide enough for any vector instruction that reads a tensor where it lies.
_ALIGNMENT = 64
_ONNX_TYPES = {
    "int8": TensorProto.INT8,
    "uint8": TensorProto.UINT8,
    "uint4": TensorProto.UINT8,
    "float16": TensorProto.FLOAT16,
    "float32": TensorProto.FLOAT,
}


class WeightFile:
    """Writes tensors to a file; ``tensors`` is the manifest's tensor directory."""

    def __init__(self, path: Path) -> None:
        self.tensors: dict[str, dict[str, Any]] = {}
        self.dequantized_bytes = 0
        self._transposed: set[str] = set()
        self._path = path
        self._file: BinaryIO = path.open("wb")

    def __enter__(self) -> "WeightFile":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

    def add(
        self,
        name: str,
        tensor: npt.NDArray[np.float32] | Quantized,
        axes: Sequence[str] = (),
        output_axis: int | None = None,
        is_transposed: bool = False,
    ) -> None:
        """Append a tensor, and its scales if it is quantised.

        axes, output_axis: as Hugging Face stores the tensor; is_transposed: it is given the other way round.
        """
        if is_transposed:
            self._transposed.add(name)
            axes = tuple(reversed(axes))
            output_axis = None if output_axis is None else 1 - output_axis
        data = tensor.integers if isinstance(tensor, Quantized) else tensor
        entry: dict[str, Any] = {
            "shape": list(tensor.shape),
            "axes": list(axes),
            "output_axis": output_axis,
            "dtype": tensor.dtype if isinstance(tensor, Quantized) else str(data.dtype),
            **self._write(data),
            "scale": None,
            "minimum": None,
            "dequantized": [],
        }
        if isinstance(tensor, Quantized):
            kinds = {"axis": tensor.axis, "block": tensor.block, "zero_point": tensor.zero_point}
            entry["scale"] = kinds | self._write_factors(tensor.scale)
            if tensor.minimum is not None:
                entry["minimum"] = self._write_factors(tensor.minimum)
        self.tensors[name] = entry

    def stored(self, name: str) -> onnx.TensorProto:
        """The graph's reference to a tensor as it is stored; of packed integers, to the bytes."""
        entry = self.tensors[name]
        rows, *columns = entry["shape"]
        shape = [rows, *(size // 2 for size in columns)] if entry["dtype"] == "uint4" else entry["shape"]
        return _external(name, WEIGHTS_PATH, {**entry, "shape": shape})

    def factors(self, name: str, kind: str) -> onnx.TensorProto:
        """The graph's reference to a quantised tensor's ``scale`` or ``minimum``."""
        return _external(f"{name}.{kind}", WEIGHTS_PATH, self.tensors[name][kind])

    def dequantized(self, name: str, start: int = 0, stop: int | None = None) -> onnx.TensorProto:
        """The graph's reference to rows of a quantised tensor as fp32, in the file filled when a session is made."""
        entry = self.tensors[name]
        n_rows, n_columns = entry["shape"]
        stop = n_rows if stop is None else stop
        n_bytes = 4 * (stop - start) * n_columns
        piece = {"name": f"{name}.{start}", "rows": [start, stop], "offset": self.dequantized_bytes, "bytes": n_bytes}
        entry["dequantized"].append(piece)
        self.dequantized_bytes += n_bytes
        return _external(
            piece["name"], DEQUANTIZED_PATH, {**piece, "shape": [stop - start, n_columns], "dtype": "float32"}
        )

    def read(self, name: str) -> npt.NDArray[np.float32]:
        """A tensor with which the model computes, in fp32 and shaped as Hugging Face stores it."""
        values = self._values(name)
        return values.T if name in self._transposed else values

    def write_dequantized(self, path: Path) -> None:
        """Write the second file after all, tensor by tensor."""
        with path.open("wb") as file:
            for name, entry in self.tensors.items():
                if entry["dequantized"]:
                    values = self._values(name)
                for piece in entry["dequantized"]:
                    file.seek(piece["offset"])
                    file.write(values[slice(*piece["rows"])].data)

    def _values(self, name: str) -> npt.NDArray[np.float32]:
        """A tensor as it is stored, in fp32."""
        tensor = StoredTensor.from_dict(self.tensors[name])
        with self._path.open("rb") as file:
            parts = []
            for offset, size in stored_ranges(tensor, 0, tensor.shape[0]):
                file.seek(offset)
                parts.append(file.read(size))
        return dequantize(tensor, parts)

    def _write_factors(self, array: npt.NDArray[Any]) -> dict[str, Any]:
        return {"shape": list(array.shape), "dtype": str(array.dtype), **self._write(array)}

    def _write(self, array: npt.NDArray[Any]) -> dict[str, int]:
        self._file.write(b"\0" * (-self._file.tell() % _ALIGNMENT))
        offset = self._file.tell()
        self._file.write(np.ascontiguousarray(array).data)
        return {"offset": offset, "bytes": array.nbytes}


def _external(name: str, path: str, place: dict[str, Any]) -> onnx.TensorProto:
    tensor = onnx.TensorProto(
        name=name,
        data_type=_ONNX_TYPES[place["dtype"]],
        dims=place["shape"],
        data_location=TensorProto.EXTERNAL,
    )
    for key, value in (("location", path), ("offset", place["offset"]), ("length", place["bytes"])):
        tensor.external_data.add(key=key, value=str(value))
    return tensor
