"""Every kind of file x every fault, on a first and on a later visit: ``python3 -m build_scripts faults``.

For each: the host fails in that file (all requests for it, with the caching that the host gives to that name); the
visitor comes with a text in the address, and types on where there is a box; the page lives or says what is wrong; the
host recovers; the visitor tries again, by the page's own button or by reloading. It has ended well if the page was
never blank nor silent, the text is still there, and the page lives in the end.
"""

import argparse
import asyncio
import os
import sys
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

from aiohttp import web
from playwright.sync_api import Browser, BrowserContext, Error, Page, sync_playwright

from build_scripts.paths import DIST
from tests.browser.conftest import FLAGS, Answer, Server

TEXT = "The little cat sat on my hat"
TYPED = "The little cat sat on my hat and"
FRAGMENT = "#text=The+little+cat+sat+on+my+hat"

# Kind -> what the path of such a file holds.
KINDS = {
    "index.html": "some/folder/",
    "guard script": "guard.js",
    "main script": "assets/main-*.js",
    "script of a part": "assets/chunk-*.js",
    "style sheet": "assets/main-*.css",
    "later script": "assets/later_parts-*.js",
    "worker's script": "assets/python_worker-*.js",
    "Pyodide's wasm": "pyodide.asm.wasm",
    "a wheel": "numpy-*.whl",
    "onnxruntime's wasm": "ort-wasm-simd-threaded.wasm",
    "a model's chunk": "models/starter/weights-*.bin",
    "manifest": "models/starter/manifest.json",
    "list of models": "models/index.json",
    "stored run": "examples/*.run",
    "service worker": "service_worker.js",
}
FAULTS = ("404", "500", "dropped", "cut short", "flipped byte", "sign-in page", "20 s of silence")
# A model's file is asked for again for a minute.
_PATIENCE_S = 90
SIGN_IN = "<!doctype html><title>Wi-Fi</title><h1>Sign in to the Wi-Fi</h1>"


@dataclass
class Outcome:
    """How one case ended: what was on screen while the host failed, and what was lost."""

    is_blank: bool
    is_silent: bool
    is_text_kept: bool
    is_live: bool
    seconds: float

    @property
    def words(self) -> str:
        """Short, for the table."""
        lost = [
            word
            for word, is_so in (
                ("BLANK", self.is_blank),
                ("SILENT", self.is_silent),
                ("TEXT LOST", not self.is_text_kept),
                ("DEAD", not self.is_live),
            )
            if is_so
        ]
        return ", ".join(lost) or "well"


def is_of(kind: str, path: str) -> bool:
    """Whether a request's path is of a kind of file."""
    pattern = KINDS[kind]
    return path.endswith("/some/folder/") if kind == "index.html" else fnmatch(path, f"*/{pattern}")


def trouble(kind: str, fault: str, silence_s: float) -> Callable[[web.Request, Answer], Awaitable[web.StreamResponse]]:
    """A host that fails in one kind of file, in one way."""

    async def answer(request: web.Request, handler: Answer) -> web.StreamResponse:
        if not is_of(kind, request.path):
            return await handler(request)
        if fault in ("404", "500"):
            return web.Response(status=int(fault))
        good = await handler(request)
        headers = {"Cache-Control": good.headers.get("Cache-Control", "no-cache")}
        if fault == "20 s of silence":
            await asyncio.sleep(silence_s)
            return good
        if fault == "sign-in page":
            return web.Response(text=SIGN_IN, content_type="text/html", headers=headers)
        if fault == "dropped":
            assert request.transport is not None
            request.transport.close()
            return good
        if not isinstance(good, web.FileResponse):
            # Not modified: what the browser has is whole.
            return good
        data = bytearray(good._path.read_bytes())
        headers["Content-Type"] = good.headers.get("Content-Type", "application/octet-stream")
        if fault == "flipped byte":
            data[len(data) // 2] ^= 1
            return web.Response(body=bytes(data), headers=headers)
        cut = web.StreamResponse(headers={**headers, "Content-Length": str(len(data))})
        await cut.prepare(request)
        await cut.write(bytes(data[: len(data) // 2]))
        await asyncio.sleep(0.05)
        if request.transport is not None:
            request.transport.close()
        return cut

    return answer


def is_blank(page: Page) -> bool:
    """Whether there is nothing to read."""
    return not asked(page, "document.body?.innerText.trim().length > 20")


def asked(page: Page, expression: str) -> Any:
    """What a page answers; once more where it is just being reloaded."""
    for _ in range(20):
        try:
            return page.evaluate(expression)
        except Error:
            page.wait_for_timeout(500)
    raise AssertionError("The page answers nothing.")


def text_in(page: Page) -> str:
    """What the box holds; the address, where there is no box."""
    in_address = "new URLSearchParams(location.hash.slice(1)).get('text')"
    return str(asked(page, f"document.querySelector('textarea')?.value ?? {in_address} ?? ''"))


def type_on(page: Page) -> str:
    """Type, where there is a box; the text that may not be lost from now on."""
    box = page.locator("textarea")
    with suppress(Error):
        if box.count() and box.first.is_visible():
            box.first.fill(TYPED, timeout=5000)
            # The address follows.
            page.wait_for_timeout(500)
            return TYPED
    return TEXT


def is_live(page: Page, seconds: float) -> bool:
    """Whether the model answers before so many seconds are over."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        try:
            if page.evaluate(
                "globalThis.glassbox?.ready().then(() => glassbox.tensor('resid_pre', { layer: 0 }))"
                ".then(() => true, () => false) ?? false"
            ):
                return True
        except Error:
            # It is being reloaded.
            pass
        page.wait_for_timeout(500)
    return False


def first_visit(context: BrowserContext, server: Server) -> None:
    """A visit to a host that is well, until the service worker has kept the site."""
    server.trouble = None
    page = context.new_page()
    page.set_default_timeout(120_000)
    page.goto(server.url + FRAGMENT)
    assert is_live(page, 120)
    keep(page)
    page.close()


def run_case(context: BrowserContext, server: Server, kind: str, fault: str, silence_s: float) -> Outcome:
    """One visit to a failing host, and what becomes of it once the host has recovered."""
    began = time.monotonic()
    page = context.new_page()
    page.set_default_timeout(120_000)
    server.trouble = trouble(kind, fault, silence_s)
    # Where the page itself does not come, the browser says so in its own words, and the address keeps the text.
    with suppress(Error):
        page.goto(server.url + FRAGMENT, wait_until="commit")
    told = settle(page)
    blank = told != "elsewhere" and is_blank(page)
    is_kept = told == "elsewhere" or text_in(page) == TEXT
    wanted = type_on(page) if told != "elsewhere" else TEXT
    server.trouble = None
    recover(page)
    live = is_live(page, 90)
    is_kept = is_kept and text_in(page) == wanted
    page.close()
    return Outcome(blank, told == "silent", is_kept, live, time.monotonic() - began)


def settle(page: Page) -> str:
    """Wait until the page has "told" what is wrong, or that it lives; "elsewhere" where it is not ours."""
    told = (
        "Boolean(document.querySelector('#arrival.is-failed, [role=alert]')) || "
        "/^Live:/.test(document.querySelector('.status')?.textContent ?? '')"
    )
    until = time.monotonic() + _PATIENCE_S
    while time.monotonic() < until:
        page.wait_for_timeout(500)
        try:
            if page.evaluate("document.readyState === 'complete' && !document.getElementById('page')"):
                return "elsewhere"
            if page.evaluate(told):
                return "told"
        except Error:
            # It is being reloaded.
            continue
    return "silent"


def recover(page: Page) -> None:
    """What a visitor does: the button that the page offers, else the browser's."""
    try:
        again = page.get_by_role("button", name="Try again").or_(page.get_by_role("link", name="Try again"))
        if again.count() and again.first.is_visible():
            again.first.click(timeout=2000)
            page.wait_for_timeout(1000)
            if is_live(page, 30):
                return
        page.reload(wait_until="commit")
    except Error:
        page.reload(wait_until="commit")


def keep(page: Page) -> None:
    """Wait until the service worker has kept the site."""
    for _ in range(240):
        kept = "const isLast = ({url}) => url.includes('starter-model.txt');"
        kept = f"async () => {{ {kept} return (await (await caches.open('glassbox-site-2')).keys()).some(isLast); }}"
        if page.evaluate(kept):
            return
        page.wait_for_timeout(250)


@contextmanager
def fresh(browser: Browser, site: Path) -> Iterator[tuple[BrowserContext, Server]]:
    """A browser that has never been here, and a plain host."""
    server = Server(site, is_isolated=False)
    server.start()
    context = browser.new_context(bypass_csp=True, reduced_motion="reduce")
    try:
        yield context, server
    finally:
        context.close()
        server.stop()


def _cell(outcome: Outcome) -> str:
    return f"{outcome.words} ({outcome.seconds:.0f} s)"


def main() -> int:
    """Print the table; 1 where a case did not end well."""
    parser = argparse.ArgumentParser(prog="python3 -m build_scripts faults", description=__doc__)
    parser.add_argument("--site", type=Path, default=DIST)
    parser.add_argument("--kind", action="append", choices=KINDS, help="only these kinds of files")
    parser.add_argument("--fault", action="append", choices=FAULTS, help="only these faults")
    parser.add_argument("--visit", choices=("first", "later"), help="only this visit")
    parser.add_argument("--silence", type=float, default=20, help="seconds of silence")
    parsed = parser.parse_args()
    failed = 0
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=os.environ["CHROMIUM"], args=FLAGS)
        print("| file | fault | first visit | later visit |\n| --- | --- | --- | --- |", flush=True)
        site = parsed.site.resolve()
        with fresh(browser, site) as (used, used_server):
            if parsed.visit != "first":
                first_visit(used, used_server)
            for kind in parsed.kind or KINDS:
                for fault in parsed.fault or FAULTS:
                    cells = {"first": "", "later": ""}
                    if parsed.visit != "later":
                        with fresh(browser, site) as (context, server):
                            cells["first"] = _cell(run_case(context, server, kind, fault, parsed.silence))
                    if parsed.visit != "first":
                        cells["later"] = _cell(run_case(used, used_server, kind, fault, parsed.silence))
                    failed += sum(not cell.startswith("well") for cell in cells.values() if cell)
                    print(f"| {kind} | {fault} | {cells['first']} | {cells['later']} |", flush=True)
        browser.close()
    print(f"{failed} did not end well")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
