"""What is written is whole or not there, and nothing of somebody else's is replaced."""

import errno
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from model_export import export as export_module
from model_export.__main__ import main
from model_export.weight_file import WeightFile
from tests.unit.export.conftest import Refused, ToyCheckpoint

ROOT = Path(__file__).parents[3]


@pytest.mark.parametrize("step", ["_write_weights", "check_graph", "hashed_file", "split", "build_manifest"])
def test_disk_full(step: str, refused: Refused, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(export_module, step, fail)
    line = refused()
    assert "No space is left" in line
    assert "--out" in line


def test_disk_full_while_weights_are_written(refused: Refused, monkeypatch: pytest.MonkeyPatch) -> None:
    class FullDisk:
        """Takes a few bytes, then no more."""

        def __init__(self, path: Path) -> None:
            self._file = path.open("wb")

        def tell(self) -> int:
            return self._file.tell()

        def write(self, data: bytes) -> int:
            if self._file.tell() > 1000:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            return self._file.write(data)

        def close(self) -> None:
            self._file.close()

    original = WeightFile.__init__

    def patched(self: WeightFile, path: Path) -> None:
        original(self, path)
        self._file.close()
        self._file = FullDisk(path)  # type: ignore[assignment]

    monkeypatch.setattr(WeightFile, "__init__", patched)
    assert "No space is left" in refused()


def test_destination_is_a_file(checkpoint: ToyCheckpoint, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.write_text("mine")
    assert main(["--model", str(checkpoint.folder), "--out", str(out)]) == 2
    assert "is a file" in capsys.readouterr().err
    assert out.read_text() == "mine"


def test_destination_holds_other_things(
    checkpoint: ToyCheckpoint, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "diary.txt").write_text("mine")
    assert main(["--model", str(checkpoint.folder), "--out", str(out)]) == 2
    assert "something other than an exported model" in capsys.readouterr().err
    assert [path.name for path in out.iterdir()] == ["diary.txt"]
    # The checkpoint itself is not replaced by its export either.
    assert main(["--model", str(checkpoint.folder), "--out", str(checkpoint.folder)]) == 2
    assert checkpoint.weights.is_file()


def test_destination_below_a_file(
    checkpoint: ToyCheckpoint, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("")
    assert main(["--model", str(checkpoint.folder), "--out", str(tmp_path / "file" / "out")]) == 2
    assert "cannot be written" in capsys.readouterr().err


def test_a_failed_export_leaves_the_earlier_one(
    checkpoint: ToyCheckpoint, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    out = tmp_path / "exports" / "toy"
    assert main(["--model", str(checkpoint.folder), "--out", str(out)]) == 0
    before = {path.name: path.read_bytes() for path in out.iterdir()}
    checkpoint.weights.write_bytes(b"")
    assert main(["--model", str(checkpoint.folder), "--out", str(out)]) == 2
    assert {path.name: path.read_bytes() for path in out.iterdir()} == before
    assert os.listdir(out.parent) == ["toy"]
    capsys.readouterr()


def test_a_new_export_replaces_the_earlier_one(
    checkpoint: ToyCheckpoint, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    out = tmp_path / "exports" / "toy"
    for scheme in ("fp32", "int8"):
        assert main(["--model", str(checkpoint.folder), "--out", str(out), "--quant", scheme]) == 0
    manifest = json.loads((out / "manifest.json").read_text())
    assert manifest["quantization"] == {"scheme": "int8"}
    files = [manifest["graph"]["file"], manifest["tokenizer"]["file"], *(c["file"] for c in manifest["chunks"])]
    assert sorted(os.listdir(out)) == sorted(["manifest.json", *files])
    assert os.listdir(out.parent) == ["toy"]
    capsys.readouterr()


@pytest.mark.skipif(os.name == "nt", reason="signals of Unix")
@pytest.mark.parametrize(("number", "status"), [(signal.SIGTERM, 143), (signal.SIGINT, 130)])
def test_ended_from_outside(number: int, status: int, checkpoint: ToyCheckpoint, tmp_path: Path) -> None:
    # Stands still inside the export, so that the signal arrives there.
    program = (
        "import sys, time, model_export.export as e, model_export.__main__ as m\n"
        "def wait(*_):\n print('inside', flush=True); time.sleep(60)\n"
        "e.check_graph = wait\n"
        f"sys.exit(m.main(['--model', {str(checkpoint.folder)!r}, '--out', {str(tmp_path / 'exports' / 'toy')!r}]))"
    )
    # A run in the background ignores interrupts, and hands that on to its children.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    child = subprocess.Popen([sys.executable, "-c", program], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    signal.signal(signal.SIGINT, before)
    assert child.stdout is not None
    assert child.stdout.readline() == b"inside\n"
    time.sleep(0.1)
    child.send_signal(number)
    _, errors = child.communicate(timeout=120)
    assert child.returncode == status, errors
    assert b"Traceback" not in errors
    assert os.listdir(tmp_path / "exports") == []
