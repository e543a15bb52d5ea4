"""Forward passes of one model, and what its key/value cache holds."""

import asyncio
from collections.abc import Callable, Mapping, Sequence

import numpy as np

from glassbox.activations import common_length
from glassbox.errors import GlassboxError
from glassbox.interventions import NONE, Interventions
from glassbox.runtime.base import FloatArray, IntArray, ModelRuntime, RunRequest


class Passes:
    """A model runs one pass at a time: whoever makes passes that belong together holds ``turn`` meanwhile."""

    def __init__(self, runtime: ModelRuntime) -> None:
        self.turn = asyncio.Lock()
        self._runtime = runtime
        self._config = runtime.manifest.config
        self._cached_ids: list[int] = []
        self._cached_with = NONE
        # Tokens that went through the model, all passes together.
        self.n_computed = 0

    def reusable(self, token_ids: Sequence[int], interventions: Interventions) -> int:
        """How many leading tokens the cache holds, the last one excepted: something is wanted of it."""
        held = min(common_length(self._cached_ids, token_ids), self._cached_with.agreeing_rows(interventions))
        return int(min(held, len(token_ids) - 1))

    async def forward(
        self,
        token_ids: Sequence[int],
        first: int,
        interventions: Interventions,
        tensor_names: Sequence[str],
        unembed_rows: Callable[[int], IntArray] | None = None,
        is_look: bool = False,
    ) -> tuple[int, Mapping[str, FloatArray]]:
        """Run ``token_ids`` from some ``start`` on, at most ``first``, further back where the cache holds less.

        Returns ``start`` and the runtime's answer. unembed_rows: from the number of new tokens, which rows get logits;
        the last row of the last layer by default. A look, or one at tokens the cache goes beyond, leaves it as it is.
        """
        start = min(first, self.reusable(token_ids, interventions))
        n_new = len(token_ids) - start
        last_row = np.array([(self._config.n_layer + 1) * n_new - 1])
        rows = last_row if unembed_rows is None else unembed_rows(n_new)
        cached = self._cached_ids, self._cached_with
        n_tokens = len(token_ids)
        is_known = (
            common_length(cached[0], token_ids) == n_tokens and cached[1].agreeing_rows(interventions) >= n_tokens
        )
        keeps_cache = is_look or is_known
        # Until the answer is here the content of the runtime's cache is not known.
        self._cached_ids = []
        request = RunRequest(
            np.array(token_ids[start:], np.int64),
            start,
            rows,
            interventions.head_scale(self._config),
            tensor_names,
            keeps_cache,
            interventions.edits(self._config, start, n_tokens),
        )
        try:
            answer = await self._runtime.run(request)
        except GlassboxError as error:
            if error.code != "cache_lost":
                raise
            # The model is computed elsewhere since the last pass, where nothing of this text is known.
            return await self.forward(token_ids, 0, interventions, tensor_names, unembed_rows, is_look)
        self.n_computed += n_new
        self._cached_ids, self._cached_with = cached if keeps_cache else (list(token_ids), interventions)
        return start, answer
