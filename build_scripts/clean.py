"""Removes what setting up and building made. Downloads in the cache folder stay."""

import shutil

from build_scripts.paths import BUILD, DIST, VENV, WEB


def clean() -> None:
    """Back to a fresh clone, but for the cache."""
    for folder in (BUILD, DIST, VENV, WEB / "node_modules"):
        shutil.rmtree(folder, ignore_errors=True)
