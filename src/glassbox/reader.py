"""Reading texts: which passes a question takes, beyond what is held of earlier ones."""

from collections import OrderedDict
from collections.abc import Sequence

import numpy as np

from glassbox.activations import Activations, Rows
from glassbox.interventions import Interventions
from glassbox.lens import guesses
from glassbox.passes import Passes
from glassbox.runs import Run
from glassbox.runtime.base import FloatArray, IntArray, ModelRuntime
from glassbox.sampling_rules import softmax
from glassbox.store import Store
from glassbox.tensor_layout import TensorLayout
from glassbox.token_numbers import NEEDED, Guess, TokenNumbers, token_numbers

# A pass answers with about this much at a time, so that a long text needs no more room than a short one.
_PASS_BYTES = 24 * 2**20
_KEPT_LOGITS = 32
# A cache that is filled again is filled in so many passes at most.
_PASSES_OF_A_CONTEXT = 8


class Reader:
    """One model's runs, tensor by tensor: from what is held, or from passes that are made now."""

    def __init__(self, runtime: ModelRuntime, layout: TensorLayout, budget_bytes: int) -> None:
        self._layout = layout
        self._config = layout.config
        self._passes = Passes(runtime)
        self._store = Store(layout, budget_bytes)
        # Logits [vocab_size] by the tokens before them and what is changed.
        self._logits: OrderedDict[tuple[tuple[int, ...], Interventions], FloatArray] = OrderedDict()

    async def read(self, token_ids: Sequence[int], interventions: Interventions) -> int:
        """Read tokens; those that an earlier text begins with are not read again. On any failure nothing is lost.

        Returns how many went through the model.
        """
        async with self._passes.turn:
            before = self._passes.n_computed
            await self._read(tuple(token_ids), interventions)
            return self._passes.n_computed - before

    async def numbers(self, run: Run) -> list[TokenNumbers]:
        """What is a number a token, for every token of the run."""
        async with self._passes.turn:
            line = await self._read(run.token_ids, run.interventions)
        return line.numbers[: run.n_tokens]

    async def rows(self, run: Run, keys: Sequence[str], start: int, stop: int) -> dict[str, FloatArray]:
        """Rows ``start`` up to ``stop`` of tensors by key, held or computed again in as few passes as may be."""
        if start == 0:
            self._store.ask(keys)
        line, shared = self._store.find(run.token_ids, run.interventions)
        if line is not None and shared == run.n_tokens and all(line.holds(key, start, stop) for key in keys):
            return {key: line.rows[key].read(start, stop) for key in keys}
        async with self._passes.turn:
            line = await self._read(run.token_ids, run.interventions)
            missing = [key for key in keys if not line.holds(key, start, stop)]
            computed = await self._compute(run, missing, start, stop) if missing else {}
            if start == 0:
                line.rows |= computed
            found = {key: computed.get(key, line.rows.get(key)) for key in keys}
            answer = {key: rows.read(start, stop) for key, rows in found.items() if rows is not None}
            self._store.trim()
        return answer

    async def logits(self, run: Run, position: int) -> FloatArray:
        """[vocab_size], unnormalised, for the token after ``position``."""
        key = (run.token_ids[: position + 1], run.interventions)
        if key not in self._logits:
            async with self._passes.turn:
                _, answer = await self._passes.forward(key[0], position, run.interventions, ())
            self._keep_logits(key[0], run.interventions, answer["logits"][-1])
        self._logits.move_to_end(key)
        return self._logits[key]

    async def look(self, run: Run, changes: Interventions) -> FloatArray:
        """[vocab_size] after the run's last token with other changes; the rows before them are the run's own."""
        first = int(min(run.interventions.agreeing_rows(changes), run.n_tokens - 1))
        async with self._passes.turn:
            await self._fill_cache(run.token_ids, first, run.interventions)
            _, answer = await self._passes.forward(run.token_ids, first, changes, (), is_look=True)
        logits: FloatArray = answer["logits"][-1]
        return logits

    async def all_logits(self, run: Run) -> FloatArray:
        """Logits [n_tokens, vocab_size] of every position."""
        last = self._config.n_layer
        async with self._passes.turn:
            _, answer = await self._passes.forward(
                run.token_ids, 0, run.interventions, (), lambda n_new: last * n_new + np.arange(n_new)
            )
        return answer["logits"]

    async def own_probabilities(self, run: Run, start: int) -> FloatArray:
        """[n_tokens - start]: the model's own probability of each token from ``start`` on, given those before it."""
        last, tokens = self._config.n_layer, np.array(run.token_ids)
        group = max(1, _PASS_BYTES // (4 * self._config.vocab_size))
        found = []
        for first in range(start - 1, run.n_tokens - 1, group):
            stop = min(first + group, run.n_tokens - 1)
            n_rows = stop - first

            def last_rows(n_new: int, n_rows: int = n_rows) -> IntArray:
                return last * n_new + np.arange(n_new - n_rows, n_new)

            async with self._passes.turn:
                _, answer = await self._passes.forward(run.token_ids[:stop], first, run.interventions, (), last_rows)
            chosen = softmax(answer["logits"].astype(np.float64))[np.arange(n_rows), tokens[first + 1 : stop + 1]]
            found.append(chosen.astype(np.float32))
        return np.concatenate(found) if found else np.zeros(0, np.float32)

    async def lens(self, run: Run, start: int, stop: int) -> FloatArray:
        """[n_layer + 1, stop - start, vocab_size]: what each layer's residual stream would predict."""
        n_layers, n_rows = self._config.n_layer + 1, stop - start

        def last_rows_of_each_layer(n_new: int) -> IntArray:
            return (n_new * np.arange(n_layers)[:, None] + np.arange(n_new - n_rows, n_new)).ravel()

        async with self._passes.turn:
            _, answer = await self._passes.forward(
                run.token_ids[:stop], start, run.interventions, (), last_rows_of_each_layer
            )
        return answer["logits"].reshape(n_layers, n_rows, -1)

    async def guesses(self, run: Run, start: int, stop: int) -> list[Guess]:
        """What every layer would say after each position from ``start`` up to ``stop``; kept."""
        line, shared = self._store.find(run.token_ids, run.interventions)
        known = {} if line is None else {p: guess for p, guess in line.guesses.items() if p < shared}
        # Positions are looked at in groups, so that their logits take about this much memory at a time.
        group = max(1, _PASS_BYTES // (4 * self._config.vocab_size * (self._config.n_layer + 1)))
        position = start
        while position < stop:
            last = position
            while last < min(stop, position + group) and last not in known:
                last += 1
            if last > position:
                known |= dict(zip(range(position, last), guesses(await self.lens(run, position, last)), strict=True))
            position = max(last, position + 1)
        if line is not None:
            line.guesses |= {p: guess for p, guess in known.items() if p < shared}
        return [known[position] for position in range(start, stop)]

    async def _compute(self, run: Run, keys: Sequence[str], start: int, stop: int) -> dict[str, Rows]:
        """Rows of tensors from passes over tokens that were read before."""
        await self._fill_cache(run.token_ids, start, run.interventions)
        computed: dict[str, Rows] = {}
        for first, last in self._pieces(keys, start, stop):
            answer = await self._pass(run.token_ids[:last], first, run.interventions, keys)
            for key in keys:
                if key in computed:
                    computed[key].append(answer[key])
                else:
                    computed[key] = Rows(first, answer[key], self._layout.masked(key))
        return computed

    async def _read(self, token_ids: tuple[int, ...], interventions: Interventions) -> Activations:
        """A line that holds the numbers of these tokens, and the newest row of every tensor where it was not at hand.

        The caller has the turn.
        """
        line, shared = self._store.find(token_ids, interventions)
        if line is None or shared < len(token_ids):
            await self._fill_cache(token_ids, shared, interventions)
            for first, last, keys in self._plan(line, shared, len(token_ids)):
                read = token_ids[:last]
                answer = await self._pass(read, first, interventions, keys)
                line = self._store.line(read, interventions)
                line.add(read, first, {key: answer[key] for key in keys})
                line.numbers += token_numbers(answer, read, first)
                self._keep_logits(read, interventions, answer["logits"][-1])
                self._store.trim()
        assert line is not None, "there is at least one token"
        self._store.use(line)
        return line

    def _plan(self, line: Activations | None, known: int, n_tokens: int) -> list[tuple[int, int, Sequence[str]]]:
        """Passes that read the tokens from ``known`` on: first and last row, and which tensors to answer with.

        Every tensor where there is room for all of them; else those that can be held whole, and all of the last row.
        """
        everything = self._layout.keys
        wanted = self._store.wanted(n_tokens)
        if len(wanted) == len(everything):
            return [(first, last, everything) for first, last in self._pieces(everything, known, n_tokens)]
        whole = {key for key in wanted if known == 0 or (line is not None and line.holds(key, 0, known))}
        whole |= {f"{name}.{layer}" for name in NEEDED for layer in range(self._config.n_layer)}
        keys = [key for key in everything if key in whole]
        pieces = self._pieces(keys, known, n_tokens - 1)
        return [*((first, last, keys) for first, last in pieces), (n_tokens - 1, n_tokens, everything)]

    def _pieces(self, keys: Sequence[str], start: int, stop: int) -> list[tuple[int, int]]:
        """Rows ``start`` up to ``stop`` in passes whose answers are not too large."""
        step = max(1, _PASS_BYTES // max(1, sum(self._layout.row_bytes(key, stop) for key in keys)))
        return [(first, min(first + step, stop)) for first in range(start, stop, step)]

    async def _fill_cache(self, token_ids: tuple[int, ...], n_tokens: int, interventions: Interventions) -> None:
        """Have the runtime's cache hold the first tokens again, where another text has taken their place."""
        step = self._config.n_ctx // _PASSES_OF_A_CONTEXT + 1
        while (held := self._passes.reusable([*token_ids[:n_tokens], 0], interventions)) < n_tokens:
            await self._passes.forward(token_ids[: min(held + step, n_tokens)], held, interventions, ())

    async def _pass(
        self, token_ids: Sequence[int], first: int, interventions: Interventions, keys: Sequence[str]
    ) -> dict[str, FloatArray]:
        """The rows from ``first`` on of tensors, by key, and ``logits`` [1, vocab_size] of the last token.

        A tensor of which all layers are asked for is there under its own name too, layers in front.
        """
        n_layer, asked = self._config.n_layer, set(keys)
        # All layers of a tensor go by one name.
        whole = [name for name in self._layout.names if asked.issuperset(self._layout.layer_keys(name))]
        single = [key for key in keys if self._layout.name_of(key) not in whole]
        start, answer = await self._passes.forward(token_ids, first, interventions, (*whole, *single))
        assert start == first, "the cache holds the tokens before"
        layers = {
            f"{name}.{i}": answer[name][i] for name in whole if self._layout.is_layered(name) for i in range(n_layer)
        }
        return {**answer, **layers}

    def _keep_logits(self, token_ids: tuple[int, ...], interventions: Interventions, logits: FloatArray) -> None:
        self._logits[token_ids, interventions] = np.array(logits)
        if len(self._logits) > _KEPT_LOGITS:
            self._logits.popitem(last=False)
