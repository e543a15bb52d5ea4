"""How much each block adds to the residual stream."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from glassbox.payloads import tensor_payload
from glassbox.token_numbers import TokenNumbers


def contributions(numbers: Sequence[TokenNumbers]) -> dict[str, Any]:
    """Length of what attention and MLP add, relative to the length of the stream they add it to.

    ``{attention, mlp}``, each [layer, position]: |attn_out| / |resid_pre| and |mlp_out| / |resid_mid|.
    """
    rows = {"attention": [one.attention for one in numbers], "mlp": [one.mlp for one in numbers]}
    return {name: tensor_payload(np.stack(shares, axis=1), ("layer", "position")) for name, shares in rows.items()}
