"""The tokenizer that belongs to a checkpoint, as one ``tokenizer.json``."""

import json
from pathlib import Path
from typing import Any

from tokenizers import ByteLevelBPETokenizer, Tokenizer

from model_export.errors import ExportError

_END_OF_TEXT = "<|endoftext|>"


def read_tokenizer(folder: Path, vocab_size: int) -> str:
    """Content of a ``tokenizer.json``: the checkpoint's own, or made from ``vocab.json`` and ``merges.txt``.

    Raises ExportError where there is none, or it is not one of byte pairs, or has more tokens than the model.
    """
    own = folder / "tokenizer.json"
    content = own.read_text(encoding="utf-8", errors="replace") if own.is_file() else _joined(folder)
    name = own.name if own.is_file() else "vocab.json with merges.txt"
    try:
        parsed: dict[str, Any] = json.loads(content)
        vocabulary = Tokenizer.from_str(content).get_vocab(with_added_tokens=True)
    # The library raises nothing more precise.
    except Exception as error:
        raise ExportError(f"{name} in {folder} cannot be read ({error}). Download it again.") from error
    if parsed["model"].get("type", "BPE") != "BPE" or '"ByteLevel"' not in json.dumps(parsed.get("pre_tokenizer")):
        raise ExportError(f"{name} in {folder} is not a tokenizer of byte pairs, as GPT-2's is. Get the model's own.")
    # Fewer tokens than the model has are well: embeddings are often padded to a round number.
    if max(vocabulary.values(), default=0) >= vocab_size:
        raise ExportError(
            f"{name} in {folder} has {max(vocabulary.values()) + 1} tokens, but config.json says vocab_size "
            f"{vocab_size}. Get tokenizer and weights of the same model."
        )
    # Indented for people, it would be half as large again.
    return json.dumps(parsed, ensure_ascii=False, separators=(",", ":"))


def _joined(folder: Path) -> str:
    """A ``tokenizer.json`` from the two older files."""
    vocabulary, merges = folder / "vocab.json", folder / "merges.txt"
    if not (vocabulary.is_file() and merges.is_file()):
        raise ExportError(
            f"{folder} has neither tokenizer.json nor vocab.json with merges.txt. Download the model's tokenizer."
        )
    try:
        tokenizer = ByteLevelBPETokenizer.from_file(str(vocabulary), str(merges))
    # The library raises nothing more precise.
    except Exception as error:
        raise ExportError(
            f"vocab.json and merges.txt in {folder} cannot be read ({error}). Download them again."
        ) from error
    if tokenizer.token_to_id(_END_OF_TEXT) is not None:
        tokenizer.add_special_tokens([_END_OF_TEXT])
    content: str = tokenizer.to_str()
    return content
