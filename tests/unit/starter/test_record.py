"""The record of the training: committed whole, small enough, of the texts the page shows; what is observed is right."""

import gzip
import json

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="needs PyTorch (make parity)")

from model_export.starter.config import CHECKPOINT  # noqa: E402
from model_export.starter.evaluate import read_sizes  # noqa: E402
from model_export.starter.model import Gpt2  # noqa: E402
from model_export.starter.probes import load_model  # noqa: E402
from model_export.starter.record import EXAMPLES, RECORD, decode, encode, observe  # noqa: E402

pytestmark = pytest.mark.parity
INDEX = json.loads((RECORD / "index.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def shipped() -> Gpt2:
    return load_model(CHECKPOINT, read_sizes(CHECKPOINT))


def test_decode_undoes_encode() -> None:
    arrays = {
        "losses": np.arange(6, dtype=np.float32).reshape(2, 3),
        "attention_pattern": np.arange(5, dtype=np.uint8).reshape(1, 1, 1, 1, 5),
        "token_ids": np.arange(3, dtype=np.uint16).reshape(1, 1, 3),
    }
    header, found = decode(encode({"text": "é"}, arrays))
    assert header["text"] == "é"
    for name, array in arrays.items():
        np.testing.assert_array_equal(found[name], array)


def test_is_of_the_texts_that_the_page_shows() -> None:
    examples = json.loads(EXAMPLES.read_text(encoding="utf-8"))["examples"]
    assert [entry["text"] for entry in INDEX["texts"]] == [example["text"] for example in examples]


def test_is_small() -> None:
    content = [path.read_bytes() for path in RECORD.iterdir()]
    assert sum(len(gzip.compress(part)) for part in content) < 3_000_000


@pytest.mark.parametrize("number", range(len(INDEX["texts"])))
def test_last_snapshot_is_the_checkpoint_that_ships(number: int, shipped: Gpt2) -> None:
    header, stored = decode((RECORD / f"{number}.record").read_bytes())
    expected = observe(shipped, header["token_ids"])
    assert INDEX["snapshots"][-1]["is_shipped"]
    np.testing.assert_allclose(stored["losses"][-1], expected["losses"], rtol=1e-3, atol=1e-4)
    np.testing.assert_allclose(stored["probabilities"][-1], expected["probabilities"], rtol=1e-3, atol=1e-5)
    difference = np.abs(stored["attention_pattern"][-1].astype(int) - expected["attention_pattern"])
    assert difference.max() <= 1


@pytest.mark.parametrize("number", range(len(INDEX["texts"])))
def test_figures_fit_together(number: int) -> None:
    header, stored = decode((RECORD / f"{number}.record").read_bytes())
    n_snapshots, n_tokens = len(INDEX["snapshots"]), len(header["token_ids"])
    assert stored["probabilities"].shape == (n_snapshots, n_tokens, 50)
    assert (np.diff(stored["probabilities"]) <= 0).all()
    # Each pattern's rows sum to one, to the rounding of so many keys; no key lies ahead.
    sums = stored["attention_pattern"].astype(int).sum(-1)
    assert np.abs(sums - 255).max() <= n_tokens / 2
    assert not np.triu(stored["attention_pattern"], 1).any()
    # Where the next token of the text is among the best, its loss is that of its probability.
    for place in range(n_tokens - 1):
        hit = stored["token_ids"][:, place] == header["token_ids"][place + 1]
        snapshot, rank = np.nonzero(hit)
        loss = -np.log(stored["probabilities"][snapshot, place, rank])
        np.testing.assert_allclose(stored["losses"][snapshot, place + 1], loss, rtol=1e-3, atol=1e-3)
    assert {str(token_id) for token_id in np.unique(stored["token_ids"])} <= set(header["labels"])


def test_untrained_guesses_at_chance_and_points_come_in_order() -> None:
    first = INDEX["points"][0]
    assert first["tokens"] == 0
    assert all(loss == pytest.approx(np.log(50257), abs=0.3) for loss in first["held_out"].values())
    tokens = [point["tokens"] for point in INDEX["points"]]
    assert tokens == sorted(tokens)
    assert {one["tokens"] for one in INDEX["snapshots"] if not one["is_shipped"]} <= set(tokens)
