"""onnxruntime in CPython: tests, stored runs, the command line."""

import tempfile
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import onnxruntime

from glassbox.config import Manifest, StoredTensor
from glassbox.dequantize import dequantize, stored_ranges
from glassbox.runtime.base import FloatArray, RunRequest, fed_edits
from glassbox.tensor_layout import TensorLayout


class NativeRuntime:
    """A model directory written by ``python -m model_export``, run by onnxruntime on the CPU."""

    def __init__(self, directory: Path, threads: int = 0) -> None:
        """Open the model. ``threads``: how many to use; 0 leaves the choice to onnxruntime.

        Raises GlassboxError ``model_missing`` when the directory holds no readable manifest.
        """
        self.manifest = Manifest.from_directory(directory)
        self._layout = TensorLayout.of(self.manifest)
        self._weights = b"".join((directory / chunk["file"]).read_bytes() for chunk in self.manifest.raw["chunks"])
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        # The session borrows these arrays, so they live as long as it does.
        self._dequantized = {
            name: onnxruntime.OrtValue.ortvalue_from_numpy(_rows(tensor, self._weights, start, stop))
            for tensor in self.manifest.tensors.values()
            for name, (start, stop) in tensor.dequantized.items()
        }
        options.add_external_initializers(list(self._dequantized), list(self._dequantized.values()))
        # onnxruntime looks for external data beside the graph, and in one file.
        with tempfile.TemporaryDirectory() as folder:
            graph = Path(folder) / "graph.onnx"
            graph.write_bytes((directory / self.manifest.raw["graph"]["file"]).read_bytes())
            (Path(folder) / self.manifest.raw["weights"]["path"]).write_bytes(self._weights)
            self._session = onnxruntime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])
        self._cache = self._empty_cache()

    async def run(self, request: RunRequest) -> Mapping[str, FloatArray]:
        """See ``ModelRuntime.run``."""
        inputs, outputs = self.manifest.inputs, self.manifest.outputs
        layers = range(self.manifest.config.n_layer)
        feeds: dict[str, np.ndarray] = {
            inputs["token_ids"]: request.token_ids.astype(np.int64),
            inputs["unembed_rows"]: request.unembed_rows.astype(np.int64),
            inputs["head_scale"]: request.head_scale.astype(np.float32),
        }
        feeds |= fed_edits(inputs, self.manifest.config, request.edits)
        for kind in ("key", "value"):
            for layer in layers:
                feeds[inputs[f"past_{kind}"].format(layer=layer)] = np.ascontiguousarray(
                    self._cache[kind][layer][:, : request.past_length]
                )
        present = {
            kind: [outputs[f"present_{kind}"].format(layer=layer) for layer in layers]
            for kind in (() if request.keeps_cache else ("key", "value"))
        }
        asked = {name: self._output_names(name) for name in request.tensor_names}
        fetch = [outputs["logits"], *(name for names in (*present.values(), *asked.values()) for name in names)]
        results = dict(zip(fetch, self._session.run(fetch, feeds), strict=True))
        self._cache |= {kind: [results[name] for name in names] for kind, names in present.items()}
        return {outputs["logits"]: results[outputs["logits"]]} | {
            name: results[names[0]] if self._is_single(name) else np.stack([results[n] for n in names])
            for name, names in asked.items()
        }

    async def read_weights(self, offset: int, size: int) -> bytes:
        """See ``ModelRuntime.read_weights``."""
        return self._weights[offset : offset + size]

    def _output_names(self, name: str) -> list[str]:
        template, _, layer = name.partition(".")
        if self._is_single(name):
            return [self.manifest.outputs[template].format(layer=layer)]
        return [self.manifest.outputs[template].format(layer=index) for index in range(self.manifest.config.n_layer)]

    def _is_single(self, name: str) -> bool:
        """Whether the name stands for one array: a layer's tensor such as ``value.3``, or one that no layer has."""
        return "." in name or not self._layout.is_layered(name)

    def _empty_cache(self) -> dict[str, list[FloatArray]]:
        config = self.manifest.config
        empty = np.zeros((config.n_kv_head, 0, config.d_head), np.float32)
        return {kind: [empty] * config.n_layer for kind in ("key", "value")}


def _rows(tensor: StoredTensor, weights: bytes, start: int, stop: int) -> FloatArray:
    """Rows of a quantised matrix as fp32."""
    parts = [memoryview(weights)[offset : offset + size] for offset, size in stored_ranges(tensor, start, stop)]
    return dequantize(tensor, parts)
