"""Byte-level BPE as GPT-2 uses it (Sennrich et al. 2016, Radford et al. 2019), read from a ``tokenizer.json``."""

import heapq
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt
import regex

from glassbox.byte_level import BYTE_OF_CHARACTER, CHARACTER_OF_BYTE, characters_of, visible
from glassbox.errors import GlassboxError

IntArray = npt.NDArray[np.int64]

# GPT-2's split into words. White_Space is spelt out: Python's \s also takes the separators U+001C to U+001F.
_WORDS = regex.compile(
    r"'(?:s|t|re|ve|m|ll|d)| ?\p{L}+| ?\p{N}+| ?[^\p{White_Space}\p{L}\p{N}]+"
    r"|\p{White_Space}+(?!\P{White_Space})|\p{White_Space}+"
)

# Words kept with their tokens; texts repeat few words many times.
_CACHED_WORDS = 20_000
_LONGEST_CACHED_WORD = 200


@dataclass(frozen=True)
class MergeStep:
    """One merge: ``left`` and ``right`` (neighbours wherever they stand) became ``merged``; all are token ids.

    rank: line of the merge list; smaller ranks merge first. pieces: what the word consists of afterwards.
    """

    left: int
    right: int
    merged: int
    rank: int
    pieces: tuple[int, ...]


@dataclass(frozen=True)
class Encoding:
    """Tokens of a text, and where each lies: ``offsets`` [(start, end)] in code points.

    A token that holds part of a character's bytes spans the whole character.
    """

    token_ids: IntArray
    offsets: list[tuple[int, int]]


class Tokenizer:
    """Text to token ids and back."""

    def __init__(
        self, vocabulary: Mapping[str, int], merges: Iterable[tuple[str, str]], special: Mapping[str, int]
    ) -> None:
        """vocabulary and merges in the byte alphabet; special: whole texts that are one token each."""
        self.special = dict(special)
        self._bytes: dict[int, bytes] = {
            token_id: bytes(map(BYTE_OF_CHARACTER.__getitem__, token))
            for token, token_id in vocabulary.items()
            if token not in self.special
        }
        self._bytes |= {token_id: text.encode("utf-8") for text, token_id in self.special.items()}
        self._byte_ids = [vocabulary[CHARACTER_OF_BYTE[byte]] for byte in range(0x100)]
        self._merges: dict[tuple[int, int], tuple[int, int]] = {
            (vocabulary[left], vocabulary[right]): (rank, vocabulary[left + right])
            for rank, (left, right) in enumerate(merges)
        }
        self._split_special = _alternatives(self.special)
        self._words: dict[str, tuple[int, ...]] = {}

    @classmethod
    def from_json(cls, text: str) -> "Tokenizer":
        """Read the content of a ``tokenizer.json``. Raises GlassboxError ``model_missing`` for any other tokeniser."""
        try:
            content = json.loads(text)
            _check_kind(content)
            model = content["model"]
            merges = (tuple(m) if isinstance(m, list) else tuple(m.split(" ")) for m in model["merges"])
            special = {token["content"]: token["id"] for token in content.get("added_tokens") or []}
            return cls(model["vocab"], merges, special)
        except (KeyError, TypeError, ValueError) as error:
            raise GlassboxError(
                "model_missing", f"tokenizer.json is not a byte-level BPE tokeniser as GPT-2 has it ({error!r})."
            ) from error

    @property
    def vocab_size(self) -> int:
        """Number of tokens, special ones included."""
        return len(self._bytes)

    def encode(self, text: str) -> Encoding:
        """Tokens of a text. Raises ``text_not_unicode`` where the text holds half of a surrogate pair."""
        _check_unicode(text)
        token_ids = [token_id for part in self._parts(text) for token_id in part]
        return Encoding(np.array(token_ids, np.int64), self._offsets(token_ids, code_unit=lambda character: 1))

    def decode(self, token_ids: Iterable[int]) -> str:
        """Text of tokens; bytes that are no whole character become U+FFFD."""
        return b"".join(self._bytes[int(i)] for i in token_ids).decode("utf-8", errors="replace")

    def token_bytes(self, token_id: int) -> bytes:
        """The bytes a token stands for."""
        return self._bytes[int(token_id)]

    def label(self, token_id: int) -> str:
        """A token as a reader should see it: spaces and control characters get a sign, broken bytes their value."""
        return visible(self._bytes[int(token_id)])

    def labels(self) -> list[str]:
        """The label of every token, by id."""
        return [self.label(token_id) for token_id in range(self.vocab_size)]

    def is_fragment(self, token_id: int) -> bool:
        """Whether a token's bytes are not whole characters."""
        try:
            self._bytes[int(token_id)].decode("utf-8")
        except UnicodeDecodeError:
            return True
        return False

    def utf16_spans(self, token_ids: Sequence[int]) -> list[tuple[int, int]]:
        """(start, end) of each token in the decoded text, in UTF-16 units, as JavaScript counts."""
        return self._offsets(token_ids, code_unit=lambda character: 1 + (ord(character) > 0xFFFF))

    def merge_steps(self, token_id: int) -> list[MergeStep]:
        """The merges that lead from single bytes to a token, in order; none for a special token."""
        if token_id in self.special.values():
            return []
        pieces = [self._byte_ids[byte] for byte in self._bytes[int(token_id)]]
        steps: list[MergeStep] = []
        while len(pieces) > 1:
            pairs = [pair for pair in pairwise(pieces) if pair in self._merges]
            if not pairs:
                break
            left, right = min(pairs, key=lambda pair: self._merges[pair][0])
            rank, merged = self._merges[left, right]
            pieces = list(_replace_pairs(pieces, left, right, merged))
            steps.append(MergeStep(left, right, merged, rank, tuple(pieces)))
        return steps

    def _parts(self, text: str) -> Iterator[Sequence[int]]:
        """Token ids, special token by special token and word by word."""
        pieces = self._split_special.split(text) if self._split_special else [text]
        for piece in pieces:
            if piece in self.special:
                yield (self.special[piece],)
            else:
                for word in _WORDS.findall(piece):
                    yield self._word(word)

    def _word(self, word: str) -> tuple[int, ...]:
        known = self._words.get(word)
        if known is None:
            known = tuple(self._merge([self._byte_ids[byte] for byte in word.encode("utf-8")]))
            if len(word) <= _LONGEST_CACHED_WORD:
                if len(self._words) >= _CACHED_WORDS:
                    self._words.clear()
                self._words[word] = known
        return known

    def _merge(self, pieces: list[int]) -> list[int]:
        """Merge the pair of smallest rank, leftmost first, until none is left; n log n for n bytes.

        Merged pieces leave holes (-1) behind; ``after`` and ``before`` link what is left.
        """
        end = len(pieces)
        after = list(range(1, end + 1))
        before = list(range(-1, end - 1))
        queue = [
            (self._merges[pair][0], place, pair) for place, pair in enumerate(pairwise(pieces)) if pair in self._merges
        ]
        heapq.heapify(queue)
        while queue:
            _, place, pair = heapq.heappop(queue)
            follower = after[place]
            if pieces[place] != pair[0] or follower >= end or pieces[follower] != pair[1]:
                continue  # A merge nearby has changed this place since.
            pieces[place] = self._merges[pair][1]
            pieces[follower] = -1
            after[place] = after[follower]
            if after[place] < end:
                before[after[place]] = place
            for left in (before[place], place):
                if left >= 0 and after[left] < end:
                    candidate = (pieces[left], pieces[after[left]])
                    if candidate in self._merges:
                        heapq.heappush(queue, (self._merges[candidate][0], left, candidate))
        return [piece for piece in pieces if piece >= 0]

    def _offsets(self, token_ids: Iterable[int], code_unit: Any) -> list[tuple[int, int]]:
        """Spans of tokens in the decoded text, counted in what ``code_unit`` gives for a character."""
        lengths = [len(self._bytes[int(i)]) for i in token_ids]
        text = b"".join(self._bytes[int(i)] for i in token_ids)
        # Unit at which the character of each byte starts and ends.
        starts, ends, unit = [], [], 0
        for character, raw in characters_of(text):
            starts += [unit] * len(raw)
            unit += code_unit(character)
            ends += [unit] * len(raw)
        spans, first = [], 0
        for length in lengths:
            spans.append((starts[first], ends[first + length - 1]))
            first += length
        return spans


def _replace_pairs(pieces: Sequence[int], left: int, right: int, merged: int) -> Iterator[int]:
    """The pieces with every ``left right`` joined, from the left on."""
    place = 0
    while place < len(pieces):
        if tuple(pieces[place : place + 2]) == (left, right):
            yield merged
            place += 2
        else:
            yield pieces[place]
            place += 1


def _alternatives(special: Mapping[str, int]) -> Any:
    """A pattern that finds special tokens, the longest first; None where there are none."""
    if not special:
        return None
    return regex.compile("(" + "|".join(map(regex.escape, sorted(special, key=len, reverse=True))) + ")")


def _check_kind(content: Mapping[str, Any]) -> None:
    """Raise ValueError unless the file asks for nothing but what GPT-2's tokeniser does."""
    before = content.get("pre_tokenizer") or {}
    if content["model"].get("type", "BPE") != "BPE" or before.get("type") != "ByteLevel":
        raise ValueError("model or pre_tokenizer is of another type")
    if before.get("add_prefix_space") or not before.get("use_regex", True):
        raise ValueError("add_prefix_space must be off, use_regex on")
    if content.get("normalizer") is not None:
        raise ValueError("a normalizer is set")


def _check_unicode(text: str) -> None:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise GlassboxError(
            "text_not_unicode",
            f"Character {error.start + 1} of the text is half of a surrogate pair. Delete it and type it again.",
            {"position": error.start},
        ) from error
