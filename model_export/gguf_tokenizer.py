"""The tokenizer in a GGUF file, as a ``tokenizer.json``."""

import json
from collections.abc import Mapping
from typing import Any

from model_export.errors import ExportError

# What GGUF calls the kinds of a token.
_CONTROL, _USER_DEFINED = 3, 4

_ENGLISH_ENDINGS = "(?i:'s|'t|'re|'ve|'m|'ll|'d)"
_LLAMA3_WORDS = (
    _ENGLISH_ENDINGS + r"|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
)
_QWEN2_WORDS = _LLAMA3_WORDS.replace(r"\p{N}{1,3}", r"\p{N}")


def _byte_level(use_regex: bool) -> dict[str, Any]:
    return {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True, "use_regex": use_regex}


def _sequence(*steps: dict[str, Any]) -> dict[str, Any]:
    return {"type": "Sequence", "pretokenizers": list(steps)}


def _words(pattern: str) -> dict[str, Any]:
    split = {"type": "Split", "pattern": {"Regex": pattern}, "behavior": "Isolated", "invert": False}
    return _sequence(split, _byte_level(use_regex=False))


# How a text is cut into words, by the name that GGUF has for it.
PRE_TOKENIZERS = {
    "gpt-2": _byte_level(use_regex=True),
    "smollm": _sequence({"type": "Digits", "individual_digits": True}, _byte_level(use_regex=True)),
    "llama-bpe": _words(_LLAMA3_WORDS),
    "qwen2": _words(_QWEN2_WORDS),
}


def tokenizer_json(fields: Mapping[str, Any]) -> str:
    """Content of a ``tokenizer.json``. Raises ExportError for a tokenizer that is not known."""
    model, cut = fields.get("tokenizer.ggml.model"), fields.get("tokenizer.ggml.pre", "gpt-2")
    if model != "gpt2":
        raise ExportError(
            f"The GGUF file's tokenizer is of the kind {model!r}, not of byte pairs. Choose another model."
        )
    if cut not in PRE_TOKENIZERS:
        raise ExportError(
            f"The GGUF file cuts texts into words in the way {cut!r}, which is not known here. "
            f"Known are {', '.join(PRE_TOKENIZERS)}: choose another model, or its Hugging Face folder."
        )
    tokens, merges = fields["tokenizer.ggml.tokens"], fields["tokenizer.ggml.merges"]
    kinds = fields.get("tokenizer.ggml.token_type") or [1] * len(tokens)
    if len(kinds) != len(tokens) or not all(isinstance(text, str) for text in [*tokens, *merges]):
        raise ExportError("The GGUF file's vocabulary is not whole. Get another copy.")
    added = [
        _added_token(token_id, text, kind == _CONTROL)
        for token_id, (text, kind) in enumerate(zip(tokens, kinds, strict=True))
        if kind in (_CONTROL, _USER_DEFINED)
    ]
    byte_pairs = {
        "type": "BPE",
        "dropout": None,
        "unk_token": None,
        "continuing_subword_prefix": None,
        "end_of_word_suffix": None,
        "fuse_unk": False,
        "byte_fallback": False,
        # A word that is a token is one, whichever merges lead there: so Llama 3 was trained.
        "ignore_merges": cut == "llama-bpe",
        "vocab": {text: token_id for token_id, text in enumerate(tokens)},
        "merges": merges,
    }
    content = {
        "version": "1.0",
        "truncation": None,
        "padding": None,
        "added_tokens": added,
        "normalizer": None,
        "pre_tokenizer": PRE_TOKENIZERS[cut],
        "post_processor": None,
        "decoder": _byte_level(use_regex=True),
        "model": byte_pairs,
    }
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"))


def _added_token(token_id: int, text: str, is_special: bool) -> dict[str, Any]:
    plain = {"single_word": False, "lstrip": False, "rstrip": False, "normalized": False}
    return {"id": token_id, "content": text, "special": is_special, **plain}
