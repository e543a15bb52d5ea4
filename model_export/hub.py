"""Finds a checkpoint: a folder, or a model of the Hugging Face hub."""

from dataclasses import dataclass
from pathlib import Path

from model_export.errors import ExportError

_FILES = ["config.json", "model.safetensors", "tokenizer.json", "vocab.json", "merges.txt", "README.md"]


@dataclass(frozen=True)
class Source:
    """Where a checkpoint comes from. ``revision`` is the hub's commit, None for a folder."""

    folder: Path
    id: str
    revision: str | None
    licence: str


def find_source(model: str, revision: str | None) -> Source:
    """A folder as it is, anything else from the hub (cached there). Raises ExportError with the cause and the mend."""
    folder = Path(model)
    if folder.is_dir():
        if revision is not None:
            raise ExportError("--revision goes with a model of the hub; a folder has none.")
        return Source(folder, folder.resolve().name, None, _licence(folder))
    if model.startswith((".", "/", "~")):
        raise ExportError(f"There is no folder {model}.")
    return _download(model, revision)


def _download(model: str, revision: str | None) -> Source:
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import (
        HFValidationError,
        LocalEntryNotFoundError,
        RepositoryNotFoundError,
        RevisionNotFoundError,
    )

    try:
        folder = Path(snapshot_download(model, revision=revision, allow_patterns=_FILES))
    except HFValidationError as error:
        raise ExportError(
            f"{model!r} is neither a folder nor a name on the hub, such as openai-community/gpt2."
        ) from error
    except RevisionNotFoundError as error:
        raise ExportError(f"{model} has no revision {revision!r} on the hub.") from error
    except RepositoryNotFoundError as error:
        raise ExportError(
            f"The hub has no public model {model!r}. Check the spelling, or sign in if it is private."
        ) from error
    except (LocalEntryNotFoundError, ConnectionError) as error:
        raise ExportError(
            f"The hub cannot be reached and {model} is not in the cache. Check the network, or name a folder."
        ) from error
    except OSError as error:
        raise ExportError(f"{model} could not be downloaded ({error}).") from error
    # The hub keeps a snapshot in a folder named by its commit.
    return Source(folder, model, folder.name, _licence(folder))


def _licence(folder: Path) -> str:
    """``license`` of the model card's header, or ``unknown``."""
    card = folder / "README.md"
    if not card.is_file():
        return "unknown"
    lines = card.read_text(encoding="utf-8", errors="replace").splitlines()
    if not lines or lines[0].strip() != "---":
        return "unknown"
    for line in lines[1:]:
        if line.strip() == "---":
            break
        if line.startswith("license:"):
            return line.removeprefix("license:").strip().strip("\"'")
    return "unknown"
