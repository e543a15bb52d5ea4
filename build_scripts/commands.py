"""The commands that need the project's environment; ``python3 -m build_scripts`` calls this inside it."""

import argparse
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from build_scripts.browsers import find_chromium, install_engines
from build_scripts.errors import BuildError
from build_scripts.paths import BUILD, DIST, ROOT, WEB
from build_scripts.setup import say

_PORT = 8000


def _model(text: str) -> tuple[str, Path]:
    name, found, folder = text.partition("=")
    if not found:
        raise argparse.ArgumentTypeError(f"a model is given as NAME=EXPORT_DIR, not {text!r}")
    return name, Path(folder)


def _build(parsed: argparse.Namespace, rest: list[str]) -> int:
    from build_scripts.pretrained import pretrained
    from build_scripts.site import build

    ready_made = pretrained() if parsed.models == "all" else {}
    build(parsed.out.resolve(), ready_made | dict(parsed.model), parsed.any_size)
    say(f"Built {parsed.out}")
    return 0


def _gpt2(parsed: argparse.Namespace, rest: list[str]) -> int:
    exported = BUILD / "models" / "gpt2"
    if status := _export(parsed, ["--model", parsed.source, "--out", str(exported), *rest]):
        return status
    parsed.model.append(("gpt2", exported))
    return _build(parsed, [])


def _serve(parsed: argparse.Namespace, rest: list[str]) -> int:
    from build_scripts.lan import serve_lan
    from build_scripts.serve import make_app, serve
    from glassbox.site_server import HOST

    _build(parsed, rest)
    if parsed.lan:
        serve_lan(parsed.out, parsed.port, parsed.host)
        return 0
    app = make_app(parsed.out, not parsed.no_isolation)
    serve(app, parsed.port, lambda port: print(f"Glassbox is at http://{HOST}:{port}/  (Ctrl+C stops it)", flush=True))
    return 0


def _kit(parsed: argparse.Namespace, rest: list[str]) -> int:
    from build_scripts.kit import make_kit

    _build(parsed, rest)
    packed = make_kit(parsed.out, parsed.kit.resolve())
    say(f"Made {parsed.kit} and {packed.name} ({packed.stat().st_size / 1e6:.0f} MB)")
    return 0


def _wheel(parsed: argparse.Namespace, rest: list[str]) -> int:
    from build_scripts.wheel import build_wheel

    _build(parsed, rest)
    made = build_wheel(parsed.wheels.resolve(), parsed.out)
    say(f"Made {made} ({made.stat().st_size / 1e6:.0f} MB)")
    return 0


def _export(parsed: argparse.Namespace, rest: list[str]) -> int:
    return _run(sys.executable, "-m", "model_export", *rest)


def _starter(parsed: argparse.Namespace, rest: list[str]) -> int:
    return _run(sys.executable, "-m", "model_export.starter.train", *rest)


def _bench(parsed: argparse.Namespace, rest: list[str]) -> int:
    os.environ["CHROMIUM"] = find_chromium()
    return _run(sys.executable, "-m", "build_scripts.bench", *rest)


def _check(parsed: argparse.Namespace, rest: list[str]) -> int:
    node = shutil.which("node") or "node"
    packages, strict = WEB / "node_modules", ["--error-on-warnings"]
    steps = {
        "Formatting": (sys.executable, "-m", "ruff", "format", "--check", "--quiet", "."),
        "Linting": (sys.executable, "-m", "ruff", "check", "--quiet", "."),
        "Python types": (sys.executable, "-m", "mypy"),
        "JavaScript and CSS": (node, str(packages / "@biomejs" / "biome" / "bin" / "biome"), "check", *strict),
        "JavaScript types": (node, str(packages / "typescript" / "bin" / "tsc"), "-p", str(WEB)),
    }
    failed = []
    # At once: each takes one processor alone.
    with ThreadPoolExecutor() as pool:
        for name, outcome in zip(steps, pool.map(_captured, steps.values()), strict=True):
            say(name)
            sys.stdout.write(outcome.stdout)
            if outcome.returncode:
                failed.append(name)
    if failed:
        print(f"glassbox: failed: {', '.join(failed)}", file=sys.stderr)
    return 1 if failed else 0


def _test(parsed: argparse.Namespace, rest: list[str]) -> int:
    if status := _check(parsed, rest):
        return status
    node = shutil.which("node") or "node"
    say("JavaScript tests")
    tests = sorted(str(path) for path in (ROOT / "tests" / "js").glob("*.test.js"))
    if status := _run(node, "--test", "--test-reporter=dot", *tests):
        return status
    say("Python tests")
    without = "not parity and not browser and not engines"
    if status := _pytest(without, ["--dist", "worksteal"], rest):
        return status
    # In processes of their own: Playwright keeps an event loop running. File by file: the tests of one share a page.
    os.environ["CHROMIUM"] = find_chromium()
    say("Tests in the browser")
    return _pytest("browser", ["--dist", "loadfile", "--no-loadscope-reorder"], rest)


def _pytest(marks: str, distribution: list[str], rest: list[str]) -> int:
    return _run(sys.executable, "-m", "pytest", "-m", marks, "-n", "2", *distribution, *rest)


def _test_site(parsed: argparse.Namespace, rest: list[str]) -> int:
    if not (parsed.site / "index.html").is_file():
        raise BuildError(f"There is no site in {parsed.site}. Build it with python3 -m build_scripts build.")
    os.environ["CHROMIUM"] = find_chromium()
    os.environ["GLASSBOX_DIST"] = str(parsed.site.resolve())
    say(f"Tests of {parsed.site}")
    return _run(sys.executable, "-m", "pytest", "tests/browser/test_published.py", *rest)


def _rehearse(parsed: argparse.Namespace, rest: list[str]) -> int:
    from build_scripts.rehearsal import rehearse

    rehearse()
    return 0


def _visits(parsed: argparse.Namespace, rest: list[str]) -> int:
    from build_scripts.visits import report

    os.environ["CHROMIUM"] = find_chromium()
    return report(parsed.site.resolve(), parsed.visits, parsed.at_once)


def _faults(parsed: argparse.Namespace, rest: list[str]) -> int:
    os.environ["CHROMIUM"] = find_chromium()
    return _run(sys.executable, "-m", "tests.browser.faults", *rest)


def _test_engines(parsed: argparse.Namespace, rest: list[str]) -> int:
    os.environ["CHROMIUM"] = find_chromium()
    install_engines()
    say("Tests in Firefox and WebKitGTK, and on Chromium's graphics card in software")
    return _run(sys.executable, "-m", "pytest", "-m", "engines", *rest)


def _parity(parsed: argparse.Namespace, rest: list[str]) -> int:
    say("Comparison with PyTorch")
    return _run(sys.executable, "-m", "pytest", "-m", "parity", *rest)


def _run(*command: str) -> int:
    return subprocess.run(command, cwd=ROOT, env=_environment(), check=False).returncode


def _captured(command: Sequence[str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command,
        cwd=ROOT,
        env=_environment(),
        check=False,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
    )


def _environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT)])}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; 2 with one line on stderr where it cannot be done."""
    parser = argparse.ArgumentParser(prog="python3 -m build_scripts")
    commands = parser.add_subparsers(required=True)
    for name, call in (("build", _build), ("gpt2", _gpt2), ("serve", _serve), ("kit", _kit), ("wheel", _wheel)):
        command = commands.add_parser(name)
        command.set_defaults(call=call)
        command.add_argument("--model", type=_model, action="append", default=[], metavar="NAME=EXPORT_DIR")
        # A package of 160 MB would be more than package indexes take.
        models = "starter" if name == "wheel" else "all"
        command.add_argument(
            "--models", choices=("all", "starter"), default=models, help="starter: without SmolLM2 (98 MB)"
        )
        command.add_argument("--out", type=Path, default=DIST)
        command.add_argument("--any-size", action="store_true", help="also a site that is too large for GitHub Pages")
        if name == "gpt2":
            command.add_argument("--source", default="openai-community/gpt2", help="hub id, folder or GGUF file")
        if name == "serve":
            command.add_argument("--port", type=int, default=_PORT)
            command.add_argument("--no-isolation", action="store_true", help="without COOP and COEP, as on plain hosts")
            command.add_argument("--lan", action="store_true", help="to everybody on this network, with a QR code")
            command.add_argument("--host", help="with --lan: the address to print, where the one found is wrong")
        if name == "kit":
            command.add_argument("--kit", type=Path, default=BUILD / "glassbox-kit", help="folder to make")
        if name == "wheel":
            command.add_argument("--wheels", type=Path, default=BUILD / "wheels", help="folder for the wheel")
    passed_on = {"export": _export, "starter": _starter, "bench": _bench, "test": _test, "test-engines": _test_engines}
    for name, call in passed_on.items():
        commands.add_parser(name, add_help=False).set_defaults(call=call)
    commands.add_parser("rehearse").set_defaults(call=_rehearse)
    commands.add_parser("faults", add_help=False).set_defaults(call=_faults)
    command = commands.add_parser("visits")
    command.set_defaults(call=_visits)
    command.add_argument("--site", type=Path, default=DIST, help="the built site to visit")
    command.add_argument("--visits", type=int, default=300)
    command.add_argument("--at-once", type=int, default=30)
    command = commands.add_parser("test-site")
    command.set_defaults(call=_test_site)
    command.add_argument("--site", type=Path, default=DIST, help="the built site to test")
    for name, call in (("check", _check), ("parity", _parity)):
        commands.add_parser(name).set_defaults(call=call)
    parsed, rest = parser.parse_known_args(arguments)
    try:
        return int(parsed.call(parsed, rest))
    except BuildError as error:
        print(f"glassbox: {error}", file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main())
