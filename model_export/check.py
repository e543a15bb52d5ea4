"""Holds an exported graph against plain NumPy, step by step, as closely as rounding allows."""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from glassbox.config import ModelConfig
from model_export.architecture import Architecture, FloatArray
from model_export.errors import ExportError
from model_export.graph_session import GraphSession
from model_export.quantize import round_activations
from model_export.weight_file import WeightFile

# How often the reference's own rounding a graph may be away: it adds in another order, and its tanh and exponential
# have errors a few times as large. A fault is thousands of times as large.
ROUNDINGS = 64
# Where the reference happens to be exact, units in the last place of a tensor's largest number.
_LAST_PLACES = 16
_CHECKED_TOKENS = 12
_SHARE_OF_EDITS = 0.2

Array = npt.NDArray[Any]


def check_graph(
    architecture: Architecture,
    config: ModelConfig,
    session: GraphSession,
    weights: WeightFile,
    integer_arithmetic: bool = False,
) -> None:
    """Raise ExportError unless every step of the graph is the reference's, with the same weights.

    Each tensor is computed anew from the graph's own tensors before it, in fp64 and in fp32. The two differ by rounding
    with these very numbers, however large scores or outlying channels are; the graph must be as near to fp64 as a small
    multiple of that. Heads are scaled, attention and the stream edited, and the text comes in two parts: so are all
    inputs and the cache checked.
    """
    generator = np.random.default_rng(0)
    token_ids = generator.integers(config.vocab_size, size=min(_CHECKED_TOKENS, config.n_ctx)).tolist()
    head_scale = generator.uniform(0, 1, (config.n_layer, config.n_head)).astype(np.float32)
    bounds = sorted({0, (len(token_ids) + 1) // 2, len(token_ids)})
    edits = _edits(config, len(token_ids), generator)
    actual = _run_in_parts(_names(architecture, config), session, token_ids, bounds, head_scale, edits)

    def rounded(rows: FloatArray) -> FloatArray:
        # Each part has a scale of its own.
        return np.concatenate([round_activations(part) for part in np.split(rows, bounds[1:-1])])

    options: dict[str, Any] = {
        "given": actual,
        "edits": edits,
        "rounded": rounded if integer_arithmetic else None,
    }
    exact, single = (
        architecture.forward(config, weights.read, token_ids, head_scale, dtype=dtype, **options)
        for dtype in (np.float64, np.float32)
    )
    for name, expected in exact.items():
        _check_tensor(name, expected, single[name], actual[name])


def _names(architecture: Architecture, config: ModelConfig) -> list[str]:
    """The graph's outputs, keys and values of the text so far at last."""
    layered = [f"{name}.{layer}" for name in architecture.layer_tensors for layer in range(config.n_layer)]
    cached = [f"present_{kind}.{layer}" for kind in ("key", "value") for layer in range(config.n_layer)]
    return ["logits", architecture.final_norm, *layered, *cached]


def _run_in_parts(
    names: Sequence[str],
    session: GraphSession,
    token_ids: Sequence[int],
    bounds: Sequence[int],
    head_scale: FloatArray,
    edits: Mapping[str, Array],
) -> dict[str, FloatArray]:
    """Every tensor of the text, as if it had come in one part."""
    parts: list[dict[str, FloatArray]] = []
    for start, stop in pairwise(bounds):
        past, part = parts[-1] if parts else None, _part(edits, start, stop)
        parts.append(session.run(token_ids[start:stop], names, past, head_scale, part))
    return {name: _joined(name, [part[name] for part in parts]) for name in names if not name.startswith("present_")}


def _edits(config: ModelConfig, n_tokens: int, generator: np.random.Generator) -> dict[str, Array]:
    """Something for each input that changes a run: scores raised, lowered and cut, weights scaled, rows put in."""
    edits: dict[str, Array] = {"mlp_scale": generator.uniform(0, 1, config.n_layer).astype(np.float32)}
    pairs = (config.n_head, n_tokens, n_tokens)
    for layer in range(config.n_layer):
        # A query's own key stays, so that there is something to look at.
        is_cut = (generator.random(pairs) < _SHARE_OF_EDITS) & ~np.eye(n_tokens, dtype=bool)
        edits[f"score_term.{layer}"] = np.where(is_cut, -np.inf, generator.normal(size=pairs)).astype(np.float32)
        edits[f"pattern_scale.{layer}"] = generator.uniform(0, 2, pairs).astype(np.float32)
        edits[f"is_patched.{layer}"] = generator.random((n_tokens, 1)) < _SHARE_OF_EDITS
        edits[f"patch.{layer}"] = generator.normal(size=(n_tokens, config.n_embd)).astype(np.float32)
    return edits


def _part(edits: Mapping[str, Array], start: int, stop: int) -> dict[str, Array]:
    """What is put in for positions ``start`` up to ``stop``, with the keys up to ``stop``."""
    return {
        name: edit
        if name == "mlp_scale"
        else edit[start:stop]
        if name.startswith(("is_patched", "patch"))
        else edit[:, start:stop, :stop]
        for name, edit in edits.items()
    }


def _joined(name: str, parts: Sequence[FloatArray]) -> FloatArray:
    """Rows of all parts. Attention's [n_head, query, key] of an early part lacks the later keys: they are masked."""
    if name.startswith("attention_"):
        n_keys, hidden = parts[-1].shape[-1], -np.inf if name.startswith("attention_scores") else 0
        wide = [(0, 0), (0, 0)]
        parts = [np.pad(p, [*wide, (0, n_keys - p.shape[-1])], constant_values=hidden) for p in parts]
    # Heads stand first where there are any.
    return np.concatenate(parts, axis=-2)


def _check_tensor(name: str, exact: FloatArray, single: FloatArray, actual: FloatArray) -> None:
    is_masked = np.isneginf(exact)
    exact, single, seen = (np.where(is_masked, 0, tensor) for tensor in (exact, single, actual))
    rounding = np.abs(single - exact).max()
    allowed = ROUNDINGS * rounding + _LAST_PLACES * np.finfo(np.float32).eps * np.abs(exact).max()
    difference = np.abs(seen - exact).max()
    # Written so that a difference that is not a number counts as too large.
    if not (np.isneginf(actual) == is_masked).all() or not difference <= allowed:
        raise ExportError(
            f"The exported graph's {name} differs from plain NumPy's by {difference:.3g}, where rounding explains "
            f"{rounding:.3g}. This is a fault of the export, not of the checkpoint: please report it."
        )
