"""Reads ``config.json``, and what every architecture asks of it."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from model_export.errors import ExportError


def read_config_file(folder: Path) -> Mapping[str, Any]:
    """The settings in a folder's ``config.json``. Raises ExportError."""
    path = folder / "config.json"
    try:
        raw = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ExportError(
            f"No readable config.json in {folder}. Name a folder in Hugging Face layout, or a model of the hub."
        ) from error
    except ValueError as error:
        raise ExportError(f"{path} is not JSON ({error}). Download it again.") from error
    if not isinstance(raw, dict):
        raise ExportError(f"{path} does not describe a model. Download it again.")
    return raw


def whole_numbers(raw: Mapping[str, Any], names: Sequence[str]) -> list[int]:
    """Sizes by their names. Raises ExportError where one is no whole number above 0."""
    sizes = [raw.get(name) for name in names]
    wrong = [name for name, size in zip(names, sizes, strict=True) if not is_size(size)]
    if wrong:
        raise ExportError(f"config.json has no whole number for {', '.join(wrong)}. Download it again.")
    return [int(size) for size in sizes if size is not None]


def is_size(value: Any) -> bool:
    """Whether a setting is a whole number above 0."""
    return isinstance(value, int) and not isinstance(value, bool) and value > 0


def small_number(raw: Mapping[str, Any], name: str, usual: float) -> float:
    """A setting above 0. Raises ExportError."""
    value = raw.get(name, usual)
    if not isinstance(value, int | float) or not value > 0:
        raise ExportError(f"config.json sets {name} to {value!r}. It must be a number above 0.")
    return float(value)


def check_settings(raw: Mapping[str, Any], accepted: Mapping[str, tuple[Any, ...]], like: str) -> None:
    """Raise ExportError for a setting with another value than those accepted; the first is usual."""
    for name, values in accepted.items():
        if raw.get(name, values[0]) not in values:
            raise ExportError(
                f"config.json sets {name} to {raw[name]!r}. Only {values[0]!r}, as in {like}, can be exported: "
                "choose another model."
            )
