"""Text to tokens and back: byte-level BPE (Radford et al. 2019), read from a ``tokenizer.json``."""

import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, pairwise

import numpy as np
import numpy.typing as npt
import regex

from glassbox.bpe import merges_of
from glassbox.byte_level import CHARACTER_OF_BYTE, is_whole, spell, unspell, visible
from glassbox.errors import GlassboxError
from glassbox.text_spans import text_spans
from glassbox.tokenizer_file import TokenizerFile, read_tokenizer_file
from glassbox.word_split import words_of

IntArray = npt.NDArray[np.int64]

# Words kept with their tokens, since texts repeat few words many times. When full the store starts again.
_KEPT_WORDS = 20_000
_LONGEST_KEPT_WORD = 200


@dataclass(frozen=True)
class MergeStep:
    """One merge: ``left`` and ``right``, neighbours, became ``merged``; all are token ids.

    rank: line of the merge list; smaller ranks merge first. place: index of ``merged`` in ``pieces``, which is what
    the word consists of afterwards.
    """

    left: int
    right: int
    merged: int
    rank: int
    place: int
    pieces: tuple[int, ...]


@dataclass(frozen=True)
class Encoding:
    """Tokens of a text, ``token_ids`` [n_tokens], and where each lies: ``offsets`` [(start, end)] in code points.

    The text is the one that the tokens decode to: without bytes that the vocabulary lacks, composed where the model's
    tokeniser composes. A token that holds part of a character's bytes spans the whole character.
    """

    token_ids: IntArray
    offsets: list[tuple[int, int]]


class Tokenizer:
    """A model's vocabulary and merges. Tokens equal those of the tokenizers library without its post-processor."""

    def __init__(self, content: TokenizerFile) -> None:
        self._vocabulary = content.vocabulary
        self._ranks = content.ranks
        self._cuts = content.cuts
        self._is_word_first, self._is_composed = content.is_word_first, content.is_composed
        # The library passes over bytes that are no token.
        self._lacking = {ord(one): None for one in CHARACTER_OF_BYTE.values() if one not in content.vocabulary}
        self._added = [(_any_of(group), group) for group in content.added]
        self._added_texts = {token_id: text for group in content.added for text, token_id in group.items()}
        self._spellings = dict(zip(self._vocabulary.values(), self._vocabulary.keys(), strict=True))
        self._bytes: dict[int, bytes] = {}
        self._words: dict[str, list[int]] = {}

    @classmethod
    def from_json(cls, text: str) -> "Tokenizer":
        """Read the content of a ``tokenizer.json``. Raises GlassboxError ``model_missing`` for any other tokeniser."""
        return cls(read_tokenizer_file(text))

    @property
    def vocab_size(self) -> int:
        """One more than the largest token id."""
        return max(chain(self._spellings, self._added_texts)) + 1

    def encode(self, text: str) -> Encoding:
        """Tokens of a text. Raises ``text_not_unicode`` where the text holds half of a surrogate pair."""
        _check_unicode(text)
        token_ids = list(self._token_ids(text))
        return Encoding(np.array(token_ids, np.int64), text_spans(self._all_bytes(token_ids), utf16=False))

    def decode(self, token_ids: Iterable[int]) -> str:
        """Text of tokens; bytes that are no whole character become U+FFFD."""
        return b"".join(self._all_bytes(token_ids)).decode("utf-8", errors="replace")

    def utf16_spans(self, token_ids: Iterable[int]) -> list[tuple[int, int]]:
        """(start, end) of each token in the decoded text, in UTF-16 units, as JavaScript counts."""
        return text_spans(self._all_bytes(token_ids), utf16=True)

    def token_bytes(self, token_id: int) -> bytes:
        """The bytes a token stands for; none for an id that only pads the model's vocabulary."""
        known = self._bytes.get(token_id)
        if known is None:
            added = self._added_texts.get(token_id)
            known = unspell(self._spellings.get(token_id, "")) if added is None else added.encode("utf-8")
            self._bytes[token_id] = known
        return known

    def label(self, token_id: int) -> str:
        """A token as a reader should see it: white space and control characters as signs, broken bytes as numbers."""
        return visible(self.token_bytes(token_id)) or f"⟨{token_id}⟩"

    def labels(self) -> list[str]:
        """The label of every token, by id."""
        return [self.label(token_id) for token_id in range(self.vocab_size)]

    def is_mark(self, token_id: int) -> bool:
        """Whether a token stands outside the merges: a mark such as the end of a text."""
        return token_id in self._added_texts

    def is_fragment(self, token_id: int) -> bool:
        """Whether a token's bytes are not whole characters."""
        return not is_whole(self.token_bytes(token_id))

    def merge_steps(self, token_id: int) -> list[MergeStep]:
        """The merges that lead from single bytes to a token, in order; none where no merges make it.

        What stands around a token does not matter: merges across its bounds were not made, or it would not be there.
        """
        if token_id in self._added_texts:
            return []
        word = self._spellings.get(token_id, "")
        cuts = list(range(len(word) + 1))
        steps: list[MergeStep] = []
        for rank, start, middle, end in merges_of(word, self._ranks):
            cuts.remove(middle)
            left, right, merged = self._pieces(word, [start, middle, end]) + self._pieces(word, [start, end])
            steps.append(MergeStep(left, right, merged, rank, cuts.index(start), tuple(self._pieces(word, cuts))))
        return steps if len(cuts) == 2 else []

    def _token_ids(self, text: str) -> Iterator[int]:
        as_it_is, composed = self._added
        for part, token_id in _found(text, *as_it_is):
            if token_id is not None:
                yield token_id
                continue
            normal = unicodedata.normalize("NFC", part) if self._is_composed else part
            for piece, added_id in _found(normal, *composed):
                if added_id is not None:
                    yield added_id
                else:
                    for word in words_of(piece, self._cuts):
                        yield from self._word(word)

    def _pieces(self, spelling: str, cuts: Sequence[int]) -> list[int]:
        """Token ids of the pieces between the cuts."""
        return [self._vocabulary[spelling[start:end]] for start, end in pairwise(cuts)]

    def _word(self, word: str) -> list[int]:
        known = self._words.get(word)
        if known is None:
            known = self._merged(spell(word.encode("utf-8")))
            if len(word) <= _LONGEST_KEPT_WORD:
                if len(self._words) >= _KEPT_WORDS:
                    self._words.clear()
                self._words[word] = known
        return known

    def _merged(self, spelling: str) -> list[int]:
        if self._is_word_first and spelling in self._vocabulary:
            return [self._vocabulary[spelling]]
        spelling = spelling.translate(self._lacking)
        joints = {merge.middle for merge in merges_of(spelling, self._ranks)}
        return self._pieces(spelling, [cut for cut in range(len(spelling) + 1) if cut not in joints])

    def _all_bytes(self, token_ids: Iterable[int]) -> list[bytes]:
        return [self.token_bytes(int(token_id)) for token_id in token_ids]


def _any_of(texts: Iterable[str]) -> regex.Pattern[str] | None:
    """A pattern, one group, for any of these texts; where several start at one place, the longest."""
    longest_first = sorted(filter(None, texts), key=len, reverse=True)
    return regex.compile("(" + "|".join(map(regex.escape, longest_first)) + ")") if longest_first else None


def _found(text: str, pattern: regex.Pattern[str] | None, ids: Mapping[str, int]) -> Iterator[tuple[str, int | None]]:
    """The parts of a text, each with its id where it is one of the added texts."""
    for index, part in enumerate(pattern.split(text) if pattern else [text]):
        yield part, ids[part] if index % 2 else None


def _check_unicode(text: str) -> None:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise GlassboxError(
            "text_not_unicode",
            f"Character {error.start + 1} of the text is half of a surrogate pair. Delete it and type it again.",
            {"position": error.start},
        ) from error
