"""Writes what the page shows of the training: what each snapshot makes of the example texts, and the run's curves.

usage: python -m model_export.starter.record [--milestones FOLDER] [--checkpoint FOLDER]

Without the folder of a recorded run, what is stored of it stays, and only the last place, that of the checkpoint that
ships, is made anew. docs/seams.md describes the files.
"""

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch.nn import functional

from glassbox.tokenizer import Tokenizer
from model_export.starter import probes
from model_export.starter.config import CHECKPOINT, PACKAGE, cache_folder
from model_export.starter.evaluate import read_sizes
from model_export.starter.model import Gpt2

RECORD = PACKAGE / "training"
EXAMPLES = PACKAGE.parents[1] / "build_scripts" / "examples.json"
N_BEST = 50
Arrays = dict[str, npt.NDArray[Any]]
_AXES = {
    "token_ids": ("snapshot", "position", "place"),
    "probabilities": ("snapshot", "position", "place"),
    "losses": ("snapshot", "position"),
    "attention_pattern": ("snapshot", "layer", "head", "query", "key"),
}
_DTYPES = {"token_ids": "uint16", "probabilities": "float32", "losses": "float32", "attention_pattern": "uint8"}


def observe(model: Gpt2, token_ids: Sequence[int]) -> Arrays:
    """What a model makes of a text: the arrays of _AXES without their first axis.

    ``losses``: -log p in nats of the token at each position, given those before it; of the first NaN.
    ``attention_pattern``: 255 stands for 1.
    """
    with torch.no_grad():
        logits = model(torch.tensor([list(token_ids)]))[0]
        best = logits.softmax(-1).topk(N_BEST)
        losses = functional.cross_entropy(logits[:-1], torch.tensor(token_ids[1:]), reduction="none")
    pattern = np.rint(probes.patterns(model, token_ids) * 255)
    return {
        "token_ids": best.indices.numpy().astype(np.uint16),
        "probabilities": best.values.numpy().astype(np.float32),
        "losses": np.concatenate([[np.nan], losses.numpy()]).astype(np.float32),
        "attention_pattern": pattern.astype(np.uint8),
    }


def encode(header: dict[str, Any], arrays: Arrays) -> bytes:
    """Length of the header, header, padding, arrays: as a stored run is laid out."""
    tensors, offset = [], 0
    for name, array in arrays.items():
        kind = _DTYPES[name]
        tensors.append(
            {"name": name, "shape": list(array.shape), "axes": list(_AXES[name]), "offset": offset, "dtype": kind}
        )
        offset += array.nbytes + _padding(array.nbytes)
    head = json.dumps({**header, "tensors": tensors}, ensure_ascii=False).encode()
    parts = [len(head).to_bytes(4, "little"), head, bytes(_padding(len(head)))]
    for array in arrays.values():
        parts += [array.astype(array.dtype.newbyteorder("<")).tobytes(), bytes(_padding(array.nbytes))]
    return b"".join(parts)


def decode(content: bytes) -> tuple[dict[str, Any], Arrays]:
    """What encode wrote."""
    length = int.from_bytes(content[:4], "little")
    header = json.loads(content[4 : 4 + length])
    start = 4 + length + _padding(length)
    arrays = {}
    for tensor in header["tensors"]:
        count, place = int(np.prod(tensor["shape"])), start + tensor["offset"]
        kind = np.dtype(tensor["dtype"]).newbyteorder("<")
        arrays[tensor["name"]] = np.frombuffer(content, kind, count, place).reshape(tensor["shape"])
    return header, arrays


def _padding(n_bytes: int) -> int:
    return -n_bytes % 4


def snapshots(folder: Path) -> list[tuple[int, Path]]:
    """(tokens read, checkpoint folder) of a recorded run."""
    return [(int(path.parent.name), path.parent) for path in sorted(folder.glob("*/model.safetensors"))]


def write_record(out: Path, recorded: Path | None, shipped: Path, tokens_of_shipped: int, texts: Sequence[str]) -> None:
    """Write index.json and a file for each text. Raises SystemExit where the stored record is of other texts."""
    tokenizer = Tokenizer.from_json((CHECKPOINT / "tokenizer.json").read_text(encoding="utf-8"))
    stored = None if recorded else _stored(out, texts)
    taken = snapshots(recorded) if recorded else []
    models = [probes.load_model(folder, read_sizes(folder)) for folder in (*(path for _, path in taken), shipped)]
    out.mkdir(parents=True, exist_ok=True)
    listed = []
    for number, text in enumerate(texts):
        ids = tokenizer.encode(text).token_ids.tolist()
        seen = [observe(model, ids) for model in models]
        arrays = {name: np.stack([one[name] for one in seen]) for name in _AXES}
        if stored:
            _, before = stored[number]
            arrays = {name: np.concatenate([before[name][:-1], arrays[name]]) for name in _AXES}
        shown = sorted({*ids, *arrays["token_ids"].ravel().tolist()})
        labels = {str(token_id): tokenizer.label(token_id) for token_id in shown}
        content = encode({"text": text, "token_ids": ids, "labels": labels}, arrays)
        file = f"{number}.record"
        (out / file).write_bytes(content)
        listed.append({"file": file, "bytes": len(content), "text": text})
    index = _run(recorded) if recorded else json.loads((out / "index.json").read_text(encoding="utf-8"))
    index["snapshots"] = (
        index["snapshots"] if stored else [{"tokens": tokens, "is_shipped": False} for tokens, _ in taken]
    )
    index["snapshots"] = [one for one in index["snapshots"] if not one["is_shipped"]]
    index["snapshots"].append({"tokens": tokens_of_shipped, "is_shipped": True})
    index["texts"] = listed
    lines = json.dumps(_rounded(index), ensure_ascii=False, separators=(",", ":"))
    (out / "index.json").write_text(lines + "\n", encoding="utf-8")


def _stored(out: Path, texts: Sequence[str]) -> list[tuple[dict[str, Any], Arrays]]:
    found = [decode((out / f"{number}.record").read_bytes()) for number in range(len(texts))]
    if [header["text"] for header, _ in found] != list(texts):
        raise SystemExit(f"{out} is of other texts than {EXAMPLES}: name the folder of a recorded run, --milestones.")
    return found


def _run(recorded: Path) -> dict[str, Any]:
    """The curves, and the recipe they come from."""
    run = json.loads((recorded / "run.json").read_text())
    points = json.loads((recorded / "points.json").read_text())
    return {
        "format": 1,
        "model": {name: run["model"][name] for name in ("n_layer", "n_head")},
        "run": {name: run[name] for name in ("batch_tokens", "mix", "contexts", "seed")},
        "points": [{name: value for name, value in point.items() if name != "snapshot"} for point in points],
    }


def _rounded(value: Any) -> Any:
    """Four digits after the point: more would only be bytes."""
    if isinstance(value, float):
        return round(value, 4)
    if isinstance(value, dict):
        return {name: _rounded(part) for name, part in value.items()}
    return [_rounded(part) for part in value] if isinstance(value, list) else value


def main() -> None:
    """Write the record by the command line."""
    parser = argparse.ArgumentParser(prog="python -m model_export.starter.record", description=__doc__)
    parser.add_argument("--milestones", type=Path, help=f"a recorded run, such as {cache_folder() / 'milestones'}")
    parser.add_argument("--checkpoint", type=Path, default=CHECKPOINT, help="what ships (default: %(default)s)")
    parser.add_argument("--tokens", type=int, required=True, help="how many tokens that has read in all")
    options = parser.parse_args()
    examples = json.loads(EXAMPLES.read_text(encoding="utf-8"))["examples"]
    texts = [example["text"] for example in examples]
    write_record(RECORD, options.milestones, options.checkpoint, options.tokens, texts)


if __name__ == "__main__":
    main()
