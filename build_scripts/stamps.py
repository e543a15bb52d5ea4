"""What need not be done again: a stamp holds the hash of what a result was made from. Standard library only."""

import hashlib
from collections.abc import Callable, Iterable
from pathlib import Path

from build_scripts.paths import BUILD, ROOT


def when_changed(stamp: Path, inputs: Iterable[Path], make: Callable[[], None]) -> None:
    """Call ``make`` unless it was called for the same names and content of ``inputs``."""
    digest = digest_of(inputs)
    if stamp.is_file() and stamp.read_text(encoding="utf-8") == digest:
        return
    # Whatever was there is no longer whole once making has begun.
    stamp.unlink(missing_ok=True)
    make()
    stamp.parent.mkdir(parents=True, exist_ok=True)
    stamp.write_text(digest, encoding="utf-8")


def stamp_of(folder: Path) -> Path:
    """Where a made folder's stamp is: not in it, and of a folder that was removed nothing may be believed."""
    stamp = BUILD / "stamps" / folder.name
    if not folder.is_dir():
        stamp.unlink(missing_ok=True)
    return stamp


def digest_of(inputs: Iterable[Path]) -> str:
    """One hash over names and content of files, whatever their order."""
    digest = hashlib.sha256()
    for path in sorted(set(inputs)):
        name = path.relative_to(ROOT) if path.is_relative_to(ROOT) else path
        digest.update(f"{name.as_posix()}\0".encode() + hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def exporter_files() -> list[Path]:
    """The programs that make an export, but for the training of the starter."""
    exporter = ROOT / "model_export"
    dequantize = ROOT / "src" / "glassbox" / "dequantize.py"
    return [dequantize, *(path for path in files_below(exporter) if not path.is_relative_to(exporter / "starter"))]


def files_below(*places: Path) -> list[Path]:
    """All files below folders, and files as they are; nothing that Python leaves behind."""
    found = [path for place in places for path in ([place] if place.is_file() else place.rglob("*"))]
    return [path for path in found if path.is_file() and "__pycache__" not in path.parts]
