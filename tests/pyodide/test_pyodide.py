"""Tests that need no files run in Pyodide too: the page's Python, its numpy and its regex."""

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from build_scripts.paths import CACHE, WEB
from build_scripts.vendor import sources, verified

ROOT = Path(__file__).parents[2]
TESTS = (
    "tests/unit/tokenizer/test_bpe.py",
    "tests/unit/tokenizer/test_tokenizer.py",
    "tests/unit/tokenizer/test_stored_oracle.py",
    "tests/unit/sampling/test_draws.py",
    "tests/unit/sampling/test_sampling.py",
    "tests/unit/sampling/test_warpers.py",
    "tests/unit/sampling/test_workbench.py",
    "tests/unit/core/test_activations.py",
    "tests/unit/core/test_arithmetic.py",
    "tests/unit/core/test_bridge.py",
    "tests/unit/core/test_doctests.py",
    "tests/unit/core/test_engine.py",
    "tests/unit/core/test_head_marks.py",
    "tests/unit/core/test_sampling_steps.py",
)
# What a test of these needs besides: native libraries, a whole export, or a clock that others do not slow down.
LEFT_OUT = "not toy_int8 and not add_browser_model and not quick and not time"


def wheels() -> list[str]:
    lock = json.loads((WEB / "node_modules" / "pyodide" / "pyodide-lock.json").read_text(encoding="utf-8"))
    for name in ("numpy", "regex"):
        package = lock["packages"][name]
        verified(package["file_name"], package["sha256"], sources(lock["info"]["version"], package["file_name"]))
    return [str(CACHE / lock["packages"][name]["file_name"]) for name in ("numpy", "regex")]


def test_in_pyodide() -> None:
    site_packages = Path(pytest.__file__).parents[1]
    arguments = [*TESTS, "-k", LEFT_OUT]
    command = [shutil.which("node") or "node", str(ROOT / "tests" / "pyodide" / "run.mjs")]
    command += [str(ROOT), str(site_packages), json.dumps(wheels()), json.dumps(arguments)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    last = "\n".join((done.stdout + done.stderr).splitlines()[-60:])
    assert done.returncode == 0, last
    passed = re.search(r"(\d+) passed", done.stdout)
    assert passed, last
    assert int(passed.group(1)) > 100, last
