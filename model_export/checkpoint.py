"""Reads a GPT-2 checkpoint in Hugging Face layout, tensor by tensor."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from safetensors import SafetensorError, safe_open

from model_export.errors import ExportError

FloatArray = npt.NDArray[np.float32]

_WEIGHT_FILE = "model.safetensors"
_SIZES = ("n_layer", "n_head", "n_embd", "n_ctx", "vocab_size")
# Settings of GPT-2's config.json that change the arithmetic, with the only values this graph computes.
_FIXED: Mapping[str, Any] = {
    "activation_function": "gelu_new",
    "scale_attn_weights": True,
    "scale_attn_by_inverse_layer_idx": False,
    "add_cross_attention": False,
    "tie_word_embeddings": True,
}


@dataclass(frozen=True)
class CheckpointConfig:
    """Sizes from ``config.json``, by the names GPT-2 gives them."""

    n_layer: int
    n_head: int
    n_embd: int
    n_ctx: int
    vocab_size: int
    layer_norm_epsilon: float


class Checkpoint:
    """A folder with ``config.json`` and ``model.safetensors``; tensors are read when asked for."""

    def __init__(self, folder: Path) -> None:
        """Open and check. Raises ExportError for anything that is not a whole GPT-2 checkpoint."""
        self.folder = folder
        self.config = read_config(folder)
        path = folder / _WEIGHT_FILE
        if not path.is_file():
            raise ExportError(f"{folder} has no {_WEIGHT_FILE}. Download the checkpoint in safetensors form.")
        try:
            # The library has no types of its own.
            self._file: Any = safe_open(path, framework="np")
            names = list(self._file.keys())
        except SafetensorError as error:
            raise ExportError(f"{path} cannot be read ({error}). It may be cut short: download it again.") from error
        self._stored = {_plain_name(name): name for name in names}
        self._check_shapes()
        self._check_tied_head()

    @property
    def shapes(self) -> dict[str, tuple[int, ...]]:
        """Shape of every tensor, by its name without a prefix, in the order of the forward pass."""
        return tensor_shapes(self.config)

    def tensor(self, name: str) -> FloatArray:
        """One tensor as fp32. Raises ExportError where it holds infinity or something that is not a number."""
        try:
            array = np.asarray(self._file.get_tensor(self._stored[name]))
        except (SafetensorError, TypeError, ValueError) as error:
            raise ExportError(f"{name} cannot be read ({error}). Store the checkpoint as fp16 or fp32.") from error
        array = array.astype(np.float32, copy=False)
        if not np.isfinite(array).all():
            raise ExportError(
                f"{name} holds infinite or undefined numbers. The checkpoint is broken: get another copy."
            )
        return array

    def _check_shapes(self) -> None:
        for name, shape in self.shapes.items():
            if name not in self._stored:
                raise ExportError(f"{self.folder} has no tensor {name!r}. It is not GPT-2, or not whole.")
            found = tuple(self._file.get_slice(self._stored[name]).get_shape())
            if found != shape:
                raise ExportError(f"{name} has the shape {list(found)}; config.json asks for {list(shape)}.")

    def _check_tied_head(self) -> None:
        """GPT-2 uses the token embedding at both ends; a head of its own would be lost."""
        head = self._stored.get("lm_head.weight")
        if head is not None and not np.array_equal(
            self._file.get_tensor(head), self._file.get_tensor(self._stored["wte.weight"])
        ):
            raise ExportError(
                "lm_head.weight differs from the token embedding. Only tied embeddings, as in GPT-2, work."
            )


def read_config(folder: Path) -> CheckpointConfig:
    """Sizes of the model in a folder. Raises ExportError unless ``config.json`` describes a GPT-2."""
    path = folder / "config.json"
    try:
        raw = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ExportError(
            f"No config.json in {folder}. Name a folder in Hugging Face layout, or a model of the hub."
        ) from error
    except ValueError as error:
        raise ExportError(f"{path} is not JSON ({error}). Download it again.") from error
    kind = raw.get("model_type")
    if kind != "gpt2":
        raise ExportError(
            f"{folder} holds a {kind!r} model. Only the GPT-2 family (model_type 'gpt2') can be exported."
        )
    raw.setdefault("n_ctx", raw.get("n_positions"))
    for name, value in _FIXED.items():
        if raw.get(name, value) != value:
            raise ExportError(f"config.json sets {name} to {raw[name]!r}; the graph computes {value!r} only.")
    sizes = {name: raw.get(name) for name in _SIZES}
    wrong = [name for name, size in sizes.items() if not isinstance(size, int) or size < 1]
    if wrong:
        raise ExportError(f"config.json has no whole number for {', '.join(wrong)}.")
    if sizes["n_embd"] % sizes["n_head"]:
        raise ExportError(f"n_embd {sizes['n_embd']} cannot be divided among n_head {sizes['n_head']} heads.")
    if raw.get("n_inner") not in (None, 4 * sizes["n_embd"]):
        raise ExportError(f"config.json sets n_inner to {raw['n_inner']}; the MLP must be 4 x n_embd wide.")
    return CheckpointConfig(**sizes, layer_norm_epsilon=float(raw.get("layer_norm_epsilon", 1e-5)))


def tensor_shapes(config: CheckpointConfig) -> dict[str, tuple[int, ...]]:
    """Shape of every tensor of a GPT-2 of these sizes; matrices are [input, output]."""
    width = config.n_embd
    shapes: dict[str, tuple[int, ...]] = {
        "wte.weight": (config.vocab_size, width),
        "wpe.weight": (config.n_ctx, width),
    }
    for layer in range(config.n_layer):
        for name, shape in {
            "ln_1.weight": (width,),
            "ln_1.bias": (width,),
            "attn.c_attn.weight": (width, 3 * width),
            "attn.c_attn.bias": (3 * width,),
            "attn.c_proj.weight": (width, width),
            "attn.c_proj.bias": (width,),
            "ln_2.weight": (width,),
            "ln_2.bias": (width,),
            "mlp.c_fc.weight": (width, 4 * width),
            "mlp.c_fc.bias": (4 * width,),
            "mlp.c_proj.weight": (4 * width, width),
            "mlp.c_proj.bias": (width,),
        }.items():
            shapes[f"h.{layer}.{name}"] = shape
    return shapes | {"ln_f.weight": (width,), "ln_f.bias": (width,)}


def _plain_name(name: str) -> str:
    """Checkpoints of the whole language model prefix the transformer's tensors; those of the hub's GPT-2 do not."""
    return name.removeprefix("transformer.")
