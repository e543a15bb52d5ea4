"""From logits to what a token is drawn from, on the full vocabulary: temperature, top-k, top-p, min-p, renormalise.

Each cut works on what the one before left, renormalised; so do the warpers of the transformers library, in this order.
What each does stands in ``sampling_rules.py``.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
import numpy.typing as npt

import glassbox.sampling_rules as the_rules
from glassbox.errors import GlassboxError
from glassbox.sampling_rules import FloatArray, softmax

STAGES = ("temperature", "top_k", "top_p", "min_p")

IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]

# Option: what it may be, in words and as a test.
_ALLOWED: Mapping[str, tuple[str, Callable[[float], bool]]] = {
    "temperature": ("0, or from 0.000001 to 100", lambda value: value == 0 or 1e-6 <= value <= 100),
    "top_k": ("a whole number from 1 on, or null", lambda value: value >= 1 and value % 1 == 0),
    "top_p": ("above 0 and at most 1, or null", lambda value: 0 < value <= 1),
    "min_p": ("from 0 to 1, or null", lambda value: 0 <= value <= 1),
    "seed": ("a whole number from 0 to 2^53 - 1", lambda value: 0 <= value < 2**53 and value % 1 == 0),
}


@dataclass(frozen=True)
class SamplingOptions:
    """How a token is drawn. temperature 0 is greedy; a cut that is None is off. Raises ``bad_option``."""

    temperature: float = 1.0
    top_k: int | None = None
    top_p: float | None = None
    min_p: float | None = None
    seed: int = 0

    def __post_init__(self) -> None:
        for name in _ALLOWED:
            _check(name, getattr(self, name))

    @classmethod
    def from_dict(cls, options: Mapping[str, Any]) -> "SamplingOptions":
        """Read options as they come from outside: absent means the default, None for a cut means off."""
        known = [field.name for field in fields(cls)]
        for name, value in options.items():
            if name not in known:
                raise GlassboxError(
                    "bad_option", f"There is no option {name!r}; there are {', '.join(known)}.", {"option": name}
                )
            _check(name, value)
        # JavaScript has one kind of number: 40 may arrive as 40.0.
        whole = {name: int(options[name]) for name in ("top_k", "seed") if options.get(name) is not None}
        return cls(**{**options, **whole})


@dataclass(frozen=True)
class Stage:
    """One step of sampling: how many tokens it kept, and the probability it kept and dropped of what entered it.

    entering: [vocab_size], best first, the probabilities that the step worked on; they sum to 1.
    """

    name: str
    kept_count: int
    kept_mass: float
    dropped_mass: float
    entering: FloatArray


@dataclass(frozen=True)
class Ranking:
    """Logits in order; options change nothing of it. All [vocab_size]: larger logit first, ties by smaller token id.

    probabilities: the model's own, at temperature 1 and with nothing cut.
    """

    token_ids: IntArray
    logits: npt.NDArray[np.float32]
    probabilities: FloatArray


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
    """Every stage from logits [vocab_size] to final probabilities.

    A logit of minus infinity is a token that cannot come. Raises ``internal`` where the logits are no numbers.

    >>> logits = np.log(np.array([1, 4, 2, 3], np.float32))
    >>> choices = distribution(logits, SamplingOptions(top_k=2))
    >>> choices.token_ids.tolist()
    [1, 3, 2, 0]
    >>> choices.stages[1].entering.round(2).tolist()
    [0.4, 0.3, 0.2, 0.1]
    >>> choices.probabilities.round(2).tolist()
    [0.57, 0.43, 0.0, 0.0]
    """
    return cut(ranking(logits), options)


def ranking(logits: npt.NDArray[np.float32]) -> Ranking:
    """Logits [vocab_size] best first. Raises ``internal`` where they are no numbers."""
    logits = np.asarray(logits, np.float32)
    if np.isnan(logits).any() or not math.isfinite(logits.max(initial=-np.inf)):
        raise GlassboxError(
            "internal", "The model's answer is not made of numbers. Load the model again.", {"reason": "not_numbers"}
        )
    token_ids = _best_first(logits)
    ordered = logits[token_ids]
    return Ranking(token_ids, ordered, softmax(ordered.astype(np.float64)))


def cut(ranked: Ranking, options: SamplingOptions, rules: Any = the_rules) -> Distribution:
    """What ``distribution`` does once the logits are in order: temperature, then every cut.

    rules: what has the functions of ``sampling_rules`` in place of that module.
    """
    scaled = rules.divide(ranked.logits, options.temperature)
    n_kept = int(np.isfinite(scaled).sum())
    stages = [_stage("temperature", ranked.probabilities, n_kept)]
    probabilities = rules.softmax(scaled)
    for name in STAGES[1:]:
        setting = getattr(options, name)
        if setting is not None:
            n_kept = getattr(rules, name)(scaled[:n_kept], probabilities[:n_kept], setting)
        stages.append(_stage(name, probabilities, n_kept))
        if setting is not None:
            probabilities = rules.renormalise(probabilities, n_kept)
    kept = np.arange(len(scaled)) < n_kept
    return Distribution(ranked.token_ids, ranked.logits, scaled, probabilities, kept, tuple(stages))


def _best_first(logits: npt.NDArray[np.float32]) -> IntArray:
    """Token ids by falling logit, ties by rising id. A sort of whole numbers is quicker than a stable argsort."""
    bits = (logits + np.float32(0)).view(np.int32)  # Adding 0 turns -0.0 into 0.0.
    # Read as whole numbers, floats keep their order, but for the negative ones, which run backwards.
    rising = np.where(bits < 0, bits ^ 0x7FFFFFFF, bits).astype(np.int64)
    keys = (-rising << 32) | np.arange(len(logits))
    keys.sort()
    return keys & 0xFFFFFFFF


def _stage(name: str, entering: FloatArray, n_kept: int) -> Stage:
    return Stage(name, n_kept, float(entering[:n_kept].sum()), float(entering[n_kept:].sum()), entering)


def _check(name: str, value: object) -> None:
    allowed, is_allowed = _ALLOWED[name]
    if value is None and allowed.endswith("or null"):
        return
    is_number = isinstance(value, int | float | np.number) and not isinstance(value, bool)
    if not (is_number and is_allowed(value)):  # type: ignore[arg-type]
        raise GlassboxError(
            "bad_option",
            f"{name} must be {allowed}; got {value!r}.",
            {"reason": "option_range", "option": name, "value": value},
        )
