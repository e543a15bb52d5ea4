"""What is changed by hand changes what it should, and only that: two architectures, random weights, the reference."""

import asyncio
from typing import Any

import numpy as np
import pytest

from glassbox.__main__ import open_engine
from glassbox.arithmetic import Arithmetic
from glassbox.engine import Engine
from glassbox.errors import GlassboxError
from glassbox.intervention_options import InterventionOptions
from glassbox.interventions import NONE, Interventions
from glassbox.operands import Cell
from glassbox.river import river
from glassbox.runtime.base import fed_edits
from glassbox.sweeps import swept
from glassbox.tokenizer import Tokenizer
from model_export.architectures import ARCHITECTURES
from model_export.export import export
from model_export.folder_checkpoint import FolderCheckpoint
from tests.checkpoints import TOY, toy_llama, write_checkpoint, write_llama
from tests.numpy_model import STARTER, NumpyRuntime, starter_weights
from tests.unit.core.prefix_runtime import CONFIG, PrefixRuntime

TOKEN_IDS = [1, 5, 260, 3, 99, 120, 7, 3, 5]
CLOSE = 1e-4
CUTS = [
    {"layer": 0, "query": 6, "key": 2},
    {"layer": 1, "head": 1, "query": 8, "key": 0},
    {"layer": 1, "head": 0, "query": 7, "key": 7, "when": "after"},
    {"layer": 0, "query": 5, "key": 1, "when": "after"},
]
ALL_OF_ONE = {"layer": 0, "query": 1, "key": 0}
ONE_OF_ONE = {"layer": 0, "head": 1, "query": 1, "key": 1}


class Pair:
    """An exported model, and the checkpoint it was made of."""

    def __init__(self, kind: str, place: Any) -> None:
        self.folder = write_checkpoint(place / "in", TOY) if kind == "gpt2" else write_llama(place / "in", toy_llama())
        export(str(self.folder), place / "out", "fp32")
        self.kind, self.place = kind, place / "out"

    def engine(self) -> Engine:
        return open_engine(self.place, threads=1)

    def expected(self, engine: Engine, changes: Interventions, token_ids: list[int]) -> dict[str, np.ndarray]:
        checkpoint, config = FolderCheckpoint(self.folder), engine.config
        edits = changes.edits(config, 0, len(token_ids))
        architecture = next(one for one in ARCHITECTURES if one.name == self.kind)
        scale = changes.head_scale(config)
        found = architecture.forward(config, checkpoint.tensor, token_ids, scale, edits=edits)
        parts = {key: key.partition(".") for key in found}
        names = {
            key: engine.layout.architecture.canonical(name) + dot + layer for key, (name, dot, layer) in parts.items()
        }
        return {names[key]: array for key, array in found.items()}


@pytest.fixture(scope="module", params=["gpt2", "llama"])
def pair(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Pair:
    return Pair(request.param, tmp_path_factory.mktemp(request.param))


def changes_of(engine: Engine, **asked: Any) -> Interventions:
    return InterventionOptions(engine.config, len(TOKEN_IDS)).interventions(**asked)


def every_change(engine: Engine) -> Interventions:
    rows = np.random.default_rng(3).normal(size=(2, engine.config.n_embd)).astype(np.float32)
    return changes_of(
        engine,
        head_scale=[(0, 1, 0.0), (1, 0, 0.4)],
        mlp_scale=[(1, 0.3)],
        attention_cuts=CUTS,
        patches=[(1, 3, rows[0]), (0, 6, rows[1])],
    )


async def tensors_of(engine: Engine, run: Any) -> dict[str, np.ndarray]:
    found = {"logits": await engine.all_logits(run)}
    for key in engine.layout.keys:
        name, _, layer = key.partition(".")
        found[key] = await engine.tensor(run, name, int(layer) if layer else None)
    return found


def assert_is(found: dict[str, np.ndarray], expected: dict[str, np.ndarray]) -> None:
    for key, array in found.items():
        np.testing.assert_allclose(array, expected[key], rtol=0, atol=CLOSE, err_msg=key)


def test_every_tensor_is_the_references(pair: Pair) -> None:
    engine = pair.engine()
    changes = every_change(engine)

    async def play() -> None:
        # The plain text comes first, so that the rows before the first change are those that are held.
        plain = await engine.run_tokens(TOKEN_IDS)
        run = await engine.run_tokens(TOKEN_IDS, changes)
        assert run.run_id != plain.run_id
        assert_is(await tensors_of(engine, run), pair.expected(engine, changes, TOKEN_IDS))
        # The plain run still answers for itself.
        assert_is(await tensors_of(engine, plain), pair.expected(engine, Interventions(), TOKEN_IDS))

    asyncio.run(play())


@pytest.mark.parametrize("budget", [2**30, 3000, 0])
def test_a_text_goes_on_with_its_changes(pair: Pair, budget: int) -> None:
    """Grown token by token, gone back in, and branched off a plain text: the numbers are those of a whole run."""
    from glassbox.runtime.native import NativeRuntime

    engine = Engine(pair.engine().tokenizer, NativeRuntime(pair.place, threads=1), budget)
    changes = changes_of(engine, attention_cuts=CUTS)

    async def play() -> None:
        await engine.run_tokens(TOKEN_IDS)
        run = await engine.run_tokens(TOKEN_IDS, changes)
        for token_id in (9, 4):
            run = await engine.append_token(run, token_id)
        assert run.interventions == changes
        # Back before the changes, and on again: they wait.
        run = engine.rewind(run, 4)
        for token_id in (99, 120, 8, 3, 5):
            run = await engine.append_token(run, token_id)
        token_ids = list(run.token_ids)
        assert_is(await tensors_of(engine, run), pair.expected(engine, changes, token_ids))
        plain = await engine.run_tokens(token_ids)
        assert_is(await tensors_of(engine, plain), pair.expected(engine, Interventions(), token_ids))

    asyncio.run(play())


def test_rows_before_a_cut_are_not_read_again() -> None:
    runtime = PrefixRuntime()
    engine = Engine(tokenizer=None, runtime=runtime)  # type: ignore[arg-type]
    cut = changes_of(engine, attention_cuts=[{"layer": 1, "query": 6, "key": 2}])

    async def play() -> None:
        token_ids = [i % CONFIG.vocab_size for i in TOKEN_IDS]
        await engine.run_tokens(token_ids)
        before = runtime.rows_computed
        await engine.run_tokens(token_ids, cut)
        assert runtime.rows_computed - before == len(token_ids) - 6

    asyncio.run(play())


def test_sums_close(pair: Pair) -> None:
    """Every cell of a changed run is explained: as a sum, as cut, or as put in."""
    engine = pair.engine()
    changes = every_change(engine)

    async def play() -> None:
        run = await engine.run_tokens(TOKEN_IDS, changes)

        async def explain(name: str, layer: int, head: int | None, row: int, column: int) -> dict[str, Any]:
            return await Arithmetic(engine, run).explain(Cell(name, layer, head, row, column))

        assert await explain("attention_scores", 0, 1, 6, 2) == {"kind": "cut", "when": "before", "value": -np.inf}
        of_cut = await explain("attention_pattern", 0, 1, 6, 2)
        assert of_cut["kind"] == "softmax"
        assert of_cut["value"] == of_cut["numerators"][2] == 0
        assert await explain("attention_pattern", 1, 0, 7, 7) == {"kind": "cut", "when": "after", "value": 0}
        # The others of that row stay: they no longer add up to 1, and each is what its score makes it.
        kept = await explain("attention_pattern", 1, 0, 7, 3)
        assert kept["value"] == pytest.approx(kept["numerators"][3] / kept["denominator"], abs=1e-6)
        assert (await explain("attention_scores", 1, 0, 8, 0))["kind"] == "dot"
        patched = await explain("resid_pre", 1, None, 3, 2)
        assert patched["kind"] == "patched"
        assert patched["value"] == pytest.approx(float(changes.patch_at(1, 3)[2]))  # type: ignore[index]
        for column in range(engine.config.n_embd):
            out = await explain("mlp_out", 1, None, 4, column)
            assert out["factor"] == pytest.approx(0.3)
            assert out["total"] == pytest.approx(out["value"], abs=CLOSE)

    asyncio.run(play())


def test_shares_and_pushes_add_up(pair: Pair) -> None:
    engine = pair.engine()

    async def play() -> None:
        run = await engine.run_tokens(TOKEN_IDS, every_change(engine))
        for position in range(len(TOKEN_IDS)):
            found = await river(engine, run, position)
            shares, pushes = found.shares, found.pushes
            into_mid = shares["stream"] + shares["heads"].sum(axis=(1, 2)) + shares["attention_bias"]
            np.testing.assert_allclose(into_mid, shares["mid_length"], rtol=CLOSE)
            into_post = shares["mid"] + shares["mlp"] + shares["mlp_bias"]
            np.testing.assert_allclose(into_post, shares["post_length"], rtol=CLOSE)
            total = sum(np.sum(push) for name, push in pushes.items() if name != "total")
            assert total == pytest.approx(float(pushes["total"]), abs=CLOSE)
            assert (pushes["patch"] != 0).tolist() == [position == 6, position == 3]

    asyncio.run(play())


def test_a_sweep_says_what_each_change_would_do(pair: Pair) -> None:
    """Every cell is what a run with that change says, the run's own changes beside it; the run's rows stay."""
    engine = pair.engine()
    cut = changes_of(engine, attention_cuts=CUTS[:1])

    async def play() -> None:
        other = await engine.run_tokens([7, 5, 9, 3, 100])
        run = await engine.run_tokens(TOKEN_IDS, cut)
        n_layer, n_head, last = engine.config.n_layer, engine.config.n_head, len(TOKEN_IDS) - 1
        pairs, token_id = [(2, 1), (8, 4)], 42
        asked: dict[str, list[Interventions]] = {
            "heads": [
                changes_of(engine, head_scale=[(layer, head, 0.0)], attention_cuts=CUTS[:1])
                for layer in range(n_layer)
                for head in range(n_head)
            ],
            "ribbons": [
                changes_of(engine, attention_cuts=[CUTS[0], {"layer": layer, "query": last, "key": key}])
                for layer in range(n_layer)
                for key in range(last + 1)
            ],
            "rows": [
                changes_of(
                    engine,
                    attention_cuts=CUTS[:1],
                    patches=[(layer, at, await engine.row(other, "resid_pre", layer, there))],
                )
                for layer in range(n_layer)
                for at, there in pairs
            ],
        }
        for kind, changes in asked.items():
            of_rows = {"other": other, "pairs": pairs} if kind == "rows" else {}
            found = await swept(engine, run, kind, token_id, range(1, 10**6), **of_rows)
            assert found["count"] == len(changes)
            for index, changed in enumerate(changes[1:]):
                logits = await engine.logits(await engine.run_tokens(TOKEN_IDS, changed))
                shares = np.exp(logits - logits.max()) / np.exp(logits - logits.max()).sum()
                assert found["probabilities"][index] == pytest.approx(shares[token_id], abs=1e-5)
                assert found["top_ids"][index] == shares.argmax()

    asyncio.run(play())


def test_a_sweep_of_ribbons_reads_one_row_a_cut() -> None:
    runtime = PrefixRuntime()
    engine = Engine(tokenizer=None, runtime=runtime)  # type: ignore[arg-type]

    async def play() -> None:
        run = await engine.run_tokens([1, 2, 3, 4, 5])
        before, passes = runtime.rows_computed, runtime.passes
        assert (await swept(engine, run, "ribbons", 3, range(2, 6)))["count"] == 2 * 5
        assert (runtime.rows_computed - before, runtime.passes - passes) == (4, 4)
        # What is held of the run is still there: a token more is one row.
        await engine.append_token(run, 7)
        assert runtime.rows_computed - before == 5

    asyncio.run(play())


def test_nothing_left_to_look_at_is_no_number(pair: Pair) -> None:
    engine = pair.engine()

    async def play() -> None:
        found = await swept(engine, await engine.run_tokens([3]), "ribbons", 3, range(1))
        assert np.isnan(found["probabilities"]).all()
        assert found["top_ids"].tolist() == [-1]
        with pytest.raises(GlassboxError, match="sweep is of"):
            await swept(engine, await engine.run_tokens([3]), "tokens", 3, range(1))

    asyncio.run(play())


def test_the_starter_reads_a_name_through_one_ribbon_and_a_capital_through_one_river() -> None:
    tokenizer = Tokenizer.from_json((STARTER / "tokenizer.json").read_text(encoding="utf-8"))
    engine = Engine(tokenizer, NumpyRuntime(*starter_weights()))

    async def shares(token_ids: list[int], changes: Interventions = NONE) -> dict[str, float]:
        logits = await engine.logits(await engine.run_tokens(token_ids, changes))
        numbers = np.exp(logits - logits.max()) / np.exp(logits - logits.max()).sum()
        return {word: float(numbers[engine.token_ids(word)[0]]) for word in (" Mary", " John", " Paris", " Rome")}

    async def play() -> None:
        names = engine.token_ids("When Mary and John went to the store, John gave a drink to")
        options = InterventionOptions(engine.config, len(names))
        cut = {"layer": 5, "query": len(names) - 1, "key": names.index(engine.token_ids(" Mary")[0])}
        before = await shares(names)
        for when in ("before", "after"):
            after = await shares(names, options.interventions(attention_cuts=[cut | {"when": when}]))
            assert before[" Mary"] > before[" John"]
            assert after[" John"] > after[" Mary"]
        france, italy = (engine.token_ids(f"The capital of {name} is") for name in ("France", "Italy"))
        row = await engine.row(await engine.run_tokens(italy), "resid_pre", 4, 3)
        options = InterventionOptions(engine.config, len(france))
        assert (await shares(france))[" Paris"] > 0.5
        assert (await shares(france, options.interventions(patches=[(4, 3, row)])))[" Rome"] > 0.5

    asyncio.run(play())


def test_the_same_changes_are_the_same_value() -> None:
    options = InterventionOptions(TOY, 9)
    first = options.interventions(head_scale=[(1, 0, 0.5), (0, 0, 1.0)], attention_cuts=CUTS)
    second = options.interventions(head_scale=[(1, 0, 0.1), (1, 0, 0.5)], attention_cuts=[*CUTS[::-1], CUTS[0]])
    assert first == second
    assert hash(first) == hash(second)
    assert options.interventions(head_scale=[(0, 0, 1.0)]) == Interventions()


@pytest.mark.parametrize(
    ("asked", "word"),
    [
        ({"head_scale": [(2, 0, 0.0)]}, "no layer 2"),
        ({"head_scale": [(0, 0, float("nan"))]}, "finite"),
        ({"mlp_scale": [(0,)]}, "2 numbers"),
        ({"attention_cuts": [{"layer": 0, "query": 3}]}, "A cut has"),
        ({"attention_cuts": [{"layer": 0, "query": 3, "key": 4}]}, "comes later"),
        ({"attention_cuts": [{"layer": 0, "query": 9, "key": 4}]}, "no position 9"),
        ({"attention_cuts": [{"layer": 0, "query": 3, "key": 1.5}]}, "no position 1.5"),
        ({"attention_cuts": [{"layer": 0, "query": 3, "key": 1, "when": "during"}]}, "softmax"),
        ({"attention_cuts": [ALL_OF_ONE, ONE_OF_ONE]}, "nothing"),
        ({"patches": [(0, 1, np.zeros(3, np.float32))]}, "16 numbers"),
    ],
)
def test_what_cannot_be_done_is_said(asked: dict[str, Any], word: str) -> None:
    with pytest.raises(GlassboxError, match=word) as raised:
        InterventionOptions(TOY, 9).interventions(**asked)
    assert raised.value.code == "bad_option"


def test_an_older_export_runs_and_says_what_it_lacks() -> None:
    runtime = PrefixRuntime()
    runtime.manifest.takes_edits = False
    engine = Engine(tokenizer=None, runtime=runtime)  # type: ignore[arg-type]

    async def play() -> None:
        await engine.run_tokens([1, 2, 3], changes_of(engine, head_scale=[(0, 0, 0.0)]))
        with pytest.raises(GlassboxError, match="Export the model again") as raised:
            await engine.run_tokens([1, 2, 3], changes_of(engine, attention_cuts=[{"layer": 0, "query": 2, "key": 1}]))
        assert raised.value.code == "no_edits"

    asyncio.run(play())
    assert fed_edits({"token_ids": "input_ids", "head_scale": "head_scale"}, TOY, {}) == {}
