"""What a ``tokenizer.json`` says, where it describes byte-level BPE as the GPT-2 and Llama families use it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import regex

from glassbox.byte_level import CHARACTER_OF_BYTE
from glassbox.errors import GlassboxError
from glassbox.word_split import GPT2_WORDS, SINGLE_DIGITS, WHOLE_NUMBERS, word_pattern

# Settings that would change the tokens, each with the values that leave them alone.
_PLAIN_MODEL = {
    "type": ("BPE", None),
    "dropout": (None, 0),
    "unk_token": (None,),
    "continuing_subword_prefix": ("", None),
    "end_of_word_suffix": ("", None),
    "byte_fallback": (False, None),
}
_PLAIN_NORMALIZER = {"type": ("NFC",)}
_PLAIN_DIGITS = {"individual_digits": (True, False, None)}
_PLAIN_SPLIT = {"behavior": ("Isolated",), "invert": (False, None)}
_PLAIN_BYTE_LEVEL = {"type": ("ByteLevel",), "add_prefix_space": (False,), "use_regex": (True, False, None)}
_PLAIN_ADDED_TOKEN = {"single_word": (False, None), "lstrip": (False, None), "rstrip": (False, None)}

# Bytes that a vocabulary may lack, which are then passed over: control characters, and what begins no character.
_RARE_BYTES = {*range(0x20), 0x7F, 0xC0, 0xC1, *range(0xF1, 0x100)} - set(b"\t\n\r")


@dataclass(frozen=True)
class TokenizerFile:
    """vocabulary: token id by spelling. ranks: by pair of spellings, joined by a space, its line in the merge list.

    cuts: how a text becomes words, one step after the other. is_word_first: a word in the vocabulary is a token,
    whichever merges lead there. is_composed: texts are brought into Unicode's form NFC.
    added: token id by text, for texts that are one token wherever they stand: those looked for in the text as it is,
    and those looked for in its composed form, between the former.
    """

    vocabulary: Mapping[str, int]
    ranks: Mapping[str, int]
    cuts: tuple[regex.Pattern[str], ...]
    is_word_first: bool
    is_composed: bool
    added: tuple[Mapping[str, int], Mapping[str, int]]


def read_tokenizer_file(text: str) -> TokenizerFile:
    """Raises GlassboxError ``model_missing`` when the file is another kind of tokeniser, or not whole."""
    try:
        content = json.loads(text)
        normalizer = content.get("normalizer")
        if normalizer is not None:
            _check_plain("normalizer", normalizer, _PLAIN_NORMALIZER)
        model = content["model"]
        _check_plain("model", model, _PLAIN_MODEL)
        cuts = _cuts(content["pre_tokenizer"] or {})
        vocabulary: dict[str, int] = model["vocab"]
        merges: list[str] = model["merges"]
        if merges and not isinstance(merges[0], str):
            merges = [" ".join(pair) for pair in model["merges"]]
        _check_whole(vocabulary, merges)
        return TokenizerFile(
            vocabulary=vocabulary,
            ranks=dict(zip(merges, range(len(merges)), strict=True)),
            cuts=cuts,
            is_word_first=bool(model.get("ignore_merges")),
            is_composed=normalizer is not None,
            added=_added_tokens(content.get("added_tokens") or []),
        )
    except KeyError as error:
        raise _refusal(f"it has no {error}") from error
    except (AttributeError, TypeError, ValueError) as error:
        raise _refusal(str(error)) from error


def _cuts(settings: Mapping[str, Any]) -> tuple[regex.Pattern[str], ...]:
    """The steps of a pre-tokenizer; the last one turns words into bytes."""
    steps = settings["pretokenizers"] if settings.get("type") == "Sequence" else [settings]
    *before, last = steps or [{}]
    _check_plain("pre_tokenizer", last, _PLAIN_BYTE_LEVEL)
    cuts = [_cut(step) for step in before]
    return tuple(cuts) if last.get("use_regex") is False else (*cuts, GPT2_WORDS)


def _cut(step: Mapping[str, Any]) -> regex.Pattern[str]:
    kind = step.get("type")
    if kind == "Digits":
        _check_plain("pre_tokenizer", step, _PLAIN_DIGITS)
        return SINGLE_DIGITS if step.get("individual_digits") else WHOLE_NUMBERS
    if kind == "Split":
        _check_plain("pre_tokenizer", step, _PLAIN_SPLIT)
        pattern = step["pattern"]
        return word_pattern(pattern["Regex"] if "Regex" in pattern else regex.escape(pattern["String"]))
    raise ValueError(f"its pre_tokenizer has a step of type {kind!r}")


def _check_plain(name: str, settings: Mapping[str, Any], plain: Mapping[str, tuple[Any, ...]]) -> None:
    for key, allowed in plain.items():
        if settings.get(key) not in allowed:
            raise ValueError(f"its {name} has {key} {settings.get(key)!r}")


def _check_whole(vocabulary: Mapping[str, int], merges: list[str]) -> None:
    """Raise ValueError unless every byte that texts are made of, and what every merge makes, is a token."""
    lacking = [byte for byte, character in CHARACTER_OF_BYTE.items() if character not in vocabulary]
    if set(lacking) - _RARE_BYTES:
        raise ValueError(f"its vocabulary lacks {len(lacking)} of the 256 bytes")
    # As one string: this runs at every start, and one call for all 50,000 merges is far quicker than one for each.
    joined = "\n".join(merges)
    made = joined.replace(" ", "").split("\n") if merges else []
    if joined.count(" ") != len(merges) or len(made) != len(merges):
        raise ValueError("a line of its merge list is not a pair")
    stray = [piece for piece in made if piece not in vocabulary]
    if stray:
        raise ValueError(f"its merges make {stray[0]!r}, which is not in the vocabulary")


def _added_tokens(entries: list[Mapping[str, Any]]) -> tuple[Mapping[str, int], Mapping[str, int]]:
    """Tokens outside the merges, those that are found before normalisation first, as the tokenizers library does."""
    groups: tuple[dict[str, int], dict[str, int]] = {}, {}
    for entry in entries:
        _check_plain(f"added token {entry['content']!r}", entry, _PLAIN_ADDED_TOKEN)
        groups[bool(entry.get("normalized"))][entry["content"]] = entry["id"]
    return groups


def _refusal(reason: str) -> GlassboxError:
    return GlassboxError(
        "model_missing",
        f"The model's tokenizer.json is not byte-level BPE as GPT-2 or Llama have it: {reason}. Export another model.",
        {"reason": "tokenizer_kind", "found": reason},
    )
