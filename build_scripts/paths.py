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
EXAMPLES = ROOT / "build_scripts" / "examples.json"

# Downloads that outlive a build folder.
CACHE = Path(os.environ.get("GLASSBOX_CACHE", Path.home() / ".cache" / "glassbox"))
