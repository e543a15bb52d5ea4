"""The folder for a USB stick: whole, checked by its own sums, starts where there is a Python and says so where not."""

import hashlib
import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from build_scripts.kit import SUMS, make_kit
from build_scripts.paths import KIT_FILES
from build_scripts.stamps import files_below


@pytest.fixture
def kit(tmp_path: Path) -> Path:
    site = tmp_path / "dist"
    (site / "models").mkdir(parents=True)
    (site / "index.html").write_text("<!doctype html>the page")
    models = [{"name": "a", "display_name": "A <1>", "bytes": 18_000_000, "manifest": "a/manifest.json"}]
    (site / "models" / "index.json").write_text(json.dumps({"models": models, "default": "a"}))
    make_kit(site, tmp_path / "kit")
    return tmp_path / "kit"


def test_every_file_is_in_the_sums_and_right(kit: Path) -> None:
    listed = dict(line.split("  ")[::-1] for line in (kit / SUMS).read_text().splitlines())
    for path in files_below(kit):
        name = path.relative_to(kit).as_posix()
        if name != SUMS:
            assert listed.pop(name) == hashlib.sha256(path.read_bytes()).hexdigest(), name
    assert not listed


def test_the_zip_holds_the_folder_and_what_may_be_started(kit: Path) -> None:
    with zipfile.ZipFile(kit.with_name("kit.zip")) as archive:
        assert sorted(archive.namelist()) == sorted(
            f"kit/{path.relative_to(kit).as_posix()}" for path in files_below(kit)
        )
        modes = {name: archive.getinfo(name).external_attr >> 16 & 0o777 for name in archive.namelist()}
    assert modes["kit/Start-macOS.command"] == modes["kit/Start-Linux.sh"] == 0o755
    assert modes["kit/site/index.html"] == 0o644


def test_the_instructions_are_filled_in(kit: Path) -> None:
    text = (kit / "Instructions.html").read_text(encoding="utf-8")
    assert text.count("A &lt;1&gt;") == 2
    assert "18 MB" in text
    for left in ("{version}", "{megabytes}", "{models_en}", "{models_zh}"):
        assert left not in text


def test_a_second_kit_leaves_nothing_of_the_first(kit: Path) -> None:
    (kit / "site" / "old").write_text("")
    make_kit(kit.parent / "dist", kit)
    assert not (kit / "site" / "old").exists()


def start(kit: Path, path: Path, language: str) -> "subprocess.CompletedProcess[str]":
    """Double-click on Linux, on a machine with the programs in ``path``."""
    shell = shutil.which("sh")
    assert shell
    environment = {"PATH": str(path), "LANG": language, "HOME": str(kit)}
    (kit / "site" / "index.html").unlink()
    return subprocess.run(
        [shell, str(kit / "Start-Linux.sh"), "--no-browser"],
        env=environment,
        capture_output=True,
        encoding="utf-8",
        stdin=subprocess.DEVNULL,
        timeout=120,
        check=False,
    )


def programs(folder: Path, **scripts: str) -> Path:
    """A folder of programs: what a shell needs, and some made up."""
    folder.mkdir()
    for name in ("dirname", "cat", "sh"):
        os.symlink(shutil.which(name) or "", folder / name)
    for name, script in scripts.items():
        (folder / name).write_text(script)
        (folder / name).chmod(0o755)
    return folder


posix = pytest.mark.skipif(os.name == "nt", reason="a shell script")


@posix
@pytest.mark.parametrize(("language", "words"), [("zh_CN.UTF-8", "没有找到 Python"), ("de_DE.UTF-8", "no Python 3.8")])
def test_without_python_it_says_so_and_names_the_way_out(kit: Path, tmp_path: Path, language: str, words: str) -> None:
    too_old = "#!/bin/sh\nexit 1\n"
    outcome = start(kit, programs(tmp_path / "bin", python3=too_old), language)
    assert outcome.returncode == 1
    assert words in outcome.stdout
    assert "Instructions.html" in outcome.stdout


@posix
def test_it_takes_the_first_python_that_is_new_enough(kit: Path, tmp_path: Path) -> None:
    given = programs(tmp_path / "bin", python3="#!/bin/sh\nexit 1\n", python=f'#!/bin/sh\nexec {sys.executable} "$@"\n')
    outcome = start(kit, given, "C")
    # Our server was started: it misses the page that was taken away.
    assert "There is no site in" in outcome.stderr
    assert outcome.returncode == 2


@posix
def test_shell_files_have_no_mistakes_that_a_shell_finds() -> None:
    for path in [KIT_FILES / "Start-Linux.sh", KIT_FILES / "Start-macOS.command", KIT_FILES / "server/find-python.sh"]:
        subprocess.run(["sh", "-n", str(path)], check=True)


def test_every_system_has_its_words_in_both_languages() -> None:
    for system in ("windows", "macos", "linux"):
        for language in ("en", "zh"):
            text = (KIT_FILES / "server" / f"no-python-{system}.{language}.txt").read_text(encoding="utf-8")
            assert "Python" in text
            assert "Instructions.html" in text
    batch = (KIT_FILES / "Start-Windows.bat").read_bytes()
    assert batch.isascii(), "cmd reads other letters by the machine's code page"
    assert batch.count(b"\r\n") == batch.count(b"\n")
