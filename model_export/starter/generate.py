"""Continues a text token by token."""

from collections.abc import Sequence

import torch

from model_export.starter.model import Gpt2


def sample(model: Gpt2, token_ids: Sequence[int], n_new: int, seed: int, temperature: float = 0.7) -> list[int]:
    """``token_ids`` and ``n_new`` drawn ones."""
    draw = torch.Generator().manual_seed(seed)
    n_ctx = model.wpe.weight.shape[0]
    ids = list(token_ids)
    with torch.no_grad():
        for _ in range(n_new):
            stream = model.stream(torch.tensor([ids[-n_ctx:]], device=model.wpe.weight.device))
            probabilities = (model.unembed(stream[0, -1]).float().cpu() / temperature).softmax(-1)
            ids.append(int(torch.multinomial(probabilities, 1, generator=draw)))
    return ids
