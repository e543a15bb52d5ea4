"""Only GPT-2's own files become tokenizer.json."""

from pathlib import Path

import pytest

from model_export.starter.tokenizer import make_tokenizer_json


def test_refuses_other_files(tmp_path: Path) -> None:
    vocabulary, merges = tmp_path / "encoder.json", tmp_path / "vocab.bpe"
    vocabulary.write_text("{}")
    merges.write_text("")
    with pytest.raises(SystemExit, match=r"encoder\.json is not GPT-2's"):
        make_tokenizer_json(vocabulary, merges)
