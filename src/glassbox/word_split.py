"""How a text is cut into words, step by step. Merges never cross from one word into the next."""

import re
from collections.abc import Iterator, Sequence

import regex

# Letters and numbers younger than Unicode 16, up to what regex 2026.11 knows. The tokenizers library, with which
# everybody trains, goes by Unicode 16 and so takes them for signs; another version of regex must not change a
# text's tokens.
_YOUNGER = (
    "\u0558\u058b-\u058c\u088f\u0c5c\u0cdc\u208f\u209d-\u209f\ua7ce-\ua7cf\ua7d2\ua7d4\ua7dd\ua7e2\ua7f1"
    "\uab6c-\uab6d\U000107bb-\U000107bf\U00010940-\U00010959\U00010ec5-\U00010ec7\U00010ed9-\U00010eee"
    "\U00011b0a\U00011db0-\U00011ddb\U00011de0-\U00011de9\U00011df1\U0001246f\U00012475-\U0001247f"
    "\U00012550-\U00012686\U00016ea0-\U00016eb8\U00016ebb-\U00016ed3\U00016ff2-\U00016ff6"
    "\U000187f8-\U000187ff\U00018cd6-\U00018cda\U00018d09-\U00018d20\U00018d80-\U00018df2"
    "\U00018e00-\U00019191\U000191a0-\U000191d2\U0001b123-\U0001b128\U0001b168\U0001d6a6"
    "\U0001df1f-\U0001df24\U0001df2b-\U0001df81\U0001df90-\U0001df96\U0001dfcd-\U0001dfff"
    "\U0001e6c0-\U0001e6de\U0001e6e0-\U0001e6e2\U0001e6e4-\U0001e6e5\U0001e6e7-\U0001e6ed"
    "\U0001e6f0-\U0001e6f4\U0001e6fe-\U0001e6ff\U0002b73a-\U0002b73f\U0002b81e\U0002cea2-\U0002cead"
    "\U000323b0-\U00033479\U0003d000-\U0003fc3f"
)
_CLASSES = {r"\p{L}": rf"[\p{{L}}--[{_YOUNGER}]]", r"\p{N}": rf"[\p{{N}}--[{_YOUNGER}]]"}
# What a pattern may hold behind a backslash: of the rest it is not known whether both libraries mean the same by it.
_ESCAPE = re.compile(r"\\(?:p\{[LN]\}|[sSrnt]|[^a-zA-Z0-9])|(\\(?:[pP]\{[^}]*\}|.))", re.DOTALL)


def word_pattern(pattern: str) -> regex.Pattern[str]:
    """A pattern of a ``tokenizer.json``, to be read as the tokenizers library does. Raises ValueError for others."""
    if strange := [match[1] for match in _ESCAPE.finditer(pattern) if match[1]]:
        raise ValueError(f"its pattern has {strange[0]}")
    for name, characters in _CLASSES.items():
        pattern = pattern.replace(name, characters)
    try:
        # V1 because only there regex subtracts sets. Lines because Oniguruma's ^ and $ always stand for theirs.
        return regex.compile(pattern, regex.V1 | regex.MULTILINE)
    except regex.error as error:
        raise ValueError(f"its pattern cannot be read: {error}") from error


# Of GPT-2 (Radford et al. 2019): an English ending; letters, numbers or signs, each with one space before them at
# most; white space. Where a word follows, white space leaves it the last space.
GPT2_WORDS = word_pattern(
    r"'(?:s|t|re|ve|m|ll|d)| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+",
)
# Numbers by themselves, digit by digit or as they stand. For these alone the library goes by Unicode 17.
_NUMBERS = "[\\p{N}\U00011de0-\U00011de9\U00016ff4-\U00016ff6]"
SINGLE_DIGITS, WHOLE_NUMBERS = word_pattern(_NUMBERS), word_pattern(f"{_NUMBERS}+")


def words_of(text: str, steps: Sequence[regex.Pattern[str]] = (GPT2_WORDS,)) -> list[str]:
    """The words of a text, in order; joined they are the text.

    steps: each cuts every piece that the one before left, into what its pattern finds and what lies between.

    >>> words_of("It's 2026!")
    ['It', "'s", ' 2026', '!']
    >>> words_of("It's 2026!", [SINGLE_DIGITS, GPT2_WORDS])
    ['It', "'s", ' ', '2', '0', '2', '6', '!']
    """
    pieces = [text]
    for pattern in steps:
        pieces = [part for piece in pieces for part in _cut(piece, pattern)]
    return pieces


def _cut(text: str, pattern: regex.Pattern[str]) -> Iterator[str]:
    end = 0
    for match in pattern.finditer(text):
        start, stop = match.span()
        if start > end:
            yield text[end:start]
        if stop > start:
            yield text[start:stop]
        end = stop
    if end < len(text):
        yield text[end:]
