"""Texts a model has read, as values: a run's id names one content for good."""

from collections import OrderedDict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from glassbox.errors import GlassboxError
from glassbox.interventions import NONE, Interventions

# A run is little more than its token ids; one that has not been asked for this long is forgotten.
_KNOWN_RUNS = 2048


@dataclass(frozen=True, eq=False)
class Run:
    """A text the model has read. Nothing in it ever changes; what was computed for it is kept elsewhere or made again.

    token_ids: [n_tokens]. interventions: what is changed in it by hand; those at places beyond the text wait for it to
    grow. parent: the run it goes on from, or goes back in; None for a text that was given whole.
    """

    run_id: int
    token_ids: tuple[int, ...]
    interventions: Interventions = NONE
    parent: "Run | None" = None

    @property
    def n_tokens(self) -> int:
        """Tokens read."""
        return len(self.token_ids)

    def token_at(self, position: int) -> int:
        """The token id at a position. Raises ``bad_option`` for one that does not exist."""
        if not 0 <= position < self.n_tokens:
            raise GlassboxError("bad_option", f"Positions are 0 to {self.n_tokens - 1}; asked for {position}.")
        return self.token_ids[position]


class History:
    """The runs of one model, by id and by content: the same content is the same run."""

    def __init__(self, run_ids: Iterator[int]) -> None:
        """run_ids: where new ids come from; shared among models, so that an id names one model's run only."""
        self._run_ids = run_ids
        self._by_id: OrderedDict[int, Run] = OrderedDict()
        self._by_content: dict[tuple[tuple[int, ...], Interventions], Run] = {}

    def run(self, token_ids: Sequence[int], interventions: Interventions = NONE, parent: Run | None = None) -> Run:
        """The run of this content, known or new. ``parent`` counts for a new one only."""
        key = (tuple(token_ids), interventions)
        known = self._by_content.get(key)
        if known is not None:
            self._by_id.move_to_end(known.run_id)
            return known
        made = Run(next(self._run_ids), *key, parent)
        self._by_id[made.run_id] = self._by_content[key] = made
        if len(self._by_id) > _KNOWN_RUNS:
            _, oldest = self._by_id.popitem(last=False)
            del self._by_content[oldest.token_ids, oldest.interventions]
        return made

    def find(self, run_id: int) -> Run:
        """The run of an id. Raises ``unknown_run``."""
        if run_id not in self._by_id:
            raise GlassboxError("unknown_run", f"The model in use has no run {run_id}. Run the text again.")
        self._by_id.move_to_end(run_id)
        return self._by_id[run_id]
