"""Reads a checkpoint in Hugging Face layout, tensor by tensor."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from safetensors import SafetensorError

from model_export.architecture import FloatArray, TensorSpec
from model_export.architectures import of_config
from model_export.checkpoint import check_names, check_shape
from model_export.config_file import read_config_file
from model_export.errors import ExportError
from model_export.quantize import Quantized
from model_export.tokenizer_file import read_tokenizer
from model_export.weight_source import open_weights

_HEAD = "lm_head.weight"


class FolderCheckpoint:
    """A folder with ``config.json`` and weights; see ``Checkpoint``."""

    def __init__(self, folder: Path) -> None:
        """Open and check. Raises ExportError for anything that is not a whole checkpoint of a known architecture."""
        self.folder = folder
        settings = read_config_file(folder)
        self.architecture = of_config(settings, folder)
        self.config = self.architecture.read_config(settings)
        self.specs: Mapping[str, TensorSpec] = self.architecture.tensor_specs(self.config)
        self.chat_template = _chat_template(folder)
        self.bos_token = _bos_token(folder)
        self.end_tokens: Sequence[int] = _end_tokens(folder, settings)
        self._source = open_weights(folder)
        # Checkpoints of the whole language model prefix the transformer's tensors; those of the hub's GPT-2 do not.
        prefix = self.architecture.prefix
        self._stored: Mapping[str, str] = {name.removeprefix(prefix): name for name in self._source.names()}
        self._check_names()
        for name, spec in self.specs.items():
            check_shape(name, self._source.shape(self._stored[name]), spec.shape, "config.json")
        self._check_tied_head()

    def tensor(self, name: str) -> FloatArray:
        """See ``Checkpoint.tensor``. Raises ExportError where it holds infinity or something that is not a number."""
        stored = self._read(name)
        # bfloat16 and its like are no kind of float to NumPy, but can be made fp32.
        if stored.dtype.kind not in "fV":
            raise ExportError(f"{name} is stored as {stored.dtype}. Get the checkpoint in fp32, fp16 or bf16.")
        array = stored.astype(np.float32, copy=False)
        if not np.isfinite(array).all():
            raise ExportError(
                f"{name} holds infinite or undefined numbers (NaN). The checkpoint is broken: get another copy."
            )
        return array

    def blocks(self, name: str) -> Quantized | None:
        """None: nothing in such a folder is quantised."""
        return None

    def tokenizer(self) -> str:
        """See ``Checkpoint.tokenizer``."""
        return read_tokenizer(self.folder, self.config.vocab_size)

    def close(self) -> None:
        """See ``Checkpoint.close``."""
        self._source.close()

    def _read(self, name: str) -> npt.NDArray[Any]:
        try:
            return self._source.read(self._stored[name])
        except (SafetensorError, TypeError, ValueError) as error:
            raise ExportError(f"{name} cannot be read ({error}). Get the checkpoint in fp32, fp16 or bf16.") from error

    def _check_names(self) -> None:
        check_names(self.specs, self._stored, self.folder, self.architecture.name)
        for name in self._stored:
            if name not in self.specs and name != _HEAD and not self.architecture.ignored.fullmatch(name):
                raise ExportError(
                    f"{self.folder} has a tensor {name!r}, which its config.json does not ask for; it would be "
                    f"lost. Choose a plain {self.architecture.name} language model."
                )

    def _check_tied_head(self) -> None:
        """A head that differs from the token embedding would be lost where the settings say that they are one."""
        if not self.config.is_tied or _HEAD not in self._stored:
            return
        embedding = next(name for name, spec in self.specs.items() if spec.role == "embedding")
        if not np.array_equal(self._read(_HEAD), self._read(embedding)):
            raise ExportError(
                f"{_HEAD} differs from the token embedding ({embedding}), but config.json has tied embeddings. "
                "Get another copy, or choose another model."
            )


def _chat_template(folder: Path) -> str | None:
    own = folder / "chat_template.jinja"
    if own.is_file():
        return own.read_text(encoding="utf-8", errors="replace")
    template = _json(folder / "tokenizer_config.json").get("chat_template")
    return template if isinstance(template, str) else None


def _bos_token(folder: Path) -> str:
    token = _json(folder / "tokenizer_config.json").get("bos_token")
    content = token.get("content") if isinstance(token, dict) else token
    return content if isinstance(content, str) else ""


def _end_tokens(folder: Path, settings: Mapping[str, Any]) -> list[int]:
    ends = _json(folder / "generation_config.json").get("eos_token_id", settings.get("eos_token_id"))
    return [end for end in (ends if isinstance(ends, list) else [ends]) if isinstance(end, int)]


def _json(path: Path) -> Mapping[str, Any]:
    """A file beside the weights that a model may lack."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}
