"""What an architecture is to everything else: its tensors, and the operations that make them."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from glassbox.architectures.operations import Cells, Channel, Dot, Gelu, LayerNorm, Operation, Sum, TableRow


@dataclass(frozen=True)
class Architecture:
    """One family of models, as data.

    tensors: name -> axes for one layer, in the glossary's words, in the order in which they are computed. "position"
    and "query" grow with the text; "key" counts past and new tokens; it stands last. unlayered: tensors that stand
    after the last block. masked: what stands in a tensor where a key comes after the query. aliases: older names.
    operations: name -> what a cell is made of; first_layer: where that differs in the first block. ``logits`` are no
    tensor of a run, but made like one.
    """

    name: str
    tensors: Mapping[str, tuple[str, ...]]
    operations: Mapping[str, Operation]
    first_layer: Mapping[str, Operation]
    masked: Mapping[str, float]
    unlayered: frozenset[str]
    aliases: Mapping[str, str] = field(default_factory=dict)

    def canonical(self, name: str) -> str:
        """A tensor's name, whichever of its names is given."""
        return self.aliases.get(name, name)

    def operation(self, name: str, layer: int | None) -> Operation:
        """What a cell of a tensor is made of."""
        return self.first_layer[name] if layer == 0 and name in self.first_layer else self.operations[name]

    def channel(self, name: str) -> Channel:
        """The matrix that makes a tensor. KeyError or AssertionError for one that no matrix makes."""
        operation = self.operations[name]
        assert isinstance(operation, Dot), f"{name} is no dot product"
        assert isinstance(operation.right, Channel), f"no matrix makes {name}"
        return operation.right

    def source(self, name: str) -> Cells:
        """What a tensor of one operand, or the left side of a product, is made from."""
        operation = self.operations[name]
        if isinstance(operation, Dot):
            return operation.left
        assert isinstance(operation, LayerNorm | Gelu), f"{name} has several operands"
        return operation.source

    def norm(self, name: str) -> LayerNorm:
        """The norm that makes a tensor."""
        operation = self.operations[name]
        assert isinstance(operation, LayerNorm), f"{name} is no norm"
        return operation

    @property
    def norms(self) -> tuple[str, ...]:
        """The tensors that a norm makes."""
        return tuple(name for name in self.tensors if isinstance(self.operations[name], LayerNorm))

    @property
    def unembedding(self) -> str:
        """The matrix whose rows make the logits."""
        operation = self.operations["logits"]
        assert isinstance(operation, Dot), "logits are products"
        assert isinstance(operation.right, TableRow), "a logit has a row of its own"
        return operation.right.matrix

    @property
    def embeddings(self) -> tuple[TableRow, ...]:
        """What enters the first block: the rows that are added up."""
        operation = self.operation("resid_pre", 0)
        assert isinstance(operation, Sum), "embeddings are added"
        return tuple(part for part in operation.parts if isinstance(part, TableRow))
