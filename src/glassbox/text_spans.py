"""Where tokens lie in the text that their bytes decode to."""

from collections.abc import Iterator, Sequence

import numpy as np


def text_spans(pieces: Sequence[bytes], utf16: bool) -> list[tuple[int, int]]:
    """(start, end) of each piece of bytes in the decoded text, in code points, or in UTF-16 units as JavaScript counts.

    A piece that holds part of a character's bytes spans the whole character. A broken sequence is one U+FFFD, as in
    ``bytes.decode(errors="replace")``.
    """
    data = b"".join(pieces)
    raw = np.frombuffer(data, np.uint8)
    # [n_bytes]: units of a character at its first byte, 0 at those that continue it.
    units = np.where((raw & 0xC0) == 0x80, 0, 1)
    if utf16:
        units += raw >= 0xF0
    for start, end in _broken(data):
        units[start:end] = 0
        units[start] = 1
    character_ends = np.cumsum(units)
    first_bytes = np.maximum.accumulate(np.where(units > 0, np.arange(len(units)), 0))
    character_starts = character_ends[first_bytes] - units[first_bytes]
    bounds = np.cumsum([0, *map(len, pieces)])
    n_units = units.sum()
    starts = np.append(character_starts, n_units)[bounds[:-1]]
    ends = np.append(0, character_ends)[bounds[1:]]
    return list(zip(starts.tolist(), ends.tolist(), strict=True))


def _broken(data: bytes) -> Iterator[tuple[int, int]]:
    """(start, end) of every sequence of bytes that is no character."""
    place = 0
    while True:
        try:
            data[place:].decode("utf-8")
            return
        except UnicodeDecodeError as error:
            yield place + error.start, place + error.end
            place += error.end
