"""Finds a checkpoint: a folder, or a model of the Hugging Face hub."""

import errno
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from model_export.errors import ExportError
from model_export.weight_source import PYTORCH, SAFETENSORS_INDEX

GGUF_SUFFIX = ".gguf"
UNKNOWN_LICENCE = "unknown"

_BESIDE_WEIGHTS = [
    "config.json",
    "generation_config.json",
    "tokenizer.json",
    "tokenizer_config.json",
    "chat_template.jinja",
    "vocab.json",
    "merges.txt",
    "README.md",
]
# Only at the top: some models keep other formats in folders.
_SAFETENSORS_FILES = ["model.safetensors", SAFETENSORS_INDEX, "model-*-of-*.safetensors"]


@dataclass(frozen=True)
class Source:
    """Where a checkpoint comes from. ``revision`` is the hub's commit, None for a folder or a file."""

    # A folder in Hugging Face layout, or a GGUF file.
    path: Path
    id: str
    revision: str | None
    licence: str


def find_source(model: str, revision: str | None) -> Source:
    """A folder or a GGUF file as it is, anything else from the hub (cached there).

    Raises ExportError with the cause and the mend.
    """
    folder = Path(model).expanduser()
    if folder.is_dir():
        if revision is not None:
            raise ExportError("--revision goes with a model of the hub; a folder has none. Leave it out.")
        return Source(folder, folder.resolve().name, None, _licence(folder))
    if folder.is_file() and folder.suffix == GGUF_SUFFIX:
        if revision is not None:
            raise ExportError("--revision goes with a model of the hub; a file has none. Leave it out.")
        return Source(folder, folder.stem, None, UNKNOWN_LICENCE)
    if folder.exists():
        raise ExportError(
            f"{model} is a file. Name a GGUF file ({GGUF_SUFFIX}), or the folder that holds config.json and weights."
        )
    if model.startswith((".", "/", "~")):
        raise ExportError(f"There is no folder or file {model}. Check the path.")
    return _download(model, revision)


def _download(model: str, revision: str | None) -> Source:
    folder = _snapshot(model, revision, [*_BESIDE_WEIGHTS, *_SAFETENSORS_FILES])
    if not any(folder.glob("*.safetensors")):
        # The same commit, even if the branch has moved on meanwhile.
        folder = _snapshot(model, folder.name, [*_BESIDE_WEIGHTS, PYTORCH])
    # The hub keeps a snapshot in a folder named by its commit.
    return Source(folder, model, folder.name, _licence(folder))


def _snapshot(model: str, revision: str | None, files: Sequence[str]) -> Path:
    """Download files of a model, or find them in the hub's cache."""
    # Takes half a second, which folders need not wait for.
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import (
        GatedRepoError,
        HfHubHTTPError,
        HFValidationError,
        LocalEntryNotFoundError,
        RepositoryNotFoundError,
        RevisionNotFoundError,
    )

    try:
        return Path(snapshot_download(model, revision=revision, allow_patterns=list(files)))
    except HFValidationError as error:
        raise ExportError(
            f"{model!r} is neither a folder nor a name on the hub, such as openai-community/gpt2. Check the spelling."
        ) from error
    except RevisionNotFoundError as error:
        raise ExportError(f"{model} has no revision {revision!r} on the hub. Check --revision, or leave it out.") from (
            error
        )
    except GatedRepoError as error:
        raise ExportError(
            f"{model} asks for its terms to be accepted first. Do so on its page, then sign in with hf auth login."
        ) from error
    except RepositoryNotFoundError as error:
        raise ExportError(
            f"The hub shows no model {model!r}. Check the spelling, or sign in (hf auth login) if it is private."
        ) from error
    except (LocalEntryNotFoundError, ConnectionError) as error:
        raise ExportError(
            f"The hub cannot be reached and {model} is not in the cache. Check the network, or name a folder."
        ) from error
    except HfHubHTTPError as error:
        raise ExportError(f"The hub did not give {model} ({_first_line(error)}). Try again later.") from error
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise ExportError(
                f"No space is left for {model} in the hub's cache. Free some, or name another disk in HF_HOME."
            ) from error
        raise ExportError(f"{model} could not be downloaded ({_first_line(error)}). Try again.") from error


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0]


def _licence(folder: Path) -> str:
    """``license`` of the model card's header, or ``unknown``."""
    card = next((folder / name for name in ("README.md", "MODEL_CARD.md") if (folder / name).is_file()), None)
    if card is None:
        return UNKNOWN_LICENCE
    lines = card.read_text(encoding="utf-8", errors="replace").splitlines()
    if not lines or lines[0].strip() != "---":
        return UNKNOWN_LICENCE
    for line in lines[1:]:
        if line.strip() == "---":
            break
        if line.startswith("license:"):
            return line.removeprefix("license:").strip().strip("\"'") or UNKNOWN_LICENCE
    return UNKNOWN_LICENCE
