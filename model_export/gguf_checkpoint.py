"""Reads a GGUF file, tensor by tensor."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from gguf import GGMLQuantizationType, ReaderTensor
from gguf.quants import dequantize

from model_export.architecture import FloatArray, TensorSpec
from model_export.architectures import of_gguf
from model_export.checkpoint import check_names, check_shape
from model_export.errors import ExportError
from model_export.gguf_blocks import kept_blocks
from model_export.gguf_reader import read_fields, read_gguf
from model_export.gguf_tokenizer import tokenizer_json
from model_export.quantize import Quantized

_PLAIN = {GGMLQuantizationType.F32, GGMLQuantizationType.F16}


class GgufCheckpoint:
    """A GGUF file; see ``Checkpoint``."""

    def __init__(self, path: Path) -> None:
        """Open and check. Raises ExportError for anything that is not a whole model of a known architecture."""
        reader = read_gguf(path)
        self.fields = read_fields(reader, path)
        self.architecture = of_gguf(self.fields, path)
        layout = self.architecture.gguf
        for name in ("tokenizer.ggml.tokens", "tokenizer.ggml.merges"):
            if not isinstance(self.fields.get(name), list):
                raise ExportError(f"{path} has no {name}. Only models of byte pairs can be exported: choose another.")
        self.config = layout.read_config(self.fields, frozenset(tensor.name for tensor in reader.tensors))
        # Before anything is made for each of them: a damaged number may announce billions.
        if self.config.n_layer > len(reader.tensors):
            announced = f"announces {self.config.n_layer} blocks and holds {len(reader.tensors)} tensors"
            raise ExportError(f"{path} {announced}. Get another copy.")
        self.specs: Mapping[str, TensorSpec] = self.architecture.tensor_specs(self.config)
        template = self.fields.get("tokenizer.chat_template")
        self.chat_template = template if isinstance(template, str) else None
        tokens, bos = self.fields["tokenizer.ggml.tokens"], self.fields.get("tokenizer.ggml.bos_token_id")
        is_known = isinstance(bos, int) and 0 <= bos < len(tokens)
        self.bos_token = str(tokens[bos]) if is_known else ""
        ends = (self.fields.get(f"tokenizer.ggml.{kind}_token_id") for kind in ("eos", "eot"))
        self.end_tokens: Sequence[int] = sorted({int(end) for end in ends if isinstance(end, int)})
        self._tensors: Mapping[str, ReaderTensor] = {
            here: tensor for tensor in reader.tensors if (here := layout.tensor_name(tensor.name)) is not None
        }
        check_names(self.specs, self._tensors, path, self.architecture.name)
        for name, spec in self.specs.items():
            # A file lists a shape's axes from the last to the first.
            found = tuple(int(size) for size in reversed(self._tensors[name].shape))
            check_shape(name, found, spec.shape[::-1] if spec.output_axis == 1 else spec.shape, "the GGUF file")

    def tensor(self, name: str) -> FloatArray:
        """See ``Checkpoint.tensor``. Raises ExportError where it holds infinity or something that is not a number."""
        tensor = self._tensors[name]
        try:
            values = dequantize(self._rows(tensor), tensor.tensor_type).astype(np.float32, copy=False)
        except (NotImplementedError, ValueError) as error:
            raise ExportError(
                f"{name} is stored as {tensor.tensor_type.name}, which cannot be read ({error})."
            ) from error
        if not np.isfinite(values).all():
            raise ExportError(
                f"{name} holds infinite or undefined numbers (NaN). The file is broken: get another copy."
            )
        return values.T if self.specs[name].output_axis == 1 else values

    def blocks(self, name: str) -> Quantized | None:
        """See ``Checkpoint.blocks``."""
        tensor = self._tensors[name]
        if tensor.tensor_type in _PLAIN:
            return None
        return kept_blocks(tensor.tensor_type, self._rows(tensor))

    def tokenizer(self) -> str:
        """See ``Checkpoint.tokenizer``."""
        return tokenizer_json(self.fields)

    def close(self) -> None:
        """See ``Checkpoint.close``."""
        self._tensors = {}

    def _rows(self, tensor: ReaderTensor) -> np.ndarray[Any, np.dtype[Any]]:
        """Rows as they are stored, in the order Hugging Face has them."""
        order = self.architecture.gguf.row_order(self.fields["general.architecture"], self.config, tensor.name)
        return np.asarray(tensor.data) if order is None else np.asarray(tensor.data)[order]
