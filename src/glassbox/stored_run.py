"""Stored runs: real runs in a compact file that the page can show before Python or a model has arrived."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from glassbox.engine import Engine
from glassbox.payloads import stage_payloads, token_payloads
from glassbox.runtime.base import TENSOR_AXES, UNLAYERED
from glassbox.sampling import SamplingOptions

_CANDIDATES = 50
# What the first picture draws. Scores and the MLP before its GELU are only shown in sections, which wait for the model.
STORED_TENSORS = tuple(name for name in TENSOR_AXES if name not in ("attention_scores", "mlp_pre"))


async def encode_run(
    engine: Engine, text: str, options: Mapping[str, Any], tensor_names: Sequence[str] = STORED_TENSORS
) -> bytes:
    """Run a text and write down what the first picture needs; the file's form is in docs/seams.md."""
    run = await engine.run_text(text)
    choices = await engine.distribution(SamplingOptions.from_dict(options))
    tensors: list[dict[str, Any]] = []
    arrays: list[bytes] = []
    offset = 0
    for name in tensor_names:
        layers = [None] if name in UNLAYERED else range(engine.config.n_layer)
        stacked = np.stack([await engine.tensor(name, layer) for layer in layers])
        array = stacked[0] if name in UNLAYERED else stacked
        axes = TENSOR_AXES[name] if name in UNLAYERED else ("layer", *TENSOR_AXES[name])
        data = np.ascontiguousarray(array, "<f4").tobytes()
        tensors.append({"name": name, "shape": array.shape, "axes": axes, "offset": offset, "dtype": "float32"})
        arrays.append(data)
        offset += len(data)
    header = {
        "text": text,
        "tokens": token_payloads(engine.tokenizer, run.token_ids),
        "token_ids": run.token_ids,
        "options": dict(options),
        "candidates": [
            {
                "token_id": int(choices.token_ids[index]),
                "label": engine.tokenizer.label(int(choices.token_ids[index])),
                "probability": float(choices.probabilities[index]),
                "share": float(choices.stages[1].entering[index]),
                "logit": float(choices.logits[index]),
                "kept": bool(choices.kept[index]),
            }
            for index in range(min(_CANDIDATES, len(choices.token_ids)))
        ],
        "stages": stage_payloads(choices),
        "tensors": tensors,
    }
    return _with_header(json.dumps(header, ensure_ascii=False, separators=(",", ":")).encode(), b"".join(arrays))


def _with_header(header: bytes, data: bytes) -> bytes:
    """Length of the header, header, padding to 4 bytes, data."""
    start = 4 + len(header)
    return len(header).to_bytes(4, "little") + header + b"\0" * (-start % 4) + data
