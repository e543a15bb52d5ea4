"""The alphabet of byte-level BPE (Radford et al. 2019): a printable character for each byte. And bytes made visible."""

import unicodedata
from collections.abc import Mapping


def _alphabet() -> dict[int, str]:
    """Byte -> character. Printable Latin-1 bytes stand for themselves; the others get characters from U+0100 on."""
    printable = {*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)}
    spare = iter(range(0x100, 0x200))
    return {byte: chr(byte) if byte in printable else chr(next(spare)) for byte in range(0x100)}


CHARACTER_OF_BYTE: Mapping[int, str] = _alphabet()
# Latin-1 lacks U+FFFD: what is outside the alphabet cannot pass for a byte.
_BYTE_OF_CHARACTER: Mapping[int, int] = dict.fromkeys(range(0x100), 0xFFFD) | {
    ord(character): byte for byte, character in CHARACTER_OF_BYTE.items()
}


def spell(data: bytes) -> str:
    """Bytes in the alphabet: ``b" the"`` becomes ``Ġthe``."""
    return data.decode("latin-1").translate(CHARACTER_OF_BYTE)


def unspell(spelling: str) -> bytes:
    """The bytes behind a spelling. One with characters outside the alphabet stands for its own UTF-8."""
    try:
        return spelling.translate(_BYTE_OF_CHARACTER).encode("latin-1")
    except UnicodeEncodeError:
        return spelling.encode("utf-8")


def is_whole(data: bytes) -> bool:
    """Whether bytes are whole characters."""
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


# An open box for the space: a middle dot would look like the middle dots that texts contain.
_SIGNS = {" ": "␣", "\n": "⏎", "\t": "⇥", "\x7f": "␡"}


def visible(data: bytes) -> str:
    """Bytes as a reader should see them; for the eye only, it cannot be read back.

    Space ␣, line feed ⏎, tab ⇥, other control characters as their pictures (␀ …), characters without a shape as
    ⟨U+200B⟩, bytes that are no whole character as ⟨E4⟩⟨BD⟩. A combining mark in front sits on a dotted circle.
    """
    # Bytes that are no character come out as U+DC80 to U+DCFF, which no text can hold.
    text = data.decode("utf-8", errors="surrogateescape")
    if text.isascii() and text.isprintable():
        return text.replace(" ", "␣")
    on_circle = "◌" if unicodedata.category(text[0]).startswith("M") else ""
    return on_circle + "".join(map(_sign, text))


def _sign(character: str) -> str:
    code = ord(character)
    if character in _SIGNS:
        return _SIGNS[character]
    if character.isprintable():
        return character
    if code < 0x20:
        return chr(0x2400 + code)
    if 0xDC80 <= code <= 0xDCFF:
        return f"⟨{code - 0xDC00:02X}⟩"
    return f"⟨U+{code:04X}⟩"
