"""What a generated token takes in long texts, with what is shown of it: ``python -m build_scripts.bench.long_text``."""

import argparse
import asyncio
import resource
import statistics
import time
from collections.abc import Sequence
from pathlib import Path

import psutil

from build_scripts.bench.models import random_model
from glassbox.__main__ import open_engine
from glassbox.engine import Engine
from glassbox.river import river
from glassbox.runs import Run
from glassbox.sampling import SamplingOptions

LENGTHS = (60, 250, 500, 1000)
# What the page draws of the block that is open.
SHOWN = (
    *("resid_pre", "norm_1", "query", "key", "value", "attention_pattern", "head_output", "attn_out"),
    *("resid_mid", "norm_2", "mlp_post", "mlp_out", "resid_post"),
)
LAYER = 5
_TIMES = 12


async def look(engine: Engine, run: Run, start: int) -> None:
    """Ask for what the page shows: the rows from ``start`` on of a block, the numbers, the river, the list."""
    await engine.tensors(run, [(name, LAYER, None) for name in SHOWN], start)
    await engine.numbers(run)
    await engine.distribution(run, SamplingOptions())
    await river(engine, run)


async def tokens(engine: Engine, n_tokens: int, times: int) -> tuple[list[float], list[float]]:
    """Processor milliseconds of each generated token alone, and of what is looked at after it, from ``n_tokens`` on."""
    run = await engine.run_tokens([(i * 7919) % engine.config.vocab_size for i in range(n_tokens)])
    await look(engine, run, 0)
    passes, views = [], []
    for _ in range(times + 1):
        began = time.process_time()
        run, _ = await engine.generate_token(run, SamplingOptions())
        between = time.process_time()
        await look(engine, run, 0)
        passes.append((between - began) * 1000)
        views.append((time.process_time() - between) * 1000)
    # What the first one finds out for all is not a token's.
    return passes[1:], views[1:]


def measure(model: Path, lengths: Sequence[int], threads: int, times: int) -> None:
    """Print a table: one line a length."""
    engine = open_engine(model, threads)
    process = psutil.Process()
    print(f"{'tokens':>8} {'pass ms':>9} {'views ms':>9} {'together':>9} {'memory MB':>10}")
    for n_tokens in lengths:
        passes, views = asyncio.run(tokens(engine, n_tokens, times))
        memory = process.memory_info().rss / 2**20
        alone, looked = statistics.median(passes), statistics.median(views)
        print(f"{n_tokens:8} {alone:9.1f} {looked:9.1f} {alone + looked:9.1f} {memory:10.0f}", flush=True)
    print(f"largest memory: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**10:.0f} MB")


def main() -> None:
    """Measure the random model in GPT-2 (124M)'s shape, or another."""
    parser = argparse.ArgumentParser(prog="python -m build_scripts.bench.long_text", description=__doc__)
    parser.add_argument("--model", type=Path, help="an export; random weights in GPT-2 (124M)'s shape if absent")
    parser.add_argument("--lengths", type=int, nargs="+", default=LENGTHS)
    parser.add_argument("--threads", type=int, default=1)
    parsed = parser.parse_args()
    measure(parsed.model or random_model("fp32"), parsed.lengths, parsed.threads, _TIMES)


if __name__ == "__main__":
    main()
