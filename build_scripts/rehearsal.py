"""Runs the steps of the Pages workflow one by one, in a clean clone, as the workflow would; the hub is a local folder.

The model is of GPT-2's shape with random weights: this shows that the way to the published folder is whole, no more.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import yaml

from build_scripts.errors import BuildError
from build_scripts.limits import check_sizes
from build_scripts.paths import ROOT, STARTER_CHECKPOINT
from build_scripts.setup import run, say
from tests.checkpoints import GPT2_124M, write_checkpoint

WORKFLOW = ".github/workflows/pages.yml"


def rehearse() -> None:
    """Raises BuildError at the first step that fails."""
    with tempfile.TemporaryDirectory(prefix="glassbox-pages-") as name:
        place = Path(name)
        clone = place / "clone"
        run(["git", "clone", "--quiet", "--no-local", str(ROOT), str(clone)])
        workflow = yaml.safe_load((clone / WORKFLOW).read_text(encoding="utf-8"))
        environment = _environment(workflow["env"], place / "hub")
        for job in workflow["jobs"].values():
            for step in job["steps"]:
                _step(step, clone, environment)
        total, largest = check_sizes(clone / "dist")
        say(f"dist/: {total / 1e6:.0f} MB, its largest file {largest / 1e6:.1f} MB; ready to be published")


def _environment(told: dict[str, str], hub: Path) -> dict[str, str]:
    """What the workflow sets, and a hub's cache that holds the model and nothing to ask."""
    snapshot = hub / f"models--{told['GPT2'].replace('/', '--')}" / "snapshots" / told["GPT2_REVISION"]
    say("Writing a checkpoint of GPT-2's shape, random weights")
    write_checkpoint(snapshot, GPT2_124M, STARTER_CHECKPOINT / "tokenizer.json")
    kept = {name: value for name, value in os.environ.items() if name not in {"VIRTUAL_ENV", "PYTHONPATH"}}
    return {**kept, **told, "HF_HUB_CACHE": str(hub), "HF_HUB_OFFLINE": "1", "CI": "true"}


def _step(step: dict[str, Any], clone: Path, environment: dict[str, str]) -> None:
    if "run" not in step:
        say(f"(an action, not run here) {step['uses']}")
        return
    say(f"{step['name']}: {step['run']}")
    began = time.monotonic()
    # As a runner does: bash, ending at the first command that fails.
    shell = shutil.which("bash") or "bash"
    # The machine's own Python, not that of this project's environment.
    path = os.pathsep.join(part for part in environment["PATH"].split(os.pathsep) if ".venv" not in part)
    outcome = subprocess.run(
        [shell, "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]],
        cwd=clone,
        env={**environment, "PATH": path},
        check=False,
    )
    if outcome.returncode:
        raise BuildError(f"The step {step['name']!r} failed with status {outcome.returncode}.")
    print(f"  passed in {time.monotonic() - began:.0f} s", file=sys.stderr, flush=True)
