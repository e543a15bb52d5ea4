"""Where things lie. Standard library only: setting up needs it before anything is installed."""

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
VENV = ROOT / ".venv"
VENV_PYTHON = VENV / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
WEB = ROOT / "web"
SOURCE = ROOT / "src"
REQUIREMENTS = ROOT / "requirements"
BUILD = ROOT / "build"
DIST = ROOT / "dist"
STARTER_CHECKPOINT = ROOT / "model_export" / "starter" / "checkpoint"
KIT_FILES = ROOT / "build_scripts" / "kit_files"
STARTER_TRAINING = ROOT / "model_export" / "starter" / "training"
EXAMPLES = ROOT / "build_scripts" / "examples.json"

# Downloads that outlive a build folder.
CACHE = Path(os.environ.get("GLASSBOX_CACHE", Path.home() / ".cache" / "glassbox"))


def version() -> str:
    """The site's version, as in pyproject.toml."""
    # Not at the top: a Python that is too old for it is told so first.
    import tomllib

    return str(tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"])
