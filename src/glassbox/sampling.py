"""From logits to a drawn token, on the full vocabulary: temperature, top-k, top-p, min-p, renormalise, draw.

Each cut works on what the one before left, renormalised; so do the warpers of the transformers library, in this order.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
import numpy.typing as npt

from glassbox.errors import GlassboxError

STAGES = ("temperature", "top_k", "top_p", "min_p")

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class SamplingOptions:
    """How a token is drawn. temperature 0 is greedy; a cut that is None is off. Raises ``bad_option``."""

    temperature: float = 1.0
    top_k: int | None = None
    top_p: float | None = None
    min_p: float | None = None
    seed: int = 0

    def __post_init__(self) -> None:
        _check("temperature", self.temperature, 0 <= self.temperature < math.inf, "a number from 0 on")
        if self.top_k is not None:
            _check("top_k", self.top_k, self.top_k >= 1 and self.top_k == int(self.top_k), "a whole number from 1 on")
        if self.top_p is not None:
            _check("top_p", self.top_p, 0 < self.top_p <= 1, "above 0, at most 1")
        if self.min_p is not None:
            _check("min_p", self.min_p, 0 <= self.min_p <= 1, "from 0 to 1")
        _check("seed", self.seed, self.seed >= 0 and self.seed == int(self.seed), "a whole number from 0 on")

    @classmethod
    def from_dict(cls, options: Mapping[str, Any]) -> "SamplingOptions":
        """Read options as they come from outside: absent means the default, None for a cut means off."""
        known = {field.name: field.default for field in fields(cls)}
        for name, value in options.items():
            if name not in known:
                raise GlassboxError("bad_option", f"There is no option {name!r}; there are {', '.join(known)}.")
            is_number = isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
            may_be_off = name in ("top_k", "top_p", "min_p")
            if not (is_number or (value is None and may_be_off)):
                raise GlassboxError("bad_option", f"{name} must be a number, not {value!r}.")
        return cls(**options)


@dataclass(frozen=True)
class Stage:
    """One step of sampling: how many tokens it kept, and the probability it kept and dropped of what entered it."""

    name: str
    kept_count: int
    kept_mass: float
    dropped_mass: float


@dataclass(frozen=True)
class Distribution:
    """All arrays are [vocab_size], best first: larger logit first, ties by smaller token id.

    logits as the model gave them; scaled_logits divided by the temperature; probabilities after every cut,
    renormalised, 0 where ``kept`` is False.
    """

    token_ids: IntArray
    logits: npt.NDArray[np.float32]
    scaled_logits: FloatArray
    probabilities: FloatArray
    kept: BoolArray
    stages: tuple[Stage, ...]


def distribution(logits: npt.NDArray[np.float32], options: SamplingOptions) -> Distribution:
    """Every stage from logits [vocab_size] to final probabilities. Raises ``bad_option`` where no logit is finite."""
    if np.isnan(logits).any() or np.isposinf(logits).any() or not np.isfinite(logits).any():
        raise GlassboxError("bad_option", "The logits hold no finite value, or one that is not a number.")
    token_ids = np.argsort(-logits, kind="stable")
    ordered = logits[token_ids]
    scaled = _divide(ordered, options.temperature)
    probabilities = _softmax(scaled)
    kept = probabilities > 0 if options.temperature == 0 else np.isfinite(ordered)
    stages = [_stage("temperature", np.ones(len(kept), bool), probabilities, kept)]
    for name in STAGES[1:]:
        setting = getattr(options, name)
        survivors = kept if setting is None else kept & _CUTS[name](probabilities, setting)
        stages.append(_stage(name, kept, probabilities, survivors))
        kept = survivors
        probabilities = np.where(kept, probabilities, 0.0)
        probabilities /= probabilities.sum()
    return Distribution(token_ids, ordered, scaled, probabilities, kept, tuple(stages))


def draw(choices: Distribution, options: SamplingOptions, n_tokens: int) -> int:
    """A token id, drawn by its probability; the seed and the number of tokens before it decide which."""
    generator = np.random.default_rng([options.seed, n_tokens])
    cumulative = np.cumsum(choices.probabilities[choices.kept])
    index = np.searchsorted(cumulative, generator.random() * cumulative[-1], side="right")
    return int(choices.token_ids[choices.kept][min(index, len(cumulative) - 1)])


def _top_k(probabilities: FloatArray, top_k: int) -> BoolArray:
    """The k likeliest; of equals, those of smaller id."""
    return np.arange(len(probabilities)) < top_k


def _top_p(probabilities: FloatArray, top_p: float) -> BoolArray:
    """Smallest set of likeliest tokens whose mass reaches ``top_p``; never empty (Holtzman et al. 2019)."""
    mass_before = np.cumsum(probabilities) - probabilities
    kept: BoolArray = mass_before < top_p
    return kept


def _min_p(probabilities: FloatArray, min_p: float) -> BoolArray:
    """Tokens with at least ``min_p`` of the largest probability (Nguyen et al. 2024)."""
    kept: BoolArray = probabilities >= min_p * probabilities[0]
    return kept


_CUTS: Mapping[str, Any] = {"top_k": _top_k, "top_p": _top_p, "min_p": _min_p}


def _stage(name: str, entered: BoolArray, probabilities: FloatArray, kept: BoolArray) -> Stage:
    dropped = float(probabilities[entered & ~kept].sum())
    return Stage(name, int(kept.sum()), float(probabilities[kept].sum()), dropped)


def _divide(logits: npt.NDArray[np.float32], temperature: float) -> FloatArray:
    """Logits over temperature. At 0 only the first stays finite: the limit of ever smaller temperatures."""
    if temperature > 0:
        return logits.astype(np.float64) / temperature
    greedy = np.full(len(logits), -np.inf)
    greedy[0] = logits[0]
    return greedy


def _softmax(logits: FloatArray) -> FloatArray:
    """[vocab_size] summing to 1; the largest logit comes first."""
    exponents = np.exp(logits - logits[0])
    probabilities: FloatArray = exponents / exponents.sum()
    return probabilities


def _check(name: str, value: float, is_valid: bool, allowed: str) -> None:
    if not is_valid:
        raise GlassboxError("bad_option", f"{name} must be {allowed}; got {value}.")
