"""The alphabet of byte-level BPE (Radford et al. 2019): a printable character for every byte."""

from collections.abc import Mapping


def _alphabet() -> dict[int, str]:
    """Byte -> character. Printable Latin-1 bytes stand for themselves; the others get characters from U+0100 on."""
    printable = {*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)}
    others = [byte for byte in range(0x100) if byte not in printable]
    return {byte: chr(byte) for byte in printable} | {byte: chr(0x100 + i) for i, byte in enumerate(others)}


CHARACTER_OF_BYTE: Mapping[int, str] = _alphabet()
BYTE_OF_CHARACTER: Mapping[str, int] = {character: byte for byte, character in CHARACTER_OF_BYTE.items()}

_VISIBLE = {" ": "␣", "\n": "⏎", "\t": "⇥", "\x7f": "␡"}


def characters_of(data: bytes) -> list[tuple[str, bytes]]:
    """Cut bytes into characters with the bytes behind each; a broken sequence becomes one U+FFFD, as in ``decode``."""
    characters: list[tuple[str, bytes]] = []
    start = 0
    while start < len(data):
        # A character takes at most four bytes.
        window = data[start : start + 4]
        try:
            character = window.decode("utf-8")[0]
            size = len(character.encode("utf-8"))
        except UnicodeDecodeError as error:
            if error.start > 0:
                character = window[: error.start].decode("utf-8")[0]
                size = len(character.encode("utf-8"))
            else:
                character, size = "\ufffd", error.end
        characters.append((character, data[start : start + size]))
        start += size
    return characters


def visible(data: bytes) -> str:
    """Bytes as a reader should see them: spaces and control characters get a sign, broken bytes their value."""
    shown = []
    for character, raw in characters_of(data):
        if character == "\ufffd" and raw != b"\xef\xbf\xbd":
            shown.append("".join(f"⟨{byte:02X}⟩" for byte in raw))
        elif character in _VISIBLE:
            shown.append(_VISIBLE[character])
        elif ord(character) < 0x20:
            shown.append(chr(0x2400 + ord(character)))
        elif not character.isprintable():
            shown.append(f"⟨U+{ord(character):04X}⟩")
        else:
            shown.append(character)
    return "".join(shown)
