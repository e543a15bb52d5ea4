"""A checkpoint becomes a folder that the page and the native runtime read."""

import errno
import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import onnx

from model_export.check import check_graph
from model_export.checkpoint import Checkpoint, FloatArray
from model_export.chunk import hashed_file, split
from model_export.deviation import expected_logits, measure_deviation
from model_export.errors import ExportError
from model_export.graph import build_graph
from model_export.graph_session import GraphSession
from model_export.hub import Source, find_source
from model_export.manifest import build_manifest, tensor_axes
from model_export.quantize import Quantized, as_unsigned, quantize, quantized_axis
from model_export.tokenizer_file import read_tokenizer
from model_export.weight_file import WEIGHTS_PATH, WeightFile

_MANIFEST = "manifest.json"


def export(
    model: str, out: Path, scheme: str, revision: str | None = None, display_name: str | None = None
) -> dict[str, Any]:
    """Export a model and return its manifest. Raises ExportError; ``out`` is replaced only by a whole export."""
    out = out.expanduser().resolve()
    _check_destination(out)
    source = find_source(model, revision)
    checkpoint = Checkpoint(source.folder)
    with _written_aside(out) as folder:
        return _write(source, checkpoint, folder, out.name, scheme, display_name)


def _check_destination(out: Path) -> None:
    """An export replaces an earlier one, but nothing else that somebody may want to keep."""
    if out.exists() and not out.is_dir():
        raise ExportError(f"{out} is a file. Name a folder with --out.")
    if out.is_dir() and any(out.iterdir()) and not (out / _MANIFEST).is_file():
        raise ExportError(f"{out} holds something other than an exported model. Name another folder with --out.")


@contextmanager
def _written_aside(out: Path) -> Iterator[Path]:
    """A folder beside ``out`` that takes its place when all went well, and is gone when not."""
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=f".{out.name}-", dir=out.parent, ignore_cleanup_errors=True) as place:
            new = Path(place) / "new"
            new.mkdir()
            yield new
            if out.exists():
                out.rename(Path(place) / "old")
            new.rename(out)
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise ExportError(f"No space is left in {out.parent}. Free some, or name another --out.") from error
        raise ExportError(
            f"{out} cannot be written ({error.strerror or error}). Name another folder with --out."
        ) from error


def _write(
    source: Source, checkpoint: Checkpoint, folder: Path, name: str, scheme: str, display_name: str | None
) -> dict[str, Any]:
    weights_file, graph_file, tokenizer_file = folder / WEIGHTS_PATH, folder / "graph.onnx", folder / "tokenizer.json"
    tokenizer = read_tokenizer(source.folder, checkpoint.config.vocab_size)
    tokenizer_file.write_text(tokenizer, encoding="utf-8")
    token_ids, expected = expected_logits(checkpoint, tokenizer)
    with WeightFile(weights_file) as weights:
        _write_weights(checkpoint, weights, scheme)
    # What was read of it would stay in memory beside the session.
    checkpoint.close()
    is_integer = scheme == "int8-integer"
    model = build_graph(checkpoint.config, weights, integer_arithmetic=is_integer)
    onnx.save(model, graph_file)
    with GraphSession(checkpoint.config, graph_file, weights) as session:
        check_graph(checkpoint.config, session, weights, is_integer)
        deviation = measure_deviation(session, token_ids, expected)
    manifest = build_manifest(
        name=name,
        display_name=display_name,
        source=source,
        checkpoint=checkpoint,
        scheme=scheme,
        weights=weights,
        deviation=deviation,
        graph=hashed_file(graph_file, "graph", ".onnx"),
        n_external_tensors=sum(onnx.external_data_helper.uses_external_data(part) for part in model.graph.initializer),
        chunks=split(weights_file, "weights", ".bin"),
        tokenizer=hashed_file(tokenizer_file, "tokenizer", ".json"),
    )
    (folder / _MANIFEST).write_text(json.dumps(manifest, indent=1) + "\n", encoding="utf-8")
    return manifest


def _write_weights(checkpoint: Checkpoint, weights: WeightFile, scheme: str) -> None:
    for name in checkpoint.shapes:
        weights.add(name, _as_stored(name, checkpoint.tensor(name), scheme), tensor_axes(name))


def _as_stored(name: str, tensor: FloatArray, scheme: str) -> FloatArray | Quantized:
    axis = None if scheme == "fp32" else quantized_axis(name)
    if axis is None:
        return tensor
    quantized = quantize(tensor, axis)
    # Axis 1 is that of the blocks' matrices, which alone are multiplied as integers.
    return as_unsigned(quantized) if scheme == "int8-integer" and axis == 1 else quantized
