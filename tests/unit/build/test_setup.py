"""What a machine lacks is said in one line."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from build_scripts import browsers, setup
from build_scripts.__main__ import _GROUPS, main
from build_scripts.errors import BuildError
from build_scripts.paths import REQUIREMENTS, ROOT, WEB


def test_requirement_files_are_followed() -> None:
    names = [path.name for path in setup.requirement_files(REQUIREMENTS / "parity.txt")]
    assert names == ["parity.txt", "test.txt", "serve.txt"]


@pytest.mark.parametrize("group", sorted(set(_GROUPS.values())))
def test_every_group_is_pinned(group: str) -> None:
    for path in setup.requirement_files(REQUIREMENTS / f"{group}.txt"):
        for line in path.read_text(encoding="utf-8").splitlines():
            assert re.fullmatch(r"#.*|-r \w+\.txt|[\w.-]+==[\w.]+", line), f"{path.name}: {line}"


def test_page_packages_are_exact_and_name_no_address() -> None:
    assert not re.search(r'"[\^~>*]', (WEB / "package.json").read_text(encoding="utf-8"))
    assert '"resolved"' not in (WEB / "package-lock.json").read_text(encoding="utf-8")


def test_old_python(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(setup.sys, "version_info", (3, 9, 2))
    assert main(["build"]) == 2
    assert capsys.readouterr().err.startswith("glassbox: Python 3.9 is too old; install 3.11 or later")


def test_no_node(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: None)
    with pytest.raises(BuildError, match="Node is missing; install Node 20 or later"):
        setup.check_tools()


def test_old_node(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        subprocess, "run", lambda *given, **named: subprocess.CompletedProcess(given, 0, stdout="v18.19.0\n")
    )
    with pytest.raises(BuildError, match=r"Node v18\.19\.0 is too old"):
        setup.check_tools()


def test_chromium_by_its_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHROMIUM", "/some/where/chrome")
    assert browsers.find_chromium() == "/some/where/chrome"


def test_no_chromium_and_nobody_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CHROMIUM", raising=False)
    monkeypatch.setattr(shutil, "which", lambda name: None)
    monkeypatch.setattr(browsers, "_CHROMIUM_PLACES", ())
    with pytest.raises(BuildError, match="Chromium is missing; install"):
        browsers.find_chromium()


def test_other_browsers_may_be_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("FIREFOX", "WEBKIT_DRIVER"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(shutil, "which", lambda name: None)
    monkeypatch.setattr(browsers, "_FIREFOX_PLACES", ())
    browsers.install_engines()
    assert (browsers.find_firefox(), browsers.find_webkit_driver()) == (None, None)


def test_what_is_missing_is_installed_on_debian(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("FIREFOX", "WEBKIT_DRIVER"):
        monkeypatch.delenv(name, raising=False)
    there = {"apt-get": "/usr/bin/apt-get", "firefox-esr": "/usr/bin/firefox-esr"}
    asked: list[list[str]] = []
    monkeypatch.setattr(shutil, "which", there.get)
    monkeypatch.setattr(browsers, "run", asked.append)
    monkeypatch.setattr(browsers.os, "geteuid", lambda: 0, raising=False)
    browsers.install_engines()
    assert {"webkit2gtk-driver", "xvfb"} <= set(asked[-1])
    assert "firefox-esr" not in asked[-1]


def test_a_program_that_fails_is_named() -> None:
    with pytest.raises(BuildError, match="no-such-program is missing"):
        setup.run(["no-such-program"])


def test_make_lists_its_commands() -> None:
    listed = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    names = [line.split()[0] for line in listed.splitlines()]
    assert set(names) == {*_GROUPS, "help", "clean"}


def test_setting_up_needs_the_standard_library_only() -> None:
    """It runs before anything is installed."""
    code = "import sys, build_scripts.__main__; print(sorted({name.split('.')[0] for name in sys.modules}))"
    bare = [setup.sys.executable, "-S", "-E", "-c", code]
    loaded = subprocess.run(bare, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert not {"aiohttp", "numpy", "hatchling"} & set(re.findall(r"\w+", loaded))


def test_ci_runs_what_a_stranger_runs() -> None:
    text = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert "make test\n" in text
    assert "make test-engines" in text
    assert "make parity" in text
    assert Path(ROOT / ".ci" / "run").stat().st_mode & 0o111
