"""What an architecture is to the export: names, shapes, a graph, and a reference to hold it against."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt
import onnx

from glassbox.config import ModelConfig
from model_export.weight_file import WeightFile

FloatArray = npt.NDArray[np.float32]

INPUTS = {
    "token_ids": "input_ids",
    "unembed_rows": "unembed_rows",
    "head_scale": "head_scale",
    "mlp_scale": "mlp_scale",
    "score_term": "score_term.{layer}",
    "pattern_scale": "pattern_scale.{layer}",
    "is_patched": "is_patched.{layer}",
    "patch": "patch.{layer}",
    "past_key": "past_key.{layer}",
    "past_value": "past_value.{layer}",
}


@dataclass(frozen=True)
class TensorSpec:
    """One tensor of a checkpoint, shaped as Hugging Face stores it.

    role: ``matrix`` (multiplies rows inside a block), ``embedding`` (a row a token), ``positions`` (a row a position)
    or ``vector``. output_axis: the axis of a matrix's output channels; 0 for an embedding, which the unembedding
    multiplies; None otherwise.
    """

    shape: tuple[int, ...]
    axes: tuple[str, ...]
    role: str
    output_axis: int | None = None


@dataclass(frozen=True)
class GgufLayout:
    """How a GGUF file names and orders what an architecture needs.

    kinds: values of ``general.architecture``. read_config: from the file's fields and its tensors' names. tensor_name:
    the name here of a tensor there, None for what is not needed. row_order: from a file's kind, the config and a name
    there, which of the tensor's rows stands where here; None where they stand alike.
    """

    kinds: tuple[str, ...]
    read_config: Callable[[Mapping[str, Any], frozenset[str]], ModelConfig]
    tensor_name: Callable[[str], str | None]
    row_order: Callable[[str, ModelConfig, str], npt.NDArray[np.int64] | None]


class Forward(Protocol):
    """A forward pass in plain NumPy."""

    def __call__(
        self,
        config: ModelConfig,
        tensor: Callable[[str], FloatArray],
        token_ids: Any,
        head_scale: FloatArray | None = None,
        *,
        dtype: type[np.floating] = np.float32,
        given: Mapping[str, Any] | None = None,
        edits: Mapping[str, Any] | None = None,
        rounded: Callable[[Any], Any] | None = None,
    ) -> dict[str, Any]:
        """See ``reference.Reference``."""


@dataclass(frozen=True)
class Architecture:
    """Everything the export asks of a kind of model.

    model_types: values of ``model_type`` in ``config.json``. prefix: what some checkpoints put before their tensors'
    names. ignored: tensors that carry nothing. layer_tensors: what a block makes, in order; final_norm follows the last
    block. other_names: further names of these tensors. example: a model of the hub to choose instead.
    """

    name: str
    model_types: tuple[str, ...]
    prefix: str
    ignored: re.Pattern[str]
    layer_tensors: tuple[str, ...]
    final_norm: str
    other_names: Mapping[str, str]
    example: str
    read_config: Callable[[Mapping[str, Any]], ModelConfig]
    tensor_specs: Callable[[ModelConfig], dict[str, TensorSpec]]
    build_graph: Callable[[ModelConfig, WeightFile, bool], onnx.ModelProto]
    forward: Forward
    gguf: GgufLayout

    def outputs(self) -> dict[str, str]:
        """The graph's outputs by the tensors' names; ``{layer}`` stands for a block's number."""
        layered = (*self.layer_tensors, "present_key", "present_value")
        outputs = {"logits": "logits", **{name: f"{name}.{{layer}}" for name in layered}}
        outputs[self.final_norm] = self.final_norm
        return outputs | {other: outputs[name] for other, name in self.other_names.items()}
