"""Our probabilities beside those of the transformers library: stored ones always, live ones where it is installed."""

import gzip
import json
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from glassbox.sampling import SamplingOptions, distribution
from tests.fixtures.sampling_cases import cases, logits_of

ORACLE_FILE = Path(__file__).parents[2] / "fixtures" / "sampling_oracle.json.gz"
ORACLE: dict[str, Any] = json.loads(gzip.decompress(ORACLE_FILE.read_bytes()))


def by_token(logits: npt.NDArray[np.float32], options: dict[str, Any]) -> npt.NDArray[np.float64]:
    """Final probabilities [vocab_size] by token id."""
    choices = distribution(logits, SamplingOptions.from_dict(options))
    probabilities = np.empty(len(logits))
    probabilities[choices.token_ids] = choices.probabilities
    return probabilities


@pytest.mark.parametrize("case", ORACLE["cases"], ids=lambda case: f"{case['logits']} {case['options']}")
def test_stored_results(case: dict[str, Any]) -> None:
    logits = np.array([np.float32(text) for text in ORACLE["logits"][case["logits"]]], np.float32)
    ours, theirs = by_token(logits, case["options"]), np.array(case["probabilities"])
    np.testing.assert_array_equal(ours > 0, theirs > 0)
    np.testing.assert_allclose(ours, theirs, rtol=1e-9, atol=0)


@pytest.mark.parity
@pytest.mark.parametrize("vocab_size", [1, 2, 300, 50257])
def test_live_results(vocab_size: int) -> None:
    pytest.importorskip("transformers", reason="transformers is not installed; make parity installs it")
    from tests.fixtures.transformers_warpers import warped_probabilities

    for kind, options in cases(vocab_size):
        logits = logits_of(kind, vocab_size)
        if not np.isfinite(logits).any():
            continue
        ours, theirs = by_token(logits, options), warped_probabilities(logits, options)
        np.testing.assert_array_equal(ours > 0, theirs > 0, err_msg=f"{kind} {options}")
        np.testing.assert_allclose(ours, theirs, rtol=1e-9, atol=0, err_msg=f"{kind} {options}")


@pytest.mark.parity
@pytest.mark.parametrize("top_k", [1, 3, 4, 10])
def test_ties_at_top_k_stay_as_in_the_library(top_k: int) -> None:
    pytest.importorskip("transformers", reason="transformers is not installed; make parity installs it")
    from tests.fixtures.transformers_warpers import warped_probabilities

    logits = np.round(logits_of("spread", 300) / 2) * 2
    np.testing.assert_allclose(
        by_token(logits, {"top_k": top_k}), warped_probabilities(logits, {"top_k": top_k}), rtol=1e-9
    )
