"""What index.html says of the site's files: right hashes, the order in which they are needed, and its own hash."""

import base64
import hashlib
import json
import re
from pathlib import Path

import pytest

from build_scripts.integrity import build_id, parts_of, sha256_base64, shell, sizes_of, sums_of

SCRIPTS = {"main.jsx": "main-ABCD2345.js", "styles/main.css": "main-WXYZ2345.css"}


@pytest.fixture
def site(tmp_path: Path) -> Path:
    folder = tmp_path / "dist"
    for name in (
        "assets/main-ABCD2345.js",
        "assets/main-ABCD2345.js.gz",
        "assets/main-WXYZ2345.css",
        "assets/chunk-AAAA2222.js",
        "assets/chunk-BBBB2222.js",
        "assets/later-CCCC2222.js",
        "guard.js",
        "models/starter/manifest.json",
        "models/starter/weights-0123456789ab.bin",
        "runtime/pyodide/pyodide.asm.wasm",
    ):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(name)
    return folder


@pytest.fixture
def parts(tmp_path: Path) -> dict[str, list[str]]:
    def imports(*chunks: str, kind: str = "import-statement") -> list[dict[str, str]]:
        return [{"path": f"../dist/assets/{chunk}", "kind": kind} for chunk in chunks]

    later = imports("later-CCCC2222.js", kind="dynamic-import")
    outputs = {
        "a/main-ABCD2345.js": {"entryPoint": "main.jsx", "imports": imports("chunk-AAAA2222.js") + later},
        "a/chunk-AAAA2222.js": {"imports": imports("chunk-BBBB2222.js")},
        "a/chunk-BBBB2222.js": {"imports": imports("chunk-AAAA2222.js")},
        "a/later-CCCC2222.js": {"entryPoint": "views/later.jsx", "imports": imports("chunk-BBBB2222.js")},
        "a/main-WXYZ2345.css": {"entryPoint": "styles/main.css", "imports": []},
    }
    meta = tmp_path / "meta.json"
    meta.write_text(json.dumps({"outputs": outputs}))
    return parts_of([meta])


def test_hashes_are_those_of_integrity_attributes() -> None:
    assert sha256_base64(b"") == base64.b64encode(hashlib.sha256(b"").digest()).decode()


def test_all_files_are_listed_but_what_is_compared_elsewhere(site: Path) -> None:
    sums = sums_of(site)
    assert set(sums) == {
        *(f"assets/{name}" for name in ("main-ABCD2345.js", "main-WXYZ2345.css", "later-CCCC2222.js")),
        *("assets/chunk-AAAA2222.js", "assets/chunk-BBBB2222.js"),
        "models/starter/manifest.json",
        "runtime/pyodide/pyodide.asm.wasm",
    }
    for address, digest in sums.items():
        assert digest == sha256_base64(address.encode())
    assert sizes_of(site, sums)["models/starter/manifest.json"] == len("models/starter/manifest.json")


def test_a_script_comes_with_all_that_it_imports_at_once(parts: dict[str, list[str]]) -> None:
    assert set(parts["main.jsx"]) == {
        f"assets/{n}" for n in ("main-ABCD2345.js", "chunk-AAAA2222.js", "chunk-BBBB2222.js")
    }
    assert parts["assets/later-CCCC2222.js"] == parts["views/later.jsx"]
    assert "assets/chunk-AAAA2222.js" in parts["views/later.jsx"]
    assert "styles/main.css" not in parts


def test_the_shell_names_hashed_files_relatively_and_says_their_hashes(site: Path, parts: dict[str, list[str]]) -> None:
    sums = sums_of(site)
    text = shell(SCRIPTS, sums, sizes_of(site, sums), parts)
    addresses = re.findall(r'(?:href|src)="([^"]*)"', text)
    assert not [address for address in addresses if address.startswith("/") or "//" in address]
    with_sums = dict(re.findall(r'(?:href|src)="([^"]*)" integrity="sha256-([^"]*)"', text))
    assert with_sums == {address: sums[address] for address in (*parts["main.jsx"], "assets/main-WXYZ2345.css")}
    table = json.loads(re.findall(r'<script type="application/json" id="site">(.*)</script>', text)[0])
    assert table["sums"] == sums
    assert table["build"] == build_id(sums)


def test_the_shell_ends_with_its_own_hash(site: Path, parts: dict[str, list[str]]) -> None:
    text = shell(SCRIPTS, sums_of(site), {}, parts)
    before, told = re.findall(r"(?s)^(.*)<!-- whole ([0-9a-f]{64}) -->\n$", text)[0]
    assert hashlib.sha256(before.encode()).hexdigest() == told


def test_one_changed_byte_is_another_build(site: Path) -> None:
    before = build_id(sums_of(site))
    (site / "runtime/pyodide/pyodide.asm.wasm").write_text("changed")
    assert build_id(sums_of(site)) != before


def test_the_page_runs_no_inline_script_and_has_a_strict_policy(site: Path, parts: dict[str, list[str]]) -> None:
    text = shell(SCRIPTS, sums_of(site), {}, parts)
    for attributes, content in re.findall(r"<script([^>]*)>(.*?)</script>", text, re.DOTALL):
        assert "application/json" in attributes or content == ""
    assert not re.search(r"\son\w+=|<style|style=", text)
    policy = re.findall(r'http-equiv="Content-Security-Policy" content="([^"]*)"', text)[0]
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    assert rules["default-src"] == "'none'"
    assert rules["script-src"] == "'self' 'wasm-unsafe-eval'"
    assert rules["worker-src"] == rules["style-src"] == "'self'"
    assert "unsafe-inline" not in policy
    assert "'unsafe-eval'" not in policy
    assert not re.search(r"https?:|\*", policy)
