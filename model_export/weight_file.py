"""All weights one after another in one file, and the directory that finds them again."""

from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO

import numpy as np
import numpy.typing as npt
import onnx
from onnx import TensorProto

from model_export.quantize import Quantized

WEIGHTS_PATH = "weights.bin"
# Wide enough for any vector instruction that reads a tensor where it lies.
_ALIGNMENT = 64
_ONNX_TYPES = {"int8": TensorProto.INT8, "float32": TensorProto.FLOAT}


class WeightFile:
    """Writes tensors to a file; ``tensors`` is the manifest's tensor directory."""

    def __init__(self, path: Path) -> None:
        self.tensors: dict[str, dict[str, Any]] = {}
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
        entry = {"shape": list(data.shape), "axes": axes, "dtype": str(data.dtype), **self._write(data), "scale": None}
        if isinstance(tensor, Quantized):
            place = self._write(tensor.scale)
            entry["scale"] = {"axis": tensor.axis, "shape": list(tensor.scale.shape), "dtype": "float32", **place}
        self.tensors[name] = entry

    def initializer(self, name: str, part: str, full_name: str) -> onnx.TensorProto:
        """The graph's reference to a tensor (part ``data``) or to its scales (part ``scale``)."""
        entry = self.tensors[name] if part == "data" else self.tensors[name][part]
        tensor = onnx.TensorProto(
            name=full_name,
            data_type=_ONNX_TYPES[entry["dtype"]],
            dims=entry["shape"],
            data_location=TensorProto.EXTERNAL,
        )
        for key, value in (("location", WEIGHTS_PATH), ("offset", entry["offset"]), ("length", entry["bytes"])):
            tensor.external_data.add(key=key, value=str(value))
        return tensor

    def _write(self, array: npt.NDArray[Any]) -> dict[str, int]:
        self._file.write(b"\0" * (-self._file.tell() % _ALIGNMENT))
        offset = self._file.tell()
        self._file.write(np.ascontiguousarray(array).tobytes())
        return {"offset": offset, "bytes": array.nbytes}
