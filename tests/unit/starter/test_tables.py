"""Tables go between the marks of a file and nowhere else."""

from pathlib import Path

import pytest

from model_export.starter.tables import BEGIN, END, write_between_marks


def test_replaces_what_stands_between_the_marks(tmp_path: Path) -> None:
    path = tmp_path / "note.md"
    path.write_text(f"before\n{BEGIN}\nold\n{END}\nafter\n")
    write_between_marks(path, "new")
    assert path.read_text() == f"before\n{BEGIN}\nnew\n{END}\nafter\n"


def test_says_which_marks_are_missing(tmp_path: Path) -> None:
    path = tmp_path / "note.md"
    path.write_text("nothing here")
    with pytest.raises(ValueError, match="measured: begin"):
        write_between_marks(path, "new")
