"""All architectures that can be exported."""

from collections.abc import Mapping
from typing import Any

from model_export.architecture import Architecture
from model_export.errors import ExportError
from model_export.gpt2 import GPT2
from model_export.llama import LLAMA

ARCHITECTURES = (GPT2, LLAMA)


def of_config(raw: Mapping[str, Any], where: object) -> Architecture:
    """The architecture that a ``config.json`` names. Raises ExportError where there is none such."""
    return _find(
        "model_type", raw.get("model_type"), {kind: one for one in ARCHITECTURES for kind in one.model_types}, where
    )


def of_gguf(fields: Mapping[str, Any], where: object) -> Architecture:
    """The architecture that a GGUF file names. Raises ExportError where there is none such."""
    kinds = {kind: one for one in ARCHITECTURES for kind in one.gguf.kinds}
    return _find("general.architecture", fields.get("general.architecture"), kinds, where)


def _find(setting: str, kind: Any, known: Mapping[str, Architecture], where: object) -> Architecture:
    if isinstance(kind, str) and kind in known:
        return known[kind]
    holds = f"holds a model of the kind {kind!r}" if kind else "does not say what kind of model it holds"
    examples = " or ".join(one.example for one in ARCHITECTURES)
    raise ExportError(
        f"{where} {holds}. Only the kinds {', '.join(known)} ({setting}) can be exported: choose one of those, such as "
        f"{examples}."
    )
