"""Archives of Python with compiled modules; runs in Pyodide's own interpreter, since bytecode is one version's.

Pyodide ships its library as source, and compiling it anew at each visit takes half of the start-up.
"""

import ast
import importlib.util
import io
import sys
import zipfile
from collections.abc import Collection
from importlib import _bootstrap_external
from typing import cast

# Nothing reads these while a program runs.
_UNUSED = (".pyi", ".h")
_DOCUMENTED = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
# The earliest that the format can hold: the same content has the same bytes.
_MOMENT = (1980, 1, 1, 0, 0, 0)


def imported_files() -> list[str]:
    """Files of all modules imported so far, as members of the archives they came in."""
    specs = [getattr(module, "__spec__", None) for module in list(sys.modules.values())]
    origins = [spec.origin for spec in specs if spec is not None and spec.origin is not None]
    # Longest first: where packages are installed lies below the library's folder.
    roots = sorted((root.rstrip("/") + "/" for root in sys.path if root), key=len, reverse=True)
    found = []
    for origin in origins:
        root = next((root for root in roots if origin.startswith(root)), None)
        if root is not None:
            found.append(origin.removeprefix(root))
    return sorted(found)


def with_bytecode(archive: bytes, members: Collection[str]) -> bytes:
    """A copy of a zip archive with those of its modules compiled; source and docstrings stay behind.

    Modules that start-up does not import stay as they are; compiled, they would only be more to fetch.
    """
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(archive)) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as new,
    ):
        for name in sorted(old.namelist()):
            if name.endswith((*_UNUSED, "/")):
                continue
            content = old.read(name)
            if name.endswith(".py") and name in members:
                name, content = f"{name}c", _compiled(name, content)
            info = zipfile.ZipInfo(name, _MOMENT)
            info.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(info, content)
    return out.getvalue()


def _compiled(name: str, source: bytes) -> bytes:
    tree = ast.parse(source, name)
    for node in ast.walk(tree):
        if isinstance(node, _DOCUMENTED) and ast.get_docstring(node, clean=False) is not None:
            # Not left out altogether: some modules take for granted that they have one.
            cast(ast.Constant, cast(ast.Expr, node.body[0]).value).value = ""
    code = compile(tree, name, "exec", dont_inherit=True)
    # Marked with the source's hash, not a time, and not to be checked: the source is not there.
    return bytes(_bootstrap_external._code_to_hash_pyc(code, importlib.util.source_hash(source), False))  # type: ignore[attr-defined]
