"""What a model's manifest says, as frozen dataclasses. The manifest's form is described in docs/seams.md."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from glassbox.errors import GlassboxError

MANIFEST_FORMAT = 2


@dataclass(frozen=True)
class ModelConfig:
    """Sizes and kinds of a model, by the glossary's names.

    norm: ``layer_norm`` or ``rms_norm``. position: ``learned`` or ``rotary``. activation: ``gelu_tanh``, or ``silu`` of
    a gate that multiplies what goes up. attention_biases: which of query, key, value and output have one.
    rotary_frequencies: radians a position, [d_head / 2], of the pairs (i, i + d_head / 2); none where positions are
    learned. is_tied: whether the token embedding is the unembedding too.
    dropout: the largest share of numbers that training set to 0; None where it is not known.
    """

    n_layer: int
    n_head: int
    n_kv_head: int
    n_embd: int
    d_head: int
    d_mlp: int
    n_ctx: int
    vocab_size: int
    norm: str
    norm_epsilon: float
    position: str
    rotary_frequencies: tuple[float, ...]
    activation: str
    attention_biases: tuple[str, ...]
    is_tied: bool
    dropout: float | None

    @classmethod
    def from_dict(cls, raw: Mapping[str, Any]) -> "ModelConfig":
        """From a manifest's ``config``. Raises KeyError for what it lacks."""
        facts: dict[str, Any] = {field: raw[field] for field in cls.__dataclass_fields__}
        lists: dict[str, Any] = {name: tuple(fact) for name, fact in facts.items() if isinstance(fact, list)}
        return cls(**(facts | lists))


@dataclass(frozen=True)
class StoredArray:
    """Where an array lies in the joined weight chunks."""

    shape: tuple[int, ...]
    dtype: str
    offset: int
    bytes: int


@dataclass(frozen=True)
class StoredScale:
    """How a quantised tensor's integers become weights: ``(integer - zero_point) * scale + minimum``.

    Without ``block`` there is one scale for each index of ``axis``; with it, one scale and minimum for each row and
    each run of ``block`` columns: [rows, columns / block]. minimum: None stands for 0.
    """

    axis: int
    block: int | None
    zero_point: int
    scale: StoredArray
    minimum: StoredArray | None


@dataclass(frozen=True)
class StoredTensor:
    """Where a tensor of the checkpoint lies in the joined weight chunks.

    output_axis: of a matrix, the axis of its output channels. dtype: ``float32``, ``int8``, ``uint8`` or ``uint4``.
    """

    shape: tuple[int, ...]
    axes: tuple[str, ...]
    output_axis: int | None
    dtype: str
    offset: int
    bytes: int
    scale: StoredScale | None
    # Rows that the graph wants as fp32, by the name it has for them.
    dequantized: Mapping[str, tuple[int, int]]

    @classmethod
    def from_dict(cls, entry: Mapping[str, Any]) -> "StoredTensor":
        """From an entry of a manifest's ``tensors``. Raises KeyError for what it lacks."""
        scale = entry["scale"]
        return cls(
            shape=tuple(entry["shape"]),
            axes=tuple(entry["axes"]),
            output_axis=entry["output_axis"],
            dtype=entry["dtype"],
            offset=entry["offset"],
            bytes=entry["bytes"],
            scale=scale
            and StoredScale(
                axis=scale["axis"],
                block=scale["block"],
                zero_point=scale["zero_point"],
                scale=_stored_array(scale),
                minimum=entry["minimum"] and _stored_array(entry["minimum"]),
            ),
            dequantized={piece["name"]: (piece["rows"][0], piece["rows"][1]) for piece in entry["dequantized"]},
        )


@dataclass(frozen=True)
class Manifest:
    """Everything known about an exported model."""

    name: str
    display_name: str
    architecture: str
    config: ModelConfig
    quantization: str
    tensors: Mapping[str, StoredTensor]
    inputs: Mapping[str, str]
    outputs: Mapping[str, str]
    raw: Mapping[str, Any]

    @property
    def takes_edits(self) -> bool:
        """Whether attention can be cut, MLPs scaled and rows put in; older exports only scale heads."""
        return "score_term" in self.inputs

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
            return cls(
                name=raw["name"],
                display_name=raw["display_name"],
                architecture=raw["architecture"],
                config=ModelConfig.from_dict(raw["config"]),
                quantization=raw["quantization"]["scheme"],
                tensors={name: StoredTensor.from_dict(entry) for name, entry in raw["tensors"].items()},
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


def _stored_array(place: Mapping[str, Any]) -> StoredArray:
    return StoredArray(tuple(place["shape"]), place["dtype"], place["offset"], place["bytes"])
