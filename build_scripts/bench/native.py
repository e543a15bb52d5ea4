"""The forward pass in CPython: what the browser is held against."""

import asyncio
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from glassbox.architectures.gpt2 import GPT2
from glassbox.runtime.base import RunRequest
from glassbox.runtime.native import NativeRuntime

ALL_TENSORS = tuple(GPT2.tensors)


class NativeBench:
    """One model, timed in milliseconds."""

    def __init__(self, model: Path, threads: int) -> None:
        self._runtime = NativeRuntime(model, threads)

    def prefill(self, n: int, names: Sequence[str], times: int) -> list[float]:
        """Times of reading ``n`` tokens anew."""
        return [self._run(n, 0, names) for _ in range(times)]

    def decode(self, past: int, names: Sequence[str], times: int) -> list[float]:
        """Times of one token after another, after ``past`` known ones."""
        self._run(past, 0, ())
        return [self._run(1, past + i, names) for i in range(times)]

    def _run(self, n: int, past: int, names: Sequence[str]) -> float:
        config = self._runtime.manifest.config
        request = RunRequest(
            token_ids=(np.arange(past, past + n) * 7919) % config.vocab_size,
            past_length=past,
            unembed_rows=np.array([(config.n_layer + 1) * n - 1]),
            head_scale=np.ones((config.n_layer, config.n_head), np.float32),
            tensor_names=tuple(names),
        )
        began = time.perf_counter()
        asyncio.run(self._runtime.run(request))
        return (time.perf_counter() - began) * 1000
