"""Which rows of the vocabulary a step's softmax is made of, and how their logits are corrected.

On a CPU the 50,257-way softmax takes three quarters of the time. So a step takes some of the rows: each token with a
known chance of its own, which is 1 for the frequent ones; every rare token that its window has already read; and the
target. A token that is a candidate with chance q gets -log q added to its logit. The softmax of the logits so corrected
is right where the logits themselves are those of the full softmax (Bengio and Senecal 2008; Jean et al. 2015, section
3.2): what is learned is the full softmax, whatever the chances are. They must not depend on the target, so a rare token
of another window, or one that comes later in this window, is a candidate only where it was drawn.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

IntArray = npt.NDArray[np.int64]
FloatArray = npt.NDArray[np.float32]

IGNORED = -100
"""Target that the loss leaves out (PyTorch's own default)."""

_LEAST_CHANCE = 0.03
_STEP_OF_READ = 512


@dataclass(frozen=True)
class Candidates:
    """Columns of a step's softmax. The last ``n_read`` columns have a correction for each position of their own.

    ``token_ids`` [column] begins with ``n_real`` different tokens, then comes padding, which keeps shapes the same from
    step to step; ``correction`` [column - n_read]; ``read_correction`` [window, position, n_read]; ``read`` and
    ``asked`` [window, position] are columns (``asked`` IGNORED where nothing is asked).
    """

    token_ids: IntArray
    is_real: npt.NDArray[np.bool_]
    correction: FloatArray
    read_correction: FloatArray
    read: IntArray
    asked: IntArray


def chances(counts: npt.NDArray[np.floating], n_expected: int) -> npt.NDArray[np.float64]:
    """[token] Chance of being drawn, ``n_expected`` in sum: as the root of the count, at least 3 % and at most 1."""
    weights = np.sqrt(counts / counts.sum())
    low, high = 0.0, 1e9
    for _ in range(100):
        middle = (low + high) / 2
        too_many = np.clip(middle * weights, _LEAST_CHANCE, 1).sum() > n_expected
        low, high = (low, middle) if too_many else (middle, high)
    found: npt.NDArray[np.float64] = np.clip(low * weights, _LEAST_CHANCE, 1)
    return found


class Sampler:
    """Draws the candidates of a step."""

    def __init__(self, chance: npt.NDArray[np.float64], seed: int) -> None:
        """``chance``: [token]."""
        self._seed = seed
        self._chance = chance
        self._cost = -np.log(chance).astype(np.float32)
        self._certain = np.flatnonzero(chance >= 1)
        self._rare = np.flatnonzero(chance < 1)
        rare = chance[self._rare]
        # Six standard deviations over the mean: more are never drawn, and were they, the padding would be gone.
        self._n_drawn = int(rare.sum() + 6 * np.sqrt((rare * (1 - rare)).sum())) + 1

    def candidates(self, step: int, read: IntArray, asked: IntArray) -> Candidates:
        """Candidates for the tokens to read and to predict, both [window, position]."""
        draw = np.random.default_rng((self._seed, step, 1))
        drawn = self._rare[draw.random(len(self._rare)) < self._chance[self._rare]]
        is_drawn = np.zeros(len(self._chance), bool)
        is_drawn[drawn] = True
        near = np.union1d(read, asked[asked != IGNORED])
        near = near[self._chance[near] < 1]
        others = np.setdiff1d(drawn, near, assume_unique=True)[: self._n_drawn]
        n_near = -(-max(1, len(near)) // _STEP_OF_READ) * _STEP_OF_READ
        token_ids = np.zeros(len(self._certain) + self._n_drawn + n_near, np.int64)
        is_real = np.zeros(len(token_ids), bool)
        place = np.zeros(len(self._chance), np.int64)
        for start, tokens in (
            (0, self._certain), (len(self._certain), others), (len(token_ids) - n_near, near),
        ):  # fmt: skip
            token_ids[start : start + len(tokens)] = tokens
            is_real[start : start + len(tokens)] = True
            place[tokens] = np.arange(start, start + len(tokens))
        correction = np.where(is_real, self._cost[token_ids], -np.inf).astype(np.float32)
        return Candidates(
            token_ids, is_real, correction[:-n_near],
            self._read_correction(read, asked, near, n_near, is_drawn, place - (len(token_ids) - n_near)),
            place[read], np.where(asked == IGNORED, IGNORED, place[np.maximum(asked, 0)]),
        )  # fmt: skip

    def _read_correction(
        self, read: IntArray, asked: IntArray, near: IntArray, n_near: int, is_drawn: npt.NDArray[np.bool_],
        place: IntArray,
    ) -> FloatArray:  # fmt: skip
        """[window, position, n_near] 0 for what was read, -log q for what was drawn or is asked, else out."""
        n_windows, n_tokens = read.shape
        usual = np.full(n_near, -np.inf, np.float32)
        usual[: len(near)] = np.where(is_drawn[near], self._cost[near], -np.inf)
        found = np.broadcast_to(usual, (n_windows, n_tokens, n_near)).copy()
        windows, positions = np.nonzero((asked != IGNORED) & (self._chance[np.maximum(asked, 0)] < 1))
        targets = asked[windows, positions]
        found[windows, positions, place[targets]] = self._cost[targets]
        for window, position in zip(*np.nonzero(self._chance[read] < 1), strict=True):
            found[window, position:, place[read[window, position]]] = 0
        return found


def every_token(read: IntArray, asked: IntArray, vocab_size: int) -> Candidates:
    """The full softmax, as candidates: every token, no correction."""
    nothing = np.zeros((*read.shape, 0), np.float32)
    ids = np.arange(vocab_size)
    return Candidates(ids, np.ones(vocab_size, bool), np.zeros(vocab_size, np.float32), nothing, read, asked)
