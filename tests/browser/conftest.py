"""A built site with toy models, a server that can misbehave, and a real Chromium."""

import os
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock
from playwright.sync_api import Browser, BrowserContext, Playwright, expect, sync_playwright

from build_scripts.browsers import CHROMIUM_FLAGS, find_chromium
from build_scripts.site import build
from model_export.export import export
from tests.browser.live_page import LivePage
from tests.browser.server import Answer, Server, Trouble
from tests.browser.visit import Visit, new_context
from tests.checkpoints import TOY, write_checkpoint

__all__ = ["FIRST", "FLAGS", "Answer", "LivePage", "Server", "Trouble", "Visit"]

# As long as locators wait: a machine that is busy is no fault of the page.
expect.set_options(timeout=60_000)

FLAGS = [
    *CHROMIUM_FLAGS,
    # A name that is not this machine's own, as when a class reads from a teacher's laptop: no secure context.
    "--host-resolver-rules=MAP class.test 127.0.0.1",
    # Of the processor time that a page takes to become live, a quarter goes into optimising what soon is not needed.
    "--js-flags=--wasm-tiering-budget=1000000000",
]

FIRST = "#block=1&head=1"
"""An example opens where there is something to see in it, unless the address says where."""


@pytest.fixture(scope="session")
def toy_export(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A toy model with random weights."""
    folder = tmp_path_factory.mktemp("toy")
    export(str(write_checkpoint(folder / "checkpoint", TOY)), folder / "toy", "int8")
    return folder / "toy"


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory, toy_export: Path) -> Path:
    """The whole site, the starter and the toy model in it; one for all processes that run tests."""
    own = tmp_path_factory.getbasetemp()
    shared = own.parent if "PYTEST_XDIST_WORKER" in os.environ else own
    out = shared / "site" / "dist"
    with FileLock(shared / "site.lock"):
        if not out.exists():
            build(out, {"toy": toy_export})
    return out


@pytest.fixture
def server(site: Path) -> Iterator[Server]:
    running = Server(site)
    running.start()
    yield running
    running.stop()


@pytest.fixture
def plain_server(site: Path) -> Iterator[Server]:
    """A host that sends no isolation headers."""
    running = Server(site, is_isolated=False)
    running.start()
    yield running
    running.stop()


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """One for all: a thread holds no second."""
    with sync_playwright() as running:
        yield running


@pytest.fixture(scope="session")
def chromium(playwright: Playwright) -> Iterator[Browser]:
    browser = playwright.chromium.launch(executable_path=os.environ.get("CHROMIUM") or find_chromium(), args=FLAGS)
    yield browser
    browser.close()


@pytest.fixture
def context(chromium: Browser) -> Iterator[BrowserContext]:
    fresh = new_context(chromium)
    yield fresh
    fresh.close()


@pytest.fixture
def visit(context: BrowserContext) -> Visit:
    """A page of its own. It costs ten seconds of a processor to become live: see ``live_page``."""
    return Visit.of(context.new_page())


@pytest.fixture(scope="module")
def page_of_file(chromium: Browser, site: Path) -> Iterator[LivePage]:
    page = LivePage(chromium, site)
    yield page
    page.stop()


@pytest.fixture
def live_page(page_of_file: LivePage, request: pytest.FixtureRequest) -> Iterator[LivePage]:
    """The live page that the tests of a file take in turn; after one that fails the next has a fresh one."""
    yield page_of_file
    if not request.node.stash.get(_HAS_PASSED, False):
        page_of_file.drop()


_HAS_PASSED = pytest.StashKey[bool]()

# Files that take longest begin, so that the processes which run them end at about the same time.
_LONGEST = [
    "smollm2",
    "machines",
    "faults",
    "live",
    "new_build",
    "bad_moments",
    "river",
    "policy",
    "sections",
    "changes",
]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    names = [f"test_{name}" for name in _LONGEST]
    items.sort(key=lambda item: names.index(item.path.stem) if item.path.stem in names else len(names))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Generator[None, Any, Any]:
    report = yield
    if report.when == "call":
        item.stash[_HAS_PASSED] = report.passed
    return report
