"""GPT-2's split of a text into words (Radford et al. 2019). Merges never cross from one word into the next."""

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
_LETTER = rf"[\p{{L}}--[{_YOUNGER}]]"
_NUMBER = rf"[\p{{N}}--[{_YOUNGER}]]"

# An English ending; letters, numbers or signs, each with one space before them at most; white space. Where a word
# follows, white space leaves it the last space. V1 because only there regex subtracts sets.
_WORDS = regex.compile(
    rf"'(?:s|t|re|ve|m|ll|d)| ?{_LETTER}+| ?{_NUMBER}+| ?[^\s{_LETTER}{_NUMBER}]+|\s+(?!\S)|\s+", regex.V1
)


def words_of(text: str) -> list[str]:
    """The words of a text, in order; joined they are the text."""
    words: list[str] = _WORDS.findall(text)
    return words
