"""Cuts a file into chunks whose names hold their hash, so that a cache may keep them for ever."""

import hashlib
from pathlib import Path
from typing import Any

CHUNK_BYTES = 8 * 2**20
_HASH_DIGITS = 12


def hashed_file(source: Path, stem: str, suffix: str) -> dict[str, Any]:
    """Rename a file to ``stem-<hash>suffix``; returns ``{file, bytes, sha256}``."""
    return _entry(source.read_bytes(), source.parent, stem, suffix, remove=source)


def split(source: Path, stem: str, suffix: str, chunk_bytes: int = CHUNK_BYTES) -> list[dict[str, Any]]:
    """Replace a file by its chunks; returns ``[{file, bytes, sha256}]`` in order."""
    chunks = []
    with source.open("rb") as file:
        while data := file.read(chunk_bytes):
            chunks.append(_entry(data, source.parent, stem, suffix))
    source.unlink()
    return chunks


def _entry(data: bytes, folder: Path, stem: str, suffix: str, remove: Path | None = None) -> dict[str, Any]:
    digest = hashlib.sha256(data).hexdigest()
    name = f"{stem}-{digest[:_HASH_DIGITS]}{suffix}"
    (folder / name).write_bytes(data)
    if remove is not None:
        remove.unlink()
    return {"file": name, "bytes": len(data), "sha256": digest}
