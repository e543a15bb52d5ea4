"""What the export asks of a checkpoint, wherever it comes from."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from glassbox.config import ModelConfig
from model_export.architecture import Architecture, FloatArray, TensorSpec
from model_export.errors import ExportError
from model_export.quantize import Quantized


class Checkpoint(Protocol):
    """Weights, tokenizer and facts of one model; tensors are read when asked for."""

    architecture: Architecture
    config: ModelConfig
    # In the order of the forward pass.
    specs: Mapping[str, TensorSpec]
    # None where the model does not chat.
    chat_template: str | None
    # What stands at a text's beginning, where a chat template asks for it; "" where the model has none.
    bos_token: str
    # Tokens after which the model has no more to say.
    end_tokens: Sequence[int]

    def tensor(self, name: str) -> FloatArray:
        """One tensor as fp32, shaped as its spec says. Raises ExportError where it is broken."""

    def blocks(self, name: str) -> Quantized | None:
        """A matrix or embedding as the checkpoint has quantised it, [output, input]; None where it has not."""

    def tokenizer(self) -> str:
        """Content of a ``tokenizer.json``. Raises ExportError where there is none that can be used."""

    def close(self) -> None:
        """Let go of the files; no tensor can be read any more."""


def check_names(specs: Mapping[str, TensorSpec], found: Mapping[str, object], where: object, architecture: str) -> None:
    """Raise ExportError unless every tensor that is wanted is there."""
    for name in specs:
        if name not in found:
            raise ExportError(
                f"{where} has no tensor {name!r}. It is no {architecture} model, or not whole: download it again."
            )


def check_shape(name: str, found: Sequence[int], expected: Sequence[int], settings: str) -> None:
    """Raise ExportError unless a tensor has the shape that the settings ask for."""
    if tuple(found) != tuple(expected):
        raise ExportError(
            f"{name} has the shape {list(found)}, but {settings} asks for {list(expected)}. "
            "Get settings and weights of the same model."
        )
