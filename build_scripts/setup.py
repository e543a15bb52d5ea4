"""Makes the project's own environment: ``.venv`` and ``web/node_modules``. Standard library only."""

import re
import shutil
import subprocess
import sys
import venv
from collections.abc import Sequence
from pathlib import Path

from build_scripts.errors import BuildError
from build_scripts.paths import REQUIREMENTS, SOURCE, VENV, VENV_PYTHON, WEB
from build_scripts.stamps import when_changed

OLDEST_PYTHON = (3, 11)
OLDEST_NODE = 20


def set_up(group: str) -> None:
    """Install a group of Python packages (``requirements/<group>.txt``) and the page's npm packages, where changed."""
    check_tools()
    if not VENV_PYTHON.exists():
        say("Making .venv")
        _make_venv()
    requirements = REQUIREMENTS / f"{group}.txt"
    when_changed(VENV / f"installed-{group}", requirement_files(requirements), lambda: _install_python(requirements))
    _make_importable()
    page = [WEB / "package.json", WEB / "package-lock.json"]
    when_changed(WEB / "node_modules" / ".installed", page, _install_npm)


def requirement_files(path: Path) -> list[Path]:
    """A list of requirements and those it takes in by ``-r``."""
    taken_in = re.findall(r"^-r\s+(\S+)", path.read_text(encoding="utf-8"), re.MULTILINE)
    return [path, *(file for name in taken_in for file in requirement_files(path.parent / name))]


def _make_venv() -> None:
    try:
        venv.create(VENV, with_pip=True, clear=True)
    except subprocess.CalledProcessError as error:
        # Half an environment would be taken for a whole one next time.
        shutil.rmtree(VENV, ignore_errors=True)
        raise BuildError("This Python makes no environments; on Debian: apt-get install python3-venv.") from error


def _make_importable() -> None:
    """Let ``.venv``'s Python find our package where it lies, so that ``python -m glassbox`` works."""
    for packages in [*VENV.glob("lib/python*/site-packages"), *VENV.glob("Lib/site-packages")]:
        (packages / "glassbox.pth").write_text(f"{SOURCE}\n", encoding="utf-8")


def _install_python(requirements: Path) -> None:
    say(f"Installing Python packages ({requirements.stem})")
    pip = [str(VENV_PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    run([*pip, "-r", str(requirements)])


def _install_npm() -> None:
    say("Installing npm packages")
    run([_npm(), "ci", "--loglevel=error"], cwd=WEB)


def check_tools() -> None:
    """Raise BuildError, in one line, for what a machine must have and has not."""
    if sys.version_info < OLDEST_PYTHON:
        version = ".".join(map(str, sys.version_info[:2]))
        raise BuildError(
            f"Python {version} is too old; install 3.11 or later and call it with python3.11 -m build_scripts."
        )
    node = shutil.which("node")
    if node is None:
        raise BuildError("Node is missing; install Node 20 or later, with npm.")
    version = subprocess.run([node, "--version"], capture_output=True, text=True, check=True).stdout
    major = re.match(r"v(\d+)", version)
    if major is None or int(major.group(1)) < OLDEST_NODE:
        raise BuildError(f"Node {version.strip()} is too old; install Node 20 or later.")
    _npm()


def run(command: Sequence[str], **options: object) -> None:
    """Run a program; BuildError with its name where it fails."""
    try:
        subprocess.run(command, check=True, **options)  # type: ignore[call-overload]
    except FileNotFoundError as error:
        raise BuildError(f"{command[0]} is missing.") from error
    except subprocess.CalledProcessError as error:
        raise BuildError(
            f"{Path(command[0]).name} {' '.join(command[1:4])} … failed with status {error.returncode}."
        ) from error


def say(line: str) -> None:
    """One line of what is going on."""
    print(f"· {line}", flush=True)


def _npm() -> str:
    npm = shutil.which("npm")
    if npm is None:
        raise BuildError("npm is missing; it comes with Node 20 or later.")
    return npm
