"""What is measured: the starter, and seeded random weights in the shape of GPT-2 (124M)."""

from pathlib import Path

from build_scripts.paths import BUILD, ROOT, STARTER_CHECKPOINT
from build_scripts.setup import say
from build_scripts.stamps import exporter_files, files_below, when_changed
from model_export.export import export
from tests.checkpoints import GPT2_124M, write_checkpoint

BENCH = BUILD / "bench"
SHAPE = "gpt2-shape"


def random_model(quantization: str) -> Path:
    """The export of the random checkpoint; made once. ``quantization``: int8, int8-integer or fp32."""
    checkpoint, out = BENCH / "checkpoint", BENCH / f"{SHAPE}-{quantization}"
    recipe = files_below(ROOT / "tests" / "checkpoints.py")
    tokenizer = STARTER_CHECKPOINT / "tokenizer.json"

    def make_checkpoint() -> None:
        say("Writing random weights")
        write_checkpoint(checkpoint, GPT2_124M, tokenizer)

    def make() -> None:
        say(f"Exporting them ({quantization})")
        export(str(checkpoint), out, quantization)

    when_changed(BENCH / "stamps" / "checkpoint", [*recipe, tokenizer], make_checkpoint)
    when_changed(BENCH / "stamps" / quantization, [*recipe, tokenizer, *exporter_files()], make)
    return out
