"""How much each block adds to the residual stream."""

from typing import Any

import numpy as np

from glassbox.engine import Engine
from glassbox.payloads import tensor_payload


async def contributions(engine: Engine) -> dict[str, Any]:
    """Length of what attention and MLP add, relative to the length of the stream they add it to.

    ``{attention, mlp}``, each [layer, position]: |attn_out| / |resid_pre| and |mlp_out| / |resid_mid|.
    """
    pairs = {"attention": ("attn_out", "resid_pre"), "mlp": ("mlp_out", "resid_mid")}
    answer = {}
    for name, (added, stream) in pairs.items():
        shares = []
        for layer in range(engine.config.n_layer):
            length = np.linalg.norm(await engine.tensor(added, layer), axis=-1)
            shares.append(length / np.linalg.norm(await engine.tensor(stream, layer), axis=-1))
        answer[name] = tensor_payload(np.stack(shares), ("layer", "position"))
    return answer
