"""A whole model in plain NumPy, without files: for tests that need real arithmetic and no export."""

import asyncio
from collections.abc import Mapping
from pathlib import Path
from types import SimpleNamespace

import numpy as np

from glassbox.architectures.gpt2 import GPT2
from glassbox.config import ModelConfig, StoredTensor
from glassbox.runtime.base import FloatArray, RunRequest, neutral_edits
from model_export.gpt2.reference import forward
from model_export.gpt2.tensors import tensor_specs

STARTER = Path(__file__).parents[1] / "model_export" / "starter" / "checkpoint"


def random_weights(config: ModelConfig, seed: int = 0) -> dict[str, FloatArray]:
    """Normally distributed weights by checkpoint name; gains stand around 1."""
    generator = np.random.default_rng(seed)
    weights = {}
    for name, spec in tensor_specs(config).items():
        values = generator.standard_normal(spec.shape, dtype=np.float32)
        is_gain = name.endswith(("ln_1.weight", "ln_2.weight", "ln_f.weight"))
        weights[name] = 1 + 0.1 * values if is_gain else values * np.float32(0.1 if config.n_embd < 64 else 0.02)
    return weights


def starter_weights() -> tuple[ModelConfig, dict[str, FloatArray]]:
    """The starter's own checkpoint, in fp32."""
    from model_export.folder_checkpoint import FolderCheckpoint

    checkpoint = FolderCheckpoint(STARTER)
    return checkpoint.config, {name: checkpoint.tensor(name).astype(np.float32) for name in checkpoint.specs}


def by_layout_names(run: Mapping[str, FloatArray]) -> dict[str, FloatArray]:
    """A reference run, with tensors under the names that Glassbox has for them."""
    names = {}
    for key in run:
        name, dot, layer = key.partition(".")
        names[key] = GPT2.canonical(name) + dot + layer
    return {names[key]: array for key, array in run.items()}


class NumpyRuntime:
    """Runs the reference over the whole text each time and answers with the rows that were asked for."""

    def __init__(self, config: ModelConfig, weights: Mapping[str, FloatArray]) -> None:
        self._config, self._weights = config, weights
        tensors, self._stored, offset = {}, {}, 0
        for name, values in weights.items():
            axes = tuple(str(axis) for axis in range(values.ndim))
            output_axis = tensor_specs(config)[name].output_axis
            tensors[name] = StoredTensor(values.shape, axes, output_axis, "float32", offset, values.nbytes, None, {})
            self._stored[offset] = values
            offset += values.nbytes
        self.manifest = SimpleNamespace(architecture="gpt2", config=config, tensors=tensors, takes_edits=True, raw={})
        self._cache: list[int] = []
        # What was put in where the cached rows were made, for the whole text.
        self._edits: dict[str, np.ndarray] = {}

    async def run(self, request: RunRequest) -> Mapping[str, FloatArray]:
        # As with a real runtime, others go on while a pass is made.
        await asyncio.sleep(0)
        token_ids = [*self._cache[: request.past_length], *request.token_ids.tolist()]
        edits = self._whole_edits(request, len(token_ids))
        if not request.keeps_cache:
            self._cache, self._edits = token_ids, edits
        past, n_new, n_layer = request.past_length, len(request.token_ids), self._config.n_layer
        weights = self._weights.__getitem__
        run = by_layout_names(forward(self._config, weights, token_ids, request.head_scale, edits=edits))
        streams = [*(run[f"resid_pre.{layer}"] for layer in range(n_layer)), run[f"resid_post.{n_layer - 1}"]]
        rows = np.concatenate([stream[past:] for stream in streams])[request.unembed_rows]
        assert len(streams) * n_new > request.unembed_rows.max()
        answer = {"logits": self._unembed(rows)}
        for name in request.tensor_names:
            single = "." in name or name in GPT2.unlayered
            layers = [run[name]] if single else [run[f"{name}.{layer}"] for layer in range(n_layer)]
            axes = GPT2.tensors[name.partition(".")[0]]
            new = [layer[..., past:, :] if axes[0] == "head" else layer[past:] for layer in layers]
            answer[name] = new[0] if single else np.stack(new)
        return answer

    def _whole_edits(self, request: RunRequest, n_tokens: int) -> dict[str, np.ndarray]:
        """The new rows' edits behind those of the cached rows, at full size."""
        config, past = self._config, request.past_length
        whole: dict[str, np.ndarray] = {}
        neutral = neutral_edits(config.n_layer)
        for name in {*self._edits, *request.edits}:
            kind = name.partition(".")[0]
            if kind == "mlp_scale":
                whole[name] = request.edits.get(name, neutral[kind])
                continue
            is_row = kind in ("is_patched", "patch")
            width = {"is_patched": 1, "patch": config.n_embd}.get(kind, n_tokens)
            shape = (n_tokens, width) if is_row else (config.n_head, n_tokens, width)
            whole[name] = np.broadcast_to(neutral[kind].reshape(-1)[0], shape).copy()
            if name in self._edits:
                keys = width if is_row else past
                whole[name][..., :past, :keys] = self._edits[name][..., :past, :keys]
            if name in request.edits:
                whole[name][..., past:, :] = request.edits[name]
        return whole

    async def read_weights(self, offset: int, size: int) -> bytes:
        start = max(place for place in self._stored if place <= offset)
        return self._stored[start].tobytes()[offset - start : offset - start + size]

    def _unembed(self, rows: FloatArray) -> FloatArray:
        centred = rows - rows.mean(axis=-1, keepdims=True)
        deviation = np.sqrt((centred**2).mean(axis=-1, keepdims=True) + self._config.norm_epsilon)
        normed = centred / deviation * self._weights["ln_f.weight"] + self._weights["ln_f.bias"]
        logits: FloatArray = (normed @ self._weights["wte.weight"].T).astype(np.float32)
        return logits
