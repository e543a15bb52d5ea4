"""The hub's answers, good and bad, without a network."""

import errno
from collections.abc import Callable
from pathlib import Path

import huggingface_hub
import pytest
from huggingface_hub import errors

from model_export.hub import find_source
from tests.checkpoints import TOY, write_checkpoint
from tests.unit.export.conftest import Refused

COMMIT = "607a30d783dfa663caf39e06633721c8d4cfcd7e"


def hub_error(kind: type[Exception]) -> Exception:
    """An error of the hub's library; some want the response, of which nothing is read."""
    error = kind.__new__(kind)
    OSError.__init__(error, "the hub's long\nexplanation")
    return error


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (hub_error(errors.RepositoryNotFoundError), ("Check the spelling", "no/such")),
        (hub_error(errors.GatedRepoError), ("hf auth login",)),
        (hub_error(errors.RevisionNotFoundError), ("'v9'", "--revision")),
        (hub_error(errors.LocalEntryNotFoundError), ("cannot be reached", "Check the network")),
        (hub_error(errors.OfflineModeIsEnabled), ("cannot be reached", "Check the network")),
        (hub_error(errors.HfHubHTTPError), ("Try again later",)),
        (ConnectionError("refused"), ("cannot be reached",)),
        (OSError(errno.ENOSPC, "No space left on device"), ("No space is left", "HF_HOME")),
        (OSError("cut off\nin the middle"), ("cut off", "Try again")),
    ],
    ids=lambda value: type(value).__name__,
)
def test_refusals(error: Exception, words: tuple[str, ...], refused: Refused, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(huggingface_hub, "snapshot_download", fail)
    line = refused("--revision", "v9", model="no/such")
    assert all(word in line for word in words), line


@pytest.mark.parametrize("model", ["a name with blanks", "a/b/c", "http://somewhere/model", "-x-"])
def test_names_that_no_hub_has(model: str, refused: Refused) -> None:
    assert "neither a folder nor a name" in refused(f"--model={model}")


@pytest.mark.parametrize("model", ["./missing", "/missing/model", "../missing"])
def test_missing_folder(model: str, refused: Refused) -> None:
    assert "no folder" in refused(model=model)


def test_a_file_in_place_of_a_folder(refused: Refused, tmp_path: Path) -> None:
    (tmp_path / "model.safetensors").write_text("")
    assert "is a file" in refused(model=str(tmp_path / "model.safetensors"))


def test_revision_of_a_folder(refused: Refused) -> None:
    assert "--revision" in refused("--revision", "main")


def fake_hub(folder: Path, asked: list[tuple[str | None, list[str]]]) -> Callable[..., str]:
    def download(model: str, *, revision: str | None, allow_patterns: list[str]) -> str:
        assert model == "someone/model"
        asked.append((revision, allow_patterns))
        return str(folder)

    return download


def test_commit_and_licence_are_recorded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = write_checkpoint(tmp_path / COMMIT, TOY)
    (folder / "README.md").write_text("---\nlanguage: en\nlicense: mit\n---\n# A model\nlicense: not this\n")
    asked: list[tuple[str | None, list[str]]] = []
    monkeypatch.setattr(huggingface_hub, "snapshot_download", fake_hub(folder, asked))
    source = find_source("someone/model", "main")
    assert (source.id, source.revision, source.licence) == ("someone/model", COMMIT, "mit")
    (only,) = asked
    assert only[0] == "main"
    assert "pytorch_model.bin" not in only[1]


def test_pytorch_file_only_where_there_is_no_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / COMMIT
    folder.mkdir()
    asked: list[tuple[str | None, list[str]]] = []
    monkeypatch.setattr(huggingface_hub, "snapshot_download", fake_hub(folder, asked))
    find_source("someone/model", None)
    assert [revision for revision, _ in asked] == [None, COMMIT]
    assert "pytorch_model.bin" in asked[1][1]


@pytest.mark.parametrize(
    ("card", "licence"),
    [
        (None, "unknown"),
        ("# none", "unknown"),
        ("---\nlicense: 'apache-2.0'\n---", "apache-2.0"),
        ("---\nlicense:\n---", "unknown"),
    ],
)
def test_licence(card: str | None, licence: str, tmp_path: Path) -> None:
    if card is not None:
        (tmp_path / "README.md").write_text(card)
    assert find_source(str(tmp_path), None).licence == licence
