"""Byte-pair encoding (Sennrich et al. 2016): which neighbours in a word merge, and in which order."""

import heapq
from collections.abc import Mapping
from typing import NamedTuple


class Merge(NamedTuple):
    """One merge inside a word: ``word[start:middle]`` and ``word[middle:end]`` became one piece.

    rank: the line of the merge list. Merges sort by rank, then from left to right: the order in which they are made.
    """

    rank: int
    start: int
    middle: int
    end: int


def merges_of(word: str, ranks: Mapping[str, int]) -> list[Merge]:
    """The merges of a word, in order: always the smallest rank, leftmost first, until no neighbours may merge.

    ranks: by pair, its halves joined by a space. A word of n characters takes n log n steps, so that even one without
    a space in 100 kB is no matter of minutes.

    >>> ranks = {"t h": 0, "th e": 1, "h e": 2}
    >>> for merge in merges_of("then", ranks):
    ...     print("then"[merge.start : merge.middle], "+", "then"[merge.middle : merge.end])
    t + h
    th + e
    """
    length = len(word)
    # By where a piece starts, its end (-1 once it is part of the piece before); by where a piece ends, its start.
    ends = list(range(1, length + 1))
    starts = list(range(-1, length))
    queue: list[Merge] = []

    def consider(start: int, middle: int, end: int) -> None:
        rank = ranks.get(f"{word[start:middle]} {word[middle:end]}")
        if rank is not None:
            heapq.heappush(queue, Merge(rank, start, middle, end))

    for middle in range(1, length):
        consider(middle - 1, middle, middle + 1)
    made: list[Merge] = []
    while queue:
        merge = heapq.heappop(queue)
        _, start, middle, end = merge
        if ends[start] != middle or ends[middle] != end:
            continue  # One of the two has merged with its other neighbour since.
        ends[start], ends[middle], starts[end] = end, -1, start
        made.append(merge)
        if start > 0:
            consider(starts[start], start, end)
        if end < length:
            consider(start, end, ends[end])
    return made
