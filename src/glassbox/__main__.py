"""The command line: look inside a run, generate text, store example runs, serve. ``python -m glassbox --help``."""

import argparse
import asyncio
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from glassbox.engine import Engine
from glassbox.errors import GlassboxError
from glassbox.sampling import SamplingOptions
from glassbox.site_server import add_arguments, serve
from glassbox.stored_run import encode_run
from glassbox.tokenizer import Tokenizer

# A wheel may carry the built page; python3 -m build_scripts wheel makes one.
SITE = Path(__file__).parent / "site"


def open_engine(model: Path, threads: int = 0) -> Engine:
    """An engine on a directory written by ``python -m model_export``. Raises GlassboxError ``model_missing``."""
    # Serving needs no runtime, and an installation may have none.
    from glassbox.runtime.native import NativeRuntime

    runtime = NativeRuntime(model, threads)
    tokenizer_file = model / runtime.manifest.raw["tokenizer"]["file"]
    return Engine(Tokenizer.from_json(tokenizer_file.read_text(encoding="utf-8")), runtime)


async def inspect(arguments: argparse.Namespace) -> None:
    """Write every tensor of a run to an npz file: NAME.LAYER, ln_f, token_ids, logits of all positions, the lens."""
    engine = open_engine(arguments.model)
    scale = engine.heads_scaled([(layer, head, 0.0) for layer, head in arguments.head_off])
    if arguments.token_ids is not None:
        run = await engine.run_tokens(arguments.token_ids, scale)
    else:
        run = await engine.run_text(arguments.text, scale)
    arrays: dict[str, Any] = {"token_ids": np.array(run.token_ids)}
    for name in engine.layout.names:
        for layer in range(engine.config.n_layer) if engine.layout.is_layered(name) else [None]:
            arrays[engine.layout.key(name, layer)] = await engine.tensor(run, name, layer)
    if arguments.lens:
        arrays["lens"] = await engine.lens(run)
        arrays["logits"] = arrays["lens"][-1]
    else:
        arrays["logits"] = await engine.all_logits(run)
    np.savez(arguments.out, **arrays)
    print(f"{run.n_tokens} tokens, {len(arrays)} arrays -> {arguments.out}")


async def generate(arguments: argparse.Namespace) -> None:
    """Continue a text token by token and print it."""
    engine = open_engine(arguments.model)
    options = SamplingOptions.from_dict(
        {name: getattr(arguments, name) for name in ("temperature", "top_k", "top_p", "min_p", "seed")}
    )
    run = await engine.run_text(arguments.text)
    n_prompt, probabilities = run.n_tokens, []
    for _ in range(arguments.n):
        run, probability = await engine.generate_token(run, options)
        probabilities.append(probability)
    text = engine.tokenizer.decode(run.token_ids)
    if arguments.json:
        answer = {"text": text, "token_ids": list(run.token_ids[n_prompt:]), "probabilities": probabilities}
        print(json.dumps(answer, ensure_ascii=False))
    else:
        print(text)


async def store_runs(arguments: argparse.Namespace) -> None:
    """Make the example runs that the page shows before a model has arrived."""
    engine = open_engine(arguments.model)
    examples = _examples(arguments.examples)
    arguments.out.mkdir(parents=True, exist_ok=True)
    runs = []
    for number, example in enumerate(examples["examples"]):
        content = await encode_run(engine, example["text"], examples["options"])
        file = f"{number}.run"
        (arguments.out / file).write_bytes(content)
        runs.append({"file": file, "bytes": len(content), **example})
    index = {"model": arguments.name or arguments.model.name, "runs": runs}
    index_text = json.dumps(index, ensure_ascii=False, indent=1)
    (arguments.out / "index.json").write_text(index_text + "\n", encoding="utf-8")


def _examples(path: Path) -> dict[str, Any]:
    """The texts to store, each with the head to show it with, and the options. Raises GlassboxError ``bad_option``."""
    try:
        examples = json.loads(path.read_text(encoding="utf-8"))
        asked = [
            {"text": str(example["text"]), "layer": int(example.get("layer", 0)), "head": int(example.get("head", 0))}
            for example in examples["examples"]
        ]
        return {"examples": asked, "options": dict(examples["options"])}
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        form = '{"examples": [{"text", "layer", "head"}], "options": {…}}'
        raise GlassboxError("bad_option", f"{path} cannot be read as JSON of the form {form}. Mend it.") from error


def _count(text: str) -> int:
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"how many tokens is a number from 0 on, not {text!r}")
    return int(text)


def _head(text: str) -> tuple[int, int]:
    try:
        layer, head = text.split(".")
        return int(layer), int(head)
    except ValueError:
        raise argparse.ArgumentTypeError(f"a head is named BLOCK.HEAD, such as 3.1, not {text!r}") from None


def _token_ids(text: str) -> list[int]:
    try:
        return [int(part) for part in text.split(",")]
    except ValueError:
        raise argparse.ArgumentTypeError(f"token ids are joined by commas, such as 464,2068; not {text!r}") from None


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m glassbox", description=__doc__)
    commands = parser.add_subparsers(required=True)

    command = commands.add_parser("inspect", help="write every tensor of a run to an npz file")
    command.set_defaults(call=inspect)
    command.add_argument("--model", type=Path, required=True, metavar="EXPORT_DIR")
    source = command.add_mutually_exclusive_group(required=True)
    source.add_argument("--text")
    source.add_argument("--token-ids", type=_token_ids, metavar="1,2,3")
    command.add_argument("--head-off", type=_head, nargs="*", action="extend", default=[], metavar="BLOCK.HEAD")
    command.add_argument("--lens", action="store_true", help="also the logits of every layer: lens")
    command.add_argument("--out", type=Path, required=True)

    command = commands.add_parser("generate", help="continue a text")
    command.set_defaults(call=generate)
    command.add_argument("--model", type=Path, required=True, metavar="EXPORT_DIR")
    command.add_argument("--text", required=True)
    command.add_argument("--n", type=_count, default=20, help="how many tokens")
    command.add_argument("--temperature", type=float, default=1.0)
    command.add_argument("--top-k", type=int)
    command.add_argument("--top-p", type=float)
    command.add_argument("--min-p", type=float)
    command.add_argument("--seed", type=int, default=0)
    command.add_argument("--json", action="store_true", help="also ids and probabilities, as JSON")

    command = commands.add_parser("store-runs", help="make the example runs of a site")
    command.set_defaults(call=store_runs)
    command.add_argument("--model", type=Path, required=True, metavar="EXPORT_DIR")
    command.add_argument("--name", help="the model's name on the site; the folder's if absent")
    command.add_argument(
        "--examples",
        type=Path,
        required=True,
        help='JSON: {"examples": [{"text": …, "layer": …, "head": …}], "options": {…}}',
    )
    command.add_argument("--out", type=Path, required=True)

    command = commands.add_parser("serve", help="serve the page that came with this package")
    add_arguments(command, SITE)
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; 2 with one line on stderr where it cannot be done."""
    parsed = _parser().parse_args(arguments)
    if not hasattr(parsed, "call"):
        return serve(parsed.site, parsed.port, not parsed.no_browser)
    try:
        asyncio.run(parsed.call(parsed))
    except (GlassboxError, OSError) as error:
        print(f"glassbox: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
