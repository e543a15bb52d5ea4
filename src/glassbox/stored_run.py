"""Stored runs: real runs in a compact file that the page can show before Python or a model has arrived."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from glassbox.contributions import contributions
from glassbox.engine import Engine
from glassbox.lens import stacked
from glassbox.payloads import token_payloads
from glassbox.river import PUSH_AXES, SHARE_AXES, River, river
from glassbox.runs import Run
from glassbox.runtime.base import FloatArray
from glassbox.sampling import SamplingOptions
from glassbox.sampling_steps import stage_payloads

_CANDIDATES = 50
# What the first picture draws. Scores and the MLP before its GELU are only shown in sections, which wait for the model.
_LEFT_OUT = ("attention_scores", "mlp_pre")


async def encode_run(engine: Engine, text: str, options: Mapping[str, Any]) -> bytes:
    """Run a text and write down what the first picture needs; the file's form is in docs/seams.md."""
    run = await engine.run_text(text)
    choices = await engine.distribution(run, SamplingOptions.from_dict(options))
    rivers = [await river(engine, run, position) for position in range(run.n_tokens)]
    arrays = await _run_tensors(engine, run) | _river_tensors(rivers)
    for name, lengths in contributions(await engine.numbers(run)).items():
        arrays[f"contributions.{name}"] = (lengths["axes"], np.reshape(lengths["data"], lengths["shape"]))
    header = {
        "text": text,
        "tokens": token_payloads(engine.tokenizer, run.token_ids),
        "token_ids": list(run.token_ids),
        "options": dict(options),
        "candidates": [
            {
                "token_id": int(choices.token_ids[index]),
                "label": engine.tokenizer.label(int(choices.token_ids[index])),
                "probability": float(choices.probabilities[index]),
                "own": float(choices.stages[0].entering[index]),
                "share": float(choices.stages[1].entering[index]),
                "logit": float(choices.logits[index]),
                "kept": bool(choices.kept[index]),
            }
            for index in range(min(_CANDIDATES, len(choices.token_ids)))
        ],
        "stages": stage_payloads(choices),
        "answers": [found.answer for found in rivers],
        "guesses": await _guesses(engine, run),
        "tensors": _directory(arrays),
    }
    data = b"".join(np.ascontiguousarray(array, "<f4").tobytes() for _, array in arrays.values())
    return _with_header(json.dumps(header, ensure_ascii=False, separators=(",", ":")).encode(), data)


async def _run_tensors(engine: Engine, run: Run) -> dict[str, tuple[tuple[str, ...], FloatArray]]:
    """Name -> axes and array, layers stacked in front."""
    arrays = {}
    for name in (name for name in engine.layout.names if name not in _LEFT_OUT):
        axes = engine.layout.axes(name)
        if engine.layout.is_layered(name):
            layers = [await engine.tensor(run, name, layer) for layer in range(engine.config.n_layer)]
            arrays[name] = (("layer", *axes), np.stack(layers))
        else:
            arrays[name] = (axes, await engine.tensor(run, name))
    return arrays


def _river_tensors(rivers: Sequence[River]) -> dict[str, tuple[tuple[str, ...], FloatArray]]:
    """``shares.NAME`` and ``pushes.NAME`` of every position, positions in front; keys after a position are 0."""
    arrays = {}
    for kind, axes in (("shares", SHARE_AXES), ("pushes", PUSH_AXES)):
        for name, rest in axes.items():
            rows: list[Any] = [getattr(found, kind)[name] for found in rivers]
            if "key" in rest:
                rows = [np.pad(row, [(0, 0), (0, 0), (0, len(rivers) - row.shape[-1])]) for row in rows]
            arrays[f"{kind}.{name}"] = (("position", *rest), np.stack(rows).astype(np.float32))
    return arrays


async def _guesses(engine: Engine, run: Run) -> dict[str, Any]:
    """What the model would say after each block: ``{token_ids, labels, probabilities}``, [layer][position] each."""
    table = stacked(await engine.guesses(run))
    return {
        "token_ids": table.token_ids.tolist(),
        "labels": [[engine.tokenizer.label(token_id) for token_id in row] for row in table.token_ids.tolist()],
        "probabilities": table.probabilities.round(6).tolist(),
    }


def _directory(arrays: Mapping[str, tuple[tuple[str, ...], FloatArray]]) -> list[dict[str, Any]]:
    """``[{name, shape, axes, offset, dtype}]`` of arrays that lie end to end as float32."""
    entries, offset = [], 0
    for name, (axes, array) in arrays.items():
        entries.append({"name": name, "shape": array.shape, "axes": axes, "offset": offset, "dtype": "float32"})
        offset += 4 * array.size
    return entries


def _with_header(header: bytes, data: bytes) -> bytes:
    """Length of the header, header, padding to 4 bytes, data."""
    start = 4 + len(header)
    return len(header).to_bytes(4, "little") + header + b"\0" * (-start % 4) + data
