"""Takes every runtime file into the site, each accepted only by its hash."""

import hashlib
import json
import shutil
import subprocess
import tempfile
import urllib.error
import urllib.request
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from build_scripts.errors import BuildError
from build_scripts.paths import CACHE, VENV_PYTHON, WEB
from build_scripts.setup import say

PYODIDE_FILES = ("pyodide.mjs", "pyodide.asm.js", "pyodide.asm.wasm", "python_stdlib.zip")
ONNXRUNTIME_FILES = (
    "ort-wasm-simd-threaded.mjs",
    "ort-wasm-simd-threaded.wasm",
    # For WebGPU; fetched by the page only where it is used.
    "ort-wasm-simd-threaded.asyncify.mjs",
    "ort-wasm-simd-threaded.asyncify.wasm",
)
# What Python needs in the browser; the lock names what these need in turn.
PACKAGES = ("numpy", "regex", "micropip")

# A PyPI wheel that carries Pyodide's own wheels, byte for byte; the build takes those members only.
_CARRIER = "open-webui==0.10.2"
_CARRIER_FOLDER = "open_webui/frontend/pyodide/"
_TIMEOUT_S = 4

Source = Callable[[str], bytes | None]


def vendor_pyodide(out: Path) -> dict[str, Any]:
    """Copy Pyodide and its wheels to ``out``; returns the trimmed lock that is written beside them."""
    source = WEB / "node_modules" / "pyodide"
    out.mkdir(parents=True, exist_ok=True)
    for name in PYODIDE_FILES:
        shutil.copyfile(source / name, out / name)
    lock = trimmed_lock(json.loads((source / "pyodide-lock.json").read_text(encoding="utf-8")), PACKAGES)
    for package in lock["packages"].values():
        data = verified(package["file_name"], package["sha256"], sources(lock["info"]["version"], package["file_name"]))
        (out / package["file_name"]).write_bytes(data)
    (out / "pyodide-lock.json").write_text(json.dumps(lock, indent=1, sort_keys=True), encoding="utf-8")
    return lock


def vendor_onnxruntime(out: Path) -> None:
    """Copy onnxruntime-web's runtime files to ``out``."""
    out.mkdir(parents=True, exist_ok=True)
    for name in ONNXRUNTIME_FILES:
        shutil.copyfile(WEB / "node_modules" / "onnxruntime-web" / "dist" / name, out / name)


def trimmed_lock(lock: dict[str, Any], packages: tuple[str, ...]) -> dict[str, Any]:
    """The lock of only these packages and all they depend on."""
    wanted, waiting = {}, list(packages)
    while waiting:
        name = waiting.pop()
        if name not in wanted:
            if name not in lock["packages"]:
                raise BuildError(f"pyodide-lock.json names no package {name!r}. Check the version in web/package.json.")
            wanted[name] = lock["packages"][name]
            waiting += wanted[name]["depends"]
    return {**lock, "packages": wanted}


def verified(name: str, sha256: str, tries: Iterator[tuple[str, Source]]) -> bytes:
    """The first copy of a file whose hash is right; it is kept in the cache. Raises BuildError where there is none."""
    answers = []
    for where, source in tries:
        data = source(name)
        if data is None:
            answers.append(f"{where}: none")
        elif hashlib.sha256(data).hexdigest() == sha256:
            CACHE.mkdir(parents=True, exist_ok=True)
            (CACHE / name).write_bytes(data)
            return data
        else:
            answers.append(f"{where}: wrong content")
    raise BuildError(f"{name} could not be had ({'; '.join(answers)}). Check the network and build again.")


def sources(version: str, name: str) -> Iterator[tuple[str, Source]]:
    """Where a file of Pyodide's distribution may come from, nearest first."""
    yield "cache", _from_cache
    yield (
        "Pyodide's distribution",
        lambda file: _from_address(f"https://cdn.jsdelivr.net/pyodide/v{version}/full/{file}"),
    )
    yield _CARRIER, _from_carrier


def _from_cache(name: str) -> bytes | None:
    path = CACHE / name
    return path.read_bytes() if path.is_file() else None


def _from_address(address: str) -> bytes | None:
    try:
        with urllib.request.urlopen(address, timeout=_TIMEOUT_S) as response:
            return bytes(response.read())
    except (urllib.error.URLError, OSError):
        return None


def _from_carrier(name: str) -> bytes | None:
    folder = CACHE / "download"
    wheels = list(folder.glob("open_webui-*.whl"))
    if not wheels:
        say(f"Fetching {_CARRIER} for Pyodide's wheels (150 MB, once)")
        with tempfile.TemporaryDirectory(dir=_made(CACHE)) as aside:
            command = [str(VENV_PYTHON), "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:"]
            command += ["--python-version", "3.11", "-d", aside, _CARRIER]
            if subprocess.run(command, check=False).returncode != 0:
                return None
            wheels = [Path(shutil.move(path, _made(folder))) for path in Path(aside).glob("*.whl")]
    with zipfile.ZipFile(wheels[0]) as wheel:
        member = _CARRIER_FOLDER + name
        return wheel.read(member) if member in wheel.namelist() else None


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return folder
