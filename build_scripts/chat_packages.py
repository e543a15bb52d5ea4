"""What renders chat templates in the page: Jinja and what it needs, as plain Python, in one archive."""

import importlib.util
import zipfile
from pathlib import Path

from build_scripts.errors import BuildError

NAME = "chat.zip"
_PACKAGES = ("jinja2", "markupsafe")
# The earliest that the format can hold: the same content has the same bytes.
_MOMENT = (1980, 1, 1, 0, 0, 0)


def gather_chat_packages(out: Path) -> Path:
    """Put the installed packages' modules and licences into ``out``; what is compiled for this machine stays behind.

    MarkupSafe does the same without its compiled half.
    """
    path = out / NAME
    with zipfile.ZipFile(path, "w") as archive:
        for package in _PACKAGES:
            for file in _files(package):
                info = zipfile.ZipInfo(file.relative_to(_home(package).parent).as_posix(), _MOMENT)
                info.compress_type = zipfile.ZIP_DEFLATED
                archive.writestr(info, file.read_bytes())
    return path


def _home(package: str) -> Path:
    found = importlib.util.find_spec(package)
    if found is None or found.origin is None:
        raise BuildError(f"{package} is not installed. Set up again: python3 -m build_scripts setup.")
    return Path(found.origin).parent


def _files(package: str) -> list[Path]:
    home = _home(package)
    licences = [path for path in home.parent.glob(f"{package}-*.dist-info/**/LICENSE*") if path.is_file()]
    return sorted([*home.glob("*.py"), *licences])
