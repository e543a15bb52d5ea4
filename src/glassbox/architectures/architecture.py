"""What an architecture is to everything else: its tensors, and the operations that make them."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from glassbox.architectures.operations import (
    Cells,
    Channel,
    Dot,
    Gate,
    LayerNorm,
    Norm,
    Operation,
    RmsNorm,
    Rotation,
    Softmax,
    Sum,
    TableRow,
)


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
        """The matrix that makes a tensor, or what is turned into it."""
        operation = self.operations[name]
        if isinstance(operation, Rotation):
            return self.channel(operation.source.name)
        assert isinstance(operation, Dot), f"{name} is no dot product"
        assert isinstance(operation.right, Channel), f"no matrix makes {name}"
        return operation.right

    def projected(self, name: str) -> str:
        """The tensor whose rows the matrix of ``channel`` multiplies to make a tensor."""
        operation = self.operations[name]
        return self.projected(operation.source.name) if isinstance(operation, Rotation) else self.source(name).name

    def turned_from(self, name: str) -> str | None:
        """What is rotated to make a tensor; None where nothing is."""
        operation = self.operations[name]
        return operation.source.name if isinstance(operation, Rotation) else None

    def source(self, name: str) -> Cells:
        """What a tensor is made from: its one operand, the left side of a product, or what opens a gate."""
        operation = self.operations[name]
        if isinstance(operation, Dot):
            return operation.left
        if isinstance(operation, Gate):
            return operation.gate
        assert not isinstance(operation, Sum | Softmax), f"{name} has several operands"
        return operation.source

    def norm(self, name: str) -> Norm:
        """The norm that makes a tensor."""
        operation = self.operations[name]
        assert isinstance(operation, LayerNorm | RmsNorm), f"{name} is no norm"
        return operation

    @property
    def norms(self) -> tuple[str, ...]:
        """The tensors that a norm makes."""
        return tuple(name for name in self.tensors if isinstance(self.operations[name], LayerNorm | RmsNorm))

    @property
    def unembedding(self) -> TableRow:
        """The matrix whose rows make the logits."""
        operation = self.operations["logits"]
        assert isinstance(operation, Dot), "logits are products"
        assert isinstance(operation.right, TableRow), "a logit has a row of its own"
        return operation.right

    @property
    def embeddings(self) -> tuple[TableRow, ...]:
        """What enters the first block: the rows that are added up."""
        operation = self.operation("resid_pre", 0)
        assert isinstance(operation, Sum), "embeddings are added"
        return tuple(part for part in operation.parts if isinstance(part, TableRow))
