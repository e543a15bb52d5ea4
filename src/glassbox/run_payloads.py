"""What crosses to JavaScript of a run: its tokens, its text, what it cost, what a search has found."""

from typing import Any

import numpy as np

from glassbox.beam import Candidate
from glassbox.engine import Engine
from glassbox.payloads import token_payloads
from glassbox.runs import Run


def tokens_payload(engine: Engine, token_ids: Any) -> dict[str, Any]:
    """``{token_ids, tokens}`` of any token ids."""
    ids = np.asarray(token_ids, np.int32)
    return {"token_ids": ids, "tokens": token_payloads(engine.tokenizer, ids.tolist())}


def _text(engine: Engine, run: Run) -> dict[str, Any]:
    return {"text": engine.tokenizer.decode(run.token_ids)}


def run_payload(engine: Engine, run: Run) -> dict[str, Any]:
    """``{run_id, token_ids, tokens, text}``."""
    return {"run_id": run.run_id} | tokens_payload(engine, run.token_ids) | _text(engine, run)


def last_token_payload(engine: Engine, run: Run) -> dict[str, Any]:
    """``{run_id, n_tokens, token_id, token, text, cost}`` of a run that has just grown by a token."""
    token = token_payloads(engine.tokenizer, run.token_ids)[-1]
    grown = {"run_id": run.run_id, "n_tokens": run.n_tokens, "token_id": run.token_ids[-1], "token": token}
    return grown | _text(engine, run) | cost_payload(engine, run)


def cost_payload(engine: Engine, run: Run) -> dict[str, Any]:
    """Of the run that was read just now: tokens that went through the model, and those that were at hand."""
    return {"cost": {"computed": engine.n_computed, "reused": max(0, run.n_tokens - engine.n_computed)}}


def candidate_payload(engine: Engine, one: Candidate) -> dict[str, Any]:
    """``{parent, token_id, label, probability, surprise, run_id}`` of a step of a beam search."""
    return {
        "parent": one.parent,
        "token_id": one.token_id,
        "label": "" if one.token_id is None else engine.tokenizer.label(one.token_id),
        "probability": one.probability,
        "surprise": one.surprise,
        "run_id": None if one.run is None else one.run.run_id,
    }
