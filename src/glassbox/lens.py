"""Logit lens: what the model would predict if it stopped after each block (nostalgebraist, 2020)."""

from typing import Any

import numpy as np

from glassbox.engine import Engine
from glassbox.errors import GlassboxError

# Positions are looked at in groups, so that their logits take about this much memory at a time.
_GROUP_BYTES = 48 * 2**20


async def lens_table(engine: Engine, start: int = 0, stop: int | None = None) -> dict[str, Any]:
    """For every layer [n_layer + 1] and position from ``start`` up to ``stop`` (all, if None): the top token, its
    probability, and how the final answer ranks.

    ``{shape, axes, token_ids, probabilities, final_ranks}``, flat, C order. Layer 0 is the embedding; the last layer is
    the model's own answer, whose top token has rank 1 at every position.
    """
    config, n_tokens = engine.config, engine.require_run().n_tokens
    stop = n_tokens if stop is None else stop
    if not 0 <= start < stop <= n_tokens:
        raise GlassboxError("bad_option", f"Positions are 0 to {n_tokens - 1}; asked for {start} up to {stop}.")
    shape = (config.n_layer + 1, stop - start)
    token_ids = np.zeros(shape, np.int32)
    probabilities = np.zeros(shape, np.float32)
    ranks = np.zeros(shape, np.int32)
    group = max(1, _GROUP_BYTES // (4 * config.vocab_size * shape[0]))
    for first in range(0, stop - start, group):
        last = min(first + group, stop - start)
        logits = await engine.lens(start + first, start + last)
        largest = logits.max(axis=-1, keepdims=True)
        token_ids[:, first:last] = logits.argmax(axis=-1)
        # Softmax of the largest logit: its own numerator is 1.
        probabilities[:, first:last] = 1 / np.exp(logits - largest).sum(axis=-1)
        answer = np.broadcast_to(token_ids[-1, first:last, None], (shape[0], last - first, 1))
        ranks[:, first:last] = 1 + (logits > np.take_along_axis(logits, answer, axis=-1)).sum(axis=-1)
    return {
        "shape": list(shape),
        "axes": ["layer", "position"],
        "token_ids": token_ids.ravel(),
        "probabilities": probabilities.ravel(),
        "final_ranks": ranks.ravel(),
    }
