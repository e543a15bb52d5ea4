"""Forward passes of one model, and what its key/value cache holds."""

import asyncio
from collections.abc import Callable, Mapping, Sequence

import numpy as np

from glassbox.activations import common_length
from glassbox.runtime.base import FloatArray, IntArray, ModelRuntime, RunRequest


class Passes:
    """A model runs one pass at a time: whoever makes passes that belong together holds ``turn`` meanwhile."""

    def __init__(self, runtime: ModelRuntime) -> None:
        self.turn = asyncio.Lock()
        self._runtime = runtime
        self._n_layer = runtime.manifest.config.n_layer
        self._cached_ids: list[int] = []
        self._cached_scale: FloatArray | None = None

    def reusable(self, token_ids: Sequence[int], head_scale: FloatArray) -> int:
        """How many leading tokens the cache holds, the last one excepted: something is wanted of it."""
        return min(common_length(self._cached_ids, token_ids), len(token_ids) - 1) if self._agrees(head_scale) else 0

    async def forward(
        self,
        token_ids: Sequence[int],
        first: int,
        head_scale: FloatArray,
        tensor_names: Sequence[str],
        unembed_rows: Callable[[int], IntArray] | None = None,
    ) -> tuple[int, Mapping[str, FloatArray]]:
        """Run ``token_ids`` from some ``start`` on, at most ``first``, further back where the cache holds less.

        Returns ``start`` and the runtime's answer. unembed_rows: from the number of new tokens, which rows get logits;
        the last row of the last layer by default. A look at tokens the cache goes beyond leaves it as it is.
        """
        start = min(first, self.reusable(token_ids, head_scale))
        n_new = len(token_ids) - start
        last_row = np.array([(self._n_layer + 1) * n_new - 1])
        rows = last_row if unembed_rows is None else unembed_rows(n_new)
        cached, scale = self._cached_ids, self._cached_scale
        is_look = self._agrees(head_scale) and common_length(cached, token_ids) == len(token_ids)
        # Until the answer is here the content of the runtime's cache is not known.
        self._cached_ids = []
        request = RunRequest(np.array(token_ids[start:], np.int64), start, rows, head_scale, tensor_names, is_look)
        answer = await self._runtime.run(request)
        self._cached_ids, self._cached_scale = (cached, scale) if is_look else (list(token_ids), head_scale)
        return start, answer

    def _agrees(self, head_scale: FloatArray) -> bool:
        return self._cached_scale is not None and np.array_equal(self._cached_scale, head_scale)
