"""The weights that an export under a scheme computes with."""

from collections.abc import Callable

import numpy as np

from model_export.folder_checkpoint import FolderCheckpoint
from model_export.quantize import Quantized
from model_export.storage import form_of


def effective_weights(checkpoint: FolderCheckpoint, scheme: str) -> Callable[[str], np.ndarray]:
    def tensor(name: str) -> np.ndarray:
        form = form_of(checkpoint.specs[name], checkpoint.tensor(name), scheme)
        values = form.data.dequantize() if isinstance(form.data, Quantized) else form.data
        return values.T if form.is_transposed else values

    return tensor
