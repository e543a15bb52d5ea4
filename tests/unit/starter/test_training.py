"""The PyTorch side: equal to transformers, exported whole, resumed as if never stopped. Runs with make parity."""

import dataclasses
from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="needs PyTorch (make parity)")

from model_export.starter.config import END_OF_TEXT, ModelConfig, TrainingConfig  # noqa: E402
from model_export.starter.data import Source  # noqa: E402
from model_export.starter.export import load_checkpoint, write_checkpoint  # noqa: E402
from model_export.starter.model import Gpt2  # noqa: E402
from model_export.starter.muon import Muon  # noqa: E402
from model_export.starter.probes import induction_scores, previous_token_scores, token_losses  # noqa: E402
from model_export.starter.train import start, train  # noqa: E402

pytestmark = pytest.mark.parity

SIZES = ModelConfig(n_layer=2, n_head=2, n_embd=16, n_ctx=16, vocab_size=END_OF_TEXT + 1)
CONFIG = TrainingConfig(
    model=SIZES,
    mix={"simple": 0.7, "repeats": 0.3},
    candidates=2000,
    batch_tokens=64,
    contexts=((0.5, 8), (1.0, 16)),
    warmup_steps=2,
)
TOKENS = np.resize(np.array([*range(40), END_OF_TEXT], np.uint16), 4000)
SOURCES = {"simple": Source(TOKENS, TOKENS[:200], 1)}


def random_model() -> Gpt2:
    torch.manual_seed(0)
    model = Gpt2(SIZES)
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.add_(torch.randn_like(parameter) * 0.1)
    return model


def test_equals_transformers(tmp_path: Path) -> None:
    transformers = pytest.importorskip("transformers", reason="needs transformers (make parity)")
    model = random_model()
    write_checkpoint(model, SIZES, tmp_path)
    theirs, notes = transformers.GPT2LMHeadModel.from_pretrained(
        tmp_path, output_loading_info=True, dtype=torch.float32
    )
    assert not any(notes.values()), notes
    load_checkpoint(model, tmp_path)  # what fp16 leaves of the weights
    ids = torch.randint(0, SIZES.vocab_size, (2, 12), generator=torch.Generator().manual_seed(1))
    with torch.no_grad():
        assert (model(ids) - theirs.eval()(ids).logits).abs().max() < 1e-5


@pytest.mark.parametrize("shape", [(48, 16), (16, 48), (24, 24)])
def test_muon_is_pytorchs_but_for_the_rounding_of_bf16(shape: tuple[int, int]) -> None:
    draw = torch.Generator().manual_seed(1)
    ours = torch.nn.Parameter(torch.randn(shape, generator=draw))
    theirs = torch.nn.Parameter(ours.detach().clone())
    steps = {"lr": 0.05, "weight_decay": 0.1, "momentum": 0.95}
    optimisers = Muon([ours], **steps), torch.optim.Muon([theirs], **steps)
    began = ours.detach().clone()
    for _ in range(4):
        ours.grad = torch.randn(shape, generator=draw)
        theirs.grad = ours.grad.clone()
        for optimiser in optimisers:
            optimiser.step()
    moved = (theirs - began).norm()
    assert (ours - theirs).norm() < 0.01 * moved
    # More than nothing was done.
    assert moved > 0.3


def test_candidates_teach_the_full_softmax(tmp_path: Path) -> None:
    # Zipf's law over 1,000 tokens, and what comes next depends on what is there: it is the same token twice as often.
    draw = np.random.default_rng(0)
    shares = 1 / np.arange(1, 1001)
    tokens = draw.choice(1000, 40_000, p=shares / shares.sum())
    tokens[2::3] = tokens[::3][: len(tokens[2::3])]
    held_out = tokens[-8001:].astype(np.uint16)
    sources = {"simple": Source(tokens[:-8001].astype(np.uint16), held_out, 1)}
    found = {}
    for n_candidates in (0, 150):
        sizes = dataclasses.replace(SIZES, vocab_size=1000)
        config = dataclasses.replace(
            CONFIG, model=sizes, mix={"simple": 1.0}, candidates=n_candidates, batch_tokens=512, contexts=((1.0, 16),)
        )
        run = start(config, sources, "cpu", tmp_path / "none.pt", None)
        train(run, tmp_path / f"{n_candidates}.pt", steps=150, minutes=None, stop_after=10, say_every=1000)
        losses = token_losses(run.model, held_out)
        asked = held_out[1 : losses.size + 1].reshape(losses.shape)
        found[n_candidates] = (losses.mean(), losses[asked >= 200].mean())
    (full, full_rare), (among, among_rare) = found[0], found[150]
    print(f"full softmax {full:.4f} (rare {full_rare:.4f}), among 150 candidates {among:.4f} (rare {among_rare:.4f})")
    untrained = np.log(1000)
    assert full < untrained - 1
    assert abs(among - full) < 0.08 * (untrained - full)
    assert abs(among_rare - full_rare) < 0.5


def test_resuming_equals_going_on(tmp_path: Path) -> None:
    whole = start(CONFIG, SOURCES, "cpu", tmp_path / "none.pt", None)
    train(whole, tmp_path / "whole.pt", steps=8, minutes=None, stop_after=10, say_every=1000)
    part = start(CONFIG, SOURCES, "cpu", tmp_path / "none.pt", None)
    part_config = dataclasses.replace(CONFIG)
    # The schedule goes by the share of the whole run, so the first part is cut off, not made shorter.
    _stop_after_steps(part, tmp_path / "part.pt", 3)
    resumed = start(part_config, SOURCES, "cpu", tmp_path / "part.pt", None)
    assert resumed.progress.step == 3
    train(resumed, tmp_path / "part.pt", steps=8, minutes=None, stop_after=10, say_every=1000)
    assert resumed.progress.tokens == whole.progress.tokens
    for name, tensor in whole.model.state_dict().items():
        torch.testing.assert_close(resumed.model.state_dict()[name], tensor, msg=name)


def _stop_after_steps(run: object, path: Path, n_steps: int) -> None:
    from model_export.starter.train import train_step

    for step in range(n_steps):
        train_step(run, run.model.loss_among, step / 8)
    run.save(path)


def test_training_learns(tmp_path: Path) -> None:
    run = start(dataclasses.replace(CONFIG, mix={"simple": 1.0}), SOURCES, "cpu", tmp_path / "none.pt", None)
    with torch.no_grad():
        before = float(run.model.loss(*map(torch.from_numpy, run.batches.batch(999, 8, 16))))
    train(run, tmp_path / "state.pt", steps=60, minutes=None, stop_after=10, say_every=1000)
    with torch.no_grad():
        after = float(run.model.loss(*map(torch.from_numpy, run.batches.batch(999, 8, 16))))
    assert after < before - 1.0


def test_losses_are_those_of_the_loss_function() -> None:
    model = random_model().eval()
    losses = token_losses(model, TOKENS[:50])
    assert losses.shape == (3, 16)
    used = torch.from_numpy(TOKENS[:49].astype(np.int64))
    with torch.no_grad():
        expected = model.loss(used[:-1].view(3, 16), used[1:].view(3, 16))
    assert losses.mean() == pytest.approx(float(expected), abs=1e-5)


def test_head_scores_see_a_planted_pattern() -> None:
    model = random_model().eval()
    scores = previous_token_scores(model, TOKENS[:160])
    assert scores.shape == (SIZES.n_layer, SIZES.n_head)
    # Positions that find the one before them: large queries and keys on shared axes, made from position alone.
    with torch.no_grad():
        model.wte.weight.zero_()
        model.wpe.weight.copy_(torch.randn(SIZES.n_ctx, SIZES.n_embd, generator=torch.Generator().manual_seed(3)))
        block = model.h[0]
        block.ln_1.weight.fill_(1.0)
        block.ln_1.bias.zero_()
        normed = block.ln_1(model.wpe.weight)
        # Least squares: the query of position p is the key of position p - 1, in the first head.
        key = torch.randn(SIZES.n_embd, SIZES.n_embd // SIZES.n_head, generator=torch.Generator().manual_seed(4))
        wanted = torch.roll(normed @ key, 1, dims=0)
        query = torch.linalg.lstsq(normed, wanted).solution
        width = SIZES.n_embd // SIZES.n_head
        block.attn.c_attn.bias.zero_()
        block.attn.c_attn.weight[:width] = query.T * 3
        block.attn.c_attn.weight[SIZES.n_embd : SIZES.n_embd + width] = key.T * 3
    assert previous_token_scores(model, TOKENS[:160])[0, 0] > 0.9
    sequences = torch.from_numpy(np.tile(np.arange(8), (2, 2)))
    assert induction_scores(model, sequences)[0, 0] < 0.1
