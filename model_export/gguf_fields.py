"""What a GGUF file says of a model, checked."""

import re
from collections.abc import Mapping
from typing import Any

from model_export.config_file import is_size
from model_export.errors import ExportError

_BLOCK = re.compile(r"blk\.(\d+)\.(\w+)\.(weight|bias)")


def size(fields: Mapping[str, Any], name: str, usual: int | None = None) -> int:
    """A whole number above 0. Raises ExportError."""
    value = fields.get(name, usual)
    if not is_size(value):
        raise ExportError(f"The GGUF file says {value!r} of {name}, not a whole number. Get another copy.")
    return int(value)


def epsilon(fields: Mapping[str, Any], name: str) -> float:
    """A number above 0, as whoever made the file wrote it in decimals. Raises ExportError."""
    value = fields.get(name)
    if not isinstance(value, float) or not value > 0:
        raise ExportError(f"The GGUF file says {value!r} of {name}, not a number above 0. Get another copy.")
    # Stored in fp32, 1e-5 comes out as 9.999999747378752e-06.
    return float(f"{value:.6g}")


def block_name(name: str, prefix: str, parts: Mapping[str, str]) -> str | None:
    """``blk.3.attn_q.weight`` -> ``PREFIX.3.PART.weight``; None for a name that is no block's."""
    found = _BLOCK.fullmatch(name)
    if found is None or found[2] not in parts:
        return None
    return f"{prefix}.{found[1]}.{parts[found[2]]}.{found[3]}"
