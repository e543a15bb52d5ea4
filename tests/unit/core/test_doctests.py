"""The examples in docstrings are true."""

import doctest
import importlib

import pytest


@pytest.mark.parametrize("module", ["attention", "bpe", "chat", "sampling", "sampling_rules", "lens"])
def test_examples(module: str) -> None:
    result = doctest.testmod(importlib.import_module(f"glassbox.{module}"))
    assert result.attempted > 0
    assert result.failed == 0
