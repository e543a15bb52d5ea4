"""What a cell of a tensor is made of: the words in which an architecture's table of operations is written."""

from dataclasses import dataclass
from typing import Literal

# Where an index comes from: the row or column of the cell that is made, or the number of the term.
Index = Literal["row", "column", "term"]


@dataclass(frozen=True)
class Cells:
    """Cells of another tensor, one for each term.

    layer: the cell's own, the one before, the last, or none. head: none; the cell's own; ``group``, the key/value head
    that serves it; ``joined``: terms run through all heads, one after the other. row: a position (or query).
    column: an index along the last axis (or a key); of an operation with one term, the cell's.
    """

    name: str
    layer: Literal["same", "previous", "last", "none"] = "same"
    head: Literal["none", "same", "group", "joined"] = "none"
    row: Index = "row"
    column: Index = "term"


@dataclass(frozen=True)
class Channel:
    """The weights that make one output channel of a matrix, and its bias where the model has one.

    ``{layer}`` in a name stands for the cell's. Channels of heads lie one head after the other, d_head each; of a
    matrix that makes several tensors at once, ``part`` says whose they are: 0, 1, ….
    """

    matrix: str
    bias: str | None = None
    part: int = 0


@dataclass(frozen=True)
class TableRow:
    """A row of a matrix that is looked up: of the cell's token, position, or column. name: what the page calls it.

    tied: the matrix that stands in for it in models that have no such matrix of their own.
    """

    name: str
    matrix: str
    index: Literal["token", "position", "column"]
    tied: str | None = None


@dataclass(frozen=True)
class Dot:
    """factor x (sum of left x right + bias). symbols: letters of result, left and right in a formula.

    factor: ``attention``, 1 / sqrt(d_head); ``head_scale``, the head's; ``mlp_scale``, the block's; or none.
    """

    left: Cells
    right: Cells | Channel | TableRow
    symbols: tuple[str, str, str]
    factor: Literal["attention", "head_scale", "mlp_scale"] | None = None


@dataclass(frozen=True)
class Sum:
    """The sum of one cell, or number, of each part."""

    parts: tuple[Cells | TableRow, ...]


@dataclass(frozen=True)
class LayerNorm:
    """(x - mean) / sqrt(variance + epsilon) x gain + bias over a row. weight: prefix of ``.weight`` and ``.bias``."""

    source: Cells
    weight: str


@dataclass(frozen=True)
class RmsNorm:
    """x / sqrt(mean of squares + epsilon) x gain of a row (Zhang and Sennrich 2019). weight: prefix of ``.weight``."""

    source: Cells
    weight: str


@dataclass(frozen=True)
class Rotation:
    """Columns i and i + d_head / 2 turned by position x frequency i (Su et al. 2021)."""

    source: Cells


@dataclass(frozen=True)
class Gate:
    """SiLU(gate) x up (Shazeer 2020)."""

    gate: Cells
    up: Cells


@dataclass(frozen=True)
class Softmax:
    """e^score over the sum of all e^score of the row, up to the query's own key."""

    scores: Cells


@dataclass(frozen=True)
class Gelu:
    """GELU in its tanh form (Hendrycks and Gimpel 2016)."""

    source: Cells


Norm = LayerNorm | RmsNorm
Operation = Dot | Sum | Norm | Softmax | Gelu | Rotation | Gate
