"""What is held of the texts that were read, within a budget."""

from collections.abc import Iterable, Sequence

from glassbox.activations import Activations
from glassbox.interventions import Interventions
from glassbox.tensor_layout import TensorLayout

# Beside their rows, lines of tokens hold little; so many can be gone back to without reading anything again.
_MOST_LINES = 32


class Store:
    """Lines of tokens with their rows, the one used last at the end.

    Where not everything fits, older lines go first; then, of the line in use, the tensors that were asked for least
    lately keep their newest rows only.
    """

    def __init__(self, layout: TensorLayout, budget_bytes: int) -> None:
        self._layout = layout
        self._budget = budget_bytes
        self._lines: list[Activations] = []
        self._asked: dict[str, int] = dict.fromkeys(layout.keys, 0)
        self._clock = 0

    def ask(self, keys: Iterable[str]) -> None:
        """Note that someone looks at the whole of these tensors."""
        self._clock += 1
        for key in keys:
            self._asked[key] = self._clock

    def wanted(self, n_tokens: int) -> list[str]:
        """The tensors to hold whole for a text of this length: all, or what fits of those asked for, the last first."""
        size = {key: n_tokens * self._layout.row_bytes(key, n_tokens) for key in self._asked}
        if sum(size.values()) <= self._budget:
            return list(size)
        size = {key: size[key] for key, moment in self._asked.items() if moment}
        left, wanted = self._budget, []
        for key in sorted(size, key=lambda key: (-self._asked[key], size[key])):
            if size[key] <= left:
                left -= size[key]
                wanted.append(key)
        return wanted

    def find(self, token_ids: Sequence[int], interventions: Interventions) -> tuple[Activations | None, int]:
        """The line that shares most leading tokens, and how many."""
        best, most = None, 0
        for line in self._lines:
            shared = line.shared(token_ids, interventions)
            # Of equals the later: it is more likely to hold rows.
            if shared and shared >= most:
                best, most = line, shared
        return best, most

    def line(self, token_ids: Sequence[int], interventions: Interventions) -> Activations:
        """The line that new rows of ``token_ids`` belong to: it holds nothing that disagrees with them."""
        found, shared = self.find(token_ids, interventions)
        if found is None:
            found = Activations(self._layout, [], interventions)
        elif shared < min(len(found.token_ids), len(token_ids)) or found.interventions != interventions:
            found = found.branch(shared, interventions)
        self.use(found)
        return found

    def use(self, line: Activations) -> None:
        """Make a line the one used last."""
        if line in self._lines:
            self._lines.remove(line)
        self._lines.append(line)

    def trim(self) -> None:
        """Keep to the budget."""
        del self._lines[:-_MOST_LINES]
        current = self._lines[-1]
        # The newest rows are held in any case.
        whole = sorted((key for key, rows in current.rows.items() if rows.first == 0), key=self._order)
        total = sum(line.nbytes for line in self._lines[:-1]) + sum(current.rows[key].nbytes for key in whole)
        for line in self._lines[:-1]:
            if total <= self._budget:
                return
            total -= line.nbytes
            line.rows.clear()
        for key in whole:
            if total <= self._budget:
                return
            total -= current.rows[key].nbytes
            current.forget(key)

    def _order(self, key: str) -> tuple[int, int]:
        """Least lately asked for first, of equals the largest."""
        return self._asked[key], -self._layout.row_bytes(key, self._layout.config.n_ctx)
