"""``python3 -m build_scripts COMMAND``: what every target of the Makefile calls."""

import argparse
import subprocess
import sys
from collections.abc import Sequence

from build_scripts.errors import BuildError
from build_scripts.paths import VENV_PYTHON
from build_scripts.setup import set_up

# Packages a command needs; with them it runs inside .venv.
_GROUPS = {
    "build": "serve",
    "serve": "serve",
    "kit": "serve",
    "wheel": "serve",
    "export": "serve",
    "test": "test",
    "test-engines": "engines",
    "check": "test",
    "test-site": "test",
    "rehearse": "test",
    "visits": "test",
    "faults": "test",
    "bench": "test",
    "parity": "parity",
    "starter": "parity",
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Set up what the command needs, and hand over to ``build_scripts.commands`` inside ``.venv``."""
    parser = argparse.ArgumentParser(prog="python3 -m build_scripts", description=__doc__)
    parser.add_argument("command", choices=[*_GROUPS, "setup", "clean"])
    parser.add_argument("rest", nargs=argparse.REMAINDER, help="--help after a command tells its options")
    parsed = parser.parse_args(arguments)
    try:
        if parsed.command == "clean":
            from build_scripts.clean import clean

            clean()
            return 0
        if parsed.command == "setup":
            set_up(parsed.rest[0] if parsed.rest else "test")
            return 0
        set_up(_GROUPS[parsed.command])
    except BuildError as error:
        print(f"glassbox: {error}", file=sys.stderr)
        return 2
    command = [str(VENV_PYTHON), "-m", "build_scripts.commands", parsed.command, *parsed.rest]
    try:
        return subprocess.run(command, check=False).returncode
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
