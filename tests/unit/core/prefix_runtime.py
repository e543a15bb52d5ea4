"""A stand-in for a model: what it answers for a position depends on the tokens up to it, as with a real one."""

import asyncio
from collections.abc import Mapping
from types import SimpleNamespace

import numpy as np

from glassbox.errors import GlassboxError
from glassbox.runtime.base import FloatArray, RunRequest
from glassbox.tensor_layout import TensorLayout
from model_export.gpt2.config import gpt2_config

CONFIG = gpt2_config(n_layer=2, n_head=2, n_embd=4, n_ctx=16, vocab_size=40, norm_epsilon=1e-5)
LAYOUT = TensorLayout("gpt2", CONFIG)


class PrefixRuntime:
    """Keeps a cache of token ids as a real runtime keeps keys and values, and counts the rows it computes."""

    def __init__(self) -> None:
        self.manifest = SimpleNamespace(architecture="gpt2", config=CONFIG, tensors={}, takes_edits=True)
        self.rows_computed = 0
        self.passes = 0
        self.fails_next = False
        self._cache: list[int] = []

    async def run(self, request: RunRequest) -> Mapping[str, FloatArray]:
        # As with a real runtime, others go on while a pass is made.
        await asyncio.sleep(0)
        if self.fails_next:
            self.fails_next = False
            self._cache = []
            raise GlassboxError("out_of_memory", "No room.")
        assert request.past_length <= len(self._cache), "the engine took rows for cached that are not"
        token_ids = [*self._cache[: request.past_length], *request.token_ids.tolist()]
        if not request.keeps_cache:
            self._cache = token_ids
        n_new, n_past = len(request.token_ids), request.past_length
        self.rows_computed += n_new
        self.passes += 1
        marks = np.array([hash(tuple(token_ids[: p + 1])) % 1000 for p in range(len(token_ids))], np.float32)
        marks = marks + request.head_scale.sum()
        answer = {"logits": self._logits(request, marks[n_past:], n_new)}
        for name in request.tensor_names:
            array = np.empty(LAYOUT.shape(name, n_new, n_past), np.float32)
            array[...] = marks[n_past:, None]
            if name.startswith("attention_"):
                hidden = np.arange(n_past + n_new)[None, :] > np.arange(n_past, n_past + n_new)[:, None]
                array[..., hidden] = -np.inf if name.startswith("attention_scores") else 0
            answer[name] = array
        return answer

    async def read_weights(self, offset: int, size: int) -> bytes:
        raise NotImplementedError

    def _logits(self, request: RunRequest, marks: FloatArray, n_new: int) -> FloatArray:
        layers, positions = np.divmod(request.unembed_rows, n_new)
        generators = [
            np.random.default_rng([int(marks[p]), int(layer)]) for layer, p in zip(layers, positions, strict=True)
        ]
        return np.stack([generator.normal(size=CONFIG.vocab_size).astype(np.float32) for generator in generators])
