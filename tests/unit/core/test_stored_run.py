"""What a stored run holds is what the engine answers."""

import asyncio
import json
from pathlib import Path
from typing import Any

import numpy as np

from glassbox.__main__ import open_engine
from glassbox.river import river
from glassbox.stored_run import encode_run

TEXT = "the man and the thing"


def decoded(content: bytes) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
    """Header and arrays of a file of the form in docs/seams.md."""
    length = int.from_bytes(content[:4], "little")
    header = json.loads(content[4 : 4 + length])
    start = -(-(4 + length) // 4) * 4
    arrays = {}
    for entry in header["tensors"]:
        size = int(np.prod(entry["shape"]))
        values = np.frombuffer(content, "<f4", size, start + entry["offset"])
        arrays[entry["name"]] = values.reshape(entry["shape"])
        assert len(entry["axes"]) == len(entry["shape"]), entry["name"]
    return header, arrays


def test_the_river_of_every_position_is_stored(toy_int8: Path) -> None:
    engine = open_engine(toy_int8, threads=1)
    header, arrays = decoded(asyncio.run(encode_run(engine, TEXT, {"temperature": 0.7})))
    run = asyncio.run(engine.run_text(TEXT))
    assert header["token_ids"] == list(run.token_ids)
    n_tokens = run.n_tokens
    for position in range(n_tokens):
        found = asyncio.run(river(engine, run, position))
        assert header["answers"][position] == found.answer
        for kind, parts in (("shares", found.shares), ("pushes", found.pushes)):
            for name, expected in parts.items():
                stored = arrays[f"{kind}.{name}"][position]
                if name == "heads":
                    assert not stored[..., position + 1 :].any()
                    stored = stored[..., : position + 1]
                np.testing.assert_allclose(stored, expected, rtol=1e-4, atol=1e-5, err_msg=f"{kind}.{name}")


def test_what_each_block_adds_is_stored_as_the_live_model_answers_it(toy_int8: Path) -> None:
    engine = open_engine(toy_int8, threads=1)
    _, arrays = decoded(asyncio.run(encode_run(engine, TEXT, {})))
    for part, added, stream in (("attention", "attn_out", "resid_pre"), ("mlp", "mlp_out", "resid_mid")):
        expected = np.linalg.norm(arrays[added], axis=-1) / np.linalg.norm(arrays[stream], axis=-1)
        np.testing.assert_allclose(arrays[f"contributions.{part}"], expected, rtol=1e-5)


def test_the_last_guess_is_the_answer(toy_int8: Path) -> None:
    engine = open_engine(toy_int8, threads=1)
    header, arrays = decoded(asyncio.run(encode_run(engine, TEXT, {"temperature": 0.7})))
    guesses, run = header["guesses"], asyncio.run(engine.run_text(TEXT))
    assert guesses["token_ids"][-1] == header["answers"]
    assert len(guesses["token_ids"]) == engine.config.n_layer + 1
    logits = asyncio.run(engine.all_logits(run)).astype(np.float64)
    softmax = np.exp(logits - logits.max(axis=1, keepdims=True))
    softmax /= softmax.sum(axis=1, keepdims=True)
    np.testing.assert_allclose(guesses["probabilities"][-1], softmax.max(axis=1), atol=1e-4)
    assert guesses["labels"][-1][-1] == engine.tokenizer.label(header["answers"][-1])
    np.testing.assert_array_equal(arrays["resid_mid"][1], asyncio.run(engine.tensor(run, "resid_mid", 1)))
