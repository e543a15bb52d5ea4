"""The methods JavaScript may call (docs/seams.md). Errors become codes; nothing is raised across the seam."""

import asyncio
import traceback
from collections.abc import Awaitable, Callable, Mapping, Sequence
from itertools import count
from typing import Any

import numpy as np

from glassbox.arithmetic import Arithmetic
from glassbox.beam import Hypothesis, beam_step
from glassbox.chat import Message
from glassbox.config import Manifest
from glassbox.contributions import contributions
from glassbox.draws import draws_payload
from glassbox.embeddings import embedding_sum, nearest_tokens, position_embeddings
from glassbox.engine import Engine
from glassbox.errors import GlassboxError
from glassbox.interventions import When
from glassbox.operands import Cell
from glassbox.payloads import (
    distribution_payload,
    guesses_payload,
    marks_payload,
    merge_step_payloads,
    tensor_payload,
)
from glassbox.river import river, river_payload
from glassbox.run_payloads import (
    candidate_payload,
    cost_payload,
    last_token_payload,
    run_payload,
    tokens_payload,
)
from glassbox.runs import Run
from glassbox.runtime.base import ModelRuntime
from glassbox.sampling import SamplingOptions
from glassbox.sections import section
from glassbox.sweeps import swept
from glassbox.tokenizer import Tokenizer
from glassbox.transplants import interventions_of

Method = Callable[..., Awaitable[dict[str, Any]]]


async def answered(call: Awaitable[dict[str, Any]]) -> dict[str, Any]:
    """What a call comes to: ``{"ok": True, "result"}`` or ``{"ok": False, "error": {code, message, detail}}``."""
    try:
        return {"ok": True, "result": await call}
    except GlassboxError as error:
        return {"ok": False, "error": error.as_dict()}
    except MemoryError as error:
        return {"ok": False, "error": GlassboxError("out_of_memory", f"MemoryError: {error}").as_dict()}
    except Exception as error:
        detail = {"traceback": traceback.format_exc()}
        return {"ok": False, "error": GlassboxError("internal", f"{type(error).__name__}: {error}", detail).as_dict()}


class Bridge:
    """Loaded models, the one in use, and the order of requests."""

    def __init__(self) -> None:
        self._engines: dict[str, Engine] = {}
        self._in_use: str | None = None
        self._newest_request = 0
        # One for all models: an id never names two runs.
        self._run_ids = count(1)
        # Requests that read tokens are answered in the order in which they came.
        self._running = asyncio.Lock()
        self.methods: Mapping[str, Method] = {
            "remove_model": self.remove_model,
            "use_model": self.use_model,
            "tokenize": self.tokenize,
            "chat_text": self.chat_text,
            "vocabulary": self.vocabulary,
            "run": self.run,
            "run_beside": self.run_beside,
            "changed": self.changed,
            "sweep": self.sweep,
            "generate_token": self.generate_token,
            "append_token": self.append_token,
            "rewind": self.rewind,
            "go_to": self.go_to,
            "own_probabilities": self.own_probabilities,
            "beam_step": self.beam_step,
            "probabilities": self.probabilities,
            "draws": self.draws,
            "tensor": self.tensor,
            "tensors": self.tensors,
            "contributions": self.contributions,
            "head_marks": self.head_marks,
            "lens": self.lens,
            "river": self.river,
            "explain": self.explain,
            "section": self.section,
            "merge_steps": self.merge_steps,
            "embedding": self.embedding,
            "position_embeddings": self.position_embeddings,
            "nearest_tokens": self.nearest_tokens,
        }

    async def handle(self, method: str, params: Mapping[str, Any]) -> dict[str, Any]:
        """Call a method: ``{"ok": True, "result"}`` or ``{"ok": False, "error": {code, message, detail}}``."""
        return await answered(self._call(method, params))

    async def _call(self, method: str, params: Mapping[str, Any]) -> dict[str, Any]:
        if method not in self.methods:
            raise GlassboxError("unknown_method", f"There is no method {method!r}.")
        return await self.methods[method](**params)

    def add(self, name: str, tokenizer: Tokenizer, runtime: ModelRuntime) -> None:
        """Take a model in under its name, in place of one of the same name; the first one is in use at once."""
        self._engines[name] = Engine(tokenizer, runtime, run_ids=self._run_ids)
        self._in_use = self._in_use or name

    async def remove_model(self, name: str) -> dict[str, Any]:
        """Forget a model and its run."""
        self._engines.pop(name, None)
        if self._in_use == name:
            self._in_use = next(iter(self._engines), None)
        return {}

    async def use_model(self, name: str) -> dict[str, Any]:
        """Answer further requests with this model."""
        if name not in self._engines:
            raise GlassboxError("no_model", f"The model {name!r} is not loaded.")
        self._in_use = name
        return {"name": name}

    async def tokenize(self, text: str) -> dict[str, Any]:
        """Split a text into tokens; nothing is run. Of a text over the limit only the first n_ctx are described."""
        engine = self._engine()
        n_ctx = engine.config.n_ctx
        token_ids = np.asarray(engine.tokenizer.encode(text).token_ids, np.int32)
        return tokens_payload(engine, token_ids[:n_ctx]) | {"token_ids": token_ids, "n_ctx": n_ctx}

    async def chat_text(self, messages: Sequence[Message]) -> dict[str, Any]:
        """A conversation as the text that the model reads, up to where its own next message begins."""
        template = self._engine().chat_template
        if template is None:
            raise GlassboxError("bad_option", "This model has no chat template: it continues texts and nothing else.")
        return {"text": template.render(messages)}

    async def vocabulary(self) -> dict[str, Any]:
        """How every token is displayed."""
        return {"labels": self._engine().tokenizer.labels()}

    async def run(
        self,
        text: str,
        head_scale: Sequence[Sequence[float]] = (),
        mlp_scale: Sequence[Sequence[float]] = (),
        attention_cuts: Sequence[Mapping[str, Any]] = (),
        patches: Sequence[Mapping[str, Any]] = (),
    ) -> dict[str, Any]:
        """Read a text, with what is changed in it. A request that a newer one overtakes fails with ``stale``."""
        self._newest_request += 1
        request = self._newest_request
        async with self._running:
            self._check_newest(request)
            engine = self._engine()
            token_ids = engine.token_ids(text)
            changes = await interventions_of(engine, len(token_ids), head_scale, mlp_scale, attention_cuts, patches)
            run = await engine.run_tokens(token_ids, changes)
            self._check_newest(request)
            return run_payload(engine, run)

    async def run_beside(self, text: str) -> dict[str, Any]:
        """Read another text beside the one in the box; it overtakes nothing."""
        async with self._running:
            engine = self._engine()
            return run_payload(engine, await engine.run_text(text))

    async def changed(
        self,
        run_id: int,
        head_scale: Sequence[Sequence[float]] = (),
        mlp_scale: Sequence[Sequence[float]] = (),
        attention_cuts: Sequence[Mapping[str, Any]] = (),
        patches: Sequence[Mapping[str, Any]] = (),
    ) -> dict[str, Any]:
        """The run of the same tokens with these changes and no others."""
        async with self._running:
            engine, run = self._found(run_id)
            # Those beyond the text wait for it to grow again.
            n_ctx = engine.config.n_ctx
            changes = await interventions_of(engine, n_ctx, head_scale, mlp_scale, attention_cuts, patches)
            return run_payload(engine, await engine.run_tokens(run.token_ids, changes, run.parent))

    async def sweep(
        self,
        run_id: int,
        kind: str,
        token_id: int,
        start: int,
        stop: int,
        when: When = "before",
        other_id: int | None = None,
        pairs: Sequence[Sequence[int]] = (),
    ) -> dict[str, Any]:
        """What the run would say with one thing changed at a time, for changes ``start`` up to ``stop``.

        kind: ``heads``, ``ribbons`` or ``rows``.
        """
        engine, run = self._found(run_id)
        other = None if other_id is None else engine.history.find(other_id)
        return await swept(engine, run, kind, token_id, range(start, stop), when, other, pairs)

    async def generate_token(self, run_id: int, options: Mapping[str, Any], count: int = 0) -> dict[str, Any]:
        """Draw the next token, and read it: a new run. ``next``: the likeliest ``count`` that may follow it, if any."""
        async with self._running:
            engine, run = self._found(run_id)
            checked = SamplingOptions.from_dict(options)
            grown, probability = await engine.generate_token(run, checked)
            own = await engine.own_probability(run, grown.token_ids[-1])
            found = last_token_payload(engine, grown) | {"probability": probability, "own": own}
            # A call of its own would wait for the page, which is busy drawing.
            if count:
                found["next"] = distribution_payload(await engine.distribution(grown, checked), count)
            return found

    async def append_token(self, run_id: int, token_id: int) -> dict[str, Any]:
        """Read a token that the reader chose; its probability is the model's own, temperature 1 and nothing cut."""
        async with self._running:
            engine, run = self._found(run_id)
            own = await engine.own_probability(run, token_id)
            grown = await engine.append_token(run, token_id)
            return last_token_payload(engine, grown) | {"probability": own, "own": own}

    async def rewind(self, run_id: int, n_tokens: int) -> dict[str, Any]:
        """The run of the first ``n_tokens`` tokens."""
        engine, run = self._found(run_id)
        return run_payload(engine, engine.rewind(run, n_tokens))

    async def go_to(self, run_id: int, token_ids: Sequence[int]) -> dict[str, Any]:
        """The run of these tokens, with what is changed in ``run_id``; those it begins with are not computed again."""
        async with self._running:
            engine, run = self._found(run_id)
            found = await engine.run_tokens([int(i) for i in token_ids], run.interventions, run.parent)
            return run_payload(engine, found) | cost_payload(engine, found)

    async def own_probabilities(self, run_id: int, start: int = 1) -> dict[str, Any]:
        """The model's own probability of every token from ``start`` on, given those before it."""
        engine, run = self._found(run_id)
        return {"probabilities": await engine.own_probabilities(run, start)}

    async def beam_step(self, beams: Sequence[Mapping[str, Any]], width: int) -> dict[str, Any]:
        """One step of a beam search from texts ``{run_id, surprise, is_ended}``."""
        async with self._running:
            engine = self._engine()
            hypotheses = [
                Hypothesis(self._found(beam["run_id"])[1], float(beam["surprise"]), bool(beam["is_ended"]))
                for beam in beams
            ]
            found = await beam_step(engine, hypotheses, int(width))
            return {"candidates": [candidate_payload(engine, one) for one in found]}

    async def probabilities(
        self, run_id: int, options: Mapping[str, Any], position: int | None = None, count: int | None = None
    ) -> dict[str, Any]:
        """What may come after a position, and how each cut changed it: the likeliest ``count``, or all."""
        engine, run = self._found(run_id)
        return distribution_payload(await engine.distribution(run, SamplingOptions.from_dict(options), position), count)

    async def draws(
        self, run_id: int, options: Mapping[str, Any], count: int = 1, seeds: Sequence[int] = ()
    ) -> dict[str, Any]:
        """What would be drawn with the first ``count`` numbers of each seed; nothing is added to the text."""
        engine, run = self._found(run_id)
        checked = SamplingOptions.from_dict(options)
        found = await engine.draws(run, checked, int(count), [int(seed) for seed in seeds])
        return draws_payload(await engine.distribution(run, checked), found)

    async def tensor(
        self,
        run_id: int,
        name: str,
        layer: int | None = None,
        head: int | None = None,
        start: int = 0,
        stop: int | None = None,
    ) -> dict[str, Any]:
        """One tensor of the run, for positions ``start`` up to ``stop`` (all, if None)."""
        engine, run = self._found(run_id)
        return tensor_payload(
            await engine.tensor(run, name, layer, head, start, stop), engine.layout.axes_of(name, head)
        )

    async def tensors(
        self, run_id: int, asked: Sequence[Mapping[str, Any]], start: int = 0, stop: int | None = None
    ) -> dict[str, Any]:
        """Several tensors at once, each asked for as ``{name, layer, head}``; positions ``start`` up to ``stop``."""
        engine, run = self._found(run_id)
        named = [(one["name"], one.get("layer"), one.get("head")) for one in asked]
        arrays = await engine.tensors(run, named, start, stop)
        return {
            "tensors": [
                tensor_payload(array, engine.layout.axes_of(name, head))
                for array, (name, _, head) in zip(arrays, named, strict=True)
            ]
        }

    async def contributions(self, run_id: int) -> dict[str, Any]:
        """What every block adds to the residual stream."""
        engine, run = self._found(run_id)
        return contributions(await engine.numbers(run))

    async def head_marks(self, run_id: int) -> dict[str, Any]:
        """What every head attends to: ``{marks, counts, scores}``, scores [layer, head, mark]."""
        engine, run = self._found(run_id)
        return marks_payload(await engine.numbers(run))

    async def lens(self, run_id: int, start: int = 0, stop: int | None = None) -> dict[str, Any]:
        """What every layer would predict at every position."""
        engine, run = self._found(run_id)
        return guesses_payload(await engine.guesses(run, start, stop))

    async def river(
        self, run_id: int, position: int | None = None, answer: int | None = None, against: int | None = None
    ) -> dict[str, Any]:
        """Where a position's stream comes from in every block, and what speaks for its answer."""
        engine, run = self._found(run_id)
        return river_payload(await river(engine, run, position, answer, against))

    async def explain(
        self, run_id: int, name: str, layer: int | None = None, head: int | None = None, row: int = 0, column: int = 0
    ) -> dict[str, Any]:
        """The sum behind one cell."""
        engine, run = self._found(run_id)
        return await Arithmetic(engine, run).explain(Cell(name, layer, head, row, column))

    async def section(self, run_id: int, name: str, **place: Any) -> dict[str, Any]:
        """What unfolds when a stage is opened."""
        engine, run = self._found(run_id)
        return await section(engine, run, name, **place)

    async def merge_steps(self, run_id: int, position: int) -> dict[str, Any]:
        """The byte-pair merges that led to one token."""
        engine, run = self._found(run_id)
        return {"steps": merge_step_payloads(engine.tokenizer, run.token_at(position))}

    async def embedding(self, run_id: int, position: int) -> dict[str, Any]:
        """Token embedding + position embedding = what enters the first block."""
        engine, run = self._found(run_id)
        return await embedding_sum(engine, run, position)

    async def position_embeddings(self) -> dict[str, Any]:
        """Every position embedding, and how alike they are."""
        return await position_embeddings(self._engine())

    async def nearest_tokens(self, token_id: int, count: int = 10) -> dict[str, Any]:
        """Tokens with the most similar embeddings."""
        return await nearest_tokens(self._engine(), token_id, count)

    def _found(self, run_id: int) -> tuple[Engine, Run]:
        """The model in use, and one of its runs. Raises ``no_model`` or ``unknown_run``."""
        engine = self._engine()
        return engine, engine.history.find(run_id)

    def _engine(self) -> Engine:
        if self._in_use is None:
            raise GlassboxError("no_model", "No model is loaded yet.")
        return self._engines[self._in_use]

    def _check_newest(self, request: int) -> None:
        if request != self._newest_request:
            raise GlassboxError("stale", "A newer text was run in the meantime.")


async def add_browser_model(name: str, manifest: Mapping[str, Any], tokenizer_json: str, port: Any) -> dict[str, Any]:
    """Take in a model whose inference worker is reached through ``port``; answers as ``handle`` does."""

    async def add() -> dict[str, Any]:
        from glassbox.runtime.browser import BrowserRuntime

        _bridge.add(name, Tokenizer.from_json(tokenizer_json), BrowserRuntime(Manifest.from_dict(manifest), port))
        return {"name": name}

    return await answered(add())


async def handle(method: str, params: Mapping[str, Any]) -> dict[str, Any]:
    """The page's bridge; see ``Bridge.handle``."""
    return await _bridge.handle(method, params)


_bridge = Bridge()
