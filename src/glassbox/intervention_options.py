"""From what a caller asks for to ``Interventions``: every place checked, everything wrong said with its mend."""

from collections.abc import Mapping, Sequence
from math import isfinite
from typing import Any

import numpy as np

from glassbox.config import ModelConfig
from glassbox.errors import GlassboxError
from glassbox.interventions import Cut, Interventions, Patch, scaled
from glassbox.runtime.base import FloatArray

_CUT_FIELDS = {"layer", "head", "query", "key", "when"}


class InterventionOptions:
    """Checks what is asked for against a model's sizes and a text's length."""

    def __init__(self, config: ModelConfig, n_tokens: int) -> None:
        self._sizes = {"layer": config.n_layer, "head": config.n_head, "position": n_tokens}
        self._n_embd = config.n_embd

    def interventions(
        self,
        head_scale: Sequence[Sequence[float]] = (),
        mlp_scale: Sequence[Sequence[float]] = (),
        attention_cuts: Sequence[Mapping[str, Any]] = (),
        patches: Sequence[tuple[int, int, FloatArray]] = (),
    ) -> Interventions:
        """Raises ``bad_option``.

        head_scale: ``(layer, head, scale)``. mlp_scale: ``(layer, scale)``. attention_cuts: ``{layer, head, query, key,
        when}``, head absent or None for all, when ``before`` (if absent) or ``after`` the softmax. patches: ``(layer,
        position, row [n_embd])``; of one place the last counts.
        """
        cuts = frozenset(self._cut(cut) for cut in attention_cuts)
        self._check_something_is_left(Interventions(cuts=cuts))
        rows = {(self._place("layer", layer), self._place("position", at)): row for layer, at, row in patches}
        return Interventions(
            scaled([(*self._places(pair, "layer", "head"), _scale(pair[2])) for pair in _sized(head_scale, 3)]),
            scaled([(*self._places(pair, "layer"), _scale(pair[1])) for pair in _sized(mlp_scale, 2)]),
            cuts,
            frozenset(Patch(layer, at, self._row(row)) for (layer, at), row in rows.items()),
        )

    def _cut(self, cut: Mapping[str, Any]) -> Cut:
        unknown = set(cut) - _CUT_FIELDS
        if unknown or not {"layer", "query", "key"} <= set(cut):
            raise GlassboxError("bad_option", f"A cut has {', '.join(sorted(_CUT_FIELDS))}; got {', '.join(cut)}.")
        when, head = cut.get("when", "before"), cut.get("head")
        if when not in ("before", "after"):
            raise GlassboxError("bad_option", f"A cut is made 'before' or 'after' the softmax, not {when!r}.")
        query, key = self._place("position", cut["query"]), self._place("position", cut["key"])
        if key > query:
            raise GlassboxError("bad_option", f"Position {query} does not look at {key}: it comes later.")
        return Cut(
            self._place("layer", cut["layer"]), None if head is None else self._place("head", head), query, key, when
        )

    def _check_something_is_left(self, changes: Interventions) -> None:
        place = changes.leaves_nothing(self._sizes["head"])
        if place is not None:
            raise GlassboxError(
                "bad_option",
                f"Cutting before the softmax all that position {place[1]} looks at in layer {place[0]} leaves nothing "
                "to share the attention. Leave one, or cut after the softmax.",
            )

    def _row(self, row: FloatArray) -> bytes:
        if row.shape != (self._n_embd,):
            raise GlassboxError("bad_option", f"A row put in has {self._n_embd} numbers; got {row.shape}.")
        return np.ascontiguousarray(row, np.float32).tobytes()

    def _places(self, pair: Sequence[float], *names: str) -> tuple[int, ...]:
        return tuple(self._place(name, index) for name, index in zip(names, pair, strict=False))

    def _place(self, name: str, index: Any) -> int:
        size = self._sizes[name]
        if (
            isinstance(index, bool)
            or not isinstance(index, int | float)
            or index != int(index)
            or not 0 <= index < size
        ):
            raise GlassboxError("bad_option", f"There is no {name} {index}: they are 0 to {size - 1}.")
        return int(index)


def _sized(pairs: Sequence[Sequence[float]], size: int) -> Sequence[Sequence[float]]:
    wrong = [pair for pair in pairs if len(pair) != size]
    if wrong:
        raise GlassboxError(
            "bad_option", f"A scale is given as {size} numbers, its place and the factor; got {wrong[0]}."
        )
    return pairs


def _scale(scale: Any) -> float:
    if isinstance(scale, bool) or not isinstance(scale, int | float) or not isfinite(scale):
        raise GlassboxError("bad_option", f"A scale is a finite number, not {scale!r}.")
    return float(scale)
