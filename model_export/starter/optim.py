"""Optimisers and their rates: Muon for the matrices of the blocks, Adam for everything else."""

import torch

from model_export.starter.config import TrainingConfig
from model_export.starter.model import Gpt2
from model_export.starter.muon import Muon


def make_optimisers(model: Gpt2, config: TrainingConfig) -> list[torch.optim.Optimizer]:
    """Muon, Adam for the embedding and AdamW for the rest, their full rates kept as ``full_rate`` in each group."""
    matrices: list[torch.nn.Parameter] = []
    others: list[torch.nn.Parameter] = []
    for name, parameter in model.named_parameters():
        if name != "wte.weight":
            (matrices if name.startswith("h.") and parameter.dim() == 2 else others).append(parameter)
    # A rare token's row gets many small gradients and few large ones; the mean of their squares has to remember those,
    # or the small ones, made large, push every rare token down.
    rows = {"lr": config.other_rate, "betas": (0.9, 0.999), "eps": 1e-8}
    optimisers = [
        Muon(matrices, lr=config.matrix_rate, weight_decay=config.matrix_decay, momentum=0.95),
        torch.optim.AdamW(others, lr=config.other_rate, betas=(0.9, 0.95), weight_decay=0.0),
        # Moves the rows of the step's candidates only.
        (torch.optim.SparseAdam if config.candidates else torch.optim.Adam)([model.wte.weight], **rows),
    ]
    for optimiser in optimisers:
        for group in optimiser.param_groups:
            group["full_rate"] = group["lr"]
    return optimisers


def rate_factor(step: int, progress: float, config: TrainingConfig) -> float:
    """What the full rates are multiplied by: a linear start, a level stretch, then a straight fall to final_rate."""
    start = min(1.0, (step + 1) / config.warmup_steps) if config.warmup_steps else 1.0
    fall = max(0.0, progress - config.decay_from) / (1 - config.decay_from)
    return start * (1 - (1 - config.final_rate) * min(1.0, fall))


def context_at(progress: float, config: TrainingConfig) -> int:
    """Length of the windows: short ones first, the whole context in the end."""
    return next((n_tokens for until, n_tokens in config.contexts if progress < until), config.contexts[-1][1])
