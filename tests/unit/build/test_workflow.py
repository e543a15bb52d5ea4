"""The workflow that publishes the page: no mistakes that actionlint finds, and every command it calls exists."""

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import yaml

from build_scripts.__main__ import _GROUPS
from build_scripts.paths import ROOT, WEB

WORKFLOW = ROOT / ".github" / "workflows" / "pages.yml"


def lint(folder: Path) -> "subprocess.CompletedProcess[str]":
    program = str(WEB / "node_modules" / "@tktco" / "node-actionlint" / "bin" / "node-actionlint.js")
    command = [shutil.which("node") or "node", program, "*.yml"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=60, check=False)


def test_actionlint_finds_nothing() -> None:
    outcome = lint(WORKFLOW.parent)
    assert outcome.returncode == 0, outcome.stdout


def test_actionlint_would_find_something(tmp_path: Path) -> None:
    text = WORKFLOW.read_text(encoding="utf-8").replace("needs: build", "needs: nothing")
    (tmp_path / "broken.yml").write_text(text)
    assert lint(tmp_path).returncode != 0


def steps() -> list[dict[str, Any]]:
    jobs = yaml.safe_load(WORKFLOW.read_text(encoding="utf-8"))["jobs"]
    return [step for job in jobs.values() for step in job["steps"]]


def test_every_command_exists() -> None:
    called = [
        name for step in steps() for name in re.findall(r"python3 -m build_scripts ([a-z-]+)", step.get("run", ""))
    ]
    assert called
    assert set(called) <= {*_GROUPS, "setup"}


def test_the_model_is_pinned_to_a_commit() -> None:
    environment = yaml.safe_load(WORKFLOW.read_text(encoding="utf-8"))["env"]
    assert re.fullmatch(r"[0-9a-f]{40}", environment["GPT2_REVISION"])
