"""Files from outside are taken by their hash alone, and only those that are needed."""

import hashlib
import io
import json
import urllib.error
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from build_scripts import vendor
from build_scripts.errors import BuildError
from build_scripts.paths import WEB

GOOD = b"the file"
HASH = hashlib.sha256(GOOD).hexdigest()


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty cache, and no way out of the machine."""

    def no_network(*given: object, **named: object) -> None:
        raise urllib.error.URLError("no network in tests")

    folder = tmp_path / "cache"
    monkeypatch.setattr(vendor, "CACHE", folder)
    monkeypatch.setattr(vendor.urllib.request, "urlopen", no_network)
    return folder


def tries(*answers: bytes | None) -> Iterator[tuple[str, vendor.Source]]:
    """Sources that give these answers in turn."""
    for index, answer in enumerate(answers):
        yield f"source {index}", lambda _, answer=answer: answer


def test_first_right_copy_is_taken_and_kept(cache: Path) -> None:
    def never(name: str) -> bytes:
        raise AssertionError("asked after the file was there")

    rest = iter([("late", never)])
    assert (
        vendor.verified("a.whl", HASH, (pair for part in (tries(None, b"other", GOOD), rest) for pair in part)) == GOOD
    )
    assert (cache / "a.whl").read_bytes() == GOOD


def test_wrong_content_is_never_taken(cache: Path) -> None:
    with pytest.raises(BuildError, match=r"a\.whl could not be had \(source 0: none; source 1: wrong content\)"):
        vendor.verified("a.whl", HASH, tries(None, b"the File"))
    assert not (cache / "a.whl").exists()


def test_a_spoilt_cache_is_passed_over(cache: Path) -> None:
    cache.mkdir()
    (cache / "a.whl").write_bytes(b"half")
    assert vendor.verified("a.whl", HASH, iter([("cache", vendor._from_cache), ("next", lambda _: GOOD)])) == GOOD
    assert (cache / "a.whl").read_bytes() == GOOD


def test_an_address_that_does_not_answer_is_no_failure() -> None:
    assert vendor._from_address("https://nowhere.invalid/a.whl") is None


def test_the_carrier_gives_its_members_only(cache: Path) -> None:
    (cache / "download").mkdir(parents=True)
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as wheel:
        wheel.writestr("open_webui/frontend/pyodide/a.whl", GOOD)
        wheel.writestr("open_webui/b.whl", GOOD)
    (cache / "download" / "open_webui-0.10.2-py3-none-any.whl").write_bytes(held.getvalue())
    assert vendor._from_carrier("a.whl") == GOOD
    assert vendor._from_carrier("b.whl") is None


def lock_of(**depends: list[str]) -> dict[str, Any]:
    packages = {name: {"depends": needs, "file_name": f"{name}.whl"} for name, needs in depends.items()}
    return {"info": {"version": "1"}, "packages": packages}


def test_trimmed_lock_follows_what_packages_need() -> None:
    lock = lock_of(numpy=[], micropip=["packaging"], packaging=["micropip"], scipy=["numpy"])
    trimmed = vendor.trimmed_lock(lock, ("numpy", "micropip"))
    assert sorted(trimmed["packages"]) == ["micropip", "numpy", "packaging"]
    assert trimmed["info"] == lock["info"]
    assert "scipy" in lock["packages"]


def test_a_package_the_lock_does_not_name() -> None:
    with pytest.raises(BuildError, match="no package 'regex'"):
        vendor.trimmed_lock(lock_of(numpy=[]), ("regex",))


def test_the_installed_lock_names_all_we_need() -> None:
    lock = json.loads((WEB / "node_modules" / "pyodide" / "pyodide-lock.json").read_text(encoding="utf-8"))
    trimmed = vendor.trimmed_lock(lock, vendor.PACKAGES)
    assert set(vendor.PACKAGES) <= set(trimmed["packages"])
    assert all(len(package["sha256"]) == 64 for package in trimmed["packages"].values())
