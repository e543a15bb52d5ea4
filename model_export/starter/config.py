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

    book_characters: int = 32_000_000  # read from the front of the books; all of them are 165 million
    held_out_books: int = 8  # the last ones
    held_out_stories: int = 240  # the last ones
    curriculum_items: int = 200_000
    held_out_items: int = 200  # of each kind


@dataclass(frozen=True)
class TrainingConfig:
    """A run. The mix gives each source's share of the windows a batch is made of."""

    model: ModelConfig = field(default_factory=ModelConfig)
    data: DataConfig = field(default_factory=DataConfig)
    mix: dict[str, float] = field(
        default_factory=lambda: {"simple": 0.38, "curriculum": 0.24, "repeats": 0.1, "books": 0.28}
    )
    kept_tokens: int = 8000  # rows of the vocabulary that are trained one by one; 0: all of them
    batch_tokens: int = 2048
    contexts: tuple[tuple[float, int], ...] = ((0.25, 64), (0.5, 128), (1.0, 256))  # (until this progress, tokens)
    matrix_rate: float = 0.02  # Muon, for the matrices of the blocks
    other_rate: float = 0.003  # AdamW, for embeddings, gains and biases
    matrix_decay: float = 0.1
    warmup_steps: int = 50
    decay_from: float = 0.4  # progress at which the cosine begins
    final_rate: float = 0.02  # of the full rate
    seed: int = 1

    def as_dict(self) -> dict[str, Any]:
        """Plain values, for files."""
        return asdict(self)


def gpu_config() -> TrainingConfig:
    """The same run for a GPU: the full softmax, all books, larger batches."""
    return TrainingConfig(
        data=DataConfig(book_characters=200_000_000, curriculum_items=600_000),
        mix={"simple": 0.2, "curriculum": 0.15, "repeats": 0.05, "books": 0.6},
        kept_tokens=0,
        batch_tokens=131_072,
        contexts=((0.3, 128), (1.0, 256)),
    )
