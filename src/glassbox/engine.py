"""Tokenise -> run -> sample -> remember. Answers questions about any run that is still known."""

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import count

import numpy as np

from glassbox.chat import ChatTemplate
from glassbox.draws import Draws, draw, draws
from glassbox.errors import GlassboxError
from glassbox.intervention_options import InterventionOptions
from glassbox.interventions import NONE, Interventions
from glassbox.reader import Reader
from glassbox.runs import History, Run
from glassbox.runtime.base import FloatArray, ModelRuntime
from glassbox.sampling import Distribution, Ranking, SamplingOptions, cut, ranking
from glassbox.tensor_layout import TensorLayout
from glassbox.token_numbers import Guess, TokenNumbers
from glassbox.tokenizer import Tokenizer
from glassbox.weights import Weights

# Up to this size tensors are kept; what is asked for beyond it is computed anew. All of GPT-2 (124M)'s fit up to about
# 190 tokens, one block's up to its whole context.
ACTIVATION_BUDGET_BYTES = 144 * 2**20

Asked = tuple[str, int | None, int | None]


class Engine:
    """One model and the runs it has made. Runs are values: every question names one."""

    def __init__(
        self,
        tokenizer: Tokenizer,
        runtime: ModelRuntime,
        activation_budget_bytes: int = ACTIVATION_BUDGET_BYTES,
        run_ids: Iterator[int] | None = None,
    ) -> None:
        self.tokenizer = tokenizer
        self.layout = TensorLayout.of(runtime.manifest)
        self.config = runtime.manifest.config
        self.takes_edits = runtime.manifest.takes_edits
        self.weights = Weights(runtime)
        self._manifest = runtime.manifest
        self.history = History(count(1) if run_ids is None else run_ids)
        self._reader = Reader(runtime, self.layout, activation_budget_bytes)
        # Tokens that the last reading put through the model; those before them were at hand.
        self.n_computed = 0
        # The one on screen is the one that is drawn from; ordering the vocabulary again would take longest of all.
        self._distributions: deque[tuple[Ranking, SamplingOptions, Distribution]] = deque(maxlen=2)
        self._rankings: deque[tuple[FloatArray, Ranking]] = deque(maxlen=2)

    async def run_text(self, text: str, interventions: Interventions = NONE) -> Run:
        """Tokenise and read a text. Raises ``empty_text``, ``text_too_long`` or ``text_not_unicode``."""
        return await self.run_tokens(self.token_ids(text), interventions)

    def heads_scaled(self, changes: Sequence[tuple[int, int, float]]) -> Interventions:
        """A run whose heads are scaled: each ``(layer, head, scale)``. Raises ``bad_option``."""
        return InterventionOptions(self.config, 0).interventions(head_scale=changes)

    @property
    def chat_template(self) -> ChatTemplate | None:
        """What makes a text of a conversation, if the model has such a template."""
        raw = self._manifest.raw
        if raw.get("chat_template") is None:
            return None
        ends = [self.tokenizer.decode([token_id]) for token_id in raw["end_tokens"]]
        # Older exports name no first token.
        return ChatTemplate(raw["chat_template"], raw.get("bos_token", ""), ends[0] if ends else "")

    def token_ids(self, text: str) -> list[int]:
        """A text's tokens."""
        return [int(i) for i in self.tokenizer.encode(text).token_ids]

    async def run_tokens(
        self, token_ids: Sequence[int], interventions: Interventions = NONE, parent: Run | None = None
    ) -> Run:
        """Read tokens; those that an earlier run begins with are not read again. On any failure nothing changes."""
        self._check_tokens(token_ids)
        self._check_edits(interventions)
        self.n_computed = await self._reader.read(token_ids, interventions)
        return self.history.run(token_ids, interventions, parent)

    async def append_token(self, run: Run, token_id: int) -> Run:
        """The run that goes on from ``run`` with one more token."""
        return await self.run_tokens([*run.token_ids, int(token_id)], run.interventions, run)

    async def look(self, run: Run, changes: Interventions) -> FloatArray:
        """Logits [vocab_size] after the last token of a run, were it changed so. What is held stays as it is."""
        self._check_edits(changes)
        return await self._reader.look(run, changes)

    async def generate_token(self, run: Run, options: SamplingOptions) -> tuple[Run, float]:
        """Draw the next token and read it. Returns the new run and the probability the token was drawn with.

        The draw depends on the seed and the number of tokens before it, so going back and generating again repeats it.
        """
        self._check_tokens([*run.token_ids, 0])
        choices = await self.distribution(run, options)
        token_id = draw(choices, options, run.n_tokens)
        probability = float(choices.probabilities[np.flatnonzero(choices.token_ids == token_id)[0]])
        return await self.append_token(run, token_id), probability

    def rewind(self, run: Run, n_tokens: int) -> Run:
        """The run of the first ``n_tokens`` tokens; nothing is computed."""
        if not 1 <= n_tokens <= run.n_tokens:
            raise GlassboxError("bad_option", f"The run has {run.n_tokens} tokens; it cannot go back to {n_tokens}.")
        return self.history.run(run.token_ids[:n_tokens], run.interventions, run.parent)

    async def own_probability(self, run: Run, token_id: int) -> float:
        """The model's own probability of a token that follows, at temperature 1 with nothing cut."""
        ranked = self._ranked(await self.logits(run))
        found = ranked.probabilities[ranked.token_ids == token_id]
        if not len(found):
            raise GlassboxError("bad_option", f"There is no token {token_id}.")
        return float(found[0])

    async def own_probabilities(self, run: Run, start: int = 1) -> FloatArray:
        """[n_tokens - start]: the model's own probability of each token from ``start`` on (the first has none)."""
        if not 1 <= start <= run.n_tokens:
            raise GlassboxError("bad_option", f"Tokens with a probability are 1 to {run.n_tokens}; asked for {start}.")
        return await self._reader.own_probabilities(run, start)

    async def logits(self, run: Run, position: int | None = None) -> FloatArray:
        """[vocab_size], unnormalised, for the token after ``position`` (the last if None)."""
        position = run.n_tokens - 1 if position is None else position
        self._check_positions(run, position, position + 1)
        return await self._reader.logits(run, position)

    async def distribution(self, run: Run, options: SamplingOptions, position: int | None = None) -> Distribution:
        """Every stage from logits to the probabilities a token is drawn from, over the full vocabulary."""
        ranked = self._ranked(await self.logits(run, position))
        # The seed has no part in it.
        key = replace(options, seed=0)
        for held, held_key, choices in self._distributions:
            if held is ranked and held_key == key:
                return choices
        choices = cut(ranked, key)
        self._distributions.append((ranked, key, choices))
        return choices

    async def draws(self, run: Run, options: SamplingOptions, count: int, seeds: Sequence[int] = ()) -> Draws:
        """What would be drawn after the last token: ``count`` numbers of each seed, of the options' own if none.

        Nothing is added to the text.
        """
        choices = await self.distribution(run, options)
        checked = [replace(options, seed=seed).seed for seed in seeds or [options.seed]]
        return draws(choices, checked, run.n_tokens, count)

    def _ranked(self, logits: FloatArray) -> Ranking:
        for held, ranked in self._rankings:
            if held is logits:
                return ranked
        ranked = ranking(logits)
        self._rankings.append((logits, ranked))
        return ranked

    async def tensor(
        self,
        run: Run,
        name: str,
        layer: int | None = None,
        head: int | None = None,
        start: int = 0,
        stop: int | None = None,
    ) -> FloatArray:
        """One of the glossary's tensors. See ``tensors``."""
        return (await self.tensors(run, [(name, layer, head)], start, stop))[0]

    async def tensors(
        self, run: Run, asked: Sequence[Asked], start: int = 0, stop: int | None = None
    ) -> list[FloatArray]:
        """Tensors ``(name, layer, head)`` for positions ``start`` up to ``stop`` (all, if None), in at most one pass.

        Each has its glossary axes, less ``head`` when a head is named; keys are those up to ``stop``. They are views
        that do not change. Raises ``unknown_tensor``.
        """
        stop = run.n_tokens if stop is None else stop
        self._check_positions(run, start, stop)
        keys = [self.layout.key(self.layout.checked(name, layer, head), layer) for name, layer, head in asked]
        found = await self._reader.rows(run, tuple(dict.fromkeys(keys)), start, stop)
        return [found[key] if head is None else found[key][head] for key, (_, _, head) in zip(keys, asked, strict=True)]

    async def row(self, run: Run, name: str, layer: int | None, position: int) -> FloatArray:
        """A tensor at one position: its glossary axes, less the position."""
        row: FloatArray = (await self.tensor(run, name, layer, None, position, position + 1))[..., 0, :]
        return row

    async def all_logits(self, run: Run) -> FloatArray:
        """Logits [n_tokens, vocab_size] of every position."""
        return await self._reader.all_logits(run)

    async def lens(self, run: Run, start: int = 0, stop: int | None = None) -> FloatArray:
        """Logit lens, [n_layer + 1, stop - start, vocab_size]: what each layer's residual stream would predict."""
        stop = run.n_tokens if stop is None else stop
        self._check_positions(run, start, stop)
        return await self._reader.lens(run, start, stop)

    async def guesses(self, run: Run, start: int = 0, stop: int | None = None) -> list[Guess]:
        """What every layer would say after each position from ``start`` up to ``stop`` (all, if None); kept."""
        stop = run.n_tokens if stop is None else stop
        self._check_positions(run, start, stop)
        return await self._reader.guesses(run, start, stop)

    async def numbers(self, run: Run) -> list[TokenNumbers]:
        """What is a number a token, for every token of the run."""
        return await self._reader.numbers(run)

    def _check_edits(self, interventions: Interventions) -> None:
        if interventions.needs_edits and not self.takes_edits:
            raise GlassboxError(
                "no_edits",
                "This export of the model is from before attention could be cut and rivers transplanted. "
                "Export the model again; heads can be switched off in this one, too.",
            )

    def _check_positions(self, run: Run, start: int, stop: int) -> None:
        if not 0 <= start < stop <= run.n_tokens:
            raise GlassboxError("bad_option", f"Positions are 0 to {run.n_tokens - 1}; asked for {start} up to {stop}.")

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
