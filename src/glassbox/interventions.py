"""What is changed in a run by hand: heads and MLPs scaled, attention cut, rows of the stream put in. Plain values."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from math import inf
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from glassbox.config import ModelConfig
from glassbox.runtime.base import FloatArray

When = Literal["before", "after"]


@dataclass(frozen=True)
class Cut:
    """Attention from a key to a query, taken away in a block: of one head, or of all (None).

    when: ``before`` the softmax (the score becomes minus infinity, so the other weights grow) or ``after`` it (the
    weight becomes 0, the others stay).
    """

    layer: int
    head: int | None
    query: int
    key: int
    when: When


@dataclass(frozen=True)
class Patch:
    """A row [n_embd], as float32's bytes, that enters a block at a position instead of the block's own."""

    layer: int
    position: int
    row: bytes


@dataclass(frozen=True)
class Interventions:
    """All that is changed in a run. The same changes are the same value.

    head_scales: ``(layer, head, scale)``; mlp_scales: ``(layer, scale)``; sorted, none of them 1.
    """

    head_scales: tuple[tuple[int, int, float], ...] = ()
    mlp_scales: tuple[tuple[int, float], ...] = ()
    cuts: frozenset[Cut] = frozenset()
    patches: frozenset[Patch] = frozenset()

    @property
    def needs_edits(self) -> bool:
        """Whether a model must take more than scales of heads."""
        return bool(self.mlp_scales or self.cuts or self.patches)

    def agreeing_rows(self, other: "Interventions") -> float:
        """How many leading positions the two leave alike; infinity for all."""
        if self == other:
            return inf
        if (self.head_scales, self.mlp_scales) != (other.head_scales, other.mlp_scales):
            return 0
        # A row is changed by what it reads: a cut changes its query's row and, through that, later ones.
        places = [*(cut.query for cut in self.cuts ^ other.cuts), *(p.position for p in self.patches ^ other.patches)]
        return min(places)

    def head_scale(self, config: ModelConfig) -> FloatArray:
        """[n_layer, n_head], ones but for what is scaled."""
        scale = np.ones((config.n_layer, config.n_head), np.float32)
        for layer, head, value in self.head_scales:
            scale[layer, head] = value
        return scale

    def mlp_scale(self, config: ModelConfig) -> FloatArray:
        """[n_layer], ones but for what is scaled."""
        scale = np.ones(config.n_layer, np.float32)
        for layer, value in self.mlp_scales:
            scale[layer] = value
        return scale

    def edits(self, config: ModelConfig, start: int, stop: int) -> dict[str, npt.NDArray[Any]]:
        """What a runtime is given (``RunRequest.edits``) for positions ``start`` up to ``stop``."""
        edits: dict[str, npt.NDArray[Any]] = {"mlp_scale": self.mlp_scale(config)} if self.mlp_scales else {}
        for cut in self.cuts:
            if not start <= cut.query < stop:
                continue
            name, whole, gone = ("score_term", 0, -inf) if cut.when == "before" else ("pattern_scale", 1, 0)
            key, n_heads = f"{name}.{cut.layer}", self._heads_cut(config, cut)
            if key not in edits:
                edits[key] = np.full((n_heads, stop - start, stop), whole, np.float32)
            edits[key][slice(None) if cut.head is None else cut.head, cut.query - start, cut.key] = gone
        for patch in self.patches:
            if not start <= patch.position < stop:
                continue
            mask, rows = f"is_patched.{patch.layer}", f"patch.{patch.layer}"
            if mask not in edits:
                edits[mask] = np.zeros((stop - start, 1), bool)
                edits[rows] = np.zeros((stop - start, config.n_embd), np.float32)
            edits[mask][patch.position - start] = True
            edits[rows][patch.position - start] = np.frombuffer(patch.row, np.float32)
        return edits

    def _heads_cut(self, config: ModelConfig, like: Cut) -> int:
        """1 where every cut of this block and kind is of all heads."""
        alike = [cut for cut in self.cuts if (cut.layer, cut.when) == (like.layer, like.when)]
        return 1 if all(cut.head is None for cut in alike) else config.n_head

    def leaves_nothing(self, n_head: int) -> tuple[int, int] | None:
        """Layer and query of a head that is left no key to look at before the softmax; None where all keep one.

        Over nothing no weights add up to 1.
        """
        for head in range(n_head):
            seen = {(c.layer, c.query, c.key) for c in self.cuts if c.when == "before" and c.head in (None, head)}
            for (layer, query), count in Counter((layer, query) for layer, query, _ in seen).items():
                if count == query + 1:
                    return layer, query
        return None

    def is_cut(self, when: When, layer: int | None, head: int | None, query: int, key: int) -> bool:
        """Whether attention from a key to a query is cut in a head, then."""
        if layer is None:
            return False
        return any(Cut(layer, of, query, key, when) in self.cuts for of in (None, head))

    def patch_at(self, layer: int, position: int) -> FloatArray | None:
        """The row [n_embd] put in there; None where there is none."""
        for patch in self.patches:
            if (patch.layer, patch.position) == (layer, position):
                return np.frombuffer(patch.row, np.float32)
        return None


NONE = Interventions()


def scaled(pairs: Sequence[tuple[Any, ...]]) -> tuple[Any, ...]:
    """Scales ``(place …, scale)`` in order: of one place the last counts, and what leaves all as it is does not."""
    by_place = {pair[:-1]: float(pair[-1]) for pair in pairs}
    return tuple((*place, scale) for place, scale in sorted(by_place.items()) if scale != 1)
