"""Archives whose modules are compiled ahead."""

import io
import subprocess
import sys
import zipfile
from pathlib import Path

from build_scripts.bytecode import with_bytecode

SOURCE = b'"""What it is for."""\n\n\ndef twice(x):\n    """Two of it."""\n    assert x\n    return 2 * x\n'


def archive(**files: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        for name, content in files.items():
            made.writestr(name.replace("__DOT__", "."), content)
    return out.getvalue()


def names(data: bytes) -> list[str]:
    with zipfile.ZipFile(io.BytesIO(data)) as made:
        return made.namelist()


def test_only_what_start_up_imports_is_compiled() -> None:
    given = archive(used__DOT__py=SOURCE, other__DOT__py=SOURCE, data__DOT__txt=b"1", hints__DOT__pyi=b"")
    made = with_bytecode(given, {"used.py", "hints.pyi", "data.txt"})
    assert names(made) == ["data.txt", "other.py", "used.pyc"]


def test_what_is_compiled_runs_without_its_source(tmp_path: Path) -> None:
    path = tmp_path / "made.zip"
    path.write_bytes(with_bytecode(archive(used__DOT__py=SOURCE), {"used.py"}))
    program = "import used; print(used.twice(4), repr(used.__doc__), repr(used.twice.__doc__), used.__file__)"
    command = [sys.executable, "-c", f"import sys; sys.path.insert(0, {str(path)!r}); {program}"]
    shown = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert shown.split() == ["8", "''", "''", f"{path}/used.pyc"]


def test_the_same_content_has_the_same_bytes() -> None:
    given = {"a__DOT__py": SOURCE, "b__DOT__py": SOURCE}
    turned = dict(reversed(given.items()))
    assert with_bytecode(archive(**given), {"a.py"}) == with_bytecode(archive(**turned), {"a.py"})
