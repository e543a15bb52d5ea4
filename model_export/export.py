"""A checkpoint becomes a folder that the page and the native runtime read."""

import errno
import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import onnx

from model_export.check import check_graph
from model_export.checkpoint import Checkpoint
from model_export.chunk import hashed_file, split
from model_export.deviation import expected_logits, measure_deviation
from model_export.errors import ExportError
from model_export.folder_checkpoint import FolderCheckpoint
from model_export.graph_session import GraphSession
from model_export.hub import Source, find_source
from model_export.manifest import build_manifest
from model_export.quantize import GGUF_SCHEME
from model_export.storage import stored_form
from model_export.weight_file import WEIGHTS_PATH, WeightFile

_MANIFEST = "manifest.json"


def export(
    model: str,
    out: Path,
    scheme: str | None = None,
    revision: str | None = None,
    display_name: str | None = None,
    source_name: str | None = None,
) -> dict[str, Any]:
    """Export a model and return its manifest. Raises ExportError; ``out`` is replaced only by a whole export.

    scheme: how weights are stored; if None ``int8``, or of a GGUF file its own blocks. source_name: what the manifest
    says of where the model comes from; if None, what ``model`` says.
    """
    out = out.expanduser().resolve()
    _check_destination(out)
    source = find_source(model, revision)
    if source.path.is_dir():
        checkpoint: Checkpoint = FolderCheckpoint(source.path)
        usual_scheme = "int8"
    else:
        checkpoint, source = _open_gguf(source)
        usual_scheme = GGUF_SCHEME
    if source_name is not None:
        source = replace(source, id=source_name)
    with _written_aside(out) as folder:
        return _write(source, checkpoint, folder, out.name, scheme or usual_scheme, display_name)


def _open_gguf(source: Source) -> tuple[Checkpoint, Source]:
    # Takes a fifth of a second, which folders need not wait for.
    from model_export.gguf_checkpoint import GgufCheckpoint

    checkpoint = GgufCheckpoint(source.path)
    licence = checkpoint.fields.get("general.license")
    return checkpoint, replace(source, licence=licence) if isinstance(licence, str) and licence else source


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
    tokenizer = checkpoint.tokenizer()
    tokenizer_file.write_text(tokenizer, encoding="utf-8")
    token_ids, expected = expected_logits(checkpoint, tokenizer)
    with WeightFile(weights_file) as weights:
        _write_weights(checkpoint, weights, scheme)
    # What was read of it would stay in memory beside the session.
    checkpoint.close()
    is_integer = scheme == "int8-integer"
    architecture, config = checkpoint.architecture, checkpoint.config
    model = architecture.build_graph(config, weights, is_integer)
    onnx.save(model, graph_file)
    with GraphSession(config, graph_file, weights) as session:
        check_graph(architecture, config, session, weights, is_integer)
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
    for name, spec in checkpoint.specs.items():
        form = stored_form(checkpoint, name, scheme)
        weights.add(name, form.data, spec.axes, spec.output_axis, form.is_transposed)
