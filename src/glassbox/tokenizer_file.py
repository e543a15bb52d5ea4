"""What a ``tokenizer.json`` says, where it describes byte-level BPE as GPT-2 uses it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from glassbox.byte_level import CHARACTER_OF_BYTE
from glassbox.errors import GlassboxError

# Settings that would change the tokens, each with the values that leave them alone.
_PLAIN_MODEL = {
    "type": ("BPE", None),
    "dropout": (None, 0),
    "unk_token": (None,),
    "continuing_subword_prefix": ("", None),
    "end_of_word_suffix": ("", None),
    "byte_fallback": (False, None),
    "ignore_merges": (False, None),
}
_PLAIN_SPLIT = {"type": ("ByteLevel",), "add_prefix_space": (False,), "use_regex": (True, None)}
_PLAIN_ADDED_TOKEN = {"single_word": (False, None), "lstrip": (False, None), "rstrip": (False, None)}


@dataclass(frozen=True)
class TokenizerFile:
    """vocabulary: token id by spelling. ranks: by pair of spellings, joined by a space, its line in the merge list.

    added: token id by text, for texts that are one token wherever they stand, in groups: the first is looked for first.
    """

    vocabulary: Mapping[str, int]
    ranks: Mapping[str, int]
    added: tuple[Mapping[str, int], ...]


def read_tokenizer_file(text: str) -> TokenizerFile:
    """Raises GlassboxError ``model_missing`` when the file is another kind of tokeniser, or not whole."""
    try:
        content = json.loads(text)
        if content.get("normalizer") is not None:
            raise ValueError("it has a normalizer")
        model = content["model"]
        _check_plain("model", model, _PLAIN_MODEL)
        _check_plain("pre_tokenizer", content["pre_tokenizer"] or {}, _PLAIN_SPLIT)
        vocabulary: dict[str, int] = model["vocab"]
        merges: list[str] = model["merges"]
        if merges and not isinstance(merges[0], str):
            merges = [" ".join(pair) for pair in model["merges"]]
        _check_whole(vocabulary, merges)
        ranks = dict(zip(merges, range(len(merges)), strict=True))
        return TokenizerFile(vocabulary, ranks, _added_tokens(content.get("added_tokens") or []))
    except KeyError as error:
        raise _refusal(f"it has no {error}") from error
    except (AttributeError, TypeError, ValueError) as error:
        raise _refusal(str(error)) from error


def _check_plain(name: str, settings: Mapping[str, Any], plain: Mapping[str, tuple[Any, ...]]) -> None:
    for key, allowed in plain.items():
        if settings.get(key) not in allowed:
            raise ValueError(f"its {name} has {key} {settings.get(key)!r}")


def _check_whole(vocabulary: Mapping[str, int], merges: list[str]) -> None:
    """Raise ValueError unless every byte, and what every merge makes, is a token."""
    lacking = [character for character in CHARACTER_OF_BYTE.values() if character not in vocabulary]
    if lacking:
        raise ValueError(f"its vocabulary lacks {len(lacking)} of the 256 bytes")
    # As one string: this runs at every start, and one call for all 50,000 merges is far quicker than one for each.
    joined = "\n".join(merges)
    made = joined.replace(" ", "").split("\n") if merges else []
    if joined.count(" ") != len(merges) or len(made) != len(merges):
        raise ValueError("a line of its merge list is not a pair")
    stray = [piece for piece in made if piece not in vocabulary]
    if stray:
        raise ValueError(f"its merges make {stray[0]!r}, which is not in the vocabulary")


def _added_tokens(entries: list[Mapping[str, Any]]) -> tuple[Mapping[str, int], ...]:
    """Tokens outside the merges, those that are found before normalisation first, as the tokenizers library does."""
    groups: tuple[dict[str, int], dict[str, int]] = {}, {}
    for entry in entries:
        _check_plain(f"added token {entry['content']!r}", entry, _PLAIN_ADDED_TOKEN)
        groups[bool(entry.get("normalized"))][entry["content"]] = entry["id"]
    return tuple(group for group in groups if group)


def _refusal(reason: str) -> GlassboxError:
    return GlassboxError(
        "model_missing",
        f"The model's tokenizer.json is not byte-level BPE as GPT-2 has it: {reason}. Export a GPT-2-family model.",
        {"reason": "tokenizer_kind", "found": reason},
    )
