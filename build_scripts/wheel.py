"""Builds the package as a wheel that carries the built site: ``pip install`` and ``python -m glassbox serve``."""

import os
import subprocess
import sys
from pathlib import Path

from build_scripts.paths import ROOT
from build_scripts.setup import run

# What hatch_build.py looks for.
SITE_VARIABLE = "GLASSBOX_SITE"
# Any fixed moment will do: a wheel then has the same bytes whenever it is built.
_MOMENT = "1700000000"


def build_wheel(out: Path, site: Path | None = None) -> Path:
    """Our package as a wheel in ``out``, with a site in it where one is given; returns its path."""
    environment = {**os.environ, "SOURCE_DATE_EPOCH": _MOMENT}
    environment.pop(SITE_VARIABLE, None)
    if site is not None:
        environment[SITE_VARIABLE] = str(site.resolve())
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(out)]
    run(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL)
    return next(out.glob("glassbox-*.whl"))
