"""What unfolds when a stage is opened: its inner steps, as numbers. One function a stage; no graph runs."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

import numpy as np

from glassbox.architectures.operations import Gate, RmsNorm, Sum
from glassbox.attention import products, scaled
from glassbox.engine import Engine
from glassbox.errors import GlassboxError
from glassbox.operands import Cell, Operands
from glassbox.payloads import tensor_payload
from glassbox.rotation import rotation
from glassbox.runs import Run
from glassbox.runtime.base import FloatArray
from glassbox.sampling import SamplingOptions
from glassbox.sampling_steps import sampling_steps

_CURVE_POINTS = 161
_CURVE_LEAST = 4.0


async def section(engine: Engine, run: Run, name: str, **place: Any) -> dict[str, Any]:
    """The numbers of one section. Raises ``unknown_tensor`` for a section, block, head or position there is not."""
    if name not in _SECTIONS:
        raise GlassboxError("unknown_tensor", f"There is no section {name!r}; there are {', '.join(_SECTIONS)}.")
    _check_place(engine, run, place)
    return await _SECTIONS[name](engine, run, **place)


async def qkv(engine: Engine, run: Run, layer: int, head: int, position: int) -> dict[str, Any]:
    """From the normed stream to one head's query, key and value.

    ``input`` [n_embd] and, for each of the three, ``head`` (another one where several query heads share a key and
    value), ``weight`` [n_embd, d_head], ``bias`` (null where there is none), ``projected`` (before rotation, null where
    nothing turns) and ``output`` [d_head]; ``cells``: the first cells of the last two.
    """
    architecture, operands, d_head = engine.layout.architecture, Operands(engine, run), engine.config.d_head
    source = await engine.row(run, architecture.projected("query"), layer, position)
    parts: dict[str, Any] = {"input": tensor_payload(source, ("n_embd",))}
    for name in ("query", "key", "value"):
        own, channel = operands.group_of(name, head), architecture.channel(name)
        start = operands.first_channel(channel, own)
        columns = slice(start, start + d_head)
        matrix = await engine.weights.matrix(channel.matrix.format(layer=layer))
        bias = await operands.bias_of(channel, layer)
        turned = architecture.turned_from(name)
        projected = None if turned is None else (await engine.row(run, turned, layer, position))[own]
        cells = {"projected": turned and Cell(turned, layer, own, position, 0)}
        cells["output"] = Cell(name, layer, own, position, 0)
        parts[name] = {
            "head": own,
            "weight": tensor_payload(matrix[:, columns], ("n_embd", "d_head")),
            "bias": None if bias is None else tensor_payload(bias[columns], ("d_head",)),
            "projected": None if projected is None else tensor_payload(projected, ("d_head",)),
            "output": tensor_payload((await engine.row(run, name, layer, position))[own], ("d_head",)),
            "cells": {key: cell and asdict(cell) for key, cell in cells.items()},
        }
    return parts


async def attention(engine: Engine, run: Run, layer: int, head: int, position: int) -> dict[str, Any]:
    """The steps of one head, and how the heads join for one position.

    ``products`` (q . k), ``scaled``, ``scores`` (masked), ``pattern``: [query, key], the first two also above the
    diagonal. ``values`` [key, d_head], ``value_lengths`` [key], of ``value_head``, which serves this head; ``output``
    [d_head] of the position.
    ``by_head`` [head, n_embd]: what each head writes, through its rows of W_O; with ``bias`` they sum to ``added``.
    """
    config, operands = engine.config, Operands(engine, run)
    names = ("query", "key", "value", "attention_scores", "attention_pattern")
    asked = [(name, layer, operands.group_of(name, head)) for name in names]
    query, key, value, scores, pattern = await engine.tensors(run, asked)
    fits = products(query.astype(np.float64), key.astype(np.float64))
    pair = ("query", "key")
    heads = await engine.row(run, "head_output", layer, position)
    channel = engine.layout.architecture.channel("attn_out")
    projection = await engine.weights.matrix(channel.matrix.format(layer=layer))
    by_head = np.einsum("hd,hde->he", heads, projection.reshape(config.n_head, config.d_head, config.n_embd))
    bias = await operands.bias_of(channel, layer)
    return {
        "products": tensor_payload(_float(fits), pair),
        "scaled": tensor_payload(_float(scaled(fits, config.d_head)), pair),
        "scores": tensor_payload(scores, pair),
        "pattern": tensor_payload(pattern, pair),
        "value_head": operands.group_of("value", head),
        "values": tensor_payload(value, ("key", "d_head")),
        "value_lengths": tensor_payload(np.linalg.norm(value, axis=-1), ("key",)),
        "output": tensor_payload(heads[head], ("d_head",)),
        "joined": tensor_payload(heads.reshape(-1), ("n_embd",)),
        "by_head": tensor_payload(by_head, ("head", "n_embd")),
        "bias": None if bias is None else tensor_payload(bias, ("n_embd",)),
    } | await _addition(engine, run, layer, position, "resid_mid")


async def layer_norm(engine: Engine, run: Run, norm: str, layer: int | None, position: int) -> dict[str, Any]:
    """``mean``, ``variance``, ``epsilon``; the vectors [n_embd] ``input``, ``normed``, ``gain``, ``bias``, ``output``.

    norm: which one, by its tensor's name. normed = (input - mean) / sqrt(variance + epsilon). ``cells``: the first
    cells of ``input`` and ``output``, as ``explain`` takes them. Of a root mean square norm mean and bias are null, and
    ``variance`` is the mean of squares.
    """
    architecture = engine.layout.architecture
    norm = architecture.canonical(norm)
    if norm not in architecture.norms:
        raise GlassboxError("unknown_tensor", f"There is no norm {norm!r}; there are {', '.join(architecture.norms)}.")
    made = Cell(norm, layer if engine.layout.is_layered(norm) else None, None, position, 0)
    read = Operands(engine, run).cell(architecture.source(norm), made)
    is_rms = isinstance(architecture.norm(norm), RmsNorm)
    weight = architecture.norm(norm).weight.format(layer=layer)
    row = (await engine.row(run, read.name, read.layer, position)).astype(np.float64)
    centred = row if is_rms else row - row.mean()
    variance, epsilon = float((centred**2).mean()), engine.config.norm_epsilon
    vectors = {
        "input": row,
        "normed": centred / np.sqrt(variance + epsilon),
        "gain": await engine.weights.vector(f"{weight}.weight"),
        "output": await engine.row(run, norm, made.layer, position),
    }
    if not is_rms:
        vectors["bias"] = await engine.weights.vector(f"{weight}.bias")
    payloads = {name: tensor_payload(_float(vector), ("n_embd",)) for name, vector in vectors.items()}
    return {
        "mean": None if is_rms else float(row.mean()),
        "variance": variance,
        "epsilon": epsilon,
        "cells": {"input": asdict(read), "output": asdict(made)},
        "bias": None,
    } | payloads


async def mlp(engine: Engine, run: Run, layer: int, position: int, count: int) -> dict[str, Any]:
    """``normed`` [n_embd], ``before`` and ``after`` the bend [d_mlp], the ``count`` most active neurons, its curve.

    ``neurons``: [{index, before, after}] by falling output, of a gate by its size; ``curve``: ``inputs`` and
    ``outputs`` over the range of this position's inputs, of GELU's tanh form (Hendrycks and Gimpel 2016) or of SiLU,
    which then multiplies ``up`` [d_mlp] (null where nothing is gated). ``writes`` [d_mlp], ``bias_write`` and
    ``after_length``: what each neuron and the bias add along the stream after, as ``river`` measures it, and that
    stream's length; all writes together are what the whole MLP adds along it.
    """
    architecture = engine.layout.architecture
    bend = architecture.operations["mlp_post"]
    gated = architecture.source("mlp_post").name
    normed = architecture.source(gated).name
    before = await engine.row(run, gated, layer, position)
    up = await engine.row(run, bend.up.name, layer, position) if isinstance(bend, Gate) else None
    after = await engine.row(run, "mlp_post", layer, position)
    # What a gate lets through may be large and negative, too.
    activity = after if up is None else np.abs(after)
    most = np.argsort(-activity, kind="stable")[:count]
    reach = max(_CURVE_LEAST, float(np.abs(before).max()))
    inputs = np.linspace(-reach, reach, _CURVE_POINTS)
    addition = await _addition(engine, run, layer, position, "resid_post")
    return {
        "normed": tensor_payload(await engine.row(run, normed, layer, position), ("n_embd",)),
        "before": tensor_payload(before, ("d_mlp",)),
        "after": tensor_payload(after, ("d_mlp",)),
        "neurons": [{"index": int(i), "before": float(before[i]), "after": float(after[i])} for i in most],
        "up": None if up is None else tensor_payload(up, ("d_mlp",)),
        "curve": {"inputs": _float(inputs), "outputs": _float(_gelu(inputs) if up is None else _silu(inputs))},
        **await _writes(engine, run, layer, after, addition["after_stream"]["data"]),
        **addition,
    }


async def unembedding(engine: Engine, run: Run, position: int, count: int) -> dict[str, Any]:
    """``stream``, ``normed`` [n_embd]. Of ``count`` tokens, best first: ids, ``embeddings`` [count, n_embd], logits."""
    architecture, last = engine.layout.architecture, engine.config.n_layer - 1
    normed = architecture.source("logits").name
    stream = architecture.source(normed).name
    logits = await engine.logits(run, position)
    best = np.argsort(-logits, kind="stable")[:count]
    matrix = Operands(engine, run).matrix_of(architecture.unembedding)
    rows = [(await engine.weights.rows(matrix, int(i), int(i) + 1))[0] for i in best]
    return {
        "stream": tensor_payload(await engine.row(run, stream, last, position), ("n_embd",)),
        "normed": tensor_payload(await engine.row(run, normed, None, position), ("n_embd",)),
        "token_ids": best.astype(np.int32),
        "embeddings": tensor_payload(np.stack(rows), ("token", "n_embd")),
        "logits": np.ascontiguousarray(logits[best], np.float32),
    }


async def sampling(
    engine: Engine, run: Run, options: Mapping[str, Any], count: int, asked: Sequence[int] = ()
) -> dict[str, Any]:
    """Tokens through every step of sampling after the last position; see ``sampling_steps``."""
    return sampling_steps(await engine.distribution(run, SamplingOptions.from_dict(options)), count, asked)


_SECTIONS: Mapping[str, Callable[..., Awaitable[dict[str, Any]]]] = {
    "qkv": qkv,
    "rotation": rotation,
    "attention": attention,
    "layer_norm": layer_norm,
    "mlp": mlp,
    "unembedding": unembedding,
    "sampling": sampling,
}


async def _writes(engine: Engine, run: Run, layer: int, after: FloatArray, stream: FloatArray) -> dict[str, Any]:
    """What each neuron writes, along the stream it makes: with u = stream / |stream|, after[j] (W_out[j] . u)."""
    channel = engine.layout.architecture.channel("mlp_out")
    length = float(np.linalg.norm(stream)) or 1.0
    along = np.ascontiguousarray(stream / length, np.float32)
    seen = (await engine.weights.times(channel.matrix.format(layer=layer), along[:, None]))[:, 0]
    scale = float(run.interventions.mlp_scale(engine.config)[layer])
    bias = await Operands(engine, run).bias_of(channel, layer)
    return {
        "writes": tensor_payload(_float(after * seen * scale), ("d_mlp",)),
        "bias_write": 0.0 if bias is None else float(along @ bias) * scale,
        "after_length": length,
    }


async def _addition(engine: Engine, run: Run, layer: int, position: int, after: str) -> dict[str, Any]:
    """The residual connection: the stream ``before``, what is ``added``, the stream ``after``; each [n_embd]."""
    operation = engine.layout.architecture.operations[after]
    assert isinstance(operation, Sum), "a stream is a sum"
    before, added = (part.name for part in operation.parts)
    names = {"before_stream": before, "added": added, "after_stream": after}
    return {
        key: tensor_payload(await engine.row(run, name, layer, position), ("n_embd",)) for key, name in names.items()
    }


def _check_place(engine: Engine, run: Run, place: Mapping[str, Any]) -> None:
    config = engine.config
    sizes = {"layer": config.n_layer, "head": config.n_head, "position": run.n_tokens}
    for name, size in sizes.items():
        index = place.get(name)
        if index is not None and not 0 <= index < size:
            raise GlassboxError("unknown_tensor", f"There is no {name} {index}; the last one is {size - 1}.")


def _gelu(inputs: np.ndarray) -> np.ndarray:
    inner = np.sqrt(2 / np.pi) * (inputs + 0.044715 * inputs**3)
    curve: np.ndarray = 0.5 * inputs * (1 + np.tanh(inner))
    return curve


def _silu(inputs: np.ndarray) -> np.ndarray:
    curve: np.ndarray = inputs / (1 + np.exp(-inputs))
    return curve


def _float(array: np.ndarray) -> FloatArray:
    return np.ascontiguousarray(array, np.float32)
