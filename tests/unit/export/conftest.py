"""Toy checkpoints that tests may spoil, and the export as a user calls it."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from safetensors.numpy import load_file, save_file

from model_export.__main__ import main
from tests.checkpoints import TOY, write_checkpoint

Tensors = dict[str, np.ndarray]


class ToyCheckpoint:
    """A whole toy checkpoint, to be changed in one place."""

    def __init__(self, folder: Path) -> None:
        self.folder = write_checkpoint(folder, TOY)
        self.weights = folder / "model.safetensors"

    def set_config(self, **changes: Any) -> None:
        path = self.folder / "config.json"
        config = json.loads(path.read_text()) | changes
        path.write_text(json.dumps({name: value for name, value in config.items() if value is not ...}))

    def change_tensors(self, change: Callable[[Tensors], Tensors | None]) -> None:
        tensors = load_file(self.weights)
        # Hugging Face's layout demands the metadata.
        save_file(change(tensors) or tensors, self.weights, metadata={"format": "pt"})


@pytest.fixture
def checkpoint(tmp_path: Path) -> ToyCheckpoint:
    return ToyCheckpoint(tmp_path / "checkpoint")


Refused = Callable[..., str]


@pytest.fixture
def refused(checkpoint: ToyCheckpoint, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Refused:
    """Export, which must fail as promised: code 2, one line, nothing left behind. Returns the line."""

    def call(*arguments: str, model: str | None = None) -> str:
        target = tmp_path / "exports"
        status = main(["--model", model or str(checkpoint.folder), "--out", str(target / "toy"), *arguments])
        output = capsys.readouterr()
        assert status == 2, output
        assert output.out == ""
        line = output.err.removesuffix("\n")
        assert line.startswith("model_export: ")
        assert "\n" not in line
        assert not target.exists() or list(target.iterdir()) == []
        return line

    return call
