"""Memory while exporting: at most three times the checkpoint."""

import subprocess
import sys
from pathlib import Path

import pytest

from model_export.gpt2.config import gpt2_config
from tests.checkpoints import TOY, write_checkpoint

pytest.importorskip("resource", reason="this system does not tell how large a process was")

ROOT = Path(__file__).parents[3]
# 105 MB: large enough beside what Python and onnxruntime take by themselves.
MEDIUM = gpt2_config(n_layer=4, n_head=8, n_embd=512, n_ctx=128, vocab_size=26000, norm_epsilon=1e-5)
# Runs the export in a process of its own and prints that process's largest size.
PROGRAM = """
import resource, sys
from model_export.__main__ import main
status = main(sys.argv[1:])
print("peak", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
sys.exit(status)
"""


def peak_bytes(checkpoint: Path, out: Path, scheme: str) -> int:
    arguments = ["--model", str(checkpoint), "--out", str(out), "--quant", scheme]
    done = subprocess.run([sys.executable, "-c", PROGRAM, *arguments], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    # Kilobytes on Linux, bytes on macOS.
    return int(done.stdout.split()[-1]) * (1 if sys.platform == "darwin" else 1024)


@pytest.mark.parametrize("scheme", ["int8", "fp32"])
def test_three_times_the_checkpoint(scheme: str, tmp_path: Path) -> None:
    own = peak_bytes(write_checkpoint(tmp_path / "toy", TOY), tmp_path / "out-toy", scheme)
    medium = write_checkpoint(tmp_path / "medium", MEDIUM)
    size = (medium / "model.safetensors").stat().st_size
    times = (peak_bytes(medium, tmp_path / "out", scheme) - own) / size
    print(f"{scheme}: {times:.2f} x the checkpoint")
    assert times < 3
