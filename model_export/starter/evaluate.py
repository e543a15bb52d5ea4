"""Measures an exported checkpoint and writes the tables of docs/starter-model.md.

usage: python -m model_export.starter.evaluate [--checkpoint FOLDER] [--corpus FOLDER] [--out FILE] [--tables FILE]
"""

import argparse
import hashlib
import itertools
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import torch
from tokenizers import Tokenizer

from model_export.starter import probes, rows, unseen
from model_export.starter.baselines import NGrams
from model_export.starter.config import CHECKPOINT, CORPUS, END_OF_TEXT, ModelConfig, TrainingConfig, cache_folder
from model_export.starter.curriculum import KINDS, held_out_items
from model_export.starter.data import Source, load_sources, load_tokenizer
from model_export.starter.generate import sample
from model_export.starter.model import Gpt2
from model_export.starter.tables import tables, write_between_marks

_EDGES = (0, 1, 4, 16, 64, 128, 256)


def losses(model: Gpt2, source: Source, n_tokens: int, cache: Path) -> dict[str, Any]:
    """Loss of the model and of the baselines on the same tokens of a source's held-out texts."""
    tokens = source.validation[: n_tokens + 1]
    by_position = probes.token_losses(model, tokens)
    ours = by_position.ravel()
    # Baselines see the real tokens before; the model starts afresh in each window. Both answer for tokens 2, 3, ...
    theirs = _baselines(source, tokens[: len(ours) + 1], model.wte.weight.shape[0], cache)
    result: dict[str, Any] = {
        "tokens": len(ours) - 1,
        "bytes_per_token": source.validation_bytes / len(source.validation),
        "all": {"model": float(ours[1:].mean()), **theirs},
    }
    edges = [edge for edge in _EDGES if edge < by_position.shape[1]] + [by_position.shape[1]]
    result["by_position"] = {
        f"{low + 1}-{high}": float(by_position[:, low:high].mean()) for low, high in itertools.pairwise(edges)
    }
    return result


def _baselines(source: Source, tokens: np.ndarray[Any, Any], vocab_size: int, cache: Path) -> dict[str, float]:
    """Mean losses of the n-grams; they are the same for every checkpoint, and kept."""
    key = hashlib.sha256(np.asarray(source.train).tobytes() + np.asarray(tokens).tobytes()).hexdigest()[:12]
    kept = cache / f"baselines-{key}.json"
    if not kept.is_file():
        found = NGrams(source.train, vocab_size).losses(tokens)
        kept.write_text(json.dumps({name: float(values.mean()) for name, values in found.items()}))
    means: dict[str, float] = json.loads(kept.read_text())
    return means


def unseen_sources(
    sources: Mapping[str, Source], tokenizer: Tokenizer, corpus: Path, config: TrainingConfig
) -> dict[str, Source]:
    """Texts of other sources. Their baselines are made of everything the model was trained on, exercises left out."""
    everything = np.concatenate([source.train for name, source in sources.items() if name != "curriculum"])
    texts = {"an author never read": unseen.held_out_author(corpus, config.data), "everyday, by hand": unseen.EVERYDAY}
    found = {}
    for name, parts in texts.items():
        tokens = [token for part in parts for token in (*tokenizer.encode(part).ids, END_OF_TEXT)]
        n_bytes = sum(len(part.encode()) for part in parts)
        found[name] = Source(everything, np.array(tokens, np.uint16), n_bytes)
    return found


def measure(
    folder: Path, sources: Mapping[str, Source], corpus: Path, cache: Path, config: TrainingConfig, n_tokens: int
) -> dict[str, Any]:
    """Everything the note reports, as plain values."""
    model_config = read_sizes(folder)
    model = probes.load_model(folder, model_config)
    tokenizer = load_tokenizer()
    others = unseen_sources(sources, tokenizer, corpus, config)
    size = model_config.vocab_size
    short, long = (probes.repeated_sequences(size, 32, period, config.seed) for period in (20, 60))
    quantized = probes.quantized_copy(model, model_config)
    compared = {name: source.validation[: n_tokens // 4] for name, source in sources.items()}
    return {
        "losses": {name: losses(model, source, n_tokens, cache) for name, source in {**sources, **others}.items()},
        "mix": config.mix,
        "shared_rows": len(rows.shared(model.wte.weight.detach().numpy())),
        "items": {kind: _accuracy(model, tokenizer, kind, config) for kind in KINDS},
        "repeats": {"20": probes.repeat_accuracy(model, short), "60": probes.repeat_accuracy(model, long)},
        "previous_token": probes.previous_token_scores(model, sources["simple"].validation[:2048]).tolist(),
        "induction": probes.induction_scores(model, long).tolist(),
        "int8": {name: _int8(model, quantized, tokens) for name, tokens in compared.items()},
        "continuations": continuations(model, tokenizer),
    }


def read_sizes(folder: Path) -> ModelConfig:
    """Sizes from config.json."""
    stored = json.loads((folder / "config.json").read_text())
    return ModelConfig(**{name: stored[name] for name in ModelConfig.__dataclass_fields__})


def _accuracy(model: Gpt2, tokenizer: Tokenizer, kind: str, config: TrainingConfig) -> dict[str, Any]:
    items = held_out_items(kind, config.data.held_out_items, config.seed + 1)
    best, chosen = probes.item_accuracy(model, tokenizer, items)
    return {"items": len(items), "best": best, "chosen": chosen}


def _int8(model: Gpt2, quantized: Gpt2, tokens: np.ndarray[Any, Any]) -> dict[str, Any]:
    kl, same = probes.divergence(model, quantized, tokens)
    return {"mean_kl": kl, "top_1_agreement": same, "tokens": len(tokens)}


def continuations(model: Gpt2, tokenizer: Tokenizer, n_new: int = 25) -> list[str]:
    """Each prompt continued at temperature 0.7, seed 1; the first result, unedited."""
    return [
        tokenizer.decode(sample(model, tokenizer.encode(prompt).ids, n_new, seed=1), skip_special_tokens=False)
        for prompt in unseen.PROMPTS
    ]


def main() -> None:
    """Evaluate by the command line."""
    parser = argparse.ArgumentParser(
        prog="python -m model_export.starter.evaluate", description="Measure an exported checkpoint."
    )
    parser.add_argument("--checkpoint", type=Path, default=CHECKPOINT)
    parser.add_argument("--corpus", type=Path, default=CORPUS, help="folder with the texts (default: %(default)s)")
    parser.add_argument("--cache", type=Path, default=cache_folder())
    parser.add_argument("--tokens", type=int, default=20_480, help="held-out tokens of each source")
    parser.add_argument("--out", type=Path, help="also write the results as JSON")
    parser.add_argument("--tables", type=Path, help="put the tables into this Markdown file, between its marks")
    options = parser.parse_args()
    torch.set_grad_enabled(False)
    config = TrainingConfig()
    sources = load_sources(options.corpus, options.cache, config.data, config.seed)
    results = measure(options.checkpoint, sources, options.corpus, options.cache, config, options.tokens)
    if options.out:
        options.out.write_text(json.dumps(results, indent=2) + "\n")
    text = tables(results)
    if options.tables:
        write_between_marks(options.tables, text)
    print(text)


if __name__ == "__main__":
    main()
