"""``manifest.json``: everything the page and the native runtime know about a model (docs/seams.md)."""

import re
from collections.abc import Sequence
from dataclasses import asdict
from math import prod
from typing import Any

from model_export.architecture import INPUTS
from model_export.checkpoint import Checkpoint
from model_export.hub import Source
from model_export.weight_file import DEQUANTIZED_PATH, WEIGHTS_PATH, WeightFile

FORMAT = 2


def build_manifest(
    *,
    name: str,
    display_name: str | None,
    source: Source,
    checkpoint: Checkpoint,
    scheme: str,
    weights: WeightFile,
    graph: dict[str, Any],
    n_external_tensors: int,
    chunks: Sequence[dict[str, Any]],
    tokenizer: dict[str, Any],
    deviation: dict[str, Any],
) -> dict[str, Any]:
    """The manifest. graph, chunks, tokenizer: files as ``{file, bytes, sha256}``.

    n_external_tensors: how many tensors the graph reads from other files.
    """
    return {
        "format": FORMAT,
        "name": model_name(name),
        "display_name": display_name or source.id.split("/")[-1],
        "architecture": checkpoint.architecture.name,
        "parameters": sum(prod(spec.shape) for spec in checkpoint.specs.values()),
        "licence": source.licence,
        "source": {"id": source.id, "revision": source.revision},
        "config": asdict(checkpoint.config),
        "quantization": {"scheme": scheme},
        "graph": {**graph, "external_tensors": n_external_tensors},
        "weights": {"path": WEIGHTS_PATH, "bytes": sum(chunk["bytes"] for chunk in chunks)},
        "dequantized": {"path": DEQUANTIZED_PATH, "bytes": weights.dequantized_bytes},
        "chunks": list(chunks),
        "tensors": weights.tensors,
        "inputs": INPUTS,
        "outputs": checkpoint.architecture.outputs(),
        "tokenizer": tokenizer,
        "chat_template": checkpoint.chat_template,
        "bos_token": checkpoint.bos_token,
        "end_tokens": list(checkpoint.end_tokens),
        "deviation": deviation,
    }


def model_name(folder_name: str) -> str:
    """A folder's name as a model's: small letters, digits, dots, dashes and underscores."""
    return re.sub(r"[^a-z0-9._-]+", "-", folder_name.lower())
