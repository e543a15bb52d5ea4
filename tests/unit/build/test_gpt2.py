"""One command from a checkpoint to a site that holds it."""

from pathlib import Path

import pytest

from build_scripts import commands, site
from tests.checkpoints import TOY, write_checkpoint


def test_a_local_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    built: list[tuple[Path, dict[str, Path]]] = []
    monkeypatch.setattr(site, "build", lambda out, models, *_: built.append((out, dict(models))))
    monkeypatch.setattr(commands, "BUILD", tmp_path / "build")
    source = write_checkpoint(tmp_path / "checkpoint", TOY)
    assert commands.main(["gpt2", "--source", str(source), "--models", "starter", "--out", str(tmp_path / "dist")]) == 0
    exported = tmp_path / "build" / "models" / "gpt2"
    assert built == [(tmp_path / "dist", {"gpt2": exported})]
    assert (exported / "manifest.json").is_file()


def test_nothing_is_built_of_what_cannot_be_exported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(site, "build", lambda *_: pytest.fail("built"))
    monkeypatch.setattr(commands, "BUILD", tmp_path / "build")
    assert commands.main(["gpt2", "--source", str(tmp_path / "nowhere")]) == 2
