"""Trains a starter from random weights and keeps what it was like on the way: snapshots, losses, heads, abilities.

usage: python -m model_export.starter.milestones [--corpus FOLDER] [--steps 736]

Texts, model and optimisers are those of the starter. Batches are half as large, so that the first snapshots are steps
apart; windows are shorter and more of them repeat themselves, so that copying is learned within a short run.
"""

import argparse
import bisect
import dataclasses
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import torch

from model_export.starter import probes
from model_export.starter.config import CORPUS, TrainingConfig, cache_folder
from model_export.starter.curriculum import KINDS, held_out_items
from model_export.starter.data import Source, load_sources, load_tokenizer
from model_export.starter.export import write_checkpoint
from model_export.starter.model import Gpt2
from model_export.starter.train import Run, start, train

SNAPSHOTS = (0, 20_000, 50_000, 100_000, 200_000, 500_000, 1_000_000, 2_000_000, 5_000_000, 10_000_000)
"""Tokens read; the end of the run comes after them."""

_POINTS_A_DECADE = 8
_FIRST_POINT = 10_000
_TOKENS = 1024
_ITEMS = 30


class Milestones:
    """Called before every step; measures at points evenly spread over the logarithm of the tokens read."""

    def __init__(self, sources: Mapping[str, Source], folder: Path) -> None:
        self._folder = folder
        self._tokenizer = load_tokenizer()
        self._texts = {
            (name, part): np.asarray(getattr(source, part)[_OFFSETS[part] : _OFFSETS[part] + _TOKENS + 1])
            for name, source in sources.items()
            for part in ("train", "validation")
        }
        self._items = {kind: held_out_items(kind, _ITEMS, seed=2) for kind in KINDS}
        self.points: list[dict[str, Any]] = []
        self._last: int | None = None

    def __call__(self, run: Run) -> None:
        """Write a snapshot where one is due, and measure where a point is."""
        tokens = run.progress.tokens
        is_snapshot = any((self._last is None or self._last < at) and at <= tokens for at in SNAPSHOTS)
        if is_snapshot or _place(tokens) != _place(self._last or 0):
            self._keep(run, is_snapshot)
        self._last = tokens

    def finish(self, run: Run) -> None:
        """The end of the run is a snapshot, too."""
        self._keep(run, is_snapshot=True)

    def _keep(self, run: Run, is_snapshot: bool) -> None:
        if is_snapshot:
            write_checkpoint(run.model, run.config.model, self._folder / f"{run.progress.tokens:09}")
        self.points.append({"tokens": run.progress.tokens, "snapshot": is_snapshot} | self.measure(run.model))
        (self._folder / "points.json").write_text(json.dumps(self.points))

    def measure(self, model: Gpt2) -> dict[str, Any]:
        """Losses of every source (full softmax), the heads, and what is answered rightly."""
        sequences = probes.repeated_sequences(model.wte.weight.shape[0], 16, 20, seed=1)
        stories = self._texts["simple", "validation"]
        losses = {key: float(probes.token_losses(model, tokens).mean()) for key, tokens in self._texts.items()}
        names = [name for name, part in losses if part == "train"]
        return {
            "train": {name: losses[name, "train"] for name in names},
            "held_out": {name: losses[name, "validation"] for name in names},
            "previous_token": probes.previous_token_scores(model, stories).tolist(),
            "induction": probes.induction_scores(model, sequences).tolist(),
            "abilities": {"repeats": probes.repeat_accuracy(model, sequences)}
            | {kind: self._ability(model, kind) for kind in KINDS},
        }

    def _ability(self, model: Gpt2, kind: str) -> float:
        best, chosen = probes.item_accuracy(model, self._tokenizer, self._items[kind])
        return best if chosen is None else chosen


def milestones_config() -> TrainingConfig:
    """The recipe of the recorded run."""
    return dataclasses.replace(
        TrainingConfig(),
        mix={"simple": 0.28, "curriculum": 0.18, "everyday": 0.06, "repeats": 0.28, "books": 0.2},
        contexts=((0.5, 64), (1.0, 128)),
        batch_tokens=2048,
        matrix_rate=0.02,
    )


_OFFSETS = {"train": 100_000, "validation": 0}


def _place(tokens: int) -> int:
    points = [_FIRST_POINT * 10 ** (place / _POINTS_A_DECADE) for place in range(6 * _POINTS_A_DECADE)]
    return bisect.bisect_right(points, tokens)


def main() -> None:
    """Record by the command line."""
    parser = argparse.ArgumentParser(prog="python -m model_export.starter.milestones", description=__doc__)
    parser.add_argument("--corpus", type=Path, default=CORPUS, help="folder with the texts (default: %(default)s)")
    parser.add_argument("--cache", type=Path, default=cache_folder(), help="tokens and states (default: %(default)s)")
    parser.add_argument("--steps", type=int, default=736, help="of 2,048 tokens (default: %(default)s)")
    parser.add_argument("--threads", type=int, default=1, help="CPU threads (default: %(default)s)")
    parser.add_argument("--compile", action="store_true", help="torch.compile (needs a C++ compiler)")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    config = milestones_config()
    sources = load_sources(options.corpus, options.cache, config.data, config.seed)
    folder = options.cache / "milestones"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "run.json").write_text(json.dumps(config.as_dict()))
    milestones = Milestones(sources, folder)
    run = start(config, sources, "cpu", folder / "state.pt", None, is_compiled=options.compile)
    if run.progress.step:
        raise SystemExit(f"{folder} holds a record already. Remove it to make another.")
    train(run, folder / "state.pt", options.steps, None, 1e9, say_every=20, before_step=milestones)
    milestones.finish(run)


if __name__ == "__main__":
    main()
