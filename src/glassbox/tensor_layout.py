"""The tensors of one model: their names, axes and shapes."""

from math import prod

from glassbox.architectures import ARCHITECTURES
from glassbox.config import Manifest, ModelConfig
from glassbox.errors import GlassboxError


class TensorLayout:
    """An architecture's tensors in a model's sizes. A key names one layer's tensor: ``value.3``, or ``norm_final``."""

    def __init__(self, architecture: str, config: ModelConfig) -> None:
        """Raises GlassboxError ``model_missing`` for an architecture that this version does not know."""
        if architecture not in ARCHITECTURES:
            raise GlassboxError(
                "model_missing",
                f"The model is of the architecture {architecture!r}; this version reads {', '.join(ARCHITECTURES)}.",
            )
        self.architecture = ARCHITECTURES[architecture]
        self.config = config
        self._sizes = {
            "head": config.n_head,
            "kv_head": config.n_kv_head,
            "n_embd": config.n_embd,
            "d_head": config.d_head,
            "d_mlp": config.d_mlp,
        }
        self.names = tuple(self.architecture.tensors)
        self.keys = tuple(key for name in self.names for key in self.layer_keys(name))

    @classmethod
    def of(cls, manifest: Manifest) -> "TensorLayout":
        """The tensors of an exported model."""
        return cls(manifest.architecture, manifest.config)

    def axes(self, name: str) -> tuple[str, ...]:
        """Axes of one layer's tensor, in the glossary's words."""
        return self.architecture.tensors[name]

    def axes_of(self, name: str, head: int | None) -> tuple[str, ...]:
        """Axes of what is asked for, by whichever name: less the heads' where one is named."""
        axes = self.axes(self.architecture.canonical(name))
        return axes if head is None else axes[1:]

    def is_layered(self, name: str) -> bool:
        """Whether every block has one."""
        return name not in self.architecture.unlayered

    def is_of_heads(self, name: str) -> bool:
        """Whether the first axis counts heads."""
        return self.axes(name)[0] in ("head", "kv_head")

    def n_heads(self, name: str) -> int:
        """How many heads a tensor has; 0 where it is of none."""
        return self._sizes[self.axes(name)[0]] if self.is_of_heads(name) else 0

    def layer_keys(self, name: str) -> list[str]:
        """The keys of one tensor in every layer."""
        return [f"{name}.{layer}" for layer in range(self.config.n_layer)] if self.is_layered(name) else [name]

    def key(self, name: str, layer: int | None) -> str:
        """The key of one layer's tensor."""
        return name if layer is None else f"{name}.{layer}"

    def name_of(self, key: str) -> str:
        """The tensor that a key is of."""
        return key.partition(".")[0]

    def masked(self, key: str) -> float | None:
        """What stands where a key comes after the query; None for a tensor that counts no keys."""
        return self.architecture.masked.get(self.name_of(key))

    def shape(self, key: str, n_new: int, n_past: int = 0) -> tuple[int, ...]:
        """Shape of a tensor as a run answers it: new rows, all keys; by its name alone, with its layers in front."""
        name = self.name_of(key)
        sizes = self._sizes | {"position": n_new, "query": n_new, "key": n_past + n_new}
        layers = (self.config.n_layer,) if key == name and self.is_layered(name) else ()
        return layers + tuple(sizes[axis] for axis in self.axes(name))

    def row_bytes(self, key: str, n_keys: int) -> int:
        """Bytes of one row of one layer's tensor; n_keys: how many tokens a row of attention looks at."""
        return 4 * prod(self.shape(key, 1, n_keys - 1))

    def checked(self, name: str, layer: int | None, head: int | None) -> str:
        """The tensor's name, by whichever name it is asked for.

        Raises GlassboxError ``unknown_tensor`` unless the model has such a tensor, layer and head.
        """
        config, name = self.config, self.architecture.canonical(name)
        if name not in self.names:
            raise GlassboxError("unknown_tensor", f"No tensor is called {name!r}. There are: {', '.join(self.names)}.")
        if not self.is_layered(name):
            if layer is not None:
                raise GlassboxError("unknown_tensor", f"{name} stands after the last layer and has none; leave it out.")
        elif layer is None or not 0 <= layer < config.n_layer:
            raise GlassboxError("unknown_tensor", f"{name} has layers 0 to {config.n_layer - 1}; asked for {layer}.")
        if head is not None:
            n_heads = self.n_heads(name)
            if not 0 <= head < n_heads:
                raise GlassboxError("unknown_tensor", f"{name} has {n_heads} heads, counted from 0; asked for {head}.")
        return name
