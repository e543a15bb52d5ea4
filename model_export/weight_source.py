"""Where a checkpoint's tensors come from: safetensors files, or PyTorch's own format."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt
from safetensors import SafetensorError, safe_open

from model_export.errors import ExportError

SAFETENSORS = "model.safetensors"
SAFETENSORS_INDEX = "model.safetensors.index.json"
PYTORCH = "pytorch_model.bin"
_LFS_POINTER = b"version https://git-lfs"


class WeightSource(Protocol):
    """Tensors by their stored names. Nothing is read before it is asked for."""

    def names(self) -> Sequence[str]:
        """All tensors."""

    def shape(self, name: str) -> tuple[int, ...]:
        """Sizes of a tensor's axes."""

    def read(self, name: str) -> npt.NDArray[Any]:
        """A tensor in the precision it is stored in, or fp32 where NumPy has no such precision."""

    def close(self) -> None:
        """Let go of the files."""


class SafetensorsSource:
    """One or more safetensors files, read tensor by tensor."""

    def __init__(self, files: Sequence[Path]) -> None:
        # The library has no types of its own.
        self._files: dict[str, Any] = {}
        for path in files:
            try:
                file: Any = safe_open(path, framework="np")
                self._files |= dict.fromkeys(file.keys(), file)
            except (SafetensorError, OSError) as error:
                raise _unreadable(path, error) from error

    def names(self) -> Sequence[str]:
        """See ``WeightSource.names``."""
        return list(self._files)

    def shape(self, name: str) -> tuple[int, ...]:
        """See ``WeightSource.shape``."""
        return tuple(self._files[name].get_slice(name).get_shape())

    def read(self, name: str) -> npt.NDArray[Any]:
        """See ``WeightSource.read``."""
        return np.asarray(self._files[name].get_tensor(name))

    def close(self) -> None:
        """See ``WeightSource.close``."""
        self._files = {}


class PytorchSource:
    """``pytorch_model.bin``; needs PyTorch, since the format is its own."""

    def __init__(self, path: Path) -> None:
        try:
            import torch
        except ModuleNotFoundError as error:
            raise ExportError(
                f"{path.parent} has its weights only as {path.name}, which PyTorch alone reads. "
                f"Install torch, or get the checkpoint with {SAFETENSORS}."
            ) from error
        try:
            # weights_only: a file of this format could otherwise run any program.
            self._tensors: Mapping[str, Any] = torch.load(path, map_location="cpu", weights_only=True, mmap=True)
            if not all(isinstance(tensor, torch.Tensor) for tensor in self._tensors.values()):
                raise ValueError("it holds more than tensors")
        # PyTorch raises whatever its parts do.
        except Exception as error:
            raise _unreadable(path, error) from error

    def names(self) -> Sequence[str]:
        """See ``WeightSource.names``."""
        return list(self._tensors)

    def shape(self, name: str) -> tuple[int, ...]:
        """See ``WeightSource.shape``."""
        return tuple(self._tensors[name].shape)

    def read(self, name: str) -> npt.NDArray[Any]:
        """See ``WeightSource.read``."""
        tensor = self._tensors[name]
        array: npt.NDArray[Any] = (tensor.float() if tensor.is_floating_point() else tensor).numpy()
        return array

    def close(self) -> None:
        """See ``WeightSource.close``."""
        self._tensors = {}


def open_weights(folder: Path) -> WeightSource:
    """The weights in a folder. Raises ExportError where there are none, or they cannot be read."""
    if (folder / SAFETENSORS).is_file():
        return SafetensorsSource([folder / SAFETENSORS])
    if (folder / SAFETENSORS_INDEX).is_file():
        return SafetensorsSource(_indexed_files(folder / SAFETENSORS_INDEX))
    if (folder / PYTORCH).is_file():
        return PytorchSource(folder / PYTORCH)
    raise ExportError(f"{folder} has no {SAFETENSORS}. Download the whole checkpoint, in safetensors form.")


def _indexed_files(index: Path) -> list[Path]:
    """The files among which a large checkpoint is split."""
    try:
        names = sorted(set(json.loads(index.read_text(encoding="utf-8"))["weight_map"].values()))
    except (OSError, ValueError, KeyError, AttributeError) as error:
        raise _unreadable(index, error) from error
    missing = [name for name in names if not (index.parent / name).is_file()]
    if missing:
        raise ExportError(f"{index.parent} has no {missing[0]}, which {index.name} names. Download it.")
    return [index.parent / name for name in names]


def _unreadable(path: Path, error: Exception) -> ExportError:
    with path.open("rb") as file:
        if file.read(len(_LFS_POINTER)) == _LFS_POINTER:
            return ExportError(f"{path} is a Git LFS pointer, not the weights. Fetch them with git lfs pull.")
    reason = str(error).splitlines()[0] if str(error) else type(error).__name__
    return ExportError(f"{path} cannot be read ({reason}). It may be cut short: download it again.")
