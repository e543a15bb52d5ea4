"""Each stage of the sampling beside the transformers library's warper, on seeded logits and on a model's own."""

import asyncio

import numpy as np
import numpy.typing as npt
import pytest

from build_scripts.paths import ROOT
from glassbox.__main__ import open_engine
from glassbox.sampling import SamplingOptions, distribution
from tests.fixtures.sampling_cases import logits_of

pytestmark = pytest.mark.parity

STAGE_OPTIONS = {"temperature": 0.8, "top_k": 40, "top_p": 0.9, "min_p": 0.02}


@pytest.mark.parametrize("kind", ["spread", "favourite", "real"])
def test_every_stage_is_what_the_librarys_warper_leaves(kind: str) -> None:
    from tests.fixtures.transformers_warpers import warped_probabilities

    logits = real_logits() if kind == "real" else logits_of(kind, 50257)
    choices = distribution(logits, SamplingOptions.from_dict(STAGE_OPTIONS))
    # What a stage leaves enters the next one.
    left = [stage.entering for stage in choices.stages[1:]] + [choices.probabilities]
    names = list(STAGE_OPTIONS)
    for count, ours in enumerate(left, start=1):
        theirs = warped_probabilities(logits, {name: STAGE_OPTIONS[name] for name in names[:count]})
        np.testing.assert_allclose(ours, theirs[choices.token_ids], rtol=0, atol=1e-6, err_msg=names[count - 1])
        np.testing.assert_array_equal(ours > 0, theirs[choices.token_ids] > 0, err_msg=names[count - 1])


def real_logits() -> npt.NDArray[np.float32]:
    """The starter's, after a text where many tokens may follow."""
    model = ROOT / "build" / "models" / "starter"
    if not model.exists():
        pytest.skip("the starter has not been exported; make build exports it")

    async def ask() -> npt.NDArray[np.float32]:
        engine = open_engine(model)
        return await engine.logits(await engine.run_text("Once upon a time, there was a"))

    return asyncio.run(ask())
