"""The results of an evaluation as Markdown."""

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

BEGIN, END = "<!-- measured: begin -->", "<!-- measured: end -->"
_MODELS = ("model", "unigram", "bigram", "trigram")


def tables(results: dict[str, Any]) -> str:
    """All tables, ready for docs/starter-model.md."""
    parts = (_losses(results), _items(results), _heads(results), _positions(results), _int8(results), _texts(results))
    return "\n\n".join(parts)


def write_between_marks(path: Path, text: str) -> None:
    """Replace what stands between the two marks of a file. Raises ValueError where they are missing."""
    before, begin, rest = path.read_text().partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"{path} needs the lines {BEGIN} and {END}.")
    path.write_text(f"{before}{BEGIN}\n{text}\n{END}{after}")


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def mix_losses(results: dict[str, Any]) -> dict[str, float]:
    """Losses of the sources, weighted as the mix weighs those that are texts."""
    shares = {name: results["mix"][name] for name in results["losses"] if name in results["mix"]}
    total = sum(shares.values())
    return {
        model: sum(share * results["losses"][name]["all"][model] for name, share in shares.items()) / total
        for model in _MODELS
    }


def _losses(results: dict[str, Any]) -> str:
    sources = results["losses"]
    rows = []
    for name, source in sources.items():
        found = source["all"]
        per_byte = f"{found['model'] / source['bytes_per_token']:.3f}"
        rows.append([name, *(f"{found[model]:.3f}" for model in _MODELS), f"{math.exp(found['model']):.1f}", per_byte])
    mixed = mix_losses(results)
    rows.append(["mix", *(f"{mixed[model]:.3f}" for model in _MODELS), f"{math.exp(mixed['model']):.1f}", ""])
    count = ", ".join(f"{name} {source['tokens']:,}" for name, source in sources.items())
    head = ["held-out text", "model, nats/token", "unigram", "bigram", "trigram", "model's perplexity", "nats/byte"]
    alike = f"Tokens that share their row with another: {results['shared_rows']:,}."
    return f"### Loss\n\nTokens: {count}. {alike}\n\n" + _table(head, rows)


def _items(results: dict[str, Any]) -> str:
    rows = [
        [kind.replace("_", " "), str(found["items"]), f"{found['best']:.1%}",
         "" if found["chosen"] is None else f"{found['chosen']:.1%}"]
        for kind, found in results["items"].items()
    ]  # fmt: skip
    repeats = results["repeats"]
    rows += [[f"random tokens repeated, {period} long", "32", f"{value:.1%}", ""] for period, value in repeats.items()]
    head = ["held-out exercise", "items", "answer is the likeliest token", "answer beats the wrong choices"]
    return "### Exercises\n\n" + _table(head, rows)


def _heads(results: dict[str, Any]) -> str:
    rows = []
    for name in ("previous_token", "induction"):
        scores = np.array(results[name])
        best = np.argsort(-scores, axis=None)[:3]
        for place in best:
            layer, head = np.unravel_index(place, scores.shape)
            rows.append([name.replace("_", "-"), f"block {layer + 1}, head {head + 1}", f"{scores[layer, head]:.2f}"])
    return "### Heads\n\nThe three with the highest scores of each kind.\n\n" + _table(["kind", "head", "score"], rows)


def _positions(results: dict[str, Any]) -> str:
    sources = results["losses"]
    places = list(next(iter(sources.values()))["by_position"])
    rows = [[name, *(f"{sources[name]['by_position'][place]:.2f}" for place in places)] for name in sources]
    return "### Loss by position\n\n" + _table(["nats/token at positions", *places], rows)


def _int8(results: dict[str, Any]) -> str:
    rows = [
        [name, f"{found['tokens']:,}", f"{found['mean_kl']:.5f}", f"{found['top_1_agreement']:.2%}"]
        for name, found in results["int8"].items()
    ]
    head = ["held-out text", "tokens", "mean KL, nats", "the same likeliest token"]
    return "### int8 against fp32\n\n" + _table(head, rows)


def _texts(results: dict[str, Any]) -> str:
    lines = "\n".join(f"- {text!r}" for text in results["continuations"])
    return f"### Continuations\n\n25 tokens each at temperature 0.7, seed 1, the first result, unedited.\n\n{lines}"
