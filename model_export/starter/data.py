"""Reads the corpus, writes tokens: a memory-mapped array of uint16 for each source, to train and to validate on."""

import hashlib
import itertools
import json
import lzma
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from tokenizers import Tokenizer

from model_export.starter.config import CHECKPOINT, DataConfig
from model_export.starter.curriculum import KINDS, held_out_items, training_items

TokenArray = npt.NDArray[np.uint16]
SOURCES = ("simple", "curriculum", "books")
_TEXTS_AT_ONCE = 2000


@dataclass(frozen=True)
class Source:
    """Token ids of a source, documents ended by END_OF_TEXT, and the number of bytes they stand for."""

    train: TokenArray
    validation: TokenArray
    validation_bytes: int


def load_tokenizer() -> Tokenizer:
    """GPT-2's tokeniser, from the checkpoint's folder."""
    path = CHECKPOINT / "tokenizer.json"
    if not path.is_file():
        raise SystemExit(f"{path} is missing. Check the clone.")
    return Tokenizer.from_file(str(path))


def load_sources(corpus: Path, cache: Path, config: DataConfig, seed: int) -> dict[str, Source]:
    """Tokens of every source; made once and kept in ``cache``."""
    key = hashlib.sha256(json.dumps([asdict(config), seed, _code_state()]).encode()).hexdigest()[:12]
    folder = cache / f"tokens-{key}"
    if not (folder / "sources.json").is_file():
        if not (corpus / "simple-stories.txt.xz").is_file():
            raise SystemExit(f"No texts in {corpus}. Name the folder with simple-stories.txt.xz: --corpus FOLDER.")
        folder.mkdir(parents=True, exist_ok=True)
        _write_sources(corpus, folder, config, seed)
    sizes = json.loads((folder / "sources.json").read_text())
    return {
        name: Source(
            np.memmap(folder / f"{name}-train.u16", np.uint16, mode="r"),
            np.memmap(folder / f"{name}-validation.u16", np.uint16, mode="r"),
            sizes[name],
        )
        for name in SOURCES
    }


def _code_state() -> str:
    # Tokens are made anew when the curriculum changes.
    files = sorted(Path(__file__).parent.glob("[cdw]*.py"))
    return hashlib.sha256(b"".join(path.read_bytes() for path in files if path.stem != "config")).hexdigest()


def _write_sources(corpus: Path, folder: Path, config: DataConfig, seed: int) -> None:
    tokenizer = load_tokenizer()
    stories = _lines(corpus / "simple-stories.txt.xz")
    cut = len(stories) - config.held_out_stories
    books, held_out = _books(corpus, config)
    held_out_of_kinds = [held_out_items(kind, config.held_out_items, seed + 1) for kind in KINDS]
    # Kinds in turn, as in the training texts; a kind with fewer items ends sooner.
    in_turn = itertools.chain.from_iterable(itertools.zip_longest(*held_out_of_kinds))
    held_out_texts = [item.text for item in in_turn if item]
    texts: dict[str, tuple[Iterable[str], list[str]]] = {
        "simple": (stories[:cut], stories[cut:]),
        "curriculum": ((item.text for item in training_items(config.curriculum_items, seed)), held_out_texts),
        "books": (books, held_out),
    }
    sizes = {}
    for name, (train, validation) in texts.items():
        _write_tokens(tokenizer, train, folder / f"{name}-train.u16")
        _write_tokens(tokenizer, validation, folder / f"{name}-validation.u16")
        sizes[name] = sum(len(text.encode()) for text in validation)
    (folder / "sources.json").write_text(json.dumps(sizes))


def _lines(path: Path) -> list[str]:
    with lzma.open(path, "rt", encoding="utf-8") as file:
        return [line.strip() for line in file if line.strip()]


def _books(corpus: Path, config: DataConfig) -> tuple[list[str], list[str]]:
    """Books to train on (up to book_characters) and books held out (the last ones), a text each."""
    paths = sorted(corpus.glob("stories-*.txt.xz"))
    if not paths:
        raise SystemExit(f"No books (stories-*.txt.xz) in {corpus}.")
    last = list(_books_of(paths[-1]))
    held_out = last[len(last) - config.held_out_books :]
    train: list[str] = []
    left = config.book_characters
    for path in paths:
        for book in last[: -config.held_out_books] if path == paths[-1] else _books_of(path):
            train.append(book[:left])
            left -= len(book)
            if left <= 0:
                return train, held_out
    return train, held_out


def _books_of(path: Path) -> Iterator[str]:
    with lzma.open(path, "rt", encoding="utf-8") as file:
        yield from (book.strip() for book in file.read().split("\n\n") if book.strip())


def _write_tokens(tokenizer: Tokenizer, texts: Iterable[str], path: Path) -> None:
    """Tokens of each text and END_OF_TEXT. Long texts go line by line, which cuts at the same places as one whole."""
    with path.open("wb") as file:
        batch: list[str] = []
        for text in texts:
            lines = text.split("\n") if len(text) > 10_000 else [text]
            batch.extend(line + "\n" for line in lines[:-1])
            batch.append(lines[-1] + "<|endoftext|>")
            if len(batch) >= _TEXTS_AT_ONCE:
                _encode(tokenizer, batch, file.write)
                batch = []
        _encode(tokenizer, batch, file.write)


def _encode(tokenizer: Tokenizer, batch: list[str], write: object) -> None:
    for encoding in tokenizer.encode_batch(batch):
        write(np.array(encoding.ids, np.uint16).tobytes())  # type: ignore[operator]
