"""Muon, for machines without bf16: PyTorch's own computes in bf16 always, which took 13 of a step's 17 s on one."""

import math
from collections.abc import Iterable

import torch

_POLYNOMIAL = (3.4445, -4.7750, 2.0315)
_ROUNDS = 5


class Muon(torch.optim.Optimizer):  # type: ignore[misc]
    """Stochastic gradient descent with momentum whose steps are made orthogonal (Jordan et al. 2024).

    The same arithmetic and the same names of settings as ``torch.optim.Muon``, but in the matrices' own type.
    """

    def __init__(
        self, params: Iterable[torch.nn.Parameter], lr: float, weight_decay: float = 0.1, momentum: float = 0.95
    ) -> None:
        """``params``: matrices only."""
        super().__init__(params, {"lr": lr, "weight_decay": weight_decay, "momentum": momentum})

    @torch.no_grad()  # type: ignore[untyped-decorator]
    def step(self) -> None:
        """One step, for the matrices that have a gradient."""
        for group in self.param_groups:
            rate, momentum = group["lr"], group["momentum"]
            for matrix in (matrix for matrix in group["params"] if matrix.grad is not None):
                kept = self.state[matrix].setdefault("momentum_buffer", torch.zeros_like(matrix))
                kept.lerp_(matrix.grad, 1 - momentum)
                matrix.mul_(1 - rate * group["weight_decay"])
                n_rows, n_columns = matrix.shape
                change = orthogonal(matrix.grad.lerp(kept, momentum))
                matrix.add_(change, alpha=-rate * math.sqrt(max(1.0, n_rows / n_columns)))


def orthogonal(matrix: torch.Tensor) -> torch.Tensor:
    """[row, column] -> the same shape, all singular values near 1: rounds of an odd polynomial (Newton-Schulz)."""
    is_tall = matrix.shape[0] > matrix.shape[1]
    x = matrix.T if is_tall else matrix
    x = x / x.norm().clamp(min=1e-7)
    first, third, fifth = _POLYNOMIAL
    for _ in range(_ROUNDS):
        square = x @ x.T
        x = torch.addmm(x, torch.addmm(square, square, square, beta=third, alpha=fifth), x, beta=first)
    return x.T if is_tall else x
