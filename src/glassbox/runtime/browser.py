"""onnxruntime-web in the browser. The only module that imports Pyodide's own."""

from collections.abc import Mapping
from math import prod
from typing import Any

import numpy as np
import numpy.typing as npt
from pyodide.ffi import JsException, to_js

from glassbox.config import Manifest
from glassbox.errors import GlassboxError
from glassbox.runtime.base import FloatArray, RunRequest, answer_shapes
from glassbox.tensor_layout import TensorLayout


class BrowserRuntime:
    """A model in an inference worker, reached through ``port``, which has ``run`` and ``read_weights``."""

    def __init__(self, manifest: Manifest, port: Any) -> None:
        self.manifest = manifest
        self._layout = TensorLayout.of(manifest)
        self._port = port

    async def run(self, request: RunRequest) -> Mapping[str, FloatArray]:
        """See ``ModelRuntime.run``. All arrays travel as one (docs/seams.md) and are views of it here."""
        packed = await self._call(
            "run",
            to_js(np.ascontiguousarray(request.token_ids, np.int64)),
            request.past_length,
            to_js(np.ascontiguousarray(request.unembed_rows, np.int64)),
            to_js(np.ascontiguousarray(request.head_scale.ravel(), np.float32)),
            to_js(list(request.tensor_names)),
            request.keeps_cache,
            # Names, shapes and numbers, one after the other; a mask travels as bytes.
            to_js(list(request.edits)),
            to_js([list(edit.shape) for edit in request.edits.values()]),
            to_js([np.ascontiguousarray(_portable(edit)).ravel() for edit in request.edits.values()]),
        )
        values = np.empty(packed.length, np.float32)
        packed.assign_to(values)
        answer: dict[str, FloatArray] = {}
        start = 0
        for name, shape in answer_shapes(request, self._layout).items():
            stop = start + prod(shape)
            answer[name] = values[start:stop].reshape(shape)
            start = stop
        return answer

    async def read_weights(self, offset: int, size: int) -> bytes:
        """See ``ModelRuntime.read_weights``."""
        packed = await self._call("read_weights", offset, size)
        return bytes(packed.to_py())

    async def _call(self, method: str, *arguments: Any) -> Any:
        try:
            return await getattr(self._port, method)(*arguments)
        except JsException as error:
            code = getattr(error, "code", None)
            raise GlassboxError(
                code if isinstance(code, str) else "internal", str(getattr(error, "message", error))
            ) from error


def _portable(edit: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """JavaScript has no array of truth values; onnxruntime takes bytes for one."""
    return edit.astype(np.uint8) if edit.dtype == bool else edit
