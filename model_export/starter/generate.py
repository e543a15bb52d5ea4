"""Continues a text token by token."""

from collections.abc import Sequence

import numpy as np
import torch

from model_export.starter.model import Gpt2
from model_export.starter.vocabulary import Vocabulary


def sample(
    model: Gpt2, vocabulary: Vocabulary, token_ids: Sequence[int], n_new: int, seed: int, temperature: float = 0.7
) -> list[int]:
    """``token_ids`` and ``n_new`` drawn ones. A rare token, should it be drawn, is any of them: the text ends there."""
    draw = torch.Generator().manual_seed(seed)
    n_ctx = model.wpe.weight.shape[0]
    device = model.wpe.weight.device
    ids = list(token_ids)
    with torch.no_grad():
        for _ in range(n_new):
            rows = torch.from_numpy(vocabulary.rows(np.array(ids[-n_ctx:])))[None].to(device)
            probabilities = (model.unembed(model.stream(rows)[0, -1]).float().cpu() / temperature).softmax(-1)
            row = int(torch.multinomial(probabilities, 1, generator=draw))
            if row == len(vocabulary.kept):
                break
            ids.append(int(vocabulary.kept[row]))
    return ids
