"""Runs inside Pyodide, by run.mjs: pytest on the tests it is given; its status is the last value."""
# ruff: noqa: F821

import asyncio
import json
import os
import sys
from unittest.mock import MagicMock

# The tools come last: numpy and regex are Pyodide's own.
sys.path[:0] = ["/glassbox/src", "/glassbox"]
sys.path.append("/tools")
os.chdir("/glassbox")

import pytest  # noqa: E402


class Loop(asyncio.BaseEventLoop):
    """Runs until a coroutine is done, as ``asyncio.run`` does elsewhere; Pyodide's own loop cannot wait in Node.

    Nothing outside ever wakes it, so there is nothing to select from.
    """

    def __init__(self):
        super().__init__()
        self._selector = self

    def select(self, timeout):
        return []

    def _process_events(self, events):
        pass

    def _write_to_self(self):
        pass


def run(main):
    """``asyncio.run``, in place of Pyodide's."""
    loop = Loop()
    try:
        asyncio.events._set_running_loop(None)
        return loop.run_until_complete(main)
    finally:
        loop.close()


asyncio.run = run


def given(*_, **__):
    """Hypothesis's, which has a native part that Pyodide lacks: such tests are skipped here, and say why."""

    def decorate(test):
        @pytest.mark.skip(reason="Hypothesis does not run in Pyodide; this test runs in CPython")
        def skipped():
            pass

        return skipped

    return decorate


def unchanged(*_, **__):
    """``settings`` and ``example``: nothing to set."""
    return lambda test: test


hypothesis = MagicMock(given=given, settings=MagicMock(side_effect=unchanged), example=unchanged)
sys.modules |= dict.fromkeys(("hypothesis", "hypothesis.extra", "hypothesis.extra.numpy"), hypothesis)
sys.modules["hypothesis.strategies"] = hypothesis.strategies
# The reference stands beside what writes graphs, which nothing here does.
sys.modules |= {name: MagicMock() for name in ("onnx", "onnx.helper", "onnx.numpy_helper", "gguf", "tokenizers")}

# There are no threads here that could watch the time; the test that started this one is watched.
_OPTIONS = ["-q", "-p", "no:cacheprovider", "-o", "faulthandler_timeout=0"]
int(pytest.main([*_OPTIONS, *json.loads(pytest_arguments)]))
