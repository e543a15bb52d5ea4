"""What unfolds when a stage is opened: its inner steps, as numbers. One function a stage; no graph runs."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import numpy as np

from glassbox.engine import Engine
from glassbox.errors import GlassboxError
from glassbox.payloads import stage_payloads, tensor_payload
from glassbox.runs import Run
from glassbox.runtime.base import FloatArray
from glassbox.sampling import SamplingOptions

# The fused projection's columns hold queries, then keys, then values.
_FUSED = ("query", "key", "value")
# Where a layer norm reads: ln_f after the last block.
_NORM_SOURCES: Mapping[str, str] = {"ln_1": "resid_pre", "ln_2": "resid_mid", "ln_f": "resid_post"}
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

    ``input`` [n_embd] and, for each of the three, ``weight`` [n_embd, d_head], ``bias`` and ``output`` [d_head].
    """
    config = engine.config
    block = f"h.{layer}.attn.c_attn"
    weight = await engine.weights.matrix(f"{block}.weight")
    bias = await engine.weights.rows(f"{block}.bias", 0, len(_FUSED) * config.n_embd)
    parts: dict[str, Any] = {"input": tensor_payload(await engine.row(run, "ln_1", layer, position), ("n_embd",))}
    for order, name in enumerate(_FUSED):
        start = order * config.n_embd + head * config.d_head
        columns = slice(start, start + config.d_head)
        parts[name] = {
            "weight": tensor_payload(weight[:, columns], ("n_embd", "d_head")),
            "bias": tensor_payload(bias[columns], ("d_head",)),
            "output": tensor_payload((await engine.row(run, name, layer, position))[head], ("d_head",)),
        }
    return parts


async def attention(engine: Engine, run: Run, layer: int, head: int, position: int) -> dict[str, Any]:
    """The steps of one head, and how the heads join for one position.

    ``products`` (q . k), ``scaled``, ``scores`` (masked), ``pattern``: [query, key], the first two also above the
    diagonal. ``values`` [key, d_head], ``value_lengths`` [key]; ``output`` [d_head] of the position.
    ``by_head`` [head, n_embd]: what each head writes, through its rows of W_O; with ``bias`` they sum to ``added``.
    """
    config = engine.config
    names = ("query", "key", "value", "attention_scores", "attention_pattern")
    query, key, value, scores, pattern = await engine.tensors(run, [(name, layer, head) for name in names])
    products = query.astype(np.float64) @ key.astype(np.float64).T
    pair = ("query", "key")
    heads = await engine.row(run, "head_output", layer, position)
    projection = await engine.weights.matrix(f"h.{layer}.attn.c_proj.weight")
    by_head = np.einsum("hd,hde->he", heads, projection.reshape(config.n_head, config.d_head, config.n_embd))
    bias = await engine.weights.rows(f"h.{layer}.attn.c_proj.bias", 0, config.n_embd)
    return {
        "products": tensor_payload(_float(products), pair),
        "scaled": tensor_payload(_float(products * config.d_head**-0.5), pair),
        "scores": tensor_payload(scores, pair),
        "pattern": tensor_payload(pattern, pair),
        "values": tensor_payload(value, ("key", "d_head")),
        "value_lengths": tensor_payload(np.linalg.norm(value, axis=-1), ("key",)),
        "output": tensor_payload(heads[head], ("d_head",)),
        "joined": tensor_payload(heads.reshape(-1), ("n_embd",)),
        "by_head": tensor_payload(by_head, ("head", "n_embd")),
        "bias": tensor_payload(bias, ("n_embd",)),
    } | await _addition(engine, run, layer, position, "resid_pre", "attn_out", "resid_mid")


async def layer_norm(engine: Engine, run: Run, norm: str, layer: int | None, position: int) -> dict[str, Any]:
    """``mean``, ``variance``, ``epsilon``; the vectors [n_embd] ``input``, ``normed``, ``gain``, ``bias``, ``output``.

    norm: ``ln_1``, ``ln_2`` or ``ln_f``. normed = (input - mean) / sqrt(variance + epsilon).
    """
    if norm not in _NORM_SOURCES:
        raise GlassboxError("unknown_tensor", f"There is no layer norm {norm!r}.")
    is_final = norm == "ln_f"
    source_layer = engine.config.n_layer - 1 if is_final else layer
    weight = "ln_f" if is_final else f"h.{layer}.{norm}"
    row = (await engine.row(run, _NORM_SOURCES[norm], source_layer, position)).astype(np.float64)
    epsilon = engine.config.norm_epsilon
    vectors = {
        "input": row,
        "normed": (row - row.mean()) / np.sqrt(row.var() + epsilon),
        "gain": await engine.weights.rows(f"{weight}.weight", 0, engine.config.n_embd),
        "bias": await engine.weights.rows(f"{weight}.bias", 0, engine.config.n_embd),
        "output": await engine.row(run, norm, None if is_final else layer, position),
    }
    payloads = {name: tensor_payload(_float(vector), ("n_embd",)) for name, vector in vectors.items()}
    return {"mean": float(row.mean()), "variance": float(row.var()), "epsilon": epsilon} | payloads


async def mlp(engine: Engine, run: Run, layer: int, position: int, count: int) -> dict[str, Any]:
    """``normed`` [n_embd], ``before`` and ``after`` GELU [d_mlp], the ``count`` most active neurons, GELU's curve.

    ``neurons``: [{index, before, after}] by falling output; ``curve``: ``inputs`` and ``outputs`` of the tanh form
    (Hendrycks and Gimpel 2016) over the range of this position's inputs.
    """
    before = await engine.row(run, "mlp_pre", layer, position)
    after = await engine.row(run, "mlp_post", layer, position)
    most = np.argsort(-after, kind="stable")[:count]
    reach = max(_CURVE_LEAST, float(np.abs(before).max()))
    inputs = np.linspace(-reach, reach, _CURVE_POINTS)
    return {
        "normed": tensor_payload(await engine.row(run, "ln_2", layer, position), ("n_embd",)),
        "before": tensor_payload(before, ("d_mlp",)),
        "after": tensor_payload(after, ("d_mlp",)),
        "neurons": [{"index": int(i), "before": float(before[i]), "after": float(after[i])} for i in most],
        "curve": {"inputs": _float(inputs), "outputs": _float(_gelu(inputs))},
    } | await _addition(engine, run, layer, position, "resid_mid", "mlp_out", "resid_post")


async def unembedding(engine: Engine, run: Run, position: int, count: int) -> dict[str, Any]:
    """``stream``, ``normed`` [n_embd]. Of ``count`` tokens, best first: ids, ``embeddings`` [count, n_embd], logits."""
    logits = await engine.logits(run, position)
    best = np.argsort(-logits, kind="stable")[:count]
    rows = [(await engine.weights.rows("wte.weight", int(i), int(i) + 1))[0] for i in best]
    return {
        "stream": tensor_payload(await engine.row(run, "resid_post", engine.config.n_layer - 1, position), ("n_embd",)),
        "normed": tensor_payload(await engine.row(run, "ln_f", None, position), ("n_embd",)),
        "token_ids": best.astype(np.int32),
        "embeddings": tensor_payload(np.stack(rows), ("token", "n_embd")),
        "logits": np.ascontiguousarray(logits[best], np.float32),
    }


async def sampling(engine: Engine, run: Run, options: Mapping[str, Any], count: int) -> dict[str, Any]:
    """The likeliest ``count`` tokens through every step, after the last position; arrays are [count], best first.

    ``columns``: ``logits``, ``scaled`` (divided by the temperature), ``softmax`` of those, and the probabilities left
    after ``top_k``, ``top_p``, ``min_p``. ``numerators``: e^(scaled - largest); over ``denominator_all`` they are the
    softmax, over ``denominator_kept`` (the kept tokens' sum) what is drawn from.
    """
    choices = await engine.distribution(run, SamplingOptions.from_dict(options))
    numerators = np.exp(choices.scaled_logits - choices.scaled_logits[0])
    entering = {stage.name: stage.entering for stage in choices.stages}
    columns: dict[str, np.ndarray] = {
        "logits": choices.logits,
        "scaled": choices.scaled_logits,
        "softmax": entering["top_k"],
        "top_k": entering["top_p"],
        "top_p": entering["min_p"],
        "min_p": choices.probabilities,
    }
    return {
        "token_ids": choices.token_ids[:count].astype(np.int32),
        "columns": {name: _float(column[:count]) for name, column in columns.items()},
        "numerators": _float(numerators[:count]),
        "largest": float(choices.scaled_logits[0]),
        "denominator_all": float(numerators.sum()),
        "denominator_kept": float(numerators[choices.kept].sum()),
        "stages": stage_payloads(choices),
        "vocab_size": len(choices.token_ids),
    }


_SECTIONS: Mapping[str, Callable[..., Awaitable[dict[str, Any]]]] = {
    "qkv": qkv,
    "attention": attention,
    "layer_norm": layer_norm,
    "mlp": mlp,
    "unembedding": unembedding,
    "sampling": sampling,
}


async def _addition(
    engine: Engine, run: Run, layer: int, position: int, before: str, added: str, after: str
) -> dict[str, Any]:
    """The residual connection: the stream ``before``, what is ``added``, the stream ``after``; each [n_embd]."""
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


def _float(array: np.ndarray) -> FloatArray:
    return np.ascontiguousarray(array, np.float32)
