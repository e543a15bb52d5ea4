"""Measures one behaviour each, on the full vocabulary. Models come from an exported checkpoint."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from tokenizers import Tokenizer
from torch.nn import functional

from model_export.quantize import quantize
from model_export.starter.candidates import FloatArray as Float32Array
from model_export.starter.config import ModelConfig
from model_export.starter.curriculum import Item
from model_export.starter.export import load_checkpoint
from model_export.starter.model import Gpt2

FloatArray = npt.NDArray[np.float64]
_WINDOWS_AT_ONCE = 4
_TEXTS_AT_ONCE = 64


def load_model(folder: Path, config: ModelConfig) -> Gpt2:
    """An exported checkpoint."""
    model = Gpt2(config)
    load_checkpoint(model, folder)
    model.eval()
    return model


def token_losses(model: Gpt2, tokens: npt.NDArray[np.integer]) -> FloatArray:
    """[window, position] -log p in nats of every token but the first; a short last window is left out."""
    n_ctx = model.wpe.weight.shape[0]
    n_windows = (len(tokens) - 1) // n_ctx
    used = torch.from_numpy(tokens[: n_windows * n_ctx + 1].astype(np.int64))
    read, asked = used[:-1].view(n_windows, n_ctx), used[1:].view(n_windows, n_ctx)
    losses = []
    with torch.no_grad():
        for start in range(0, n_windows, _WINDOWS_AT_ONCE):
            logits = model(read[start : start + _WINDOWS_AT_ONCE]).flatten(0, 1)
            targets = asked[start : start + _WINDOWS_AT_ONCE].flatten()
            losses.append(functional.cross_entropy(logits, targets, reduction="none").view(-1, n_ctx))
    return np.asarray(torch.cat(losses).double().numpy())


def item_accuracy(model: Gpt2, tokenizer: Tokenizer, items: Sequence[Item]) -> tuple[float, float | None]:
    """How often the answer's first token is the likeliest of all, and likelier than the wrong (None: no choice)."""
    best, chosen = [], []
    encoded = [tokenizer.encode(item.prompt).ids for item in items]
    for item, prompt, logits in zip(items, encoded, _last_logits(model, encoded), strict=True):
        answer, *wrong = (
            tokenizer.encode(item.prompt + ending).ids[len(prompt)] for ending in (item.answer, *item.wrong)
        )
        best.append(int(logits.argmax()) == answer)
        if wrong:
            chosen.append(all(float(logits[answer]) > float(logits[other]) for other in wrong))
    return float(np.mean(best)), float(np.mean(chosen)) if chosen else None


def _last_logits(model: Gpt2, texts: Sequence[Sequence[int]]) -> torch.Tensor:
    """[text, token] Logits behind the last token of each text. Padding comes after it, where it is not seen."""
    longest = max(len(text) for text in texts)
    padded = torch.tensor([[*text, *[0] * (longest - len(text))] for text in texts])
    with torch.no_grad():
        streams = torch.cat([model.stream(part) for part in padded.split(_TEXTS_AT_ONCE)])
        return model.unembed(streams[torch.arange(len(texts)), torch.tensor([len(text) - 1 for text in texts])])


def repeated_sequences(vocab_size: int, n_sequences: int, period: int, seed: int) -> torch.Tensor:
    """[sequence, 2 * period] Random tokens of the whole vocabulary, twice."""
    once = np.random.default_rng(seed).integers(vocab_size, size=(n_sequences, period))
    return torch.from_numpy(np.concatenate([once, once], axis=1))


def repeat_accuracy(model: Gpt2, sequences: torch.Tensor) -> float:
    """How often the likeliest token is the right one in the second half."""
    period = sequences.shape[1] // 2
    with torch.no_grad():
        guesses = torch.cat(
            [model.unembed(model.stream(part)[:, period:-1]).argmax(-1) for part in sequences.split(_WINDOWS_AT_ONCE)]
        )
    return float((guesses == sequences[:, period + 1 :]).double().mean())


def previous_token_scores(model: Gpt2, tokens: npt.NDArray[np.integer]) -> FloatArray:
    """[layer, head] Mean attention to the token just before, over windows of n_ctx."""
    n_ctx = model.wpe.weight.shape[0]
    windows = torch.from_numpy(tokens[: len(tokens) // n_ctx * n_ctx].astype(np.int64)).view(-1, n_ctx)
    return _diagonal_means(model, windows, 1, 1)


def induction_scores(model: Gpt2, sequences: torch.Tensor) -> FloatArray:
    """[layer, head] Mean attention of the second half to the token that followed the same token in the first."""
    period = sequences.shape[1] // 2
    return _diagonal_means(model, sequences, period - 1, period)


def patterns(model: Gpt2, token_ids: Sequence[int]) -> Float32Array:
    """[layer, head, query, key] What every head looks at in a text."""
    with torch.no_grad(), _kept_patterns(model) as kept:
        model.stream(torch.tensor([list(token_ids)]))
        return np.asarray(torch.cat(kept).numpy())


def _diagonal_means(model: Gpt2, windows: torch.Tensor, back: int, first_query: int) -> FloatArray:
    """[layer, head] Mean attention from each query, from ``first_query`` on, to the key ``back`` places before it."""
    queries = torch.arange(first_query, windows.shape[1])
    with torch.no_grad(), _kept_patterns(model) as kept:
        model.stream(windows)
        means = [pattern[:, :, queries, queries - back].mean(dim=(0, 2)) for pattern in kept]
    return np.asarray(torch.stack(means).double().numpy())


@contextmanager
def _kept_patterns(model: Gpt2) -> Iterator[list[torch.Tensor]]:
    """Collects [window, head, query, key] of each layer while the model runs."""
    patterns: list[torch.Tensor] = []

    def keep(module: torch.nn.Module, inputs: tuple[torch.Tensor], output: torch.Tensor) -> None:
        n_head = model.h[0].attn.n_head
        query, key, _ = (part.unflatten(-1, (n_head, -1)).transpose(1, 2) for part in output.chunk(3, dim=-1))
        scores = query @ key.transpose(-1, -2) / query.shape[-1] ** 0.5
        later = torch.ones(scores.shape[-2:], dtype=torch.bool).triu(1)
        patterns.append(scores.masked_fill(later, -torch.inf).softmax(-1))

    hooks = [block.attn.c_attn.register_forward_hook(keep) for block in model.h]
    try:
        yield patterns
    finally:
        for hook in hooks:
            hook.remove()


def quantized_copy(model: Gpt2, config: ModelConfig) -> Gpt2:
    """The model with the int8 weights that the page computes with."""
    copy = Gpt2(config)
    state = {}
    for name, tensor in model.state_dict().items():
        if name == "wte.weight" or (name.startswith("h.") and tensor.ndim == 2):
            # The export counts axes as the checkpoint stores them, [input, output] in a block.
            turned = name != "wte.weight"
            axis = 1 if turned else 0
            array = tensor.numpy().T if turned else tensor.numpy()
            array = quantize(np.ascontiguousarray(array), axis).dequantize()
            tensor = torch.from_numpy(np.ascontiguousarray(array.T if turned else array))
        state[name] = tensor
    copy.load_state_dict(state)
    copy.eval()
    return copy


def divergence(model: Gpt2, other: Gpt2, tokens: npt.NDArray[np.integer]) -> tuple[float, float]:
    """Mean KL(model, other) in nats and share of positions with the same likeliest token, in windows of n_ctx."""
    n_ctx = model.wpe.weight.shape[0]
    windows = torch.from_numpy(tokens[: len(tokens) // n_ctx * n_ctx].astype(np.int64)).view(-1, n_ctx)
    kl, same = [], []
    with torch.no_grad():
        for window in windows.split(_WINDOWS_AT_ONCE):
            ours, theirs = model(window).log_softmax(-1), other(window).log_softmax(-1)
            kl.append((ours.exp() * (ours - theirs)).sum(-1).flatten())
            same.append((ours.argmax(-1) == theirs.argmax(-1)).flatten())
    return float(torch.cat(kl).double().mean()), float(torch.cat(same).double().mean())
