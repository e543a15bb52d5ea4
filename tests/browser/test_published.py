"""A built site as it would be published: sizes, hashes, and a visit under its own policy with every model."""

import gzip
import json
import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from build_scripts.integrity import sha256_base64, sums_of
from build_scripts.limits import check_sizes
from build_scripts.stamps import files_below
from tests.browser.conftest import Server

pytestmark = pytest.mark.browser


@pytest.fixture(scope="session")
def published(request: pytest.FixtureRequest) -> Path:
    """The site in GLASSBOX_DIST, which is about to be published; the tests' own where there is none."""
    named = os.environ.get("GLASSBOX_DIST")
    return Path(named).resolve() if named else request.getfixturevalue("site")


@pytest.fixture
def host(published: Path) -> Iterator[Server]:
    """As GitHub Pages: a sub-folder, no isolation headers."""
    running = Server(published, is_isolated=False)
    running.start()
    yield running
    running.stop()


def test_it_is_within_the_limits(published: Path) -> None:
    total, largest = check_sizes(published)
    assert 0 < largest < total


def test_every_file_is_what_the_page_takes_it_for(published: Path) -> None:
    page = (published / "index.html").read_text(encoding="utf-8")
    table = json.loads(re.findall(r'<script type="application/json" id="site">(.*)</script>', page)[0])
    assert table["sums"] == sums_of(published)
    for address, digest in re.findall(r'(?:src|href)="([^"]*)" integrity="sha256-([^"]*)"', page):
        assert sha256_base64((published / address).read_bytes()) == digest, address
    for path in files_below(published):
        if path.suffix == ".gz":
            assert gzip.decompress(path.read_bytes()) == path.with_suffix("").read_bytes(), path


def start(page: Page, url: str) -> None:
    # Not by wait_for_function: it evaluates strings in the page, which its policy forbids.
    page.goto(url)
    page.get_by_role("textbox").first.wait_for()
    for _ in range(600):
        if page.evaluate("Boolean(globalThis.glassbox) && crossOriginIsolated"):
            break
        page.wait_for_timeout(100)
    page.evaluate("glassbox.ready()")


def test_every_model_answers_under_the_policy_with_threads_on_the_first_visit(chromium: Browser, host: Server) -> None:
    context = chromium.new_context(reduced_motion="reduce")
    context.set_default_timeout(120_000)
    page = context.new_page()
    complaints: list[str] = []
    foreign: list[str] = []
    page.on("console", lambda message: complaints.append(f"{message.type}: {message.text}"))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    origin = re.match(r"https?://[^/]+/", host.url)
    assert origin
    allowed = (origin.group(), "data:", "blob:")
    context.on("request", lambda asked: None if asked.url.startswith(allowed) else foreign.append(asked.url))
    start(page, host.url)
    names = [model["name"] for model in page.evaluate("glassbox.models()")]
    assert names[0] == "starter"
    for name in names:
        page.evaluate("name => glassbox.load(name)", name)
        run = page.evaluate(
            "glassbox.run('The capital of France is').then(() => glassbox.generate(3, {temperature: 0}))"
        )
        assert len(run["token_ids"]) == 3, name
    loaded = [model for model in page.evaluate("glassbox.models()") if model["is_loaded"]]
    assert loaded[-1]["threads"] > 1 or os.cpu_count() == 1
    # Chromium's own word where a machine has no graphics card for a larger model.
    assert set(complaints) <= {"warning: No available adapters."}
    assert foreign == []
    context.close()
