"""Trains the starter model; run again, it goes on where it stopped.

usage: python -m model_export.starter.train [--corpus FOLDER] [--minutes 120 | --steps 20000]
"""

import argparse
import dataclasses
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import torch

from model_export.starter.batches import REPEATS, Batches
from model_export.starter.candidates import Candidates, Sampler, chances, every_token
from model_export.starter.config import CORPUS, TrainingConfig, cache_folder, gpu_config
from model_export.starter.data import Source, load_sources, load_tokenizer
from model_export.starter.export import load_checkpoint
from model_export.starter.generate import sample
from model_export.starter.model import Gpt2
from model_export.starter.optim import context_at, make_optimisers, rate_factor
from model_export.starter.rows import spell_out
from model_export.starter.state import Progress, load_state, save_state

PROMPTS = ("Once upon a time", "My name is", "When Mary and John went to the store, John gave a drink to")


@dataclass
class Run:
    """A model in training."""

    config: TrainingConfig
    model: Gpt2
    batches: Batches
    sampler: Sampler | None  # None: the full softmax
    device: str
    is_bf16: bool = False  # products in bf16
    is_compiled: bool = False
    optimisers: list[torch.optim.Optimizer] = field(default_factory=list)
    progress: Progress = field(default_factory=Progress)

    def save(self, path: Path) -> None:
        """Write the state aside, then rename."""
        save_state(path, self.model, self.optimisers, self.progress, self.config.as_dict())


def start(
    config: TrainingConfig, sources: dict[str, Source], device: str, state: Path, origin: Path | None,
    is_bf16: bool = False, is_compiled: bool = False,
) -> Run:  # fmt: skip
    """A run that goes on from ``state`` if there is one, else from the checkpoint ``origin``, else from nothing."""
    torch.manual_seed(config.seed)
    stored = load_state(state) if state.is_file() else None
    model = Gpt2(config.model)
    size = config.model.vocab_size
    sampler = Sampler(chances(_counts(sources, config), config.candidates), config.seed) if config.candidates else None
    run = Run(config, model, Batches(sources, config.mix, size, config.seed), sampler, device, is_bf16, is_compiled)
    if stored is None and origin is not None:
        load_checkpoint(model, origin)
        rows = spell_out(model.wte.weight.detach().numpy(), load_tokenizer(), config.seed)
        model.wte.weight.data.copy_(torch.from_numpy(rows))
        run.progress.origin = f"the checkpoint {origin.name}"
    model.to(device)
    run.optimisers = make_optimisers(model, config)
    if stored is not None:
        model.load_state_dict(stored["model"])
        for optimiser, optimiser_state in zip(run.optimisers, stored["optimisers"], strict=True):
            optimiser.load_state_dict(optimiser_state)
        run.progress = Progress(**stored["progress"])
    return run


def _counts(sources: dict[str, Source], config: TrainingConfig) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """How often the mix has each token."""
    size = config.model.vocab_size
    counts = np.full(size, config.mix.get(REPEATS, 0.0) / size)
    for name, source in sources.items():
        counts += config.mix.get(name, 0.0) * np.bincount(source.train, minlength=size) / len(source.train)
    return counts


def train_step(run: Run, loss_among: Callable[..., torch.Tensor], progress: float) -> float:
    """One step; answers the loss in nats a token."""
    context = context_at(progress, run.config)
    n_windows = max(1, run.config.batch_tokens // context)
    read, asked = run.batches.batch(run.progress.step, n_windows, context)
    chosen = (
        run.sampler.candidates(run.progress.step, read, asked)
        if run.sampler
        else every_token(read, asked, run.config.model.vocab_size)
    )
    loss = _backward(run, chosen, loss_among)
    factor = rate_factor(run.progress.step, progress, run.config)
    for optimiser in run.optimisers:
        for group in optimiser.param_groups:
            group["lr"] = group["full_rate"] * factor
        optimiser.step()
        optimiser.zero_grad(set_to_none=True)
    run.progress.step += 1
    run.progress.tokens += read.size
    return loss


def _backward(run: Run, chosen: Candidates, loss_among: Callable[..., torch.Tensor]) -> float:
    """Gradients of the loss, that of the embedding as a sparse one: of the candidates' rows."""
    on_device = (
        torch.from_numpy(array).to(run.device, non_blocking=True)
        for array in (chosen.read, chosen.asked, chosen.correction, chosen.read_correction)
    )
    weight = run.model.wte.weight
    ids = torch.from_numpy(chosen.token_ids).to(run.device)
    rows = weight.detach()[ids].requires_grad_()
    with torch.autocast(run.device, torch.bfloat16, enabled=run.is_bf16):
        loss = loss_among(rows, *on_device)
    loss.backward()
    if run.sampler is None:
        weight.grad = rows.grad
    else:
        real = torch.from_numpy(chosen.is_real).to(run.device)
        weight.grad = torch.sparse_coo_tensor(ids[real][None], rows.grad[real], weight.shape, check_invariants=False)
    return float(loss.item())


def train(
    run: Run, state: Path, steps: int | None, minutes: float | None, stop_after: float, say_every: int,
    before_step: Callable[[Run], None] = lambda run: None,
) -> None:  # fmt: skip
    """Train until ``steps`` are done, or for ``minutes`` in all; stop (resumably) after ``stop_after`` minutes."""
    # Each length of windows and each number of candidates is compiled for itself.
    torch._dynamo.config.recompile_limit = 64
    loss_among = torch.compile(run.model.loss_among, dynamic=False) if run.is_compiled else run.model.loss_among
    began, before = time.monotonic(), run.progress.seconds
    tokens_before, saved, losses = run.progress.tokens, began, []
    # Kept from before the rate falls: from there a longer run can go on as if this one had not ended.
    level = state.with_name(f"{state.stem}-level.pt")
    while True:
        run.progress.seconds = before + time.monotonic() - began
        done = run.progress.step / steps if steps else run.progress.seconds / (60 * (minutes or 1))
        here = time.monotonic() - began
        if done >= 1 or here > 60 * stop_after:
            break
        if done >= run.config.decay_from and not level.exists():
            run.save(level)
        before_step(run)
        losses.append(train_step(run, loss_among, done))
        if run.progress.step % say_every == 0:
            rate = (run.progress.tokens - tokens_before) / (time.monotonic() - began)
            left = (
                (time.monotonic() - began) * (1 - done) / max(1e-9, done) if steps else 60 * (minutes or 1) * (1 - done)
            )
            print(
                f"step {run.progress.step}  {run.progress.tokens / 1e6:.2f}M tokens  {rate:,.0f} tokens/s  "
                f"loss {np.mean(losses):.3f}  {left / 60:.0f} min left",
                flush=True,
            )
            losses = []
        if run.progress.step % (10 * say_every) == 0:
            _print_samples(run)
        if time.monotonic() - saved > 300:
            run.save(state)
            saved = time.monotonic()
    run.save(state)


def _print_samples(run: Run) -> None:
    tokenizer = load_tokenizer()
    for prompt in PROMPTS:
        ids = sample(run.model, tokenizer.encode(prompt).ids, 24, seed=run.progress.step)
        print("  " + repr(tokenizer.decode(ids)), flush=True)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="make starter", description="Train the starter model; run again, it goes on where it stopped."
    )
    parser.add_argument("--corpus", type=Path, default=CORPUS, help="folder with the texts (default: %(default)s)")
    parser.add_argument("--cache", type=Path, default=cache_folder(), help="tokens and states (default: %(default)s)")
    parser.add_argument("--minutes", type=float, default=120.0, help="training time in all (default: %(default)s)")
    parser.add_argument("--steps", type=int, help="train this many steps in all, instead of a time")
    parser.add_argument("--stop-after", type=float, default=1e9, help="stop after this many minutes, to go on later")
    parser.add_argument("--from", dest="origin", type=Path, help="begin with the weights of this checkpoint folder")
    parser.add_argument(
        "--contexts", type=_contexts, help="lengths of the windows, each with the progress it ends at: 0.4:128,1:256"
    )
    parser.add_argument(
        "--rates", type=float, default=1.0, help="times the full rates: less for a checkpoint that is to be kept well"
    )
    parser.add_argument(
        "--decay-from", type=float, default=TrainingConfig.decay_from, help="progress at which the rates begin to fall"
    )
    parser.add_argument("--seed", type=int, default=TrainingConfig.seed)
    parser.add_argument("--threads", type=int, default=0, help="CPU threads (default: all)")
    parser.add_argument(
        "--bf16",
        action=argparse.BooleanOptionalAction,
        default=torch.cuda.is_available(),
        help="products in bf16 (default on a GPU; a gain on a CPU that has instructions for it, else a loss)",
    )
    parser.add_argument(
        "--compile", action=argparse.BooleanOptionalAction, default=torch.cuda.is_available(),
        help="torch.compile (default on a GPU; needs a C++ compiler)",
    )  # fmt: skip
    return parser.parse_args()


def _contexts(text: str) -> tuple[tuple[float, int], ...]:
    pairs = (part.split(":") for part in text.split(","))
    return tuple((float(until), int(n_tokens)) for until, n_tokens in pairs)


def main() -> None:
    """Train by the command line."""
    options = _options()
    if options.threads:
        torch.set_num_threads(options.threads)
    device = "cuda" if torch.cuda.is_available() else "cpu"
    config = gpu_config() if device == "cuda" else TrainingConfig()
    config = dataclasses.replace(
        config,
        matrix_rate=config.matrix_rate * options.rates,
        other_rate=config.other_rate * options.rates,
        decay_from=options.decay_from,
        seed=options.seed,
    )
    if options.contexts:
        config = dataclasses.replace(config, contexts=options.contexts)
    sources = load_sources(options.corpus, options.cache, config.data, config.seed)
    state = options.cache / "state.pt"
    run = start(config, sources, device, state, options.origin, options.bf16, options.compile)
    print(f"{device}, step {run.progress.step}, state in {state}", flush=True)
    train(run, state, options.steps, None if options.steps else options.minutes, options.stop_after, say_every=20)
    print(f"done: {run.progress.tokens / 1e6:.2f} million tokens. Export: python -m model_export.starter.export")


if __name__ == "__main__":
    main()
