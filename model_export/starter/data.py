"""Reads the corpus, writes tokens: a memory-mapped array of uint16 for each source, to train and to validate on."""

import hashlib
import itertools
import json
import lzma
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from tokenizers import Tokenizer

from model_export.starter.config import CHECKPOINT, DataConfig
from model_export.starter.curriculum import KINDS, held_out_items, in_ordinary_text, training_items
from model_export.starter.everyday import everyday_texts

TokenArray = npt.NDArray[np.uint16]
SOURCES = ("simple", "curriculum", "everyday", "books")
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
    return {name: _source(name, corpus, cache, config, seed) for name in SOURCES}


def _source(name: str, corpus: Path, cache: Path, config: DataConfig, seed: int) -> Source:
    # What is made by a seed is made anew when its words change.
    code = (
        Path(__file__).with_name(file)
        for file in ("words.py", "everyday.py", "curriculum.py")
        if name in ("curriculum", "everyday")
    )
    state = hashlib.sha256(b"".join(path.read_bytes() for path in code)).hexdigest()
    key = hashlib.sha256(json.dumps([asdict(config), seed, state]).encode()).hexdigest()[:12]
    folder = cache / f"{name}-{key}"
    if not (folder / "bytes").is_file():
        if not (corpus / "simple-stories.txt.xz").is_file():
            raise SystemExit(f"No texts in {corpus}. Name the folder with simple-stories.txt.xz: --corpus FOLDER.")
        folder.mkdir(parents=True, exist_ok=True)
        train, validation = _texts(name, corpus, config, seed)
        tokenizer = load_tokenizer()
        _write_tokens(tokenizer, train, folder / "train.u16")
        _write_tokens(tokenizer, validation, folder / "validation.u16")
        (folder / "bytes").write_text(str(sum(len(text.encode()) for text in validation)))
    train_tokens, held_out = (
        np.memmap(folder / f"{part}.u16", np.uint16, mode="r") for part in ("train", "validation")
    )
    return Source(train_tokens, held_out, int((folder / "bytes").read_text()))


def _texts(name: str, corpus: Path, config: DataConfig, seed: int) -> tuple[Iterable[str], list[str]]:
    """Texts to train on and texts held out."""
    if name == "simple":
        stories = _lines(corpus / "simple-stories.txt.xz")
        cut = len(stories) - config.held_out_stories
        return stories[:cut], stories[cut:]
    if name == "books":
        return _books(corpus, config)
    if name == "everyday":
        return everyday_texts(config.everyday_texts, seed), list(everyday_texts(500, seed + 1))
    held_out_of_kinds = [held_out_items(kind, config.held_out_items, seed + 1) for kind in KINDS]
    # Kinds in turn, as in the training texts; a kind with fewer items ends sooner.
    in_turn = itertools.chain.from_iterable(itertools.zip_longest(*held_out_of_kinds))
    held_out = list(in_ordinary_text([item for item in in_turn if item], seed + 1))
    return in_ordinary_text(training_items(config.curriculum_items, seed), seed), held_out


def _lines(path: Path) -> list[str]:
    with lzma.open(path, "rt", encoding="utf-8") as file:
        return [line.strip() for line in file if line.strip()]


def _books(corpus: Path, config: DataConfig) -> tuple[list[str], list[str]]:
    """Books to train on (up to book_characters) and books held out (the last ones), a text each."""
    paths = sorted(corpus.glob("stories-*.txt.xz"))
    if not paths:
        raise SystemExit(f"No books (stories-*.txt.xz) in {corpus}.")
    last = _books_of(paths[-1])
    held_out = last[len(last) - config.held_out_books :]
    train: list[str] = []
    left = config.book_characters
    for path in paths:
        books = last[: -config.held_out_books] if path == paths[-1] else _books_of(path)
        # From the back, so that places stay what they are.
        for _, first, after in sorted((part for part in config.held_out_author if part[0] == path.name), reverse=True):
            del books[first:after]
        for book in books:
            train.append(book[:left])
            left -= len(book)
            if left <= 0:
                return train, held_out
    return train, held_out


def books_of_held_out_author(corpus: Path, config: DataConfig) -> list[str]:
    """All books of the author that no run reads."""
    return [book for name, first, after in config.held_out_author for book in _books_of(corpus / name)[first:after]]


def _books_of(path: Path) -> list[str]:
    with lzma.open(path, "rt", encoding="utf-8") as file:
        return [book.strip() for book in file.read().split("\n\n") if book.strip()]


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
