"""A checkpoint becomes a folder that the page and the native runtime read."""

import errno
import json
import shutil
import tempfile
from math import prod
from pathlib import Path
from typing import Any

import onnx
from tokenizers import ByteLevelBPETokenizer

from model_export.checkpoint import Checkpoint
from model_export.chunk import hashed_file, split
from model_export.errors import ExportError
from model_export.graph import INPUTS, OUTPUTS, build_graph
from model_export.hub import Source, find_source
from model_export.quantize import quantize, quantized_axis
from model_export.verify import measure_deviation
from model_export.weight_file import DEQUANTIZED_PATH, WEIGHTS_PATH, WeightFile

FORMAT = 1


def export(
    model: str, out: Path, scheme: str, revision: str | None = None, display_name: str | None = None
) -> dict[str, Any]:
    """Export a model and return its manifest. Raises ExportError; ``out`` is replaced only by a whole export."""
    source = find_source(model, revision)
    checkpoint = Checkpoint(source.folder)
    out.parent.mkdir(parents=True, exist_ok=True)
    aside = Path(tempfile.mkdtemp(prefix=f".{out.name}-", dir=out.parent))
    aside.chmod(0o755)
    try:
        manifest = _write(source, checkpoint, aside, out.name, scheme, display_name)
        if out.exists():
            shutil.rmtree(out)
        aside.rename(out)
    except OSError as error:
        if error.errno == errno.ENOSPC:
            raise ExportError(f"No space is left in {out.parent}. Free some, or choose another --out.") from error
        raise ExportError(f"{out} cannot be written ({error.strerror}).") from error
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    return manifest


def _write(
    source: Source, checkpoint: Checkpoint, folder: Path, name: str, scheme: str, display_name: str | None
) -> dict[str, Any]:
    config = checkpoint.config
    weights_file, graph_file, tokenizer_file = folder / WEIGHTS_PATH, folder / "graph.onnx", folder / "tokenizer.json"
    _write_tokenizer(source.folder, tokenizer_file, config.vocab_size)
    with WeightFile(weights_file) as weights:
        _write_weights(checkpoint, weights, scheme)
    onnx.save(build_graph(config, weights, integer_arithmetic=scheme == "int8-integer"), graph_file)
    deviation = measure_deviation(checkpoint, tokenizer_file, graph_file, weights, is_exact=scheme == "fp32")
    n_bytes = weights_file.stat().st_size
    manifest = {
        "format": FORMAT,
        "name": name,
        "display_name": display_name or source.id.split("/")[-1],
        "parameters": sum(prod(shape) for shape in checkpoint.shapes.values()),
        "licence": source.licence,
        "source": {"id": source.id, "revision": source.revision},
        "config": vars(config),
        "quantization": {"scheme": scheme},
        "graph": hashed_file(graph_file, "graph", ".onnx"),
        "weights": {"path": WEIGHTS_PATH, "bytes": n_bytes},
        "dequantized": {"path": DEQUANTIZED_PATH, "bytes": weights.dequantized_bytes},
        "chunks": split(weights_file, "weights", ".bin"),
        "tensors": weights.tensors,
        "inputs": INPUTS,
        "outputs": OUTPUTS,
        "tokenizer": hashed_file(tokenizer_file, "tokenizer", ".json"),
        "deviation": deviation,
    }
    (folder / "manifest.json").write_text(json.dumps(manifest, indent=1) + "\n", encoding="utf-8")
    return manifest


def _write_weights(checkpoint: Checkpoint, weights: WeightFile, scheme: str) -> None:
    for name in checkpoint.shapes:
        tensor = checkpoint.tensor(name)
        axis = None if scheme == "fp32" else quantized_axis(name)
        weights.add(name, tensor if axis is None else quantize(tensor, axis), _axes(name))


def _axes(name: str) -> list[str]:
    """What the axes of a tensor count, in the glossary's words."""
    ends = {
        "wte.weight": ["vocab_size", "n_embd"],
        "wpe.weight": ["position", "n_embd"],
        "c_attn.weight": ["n_embd", "query_key_value"],
        "c_attn.bias": ["query_key_value"],
        "c_fc.weight": ["n_embd", "d_mlp"],
        "c_fc.bias": ["d_mlp"],
        "mlp.c_proj.weight": ["d_mlp", "n_embd"],
        "attn.c_proj.weight": ["head_output", "n_embd"],
    }
    return next((axes for end, axes in ends.items() if name.endswith(end)), ["n_embd"])


def _write_tokenizer(folder: Path, out: Path, vocab_size: int) -> None:
    """Take ``tokenizer.json``, or make it from ``vocab.json`` and ``merges.txt``."""
    if (folder / "tokenizer.json").is_file():
        shutil.copyfile(folder / "tokenizer.json", out)
        return
    vocabulary, merges = folder / "vocab.json", folder / "merges.txt"
    if not (vocabulary.is_file() and merges.is_file()):
        raise ExportError(f"{folder} has neither tokenizer.json nor vocab.json with merges.txt. Download one of them.")
    tokenizer = ByteLevelBPETokenizer.from_file(str(vocabulary), str(merges))
    if tokenizer.token_to_id("<|endoftext|>") is not None:
        tokenizer.add_special_tokens(["<|endoftext|>"])
    if tokenizer.get_vocab_size() != vocab_size:
        raise ExportError(f"vocab.json has {tokenizer.get_vocab_size()} tokens; config.json says {vocab_size}.")
    tokenizer.save(str(out))
