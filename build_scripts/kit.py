"""Makes a folder and a zip for a USB stick: site, server, files to double-click, instructions, checksums."""

import hashlib
import html
import json
import shutil
import zipfile
from pathlib import Path

from build_scripts.links import link_tree
from build_scripts.paths import KIT_FILES, SOURCE, version
from build_scripts.stamps import files_below

SUMS = "SHA256SUMS"
# Any fixed moment will do: a kit of the same site has the same bytes.
_MOMENT = (2024, 1, 1, 0, 0, 0)
_PROGRAMS = {".sh", ".command", ".desktop"}
# Weights and what is compressed already would only cost time.
_STORED = {".bin", ".gz", ".whl", ".zip", ".run"}
_PERMISSIONS_SHIFT = 16


def make_kit(site: Path, out: Path) -> Path:
    """Write the kit of a built site to ``out``, in the place of what was there; returns the zip beside it."""
    shutil.rmtree(out, ignore_errors=True)
    link_tree(site, out / "site")
    for path in files_below(KIT_FILES):
        target = out / path.relative_to(KIT_FILES)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)
        target.chmod(_mode(target))
    shutil.copyfile(SOURCE / "glassbox" / "site_server.py", out / "server" / "serve.py")
    size = sum(path.stat().st_size for path in files_below(out))
    instructions = out / "Instructions.html"
    instructions.write_text(_filled(instructions.read_text(encoding="utf-8"), site, size), encoding="utf-8")
    _write_sums(out)
    return _zip(out)


def _filled(text: str, site: Path, size: int) -> str:
    models = json.loads((site / "models" / "index.json").read_text(encoding="utf-8"))["models"]
    values = {
        "{version}": version(),
        "{megabytes}": f"{size / 1e6:.0f}",
        "{models_en}": _table(("Model", "Size"), models),
        "{models_zh}": _table(("模型", "大小"), models),
    }
    for name, value in values.items():
        text = text.replace(name, value)
    return text


def _table(head: tuple[str, str], models: list[dict[str, str | int]]) -> str:
    rows = [f"<tr><th>{head[0]}</th><th>{head[1]}</th></tr>"]
    for model in models:
        name = html.escape(str(model["display_name"]))
        rows.append(f"<tr><td>{name}</td><td>{int(model['bytes']) / 1e6:.0f} MB</td></tr>")
    return f"<table>{''.join(rows)}</table>"


def _write_sums(out: Path) -> None:
    lines = [
        f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.relative_to(out).as_posix()}\n"
        for path in sorted(files_below(out))
    ]
    (out / SUMS).write_text("".join(lines), encoding="utf-8", newline="\n")


def _zip(out: Path) -> Path:
    packed = out.with_name(out.name + ".zip")
    with zipfile.ZipFile(packed, "w") as archive:
        for path in sorted(files_below(out)):
            info = zipfile.ZipInfo(f"{out.name}/{path.relative_to(out).as_posix()}", _MOMENT)
            info.external_attr = (0o100000 | _mode(path)) << _PERMISSIONS_SHIFT
            info.compress_type = zipfile.ZIP_STORED if path.suffix in _STORED else zipfile.ZIP_DEFLATED
            archive.writestr(info, path.read_bytes())
    return packed


def _mode(path: Path) -> int:
    return 0o755 if path.suffix in _PROGRAMS else 0o644
