"""A training run on disk: weights, optimisers, how far it got. Written aside and renamed, so it is always whole."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

from model_export.starter.config import ModelConfig
from model_export.starter.model import Gpt2


@dataclass
class Progress:
    """How far a run is; ``history`` tells the runs it was continued from."""

    step: int = 0
    tokens: int = 0
    seconds: float = 0.0
    origin: str = "random weights"


def save_state(
    path: Path, model: Gpt2, optimisers: list[torch.optim.Optimizer], progress: Progress, config: dict[str, Any]
) -> None:
    """Write everything needed to go on, and to export."""
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_suffix(".part")
    torch.save(
        {
            "model": model.state_dict(),
            "optimisers": [optimiser.state_dict() for optimiser in optimisers],
            "progress": vars(progress),
            "config": config,
        },
        aside,
    )
    os.replace(aside, path)


def load_state(path: Path) -> dict[str, Any]:
    """What save_state wrote."""
    state: dict[str, Any] = torch.load(path, map_location="cpu", weights_only=True)
    return state


def model_of(state: dict[str, Any]) -> Gpt2:
    """The model of a stored run, on the CPU."""
    model = Gpt2(ModelConfig(**state["config"]["model"]))
    model.load_state_dict(state["model"])
    return model
