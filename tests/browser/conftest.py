"""A built site with toy models, a server that can misbehave, and a real Chromium."""

import asyncio
import os
import threading
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from aiohttp import web
from filelock import FileLock
from playwright.sync_api import Browser, BrowserContext, Error, Page, Playwright, sync_playwright

from build_scripts.browsers import find_chromium
from build_scripts.serve import make_app
from build_scripts.site import build
from model_export.export import export
from tests.checkpoints import TOY, write_checkpoint

FLAGS = [
    "--no-sandbox",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # A name that is not this machine's own, as when a class reads from a teacher's laptop: no secure context.
    "--host-resolver-rules=MAP class.test 127.0.0.1",
]

FIRST = "#block=1&head=1"
"""An example opens where there is something to see in it, unless the address says where."""

Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]
Trouble = Callable[[web.Request, Answer], Awaitable[web.StreamResponse]]


@dataclass
class Server:
    """The site on a free port. ``trouble``, where set, answers instead of it."""

    site: Path
    is_isolated: bool = True
    url: str = ""
    requests: list[str] = field(default_factory=list)
    trouble: Trouble | None = None

    def start(self) -> None:
        started = threading.Event()

        def serve() -> None:
            self._loop = asyncio.new_event_loop()
            asyncio.set_event_loop(self._loop)
            self._loop.run_until_complete(self._listen())
            started.set()
            self._loop.run_forever()
            self._loop.run_until_complete(self._runner.cleanup())

        self._thread = threading.Thread(target=serve, daemon=True)
        self._thread.start()
        assert started.wait(10)

    def stop(self) -> None:
        """From now on nothing answers. A second time it does nothing."""
        if self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join(10)

    async def _listen(self) -> None:
        @web.middleware
        async def meddle(request: web.Request, handler: Answer) -> web.StreamResponse:
            self.requests.append(request.path)
            return await (self.trouble(request, handler) if self.trouble else handler(request))

        app = make_app(self.site, self.is_isolated)
        app.middlewares.append(meddle)
        # In a sub-folder, as on a shared host: no address may start at the root.
        outer = web.Application()
        outer.add_subapp("/some/folder", app)
        self._runner = web.AppRunner(outer, access_log=None)
        await self._runner.setup()
        listener = web.TCPSite(self._runner, "127.0.0.1", 0)
        await listener.start()
        port = listener._server.sockets[0].getsockname()[1]  # type: ignore[union-attr]
        self.url = f"http://127.0.0.1:{port}/some/folder/"


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
    # Playwright itself evaluates strings in the page; what the page may do under its policy is tested by itself.
    fresh = chromium.new_context(viewport={"width": 1366, "height": 768}, reduced_motion="reduce", bypass_csp=True)
    fresh.set_default_timeout(60_000)
    yield fresh
    fresh.close()


@dataclass
class Visit:
    """A page, and what it complained about."""

    page: Page
    complaints: list[str]

    def open(self, server: Server, fragment: str = "") -> Page:
        self.page.goto(server.url + fragment)
        return self.page

    def until_live(self) -> None:
        try:
            self.page.evaluate("glassbox.ready()")
        except Error as error:
            # On a plain host a first visit starts again once its service worker answers.
            if "context was destroyed" not in str(error):
                raise
            self.page.wait_for_function("window.glassbox")
            self.page.evaluate("glassbox.ready()")


@pytest.fixture
def visit(context: BrowserContext) -> Visit:
    """A new page. Everything the console says, and every failure nobody caught, is a complaint."""
    page = context.new_page()
    made = Visit(page, [])
    page.on("console", lambda message: made.complaints.append(f"{message.type}: {message.text}"))
    page.on("pageerror", lambda error: made.complaints.append(f"error: {error}"))
    return made
