"""Tokenise -> run -> sample -> remember. Answers questions about the current run."""

import asyncio
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from glassbox.activations import Activations, activation_bytes, check_tensor
from glassbox.errors import GlassboxError
from glassbox.runtime.base import TENSOR_AXES, FloatArray, IntArray, ModelRuntime, RunRequest
from glassbox.sampling import Distribution, SamplingOptions, distribution, draw
from glassbox.tokenizer import Tokenizer
from glassbox.weights import Weights

# Up to this size all tensors of a run are kept. A longer text keeps its logits only, and a tensor that is asked for is
# computed anew, one layer at a time: attention alone would take over a gigabyte for GPT-2 (124M) at its full context.
ACTIVATION_BUDGET_BYTES = 192 * 2**20


@dataclass
class Run:
    """A text the model has read: its tokens, and what was computed for them."""

    run_id: int
    token_ids: list[int]
    head_scale: FloatArray
    activations: Activations | None
    logits: dict[int, FloatArray] = field(default_factory=dict)

    @property
    def n_tokens(self) -> int:
        """Tokens read so far."""
        return len(self.token_ids)


class Engine:
    """One model and the text it is reading."""

    def __init__(
        self, tokenizer: Tokenizer, runtime: ModelRuntime, activation_budget_bytes: int = ACTIVATION_BUDGET_BYTES
    ) -> None:
        self.tokenizer = tokenizer
        self.config = runtime.manifest.config
        self.weights = Weights(runtime)
        self.current: Run | None = None
        self._runtime = runtime
        self._budget = activation_budget_bytes
        self._cached_ids: list[int] = []
        self._cached_scale = self.head_scale()
        self._pass = asyncio.Lock()
        self._recomputed: tuple[tuple[int, int, str], FloatArray] | None = None
        self._last_run_id = 0
        # The one on screen is the one that is drawn from; ordering the vocabulary again would take longest of all.
        self._distributions: deque[tuple[FloatArray, SamplingOptions, Distribution]] = deque(maxlen=2)

    def head_scale(self, changes: Sequence[tuple[int, int, float]] = ()) -> FloatArray:
        """[n_layer, n_head] of ones, with each ``(layer, head, scale)`` put in. Raises ``bad_option``."""
        scale = np.ones((self.config.n_layer, self.config.n_head), np.float32)
        for layer, head, value in changes:
            if not (0 <= layer < self.config.n_layer and 0 <= head < self.config.n_head):
                raise GlassboxError(
                    "bad_option",
                    f"There is no head {layer}.{head}: layers are 0 to {self.config.n_layer - 1}, "
                    f"heads 0 to {self.config.n_head - 1}.",
                )
            scale[layer, head] = value
        return scale

    async def run_text(self, text: str, head_scale: FloatArray | None = None) -> Run:
        """Tokenise and read a text. Raises ``empty_text``, ``text_too_long`` or ``text_not_unicode``."""
        return await self.run_tokens([int(i) for i in self.tokenizer.encode(text).token_ids], head_scale)

    async def run_tokens(self, token_ids: Sequence[int], head_scale: FloatArray | None = None) -> Run:
        """Read tokens. On any failure the current run stays as it was."""
        self._check_tokens(token_ids)
        scale = self.head_scale() if head_scale is None else head_scale
        held = self.current
        same_model = held is not None and np.array_equal(held.head_scale, scale)
        shared = _common_length(held.token_ids, token_ids) if held is not None and same_model else 0
        return await self._read(list(token_ids), shared, scale, self._new_run_id())

    async def append_token(self, token_id: int) -> Run:
        """Read one more token; the run keeps its id and all its rows."""
        run = self.require_run()
        token_ids = [*run.token_ids, int(token_id)]
        self._check_tokens(token_ids)
        return await self._read(token_ids, run.n_tokens, run.head_scale, run.run_id)

    async def generate_token(self, options: SamplingOptions) -> tuple[Run, float]:
        """Draw the next token and read it. Returns the run and the probability the token was drawn with.

        The draw depends on the seed and the number of tokens before it, so undoing and generating again repeats it.
        """
        run = self.require_run()
        self._check_tokens([*run.token_ids, 0])
        choices = await self.distribution(options)
        token_id = draw(choices, options, run.n_tokens)
        probability = float(choices.probabilities[np.flatnonzero(choices.token_ids == token_id)[0]])
        return await self.append_token(token_id), probability

    def rewind(self, n_tokens: int) -> Run:
        """Go back to the first ``n_tokens`` tokens; nothing is computed again."""
        run = self.require_run()
        if not 1 <= n_tokens <= run.n_tokens:
            raise GlassboxError("bad_option", f"The run has {run.n_tokens} tokens; it cannot go back to {n_tokens}.")
        del run.token_ids[n_tokens:]
        if run.activations is not None:
            run.activations.truncate(n_tokens)
        run.logits = {position: logits for position, logits in run.logits.items() if position < n_tokens}
        return run

    async def logits(self, position: int | None = None) -> FloatArray:
        """[vocab_size], unnormalised, for the token after ``position`` (the last if None)."""
        run = self.require_run()
        position = run.n_tokens - 1 if position is None else position
        if not 0 <= position < run.n_tokens:
            raise GlassboxError("bad_option", f"Positions are 0 to {run.n_tokens - 1}; asked for {position}.")
        if position not in run.logits:
            _, answer = await self._forward(run.token_ids[: position + 1], position, run.head_scale, ())
            run.logits[position] = answer["logits"][0]
        return run.logits[position]

    async def distribution(self, options: SamplingOptions, position: int | None = None) -> Distribution:
        """Every stage from logits to the probabilities a token is drawn from, over the full vocabulary."""
        logits = await self.logits(position)
        # The seed has no part in it.
        key = replace(options, seed=0)
        for held_logits, held_key, choices in self._distributions:
            if held_logits is logits and held_key == key:
                return choices
        choices = distribution(logits, key)
        self._distributions.append((logits, key, choices))
        return choices

    async def tensor(self, name: str, layer: int | None = None, head: int | None = None) -> FloatArray:
        """One of the glossary's tensors for all positions. Raises ``unknown_tensor``."""
        run = self.require_run()
        check_tensor(self.config, name, layer, head)
        if run.activations is not None:
            return run.activations.tensor(name, layer, head)
        asked = name if layer is None else f"{name}.{layer}"
        key = (run.run_id, run.n_tokens, asked)
        if self._recomputed is None or self._recomputed[0] != key:
            _, answer = await self._forward(run.token_ids, 0, run.head_scale, (asked,))
            self._recomputed = (key, answer[asked])
        array = self._recomputed[1]
        return array if head is None else array[head]

    async def all_logits(self) -> FloatArray:
        """Logits [n_tokens, vocab_size] of every position."""
        run = self.require_run()
        last = self.config.n_layer
        _, answer = await self._forward(
            run.token_ids, 0, run.head_scale, (), lambda n_new: last * n_new + np.arange(n_new)
        )
        return answer["logits"]

    async def lens(self, start: int = 0, stop: int | None = None) -> FloatArray:
        """Logit lens, [n_layer + 1, stop - start, vocab_size]: what each layer's residual stream would predict."""
        run = self.require_run()
        stop = run.n_tokens if stop is None else stop
        n_layers, n_rows = self.config.n_layer + 1, stop - start

        def last_rows_of_each_layer(n_new: int) -> IntArray:
            return (n_new * np.arange(n_layers)[:, None] + np.arange(n_new - n_rows, n_new)).ravel()

        _, answer = await self._forward(run.token_ids[:stop], start, run.head_scale, (), last_rows_of_each_layer)
        return answer["logits"].reshape(n_layers, n_rows, -1)

    def require_run(self, run_id: int | None = None) -> Run:
        """The current run. Raises ``unknown_run`` when there is none, or it is not the one named."""
        if self.current is None:
            raise GlassboxError("unknown_run", "No text has been run yet. Run one first.")
        if run_id is not None and run_id != self.current.run_id:
            raise GlassboxError("unknown_run", f"Run {run_id} is gone; the current one is {self.current.run_id}.")
        return self.current

    async def _read(self, token_ids: list[int], shared: int, head_scale: FloatArray, run_id: int) -> Run:
        """Make ``token_ids`` the current run. Its first ``shared`` tokens are those of the run held now."""
        held = self.current
        activations = None
        if activation_bytes(self.config, len(token_ids)) <= self._budget:
            activations = (held and held.activations) or Activations(self.config)
        known = shared if activations is None else min(shared, activations.n_tokens)
        names = tuple(TENSOR_AXES) if activations is not None else ()
        start, answer = await self._forward(token_ids, known, head_scale, names)
        if activations is not None:
            activations.truncate(start)
            activations.append(answer, len(token_ids) - start)
        logits = {position: row for position, row in held.logits.items() if position < shared} if held else {}
        logits[len(token_ids) - 1] = answer["logits"][-1]
        self.current = Run(run_id, token_ids, head_scale, activations, logits)
        return self.current

    async def _forward(
        self,
        token_ids: Sequence[int],
        known: int,
        head_scale: FloatArray,
        tensor_names: Sequence[str],
        unembed_rows: Callable[[int], IntArray] | None = None,
    ) -> tuple[int, Mapping[str, FloatArray]]:
        """Run ``token_ids`` from some ``start`` on, at most ``known``, further back where the cache holds less.

        Returns ``start`` and the runtime's answer. unembed_rows: from the number of new tokens, which rows get logits;
        the last row of the last layer by default.
        """
        async with self._pass:
            start = min(known, self._reusable(token_ids, head_scale))
            n_new = len(token_ids) - start
            last_row = np.array([(self.config.n_layer + 1) * n_new - 1])
            rows = last_row if unembed_rows is None else unembed_rows(n_new)
            # Until the answer is here the content of the runtime's cache is not known.
            self._cached_ids = []
            request = RunRequest(np.array(token_ids[start:], np.int64), start, rows, head_scale, tensor_names)
            answer = await self._runtime.run(request)
            self._cached_ids, self._cached_scale = list(token_ids), head_scale
            return start, answer

    def _reusable(self, token_ids: Sequence[int], head_scale: FloatArray) -> int:
        """How many leading tokens the runtime's cache holds, the last one excepted: its logits are wanted."""
        if not np.array_equal(self._cached_scale, head_scale):
            return 0
        return min(_common_length(self._cached_ids, token_ids), len(token_ids) - 1)

    def _check_tokens(self, token_ids: Sequence[int]) -> None:
        n_ctx, vocab_size = self.config.n_ctx, self.config.vocab_size
        if not token_ids:
            raise GlassboxError("empty_text", "There is no text yet. Type at least one character.")
        if len(token_ids) > n_ctx:
            raise GlassboxError(
                "text_too_long",
                f"The text has {len(token_ids)} tokens; this model reads at most {n_ctx}. Shorten it.",
                {"n_tokens": len(token_ids), "n_ctx": n_ctx},
            )
        wrong = [i for i in token_ids if not 0 <= i < vocab_size]
        if wrong:
            raise GlassboxError("bad_option", f"Token ids are 0 to {vocab_size - 1}; got {wrong[0]}.")

    def _new_run_id(self) -> int:
        self._last_run_id += 1
        return self._last_run_id


def _common_length(first: Sequence[int], second: Sequence[int]) -> int:
    """How many leading items agree."""
    for index, (a, b) in enumerate(zip(first, second, strict=False)):
        if a != b:
            return index
    return min(len(first), len(second))
