"""Bundles the page with esbuild; file names hold a hash of their content."""

import json
import sys
from pathlib import Path

from build_scripts.integrity import sha256_base64, sums_of
from build_scripts.paths import BUILD, WEB, version
from build_scripts.setup import run
from glassbox.site_server import policy_of

_ESBUILD = WEB / "node_modules" / ".bin" / ("esbuild.cmd" if sys.platform == "win32" else "esbuild")
_COMMON = (
    "--bundle",
    "--format=esm",
    "--target=es2022",
    "--minify",
    "--jsx=automatic",
    "--jsx-import-source=preact",
    "--entry-names=[name]-[hash]",
    "--chunk-names=[name]-[hash]",
    "--asset-names=[name]-[hash]",
    "--loader:.woff2=file",
    "--loader:.woff=empty",
    "--loader:.ttf=empty",
    "--log-level=warning",
    "--splitting",
)
_WORKERS = {
    "python": "workers/python_worker.js",
    "inference": "workers/inference_worker.js",
    "workbench": "workers/workbench_worker.js",
}


def bundle(out: Path, meta_folder: Path) -> dict[str, str]:
    """Write scripts and styles to ``out``; returns entry point (``main.jsx``) -> file name."""
    meta_folder.mkdir(parents=True, exist_ok=True)
    workers = _esbuild(out, meta_folder / "workers.json", list(_WORKERS.values()), ["--outbase=workers"])
    names = {name: f"assets/{workers[entry]}" for name, entry in _WORKERS.items()}
    defines = [f"--define:WORKERS={json.dumps(names)}", f"--define:VERSION={json.dumps(version())}"]
    page = _esbuild(out, meta_folder / "page.json", ["main.jsx", "styles/main.css"], defines)
    return workers | page


def bundle_guard(site: Path) -> None:
    """Write ``guard.js``, which comes before all else. Without a hash in its name, hosts let it be asked for anew."""
    run([*_alone("integrity/guard.js", site / "guard.js"), "--format=iife"], cwd=WEB)


def bundle_service_worker(site: Path) -> None:
    """Write ``service_worker.js``, which knows every file of the site but the models'. Its name may not change."""
    pages = ("index.html", "guard.js", "starter-model.txt")
    files = sums_of(site) | {name: sha256_base64((site / name).read_bytes()) for name in pages}
    defines = [f"--define:FILES={json.dumps(files)}", f"--define:POLICY={json.dumps(policy_of(site))}"]
    run([*_alone("service_worker.js", site / "service_worker.js"), *defines], cwd=WEB)


def _alone(entry: str, out: Path) -> list[str]:
    """The call that bundles a script into one file of a fixed name."""
    plain = [option for option in _COMMON if not option.startswith(("--entry-names", "--splitting"))]
    return [str(_ESBUILD), entry, f"--outfile={out}", *plain]


def bundle_bench(site: Path) -> None:
    """Add the bare page on which runtimes are measured to a built site."""
    meta = BUILD / "meta" / "bench.json"
    names = _esbuild(site / "assets", meta, ["bench/page.js", "bench/python.js"], ["--outbase=bench"])
    script = f'<script type="module" src="assets/{names["bench/page.js"]}"></script>'
    (site / "bench.html").write_text(f"<!doctype html><title>Bench</title>{script}", encoding="utf-8")


def _esbuild(out: Path, meta: Path, entries: list[str], extra: list[str]) -> dict[str, str]:
    run([str(_ESBUILD), *entries, f"--outdir={out}", f"--metafile={meta}", *_COMMON, *extra], cwd=WEB)
    outputs = json.loads(meta.read_text(encoding="utf-8"))["outputs"]
    return {info["entryPoint"]: Path(path).name for path, info in outputs.items() if info.get("entryPoint")}
