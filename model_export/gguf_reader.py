"""Opens a GGUF file that may be cut short or made to do harm."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from gguf import GGUFReader, GGUFValueType

from model_export.errors import ExportError

_MAGIC = b"GGUF"
# The largest vocabularies and merge lists have less than half a million lines.
_LONGEST_LIST = 4_000_000


class _BoundedReader(GGUFReader):
    """The library's reader, which takes what lies beyond a file's end for nothing and goes on."""

    def _get(self, offset: int, dtype: Any, count: int = 1, override_order: Any = None) -> Any:
        if int(offset) + int(count) * np.dtype(dtype).itemsize > len(self.data):
            raise ValueError("it is cut short")
        return super()._get(offset, dtype, count, override_order)

    def _get_field_parts(self, orig_offs: int, raw_type: int) -> Any:
        if raw_type == GGUFValueType.ARRAY and self._get(orig_offs + 4, np.uint64)[0] > _LONGEST_LIST:
            raise ValueError("it announces a list of more than four million items")
        return super()._get_field_parts(orig_offs, raw_type)


def read_gguf(path: Path) -> GGUFReader:
    """Header and directory; tensors stay in the file. Raises ExportError."""
    try:
        with path.open("rb") as file:
            magic = file.read(len(_MAGIC))
        if magic != _MAGIC:
            raise ValueError("it does not begin as one")
        reader = _BoundedReader(path)
        if any(size == 0 for tensor in reader.tensors for size in tensor.shape):
            raise ValueError("a tensor of it is empty")
        return reader
    # The library raises whatever its parts do, and a file may ask for more memory than there is.
    except Exception as error:
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise ExportError(f"{path} cannot be read as a GGUF file ({reason}). Get another copy.") from error


def read_fields(reader: GGUFReader, path: Path) -> Mapping[str, Any]:
    """What the file says about the model: strings, numbers, lists. Raises ExportError."""
    try:
        fields = {name: field.contents() for name, field in reader.fields.items()}
    except Exception as error:
        raise ExportError(f"{path} cannot be read as a GGUF file ({error}). Get another copy.") from error
    if fields.get("split.count", 1) not in (0, 1):
        raise ExportError(f"{path} is one of several parts. Join them with llama-gguf-split --merge.")
    if reader.endianess.name != "LITTLE":
        raise ExportError(f"{path} is big-endian. Get the usual form.")
    return fields
