"""``python -m model_export --model MODEL --out DIR``"""

import argparse
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

from model_export.errors import ExportError
from model_export.export import export
from model_export.quantize import SCHEMES

# What shells report for programs that end by SIGINT and SIGTERM.
_INTERRUPTED, _TERMINATED = 130, 143


def main(arguments: Sequence[str] | None = None) -> int:
    """Export one model; 2 with one line on stderr where it cannot be done."""
    parser = argparse.ArgumentParser(prog="python -m model_export", description="Checkpoint -> quantised ONNX")
    parser.add_argument(
        "--model", required=True, metavar="MODEL", help="folder in Hugging Face layout, GGUF file, or hub id"
    )
    parser.add_argument("--out", type=Path, required=True, metavar="DIR")
    parser.add_argument("--quant", choices=SCHEMES, help="int8 if absent; of a GGUF file, its own blocks are kept")
    parser.add_argument("--revision", help="the hub's branch, tag or commit")
    parser.add_argument("--source", help="where the model comes from, as the page says it; what --model says if absent")
    parser.add_argument("--display-name", help="what the page calls the model")
    parsed = parser.parse_args(arguments)
    # Ended from outside, it still clears away what it has begun.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(_TERMINATED))
    try:
        manifest = export(parsed.model, parsed.out, parsed.quant, parsed.revision, parsed.display_name, parsed.source)
    except ExportError as error:
        print(f"model_export: {error}", file=sys.stderr)
        return 2
    except MemoryError:
        print("model_export: The machine has not enough free memory for this model. Close programs.", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("model_export: Stopped; nothing was written.", file=sys.stderr)
        return _INTERRUPTED
    deviation = manifest["deviation"]
    print(
        f"{manifest['parameters'] / 1e6:.1f} M parameters, {manifest['weights']['bytes'] / 1e6:.1f} MB, "
        f"{len(manifest['chunks'])} chunks -> {parsed.out}\n"
        f"against fp32 on {deviation['tokens']} tokens: mean KL {deviation['mean_kl']:.2e} nats, "
        f"top-1 agreement {deviation['top_1_agreement']:.1%}, "
        f"largest logit difference {deviation['largest_logit_difference']:.3g}"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
