"""What a model's manifest says, as frozen dataclasses. The manifest's form is described in docs/seams.md."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from glassbox.errors import GlassboxError

MANIFEST_FORMAT = 1


@dataclass(frozen=True)
class ModelConfig:
    """Sizes of a GPT-2-family model."""

    n_layer: int
    n_head: int
    n_embd: int
    n_ctx: int
    vocab_size: int
    layer_norm_epsilon: float

    @property
    def d_head(self) -> int:
        """Width of one attention head."""
        return self.n_embd // self.n_head

    @property
    def d_mlp(self) -> int:
        """Width of the hidden MLP layer."""
        return 4 * self.n_embd


@dataclass(frozen=True)
class StoredScale:
    """Where the scales of a quantised tensor lie: ``value = (integer - zero_point) * scale`` along ``axis``."""

    axis: int
    zero_point: int
    shape: tuple[int, ...]
    offset: int
    bytes: int


@dataclass(frozen=True)
class StoredTensor:
    """Where a tensor of the checkpoint lies in the joined weight chunks."""

    shape: tuple[int, ...]
    axes: tuple[str, ...]
    dtype: str
    offset: int
    bytes: int
    scale: StoredScale | None
    # Rows that the graph wants as fp32, by the name it has for them.
    dequantized: Mapping[str, tuple[int, int]]


@dataclass(frozen=True)
class Manifest:
    """Everything known about an exported model."""

    name: str
    display_name: str
    config: ModelConfig
    quantization: str
    tensors: Mapping[str, StoredTensor]
    inputs: Mapping[str, str]
    outputs: Mapping[str, str]
    raw: Mapping[str, Any]

    @classmethod
    def from_dict(cls, raw: Mapping[str, Any]) -> "Manifest":
        """Read a manifest's JSON. Raises GlassboxError ``model_missing`` when it is not one this version can read."""
        try:
            if raw["format"] != MANIFEST_FORMAT:
                raise GlassboxError(
                    "model_missing",
                    f"The model's manifest has format {raw['format']}; this version reads format {MANIFEST_FORMAT}. "
                    "Export the model again.",
                    {"reason": "manifest_format", "found": raw["format"], "expected": MANIFEST_FORMAT},
                )
            sizes = raw["config"]
            return cls(
                name=raw["name"],
                display_name=raw["display_name"],
                config=ModelConfig(**{field: sizes[field] for field in ModelConfig.__dataclass_fields__}),
                quantization=raw["quantization"]["scheme"],
                tensors={name: _stored_tensor(entry) for name, entry in raw["tensors"].items()},
                inputs=dict(raw["inputs"]),
                outputs=dict(raw["outputs"]),
                raw=raw,
            )
        except (KeyError, TypeError) as error:
            raise GlassboxError(
                "model_missing",
                f"The model's manifest is not complete ({error}). Export the model again.",
                {"reason": "manifest_incomplete", "missing": str(error)},
            ) from error

    @classmethod
    def from_directory(cls, directory: Path) -> "Manifest":
        """Read ``manifest.json`` of an exported model."""
        path = directory / "manifest.json"
        try:
            raw = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise GlassboxError(
                "model_missing",
                f"No readable manifest.json in {directory} ({error}). Make one with python -m model_export.",
            ) from error
        return cls.from_dict(raw)


def _stored_tensor(entry: Mapping[str, Any]) -> StoredTensor:
    scale = entry["scale"]
    return StoredTensor(
        shape=tuple(entry["shape"]),
        axes=tuple(entry["axes"]),
        dtype=entry["dtype"],
        offset=entry["offset"],
        bytes=entry["bytes"],
        scale=scale
        and StoredScale(
            axis=scale["axis"],
            zero_point=scale["zero_point"],
            shape=tuple(scale["shape"]),
            offset=scale["offset"],
            bytes=scale["bytes"],
        ),
        dequantized={piece["name"]: (piece["rows"][0], piece["rows"][1]) for piece in entry["dequantized"]},
    )
