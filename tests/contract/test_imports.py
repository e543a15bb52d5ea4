"""Imports run one way, and only one module knows that it runs in a browser."""

import ast
import re
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "src" / "glassbox"
WEB = ROOT / "web"

# A module may import those to the right of it. The command line stands beside the bridge.
PYTHON_LAYERS = [
    {"__main__"},
    {"bridge"},
    {"run_payloads", "stored_run"},
    {"arithmetic", "beam", "contributions", "embeddings", "river", "sections"},
    {"rotation"},
    {"operands", "sweeps", "transplants"},
    {"engine"},
    {"reader"},
    {"store", "passes", "payloads"},
    {"activations", "lens"},
    {"token_numbers"},
    {"workbench"},
    {"chat", "draws", "sampling_steps"},
    {"intervention_options", "runs", "weights", "sampling", "tokenizer", "head_marks"},
    {"tokenizer_file"},
    {"byte_level", "bpe", "text_spans", "word_split"},
    {"interventions"},
    {"attention"},
    {"sampling_rules"},
    {"runtime.native", "runtime.browser"},
    {"runtime.base"},
    {"tensor_layout"},
    {"architectures"},
    {"architectures.gpt2", "architectures.llama"},
    {"architectures.architecture"},
    {"architectures.operations"},
    {"dequantize"},
    {"config"},
    {"errors", "site_server"},
]
# Modules in this set are nouns of their own that any layer from theirs on may use.
PYTHON_LEVEL = {module: level for level, modules in enumerate(PYTHON_LAYERS) for module in modules}

# The runtimes are picked at the edge: by the bridge in a browser, by the command line elsewhere.
MAY_PICK_A_RUNTIME = {"bridge": {"runtime.browser"}, "__main__": {"runtime.native"}}


def modules_of(folder: Path) -> dict[str, Path]:
    return {
        ".".join(path.relative_to(folder).with_suffix("").parts): path
        for path in folder.rglob("*.py")
        if path.name != "__init__.py"
    }


def imported_names(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module)
    return names


@pytest.mark.parametrize("module", sorted(modules_of(PACKAGE)))
def test_glassbox_imports_run_one_way(module: str) -> None:
    assert module in PYTHON_LEVEL, f"place {module} in PYTHON_LAYERS"
    imported = imported_names(modules_of(PACKAGE)[module])
    for target in {name.removeprefix("glassbox.") for name in imported if name.startswith("glassbox.")}:
        if target.startswith("runtime.") and target != "runtime.base":
            assert target in MAY_PICK_A_RUNTIME.get(module, set()), f"{module} must not import {target}"
        else:
            assert PYTHON_LEVEL[target] > PYTHON_LEVEL[module], f"{module} must not import {target}"


def test_only_the_browser_runtime_knows_pyodide() -> None:
    for module, path in modules_of(PACKAGE).items():
        roots = {name.split(".")[0] for name in imported_names(path)}
        if module != "runtime.browser":
            assert not roots & {"js", "pyodide", "pyodide_js"}, module


def test_only_the_native_runtime_knows_onnxruntime() -> None:
    for module, path in modules_of(PACKAGE).items():
        if module != "runtime.native":
            assert "onnxruntime" not in imported_names(path), module


def test_the_package_knows_neither_export_nor_build() -> None:
    for module, path in modules_of(PACKAGE).items():
        roots = {name.split(".")[0] for name in imported_names(path)}
        assert not roots & {"model_export", "build_scripts"}, module


# Of types too: what a comment takes from a file is known to it as well.
JS_IMPORT = re.compile(r'\bfrom "(\.[^"]+)"|\bimport\(\s*"(\.[^"]+)"\s*\)|^import "(\.[^"]+)"', re.MULTILINE)


def javascript_imports() -> dict[Path, set[Path]]:
    """Every file of the page -> the files of the page it names, types included."""
    imports = {}
    for path in sorted(WEB.rglob("*.js*")):
        if path.suffix in {".js", ".jsx"} and "node_modules" not in path.parts:
            named = ["".join(groups) for groups in JS_IMPORT.findall(path.read_text(encoding="utf-8"))]
            imports[path] = {(path.parent / name).resolve() for name in named}
    return imports


def test_javascript_imports_run_in_no_circle() -> None:
    imports = javascript_imports()
    assert WEB / "views" / "app.jsx" in imports[WEB / "start_page.jsx"], "no import found: has their form changed?"
    try:
        TopologicalSorter(imports).prepare()
    except CycleError as error:
        pytest.fail(" -> ".join(str(path.relative_to(WEB)) for path in error.args[1]))


def test_every_import_of_javascript_is_there() -> None:
    for path, targets in javascript_imports().items():
        assert not [target for target in targets if not target.is_file()], path


def test_layout_knows_no_view() -> None:
    for path, targets in javascript_imports().items():
        if WEB / "layout" in path.parents:
            assert not [target for target in targets if WEB / "views" in target.parents], path.name


JS_FORBIDDEN = {
    # Itself, one level below too; the words of numbers; d3's geometry.
    "layout": r'from "(?!\./|\.\./format|d3-)',
    "layout/river": r'from "(?!\./|\.\./\w+\.js"|\.\./\.\./format|d3-)',
    "state": r'from "(?:\.\./)+(?:client|views|workers|saving|main|start_page)',
    "views": r'from "(?:\.\./)+(?:client|workers|main|start_page)',
}


@pytest.mark.parametrize("folder", sorted(JS_FORBIDDEN))
def test_javascript_imports_run_one_way(folder: str) -> None:
    files = [
        path
        for path in (WEB / folder).glob("*.js*" if "layout" in folder else "**/*.js*")
        if path.suffix in {".js", ".jsx"}
    ]
    assert files, f"web/{folder} is empty"
    for path in files:
        found = re.search(JS_FORBIDDEN[folder], path.read_text(encoding="utf-8"))
        assert not found, f"{path.name}: {found and found.group()}"


def test_layout_touches_no_document() -> None:
    for path in (WEB / "layout").rglob("*.js"):
        assert not re.search(r"\b(document|window)\.", path.read_text(encoding="utf-8")), path.name
