"""Assembles ``dist/``: page, runtimes, models, stored runs. What has not changed is not made again."""

import gzip
import hashlib
import json
import os
import re
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path

from filelock import FileLock

from build_scripts.bundle import bundle, bundle_guard, bundle_service_worker
from build_scripts.chat_packages import gather_chat_packages
from build_scripts.errors import BuildError
from build_scripts.integrity import parts_of, shell, sizes_of, sums_of
from build_scripts.limits import check_sizes
from build_scripts.links import link_tree
from build_scripts.paths import BUILD, EXAMPLES, REQUIREMENTS, ROOT, STARTER_CHECKPOINT, STARTER_TRAINING, WEB
from build_scripts.setup import run, say
from build_scripts.stamps import exporter_files, files_below, stamp_of, when_changed
from build_scripts.vendor import vendor_onnxruntime, vendor_pyodide
from build_scripts.wheel import build_wheel

STARTER = "starter"
# Modules that the page shows and lets readers edit: as they are in the repository, comments and all, and as plain text,
# since some hosts run what ends in .py.
SHOWN_SOURCES = ("attention.py", "sampling_rules.py")
_COMPRESSED = {
    ".html",
    ".js",
    ".mjs",
    ".css",
    ".json",
    ".wasm",
    ".zip",
    ".whl",
    ".run",
    ".record",
    ".txt",
    ".onnx",
    ".webmanifest",
}
_NAME = re.compile(r"[a-z0-9][a-z0-9._-]*")


def build(out: Path, models: Mapping[str, Path], is_any_size: bool = False) -> None:
    """Build the site with the starter and further exported models. Raises BuildError, also if too large for Pages."""
    _check_models(models)
    BUILD.mkdir(exist_ok=True)
    # Of two at once one would take what the other has half made.
    with FileLock(BUILD / "lock"):
        _build(out, models, is_any_size)


def _build(out: Path, models: Mapping[str, Path], is_any_size: bool) -> None:
    starter, runtime, examples = BUILD / "models" / STARTER, BUILD / "runtime", BUILD / "examples"
    source = files_below(ROOT / "src")
    when_changed(
        stamp_of(starter),
        [*exporter_files(), *files_below(STARTER_CHECKPOINT, REQUIREMENTS / "serve.txt")],
        lambda: _export(starter),
    )
    vendoring = [WEB / "package-lock.json", ROOT / "pyproject.toml", *(ROOT / "build_scripts").glob("bytecode.*")]
    vendoring.append(ROOT / "build_scripts" / "vendor.py")
    vendoring += [ROOT / "build_scripts" / "chat_packages.py", REQUIREMENTS / "serve.txt"]
    vendoring += [ROOT / "build_scripts" / "wheel.py", ROOT / "hatch_build.py"]
    when_changed(stamp_of(runtime), [*source, *vendoring], lambda: _runtime(runtime))
    when_changed(
        stamp_of(examples), [*source, starter / "manifest.json", EXAMPLES], lambda: _store_runs(starter, examples)
    )
    aside = out.with_name(f".{out.name}-next")
    shutil.rmtree(aside, ignore_errors=True)
    aside.mkdir(parents=True)
    say("Bundling the page")
    scripts = bundle(aside / "assets", BUILD / "meta")
    link_tree(runtime, aside / "runtime")
    link_tree(examples, aside / "examples")
    link_tree(STARTER_TRAINING, aside / "training")
    (aside / "source").mkdir()
    for name in SHOWN_SOURCES:
        shutil.copyfile(ROOT / "src" / "glassbox" / name, aside / "source" / f"{name}.txt")
    # As plain text, which every browser shows; the models dialog leads there.
    shutil.copyfile(ROOT / "docs" / "starter-model.md", aside / "starter-model.txt")
    _models(aside / "models", {STARTER: starter, **models})
    bundle_guard(aside)
    sums, parts = sums_of(aside), parts_of([BUILD / "meta" / "workers.json", BUILD / "meta" / "page.json"])
    page = shell(scripts, sums, sizes_of(aside, sums), parts)
    (aside / "index.html").write_text(page, encoding="utf-8")
    bundle_service_worker(aside)
    _compress(aside)
    if not is_any_size:
        check_sizes(aside)
    _replace(aside, out)


def _check_models(models: Mapping[str, Path]) -> None:
    for name, folder in models.items():
        if not _NAME.fullmatch(name):
            raise BuildError(f"{name!r} cannot be a model's name; use small letters, digits, dots, dashes.")
        if name == STARTER:
            raise BuildError(f"The site's own model is called {STARTER}; give {folder} another name.")
        if not (folder / "manifest.json").is_file():
            raise BuildError(f"{folder} is no exported model. Make it with make export MODEL=… OUT={folder}.")
    if not (STARTER_CHECKPOINT / "model.safetensors").is_file():
        raise BuildError(
            f"{STARTER_CHECKPOINT} has no model.safetensors. Check the clone, or train one with make starter."
        )


def _export(out: Path) -> None:
    say("Exporting the starter model")
    names = ["--display-name", "Starter", "--source", "model_export/starter"]
    run([sys.executable, "-m", "model_export", "--model", str(STARTER_CHECKPOINT), "--out", str(out), *names], cwd=ROOT)


def _runtime(out: Path) -> None:
    say("Gathering the runtimes")
    shutil.rmtree(out, ignore_errors=True)
    lock = vendor_pyodide(out / "pyodide")
    vendor_onnxruntime(out / "onnxruntime")
    gather_chat_packages(out)
    wheel = build_wheel(out / "pyodide")
    packages = sorted(lock["packages"])
    run(["node", str(ROOT / "build_scripts" / "bytecode.mjs"), str(out / "pyodide"), wheel.name, *packages], cwd=ROOT)
    # What the Python worker fetches until it is ready.
    n_bytes = sum(path.stat().st_size for path in (out / "pyodide").iterdir())
    index = {"wheel": wheel.name, "packages": packages, "bytes": n_bytes}
    (out / "index.json").write_text(json.dumps(index, indent=1) + "\n", encoding="utf-8")


def _store_runs(model: Path, out: Path) -> None:
    say("Running the examples")
    shutil.rmtree(out, ignore_errors=True)
    command = ["-m", "glassbox", "store-runs", "--model", str(model), "--examples", str(EXAMPLES), "--out", str(out)]
    run([sys.executable, *command], cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT / "src")})


def _models(out: Path, models: Mapping[str, Path]) -> None:
    listed = []
    for name, folder in models.items():
        link_tree(folder, out / name)
        manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        n_bytes = sum(entry["bytes"] for entry in [manifest["graph"], manifest["tokenizer"], *manifest["chunks"]])
        facts = {fact: manifest[fact] for fact in ("display_name", "parameters", "licence")}
        listed.append(
            {"name": name, **facts, "source": manifest["source"]["id"], "bytes": n_bytes}
            | {"manifest": f"{name}/manifest.json"}
        )
    index = {"models": listed, "default": STARTER}
    (out / "index.json").write_text(json.dumps(index, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def _compress(folder: Path) -> None:
    """A .gz beside every file that gets smaller; weights hardly do, and are read in pieces."""
    cache = BUILD / "gzip"
    cache.mkdir(parents=True, exist_ok=True)
    for path in files_below(folder):
        if path.suffix not in _COMPRESSED:
            continue
        data = path.read_bytes()
        kept = cache / hashlib.sha256(data).hexdigest()
        if not kept.exists():
            kept.write_bytes(gzip.compress(data, mtime=0))
        shutil.copyfile(kept, path.with_name(path.name + ".gz"))


def _replace(aside: Path, out: Path) -> None:
    old = out.with_name(f".{out.name}-old")
    shutil.rmtree(old, ignore_errors=True)
    if out.exists():
        out.rename(old)
    aside.rename(out)
    shutil.rmtree(old, ignore_errors=True)
