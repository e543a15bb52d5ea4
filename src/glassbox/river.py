"""Where one position's stream comes from and what speaks for its answer: shares and pushes of every part, which add up.

A share is a part's length along the stream it makes: with u = x_mid / |x_mid|, the shares of all parts of x_mid are
u . part and add up to |x_mid|. A push is a part's term in the answer's logit less that of what it is held against,
through the final norm with its scale held (direct logit attribution, Elhage et al. 2021).
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from glassbox.architectures.operations import RmsNorm
from glassbox.engine import Engine
from glassbox.errors import GlassboxError
from glassbox.operands import Cell, Operands
from glassbox.payloads import tensor_payload
from glassbox.runs import Run
from glassbox.runtime.base import FloatArray

Vector = npt.NDArray[np.float64]

SHARE_AXES = {
    "heads": ("layer", "head", "key"),
    "stream": ("layer",),
    "attention_bias": ("layer",),
    "mid_length": ("layer",),
    "mid": ("layer",),
    "mlp": ("layer",),
    "mlp_bias": ("layer",),
    "post_length": ("layer",),
}
PUSH_AXES = {
    "heads": ("layer", "head", "key"),
    "attention_bias": ("layer",),
    "mlp": ("layer",),
    "mlp_bias": ("layer",),
    "patch": ("layer",),
    "token": (),
    "position": (),
    "norm_bias": (),
    "total": (),
}


@dataclass(frozen=True)
class River:
    """Shares and pushes of one position, each by the names and axes of ``SHARE_AXES`` and ``PUSH_AXES``."""

    position: int
    answer: int
    against: int | None
    shares: dict[str, Vector]
    pushes: dict[str, Vector]


async def river(
    engine: Engine, run: Run, position: int | None = None, answer: int | None = None, against: int | None = None
) -> River:
    """Shares and pushes of a position (the last if None), for all blocks at once.

    answer: whose logit the pushes add up to; the likeliest token if None. against: the token whose logit is taken off;
    the mean over all tokens if None. Raises ``bad_option``.
    """
    n_layer = engine.config.n_layer
    logits = await engine.logits(run, position)
    position = run.n_tokens - 1 if position is None else position
    answer = int(logits.argmax()) if answer is None else _checked(answer, len(logits))
    against = None if against is None else _checked(against, len(logits))
    asked = [(name, layer, None) for layer in range(n_layer) for name in _ROWS]
    rows = await engine.tensors(run, asked, position, position + 1)
    of_layers = [dict(zip(_ROWS, rows[i : i + len(_ROWS)], strict=True)) for i in range(0, len(rows), len(_ROWS))]
    values = await engine.tensors(run, [("value", layer, None) for layer in range(n_layer)])
    operands = Operands(engine, run)
    direction, norm_bias = await _direction(engine, operands, of_layers[-1]["resid_post"][0], answer, against)
    shares: dict[str, list[Any]] = {name: [] for name in SHARE_AXES}
    pushes: dict[str, list[Any]] = {name: [] for name in ("heads", "attention_bias", "mlp", "mlp_bias", "patch")}
    made = Cell("resid_pre", 0, None, position, 0)
    rows_in = {part.name: await operands.of(part, made) for part in engine.layout.architecture.embeddings}
    head_scale, mlp_scale = run.interventions.head_scale(engine.config), run.interventions.mlp_scale(engine.config)
    entering = np.sum([row.values.astype(np.float64) for row in rows_in.values()], axis=0)
    for layer, of_layer in enumerate(of_layers):
        before, mid, added, after = (of_layer[name][0].astype(np.float64) for name in _ROWS[:4])
        mid_length, post_length = _length(mid), _length(after)
        along_mid, along_post = mid / mid_length, after / post_length
        seen = await _through_heads(engine, layer, np.stack([along_mid, direction], axis=1))
        weights: FloatArray = of_layer["attention_pattern"][:, 0] * head_scale[layer][:, None]
        # Several heads may share one value.
        shared = np.repeat(values[layer], len(weights) // len(values[layer]), axis=0)
        heads = weights[..., None] * (shared[:, : position + 1] @ seen)
        bias, mlp_bias = [await _bias(engine, operands, name, layer) for name in ("attn_out", "mlp_out")]
        mlp_bias = mlp_bias * mlp_scale[layer]
        share = {
            "heads": heads[..., 0],
            "stream": along_mid @ before,
            "attention_bias": along_mid @ bias,
            "mid_length": mid_length,
            "mid": along_post @ mid,
            "mlp": along_post @ (added - mlp_bias),
            "mlp_bias": along_post @ mlp_bias,
            "post_length": post_length,
        }
        for name, value in share.items():
            shares[name].append(value)
        pushes["heads"].append(heads[..., 1])
        pushes["attention_bias"].append(direction @ bias)
        pushes["mlp"].append(direction @ (added - mlp_bias))
        pushes["mlp_bias"].append(direction @ mlp_bias)
        is_patched = run.interventions.patch_at(layer, position) is not None
        pushes["patch"].append(direction @ (before - entering) if is_patched else 0.0)
        entering = after
    embedded = {name: direction @ row.values for name, row in rows_in.items()}
    total = logits[answer] - (logits.mean(dtype=np.float64) if against is None else logits[against])
    whole = {
        "token": embedded.get("token_embedding", 0.0),
        "position": embedded.get("position_embedding", 0.0),
        "norm_bias": norm_bias,
        "total": total,
    }
    return River(
        position,
        answer,
        against,
        {name: np.array(values, np.float64) for name, values in shares.items()},
        {name: np.array(values, np.float64) for name, values in (pushes | whole).items()},
    )


def river_payload(found: River) -> dict[str, Any]:
    """``{position, answer, against, shares, pushes}`` as docs/seams.md describes them; single numbers as numbers."""
    return {
        "position": found.position,
        "answer": found.answer,
        "against": found.against,
        "shares": _payloads(found.shares, SHARE_AXES),
        "pushes": _payloads(found.pushes, PUSH_AXES),
    }


_ROWS = ("resid_pre", "resid_mid", "mlp_out", "resid_post", "attention_pattern")


def _payloads(arrays: dict[str, Vector], axes: dict[str, tuple[str, ...]]) -> dict[str, Any]:
    return {
        name: tensor_payload(array.astype(np.float32), axes[name]) if axes[name] else float(array)
        for name, array in arrays.items()
    }


async def _direction(
    engine: Engine, operands: Operands, stream: FloatArray, answer: int, against: int | None
) -> tuple[Vector, float]:
    """What a part of the last stream is multiplied by to give its push [n_embd], and the push of the final norm's bias.

    The difference of logits is ((x - mean(x)) / deviation x gain + bias) . d with d = e_answer - e_against. Taking the
    mean off x is taking it off what x is multiplied by, so each part of x has a push of its own. A root mean square
    norm has neither mean nor bias.
    """
    weights, norm = engine.weights, engine.layout.architecture.norm("norm_final")
    unembedding = operands.matrix_of(engine.layout.architecture.unembedding)
    wanted = (await weights.rows(unembedding, answer, answer + 1))[0].astype(np.float64)
    if against is None:
        other = await weights.mean_row(unembedding)
    else:
        other = (await weights.rows(unembedding, against, against + 1))[0].astype(np.float64)
    difference = wanted - other
    gained = difference * await weights.vector(f"{norm.weight}.weight")
    row, epsilon = stream.astype(np.float64), engine.config.norm_epsilon
    if isinstance(norm, RmsNorm):
        return gained / np.sqrt((row**2).mean() + epsilon), 0.0
    scaled = gained / np.sqrt(row.var() + epsilon)
    return scaled - scaled.mean(), float(difference @ await weights.vector(f"{norm.weight}.bias"))


async def _bias(engine: Engine, operands: Operands, name: str, layer: int) -> Vector:
    """The bias [n_embd] of the matrix that makes a tensor; zeros where there is none."""
    bias = await operands.bias_of(engine.layout.architecture.channel(name), layer)
    return np.zeros(engine.config.n_embd) if bias is None else bias.astype(np.float64)


async def _through_heads(engine: Engine, layer: int, directions: Vector) -> FloatArray:
    """``directions`` [n_embd, n] seen through each head's rows of W_O: [head, d_head, n].

    What a head brings from a key is measured along a direction u so: (A v W_O) . u = A (v . (W_O u)).
    """
    config = engine.config
    weight = engine.layout.architecture.channel("attn_out").matrix.format(layer=layer)
    seen = await engine.weights.times(weight, directions.astype(np.float32))
    return seen.reshape(config.n_head, config.d_head, directions.shape[1])


def _checked(token_id: int, vocab_size: int) -> int:
    if not 0 <= token_id < vocab_size:
        raise GlassboxError("bad_option", f"Token ids are 0 to {vocab_size - 1}; got {token_id}.")
    return int(token_id)


def _length(vector: Vector) -> float:
    """|vector|; 1 for a vector of zeros, which has no direction and whose shares are all 0."""
    return float(np.linalg.norm(vector)) or 1.0
