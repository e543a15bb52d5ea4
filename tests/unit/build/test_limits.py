"""A site that GitHub Pages would not take is not built without a word."""

from pathlib import Path

import pytest

from build_scripts import limits
from build_scripts.errors import BuildError


def write(folder: Path, *sizes: int) -> Path:
    for number, size in enumerate(sizes):
        (folder / f"{number}.bin").write_bytes(bytes(size))
    return folder


def test_sizes_within_the_limits_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "LARGEST_FILE", 100)
    assert limits.check_sizes(write(tmp_path, 99, 50)) == (149, 99)


def test_a_file_that_is_too_large_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "LARGEST_FILE", 100)
    with pytest.raises(BuildError, match=r"1\.bin"):
        limits.check_sizes(write(tmp_path, 5, 100))


def test_a_site_that_is_too_large_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "LARGEST_SITE", 100)
    with pytest.raises(BuildError, match="--any-size"):
        limits.check_sizes(write(tmp_path, 60, 40))
