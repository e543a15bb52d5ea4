"""Copies of folders that take no room where the file system can link."""

import os
import shutil
from pathlib import Path

from build_scripts.stamps import files_below


def link_tree(source: Path, out: Path) -> None:
    """Every file of ``source`` at its place below ``out``, linked or copied."""
    for path in files_below(source):
        target = out / path.relative_to(source)
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            os.link(path, target)
        except OSError:
            shutil.copyfile(path, target)
