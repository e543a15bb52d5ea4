"""Settings of a training run: sizes of the model, the mix of texts, the optimisers, the schedule."""

import os
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

END_OF_TEXT = 50256
"""GPT-2's token between documents."""

PACKAGE = Path(__file__).parent
CHECKPOINT = PACKAGE / "checkpoint"
"""Where the trained model is exported to, in Hugging Face layout."""

CORPUS = PACKAGE.parents[2] / "shared" / "corpus"
"""Where the texts are looked for when no folder is named."""


def cache_folder() -> Path:
    """Tokens and training states, outside the repository."""
    root = os.environ.get("XDG_CACHE_HOME")
    return (Path(root) if root else Path.home() / ".cache") / "glassbox" / "starter"


@dataclass(frozen=True)
class ModelConfig:
    """Sizes, by GPT-2's names."""

    n_layer: int = 6
    n_head: int = 8
    n_embd: int = 256
    n_ctx: int = 256
    vocab_size: int = 50257
    layer_norm_epsilon: float = 1e-5


@dataclass(frozen=True)
class DataConfig:
    """What is read, and how much of it is held out for validation."""

    book_characters: int = 200_000_000  # read from the front of the books; all of them are 165 million
    held_out_books: int = 8  # the last ones
    held_out_author: tuple[tuple[str, int, int], ...] = (("stories-6.txt.xz", 58, 76), ("stories-7.txt.xz", 0, 9))
    # (file, first book, book after the last): all of Oscar Wilde
    held_out_stories: int = 240  # the last ones
    curriculum_items: int = 200_000
    everyday_texts: int = 200_000
    held_out_items: int = 200  # of each kind


@dataclass(frozen=True)
class TrainingConfig:
    """A run. The mix gives each source's share of the windows a batch is made of."""

    model: ModelConfig = field(default_factory=ModelConfig)
    data: DataConfig = field(default_factory=DataConfig)
    mix: dict[str, float] = field(
        default_factory=lambda: {"simple": 0.32, "curriculum": 0.18, "everyday": 0.03, "repeats": 0.10, "books": 0.37}
    )
    candidates: int = 6000  # rows of the vocabulary in a step's softmax, about; 0: all of them
    batch_tokens: int = 4096
    contexts: tuple[tuple[float, int], ...] = ((0.4, 128), (1.0, 256))  # (until this progress, tokens)
    matrix_rate: float = 0.012  # Muon, for the matrices of the blocks
    other_rate: float = 0.003  # AdamW, for embeddings, gains and biases
    matrix_decay: float = 0.1
    warmup_steps: int = 50
    decay_from: float = 0.5  # progress at which the rate begins to fall
    final_rate: float = 0.02  # of the full rate
    seed: int = 1

    def as_dict(self) -> dict[str, Any]:
        """Plain values, for files."""
        return asdict(self)


def gpu_config() -> TrainingConfig:
    """The same run for a GPU: the full softmax, larger batches."""
    return TrainingConfig(candidates=0, batch_tokens=131_072)
