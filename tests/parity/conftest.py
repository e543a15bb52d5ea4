"""What the comparisons with PyTorch share."""

import pytest


@pytest.fixture(scope="module", autouse=True)
def _libraries() -> None:
    # In a fixture, so that runs without these tests do not speak of a skip.
    for library in ("torch", "transformers"):
        pytest.importorskip(library, reason=f"{library} is not installed: make parity installs it")
