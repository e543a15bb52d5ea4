"""``make bench``: prints a table and writes ``bench-results.json`` with all single times and versions."""

import argparse
import json
import os
import platform
import statistics
from pathlib import Path
from typing import Any

import onnxruntime

from build_scripts.bench import browser, visitor
from build_scripts.bench.counting import CountingServer
from build_scripts.bench.models import BENCH, SHAPE, random_model
from build_scripts.bench.native import ALL_TENSORS, NativeBench
from build_scripts.bundle import bundle_bench
from build_scripts.paths import BUILD, ROOT, WEB
from build_scripts.setup import say
from build_scripts.site import STARTER, build
from build_scripts.vendor import vendor_pyodide

_GROUPS = ("start", "page", "models")
_LENGTHS = (16, 64, 256)
_VISITS = 3
_TOKENS = 12
Times = dict[str, Any]


def main() -> None:
    """Measure everything; minutes on a small machine."""
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--out", type=Path, default=ROOT / "bench-results.json")
    parser.add_argument("--only", nargs="+", choices=_GROUPS, default=_GROUPS, help="default: all")
    parser.add_argument("--threads", type=int, nargs="+", default=[1, 2])
    parsed = parser.parse_args()
    models = {STARTER: BUILD / "models" / STARTER, SHAPE: random_model("int8")}
    site = BENCH / "site"
    build(site, {SHAPE: models[SHAPE]})
    bundle_bench(site)
    vendor_pyodide(site / "stock" / "pyodide")
    results: dict[str, Any] = {
        "versions": _versions(),
        "load_average": os.getloadavg() if hasattr(os, "getloadavg") else None,
    }
    with CountingServer(site) as server:
        if "start" in parsed.only:
            say("Start-up")
            results["start_up"] = browser.start_up(server, site / "assets", _VISITS)
        if "page" in parsed.only:
            say("The whole page with the large model")
            results["whole_page"] = browser.whole_page(server, SHAPE, _TOKENS)
            for name, lengths in ((STARTER, (5, 60)), (SHAPE, visitor.LENGTHS)):
                say(f"{name}, as a visitor sees it")
                results[f"{name}, page"] = visitor.measure(server, name, lengths)
                results[f"{name}, longest frame"] = visitor.longest_frames(server, name)
                results[f"{name}, sampling"] = visitor.slides(server, name)
        if "models" in parsed.only:
            for name in models:
                for threads in parsed.threads:
                    say(f"{name} in the browser, threads: {threads}")
                    results[f"{name}, browser, {threads}"] = browser.model_speed(
                        server, site / "assets", name, threads, _LENGTHS, ALL_TENSORS
                    )
    if "models" in parsed.only:
        for name, folder in {**models, f"{SHAPE} fp32": random_model("fp32")}.items():
            for threads in parsed.threads:
                say(f"{name} natively, threads: {threads}")
                results[f"{name}, native, {threads}"] = _native(folder, threads)
    parsed.out.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
    _print(results)
    say(f"Wrote {parsed.out}")


def _native(folder: Path, threads: int) -> Times:
    bench = NativeBench(folder, threads)
    results: Times = {}
    for label, names in (("plain", ()), ("all tensors", ALL_TENSORS)):
        for n in _LENGTHS:
            results[f"prefill {n}, {label}"] = bench.prefill(n, names, 5)
        results[f"decode, {label}"] = bench.decode(64, names, 15)
    return results


def _print(results: dict[str, Any]) -> None:
    print(f"\n{'milliseconds, or bytes':58} {'median':>12} {'least':>12}")
    for title, group in results.items():
        if title not in ("versions", "load_average"):
            for label, value in _flat(group, title):
                print(f"{label:58} {value}")


def _flat(group: Times, title: str) -> list[tuple[str, str]]:
    lines = []
    for label, value in group.items():
        if isinstance(value, dict):
            lines += _flat(value, f"{title}, {label}")
        elif isinstance(value, list):
            lines.append((f"{title}, {label}", f"{statistics.median(value):12,.1f} {min(value):12,.1f}"))
        elif value is not None:
            lines.append((f"{title}, {label}", f"{value:12,.0f}"))
    return lines


def _versions() -> dict[str, str]:
    page = json.loads((WEB / "package.json").read_text(encoding="utf-8"))["dependencies"]
    names = {name: page[name] for name in ("pyodide", "onnxruntime-web")}
    return {
        "python": platform.python_version(),
        "onnxruntime": onnxruntime.__version__,
        "cpus": str(os.cpu_count()),
        **names,
    }


if __name__ == "__main__":
    main()
