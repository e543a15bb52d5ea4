"""Nothing is made twice from the same files, and always anew from others."""

from pathlib import Path

import pytest

from build_scripts.stamps import digest_of, files_below, when_changed


@pytest.fixture
def inputs(tmp_path: Path) -> list[Path]:
    files = [tmp_path / "a.txt", tmp_path / "b.txt"]
    for file in files:
        file.write_text(file.name)
    return files


def test_made_once_and_again_when_content_changes(tmp_path: Path, inputs: list[Path]) -> None:
    stamp, calls = tmp_path / "stamps" / "thing", []

    def make() -> None:
        calls.append(1)

    when_changed(stamp, inputs, make)
    when_changed(stamp, reversed(inputs), make)
    assert len(calls) == 1
    inputs[0].write_text("changed")
    when_changed(stamp, inputs, make)
    assert len(calls) == 2


def test_a_failure_is_tried_again_even_for_the_old_files(tmp_path: Path, inputs: list[Path]) -> None:
    stamp, calls = tmp_path / "thing", []

    def fail() -> None:
        raise RuntimeError

    when_changed(stamp, inputs, lambda: None)
    before = inputs[0].read_text()
    inputs[0].write_text("changed")
    with pytest.raises(RuntimeError):
        when_changed(stamp, inputs, fail)
    inputs[0].write_text(before)
    when_changed(stamp, inputs, lambda: calls.append(1))
    assert calls == [1]


def test_names_count_as_well_as_content(tmp_path: Path, inputs: list[Path]) -> None:
    before = digest_of(inputs)
    moved = inputs[1].rename(tmp_path / "c.txt")
    assert digest_of([inputs[0], moved]) != before


def test_what_python_leaves_behind_is_no_input(tmp_path: Path, inputs: list[Path]) -> None:
    (tmp_path / "__pycache__").mkdir()
    (tmp_path / "__pycache__" / "a.pyc").write_bytes(b"")
    assert sorted(files_below(tmp_path)) == inputs
