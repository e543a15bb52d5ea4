"""All weights one after another in one file, and the directory that finds them again.

A graph that computes in fp32 refers to quantised weights by their place in a second file, which nobody writes: whoever
makes a session fills those places with integers x scale (docs/seams.md). So no copy of the whole model in fp32 exists
but the session's own.
"""

from math import prod
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO

import numpy as np
import numpy.typing as npt
import onnx
from onnx import TensorProto

from model_export.quantize import Quantized

WEIGHTS_PATH = "weights.bin"
DEQUANTIZED_PATH = "dequantized.bin"
# Wide enough for any vector instruction that reads a tensor where it lies.
_ALIGNMENT = 64
_ONNX_TYPES = {"int8": TensorProto.INT8, "uint8": TensorProto.UINT8, "float32": TensorProto.FLOAT}


class WeightFile:
    """Writes tensors to a file; ``tensors`` is the manifest's tensor directory."""

    def __init__(self, path: Path) -> None:
        self.tensors: dict[str, dict[str, Any]] = {}
        self.dequantized_bytes = 0
        self._path = path
        self._file: BinaryIO = path.open("wb")

    def __enter__(self) -> "WeightFile":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

    def add(self, name: str, tensor: npt.NDArray[np.float32] | Quantized, axes: list[str]) -> None:
        """Append a tensor, and its scales if it is quantised."""
        data = tensor.integers if isinstance(tensor, Quantized) else tensor
        entry: dict[str, Any] = {"shape": list(data.shape), "axes": axes, "dtype": str(data.dtype)}
        entry |= {**self._write(data), "scale": None, "dequantized": []}
        if isinstance(tensor, Quantized):
            place = self._write(tensor.scale)
            entry["scale"] = {
                "axis": tensor.axis,
                "zero_point": tensor.zero_point,
                "shape": list(tensor.scale.shape),
                "dtype": "float32",
                **place,
            }
        self.tensors[name] = entry

    def stored(self, name: str) -> onnx.TensorProto:
        """The graph's reference to a tensor as it is stored."""
        return _external(name, WEIGHTS_PATH, self.tensors[name])

    def scale(self, name: str) -> onnx.TensorProto:
        """The graph's reference to a quantised tensor's scales."""
        return _external(f"{name}.scale", WEIGHTS_PATH, self.tensors[name]["scale"])

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
        """A tensor with which the model computes: integers x scale where it is quantised."""
        entry = self.tensors[name]
        stored, scale = self._read(entry), entry["scale"]
        if scale is None:
            return stored
        return Quantized(stored, self._read(scale), scale["axis"], scale["zero_point"]).dequantize()

    def write_dequantized(self, path: Path) -> None:
        """Write the second file after all, tensor by tensor."""
        with path.open("wb") as file:
            for name, entry in self.tensors.items():
                if entry["dequantized"]:
                    values = self.read(name)
                for piece in entry["dequantized"]:
                    file.seek(piece["offset"])
                    file.write(values[slice(*piece["rows"])].data)

    def _read(self, entry: dict[str, Any]) -> npt.NDArray[Any]:
        shape, dtype = tuple(entry["shape"]), np.dtype(entry["dtype"])
        return np.fromfile(self._path, dtype, prod(shape), offset=entry["offset"]).reshape(shape)

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
