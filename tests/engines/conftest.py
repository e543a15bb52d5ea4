"""Firefox and WebKitGTK; the site, its server and Chromium are those of the tests in the browser."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from build_scripts.browsers import find_firefox, find_webkit_driver
from tests.browser.conftest import Server, chromium, plain_server, playwright, server, site, toy_export
from tests.engines.drivers import Engine, start_firefox, start_webkit

__all__ = ["chromium", "plain_server", "playwright", "server", "site", "toy_export"]

GATHER = """
  window.complaints = [];
  const gather = (...words) => void window.complaints.push(words.map(String).join(" "));
  for (const kind of ["error", "unhandledrejection"])
    window.addEventListener(kind, (event) => gather(event.message ?? event.reason));
  for (const kind of ["error", "warn"]) window.console[kind] = gather;
"""


@pytest.fixture(scope="module", params=["firefox", "webkit"])
def engine(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """A browser nobody has used yet; skipped, with what to install, where it is missing."""
    log = tmp_path_factory.mktemp("log") / f"{request.param}.log"
    started = _firefox(log) if request.param == "firefox" else _webkit(log)
    yield started
    started.close()


@pytest.fixture(scope="module")
def page(engine: Engine, site: Path) -> Iterator[Engine]:
    """The live page on the project's own server, isolated, a service worker in charge of it."""
    running = Server(site)
    running.start()
    visit(engine, running)
    engine.until("navigator.serviceWorker.controller !== null")
    yield engine
    running.stop()


def visit(engine: Engine, server: Server, fragment: str = "#block=1&head=1") -> None:
    """Open the page and wait until it is live."""
    engine.open(server.url + fragment)
    until_live(engine)


def until_live(engine: Engine) -> None:
    """Wait for the page that was just opened; from here on `complaints` gathers what it says and leaves uncaught."""
    # On a plain host a first visit starts again once its service worker answers. No promise is waited for: WebKitGTK's
    # driver would wait two minutes for one of a page that has gone.
    engine.until(
        "window.glassbox && (window.ready ??= glassbox.ready().then(() => (window.is_live = true)), window.is_live)"
    )
    engine.run(GATHER)


def _firefox(log: Path) -> Engine:
    program = find_firefox()
    if program is None:
        pytest.skip("Firefox is not installed (on Debian: apt-get install firefox-esr)")
    return start_firefox(program, log)


def _webkit(log: Path) -> Engine:
    program = find_webkit_driver()
    if program is None or shutil.which("Xvfb") is None:
        pytest.skip("WebKitGTK or Xvfb is not installed (on Debian: apt-get install webkit2gtk-driver xvfb)")
    return start_webkit(program, log)
