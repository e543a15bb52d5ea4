"""A class visits the laptop's server: first visits, many at once, then second ones; are all bytes right, at what cost?

What a visit fetches is taken from a real one, in Chromium at the server's address on the network, where browsers keep
nothing but their own cache. The simulated visitors are on this machine and take part of its time from the server.
"""

import asyncio
import gzip
import hashlib
import os
import re
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote, urlsplit

import aiohttp
import psutil

from build_scripts.lan import own_address
from glassbox.site_server import headers_of

# As browsers: so many connections to one host.
_CONNECTIONS = 6
_SAMPLE_S = 0.2


@dataclass
class Tally:
    """What came of many visits."""

    visits: int = 0
    refused: int = 0
    wrong: list[str] = field(default_factory=list)
    body_bytes: int = 0
    statuses: dict[int, int] = field(default_factory=dict)
    seconds: float = 0.0


class LanServer:
    """``serve --lan`` as a program of its own, and the most memory it has taken."""

    def __init__(self, site: Path, port: int) -> None:
        call = "import sys; from pathlib import Path; from build_scripts.lan import serve_lan;"
        call += "serve_lan(Path(sys.argv[1]), int(sys.argv[2]), None)"
        command = [sys.executable, "-c", call, str(site), str(port)]
        self._running = subprocess.Popen(command, stdout=subprocess.PIPE, encoding="utf-8")
        assert self._running.stdout is not None
        found = re.search(r"http://[^/]+/", self._running.stdout.readline())
        if found is None:
            raise RuntimeError("the server did not start")
        self.url = found.group()
        self.most_bytes = 0

    async def watch(self) -> None:
        """Look at its memory until cancelled."""
        process = psutil.Process(self._running.pid)
        while True:
            self.most_bytes = max(self.most_bytes, process.memory_info().rss)
            await asyncio.sleep(_SAMPLE_S)

    def stop(self) -> int:
        """End it as Ctrl+C does; its exit status."""
        self._running.terminate()
        return self._running.wait(10)


def files_of_a_visit(site: Path, url: str) -> list[str]:
    """Addresses that a browser fetches from the first byte until the starter is live, and a while longer."""
    from playwright.sync_api import sync_playwright

    seen: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=os.environ["CHROMIUM"], args=["--no-sandbox"])
        page = browser.new_page(bypass_csp=True)
        page.on("request", lambda asked: seen.append(asked.url) if asked.url.startswith(url) else None)
        page.context.on("request", lambda asked: seen.append(asked.url) if asked.url.startswith(url) else None)
        page.goto(url)
        page.wait_for_function("window.glassbox", timeout=120_000)
        page.evaluate("glassbox.ready()")
        page.wait_for_timeout(3000)
        # Those of workers too, which the browser counts but does not report.
        names = page.evaluate("performance.getEntriesByType('resource').map((entry) => entry.name)")
        browser.close()
    found = {unquote(urlsplit(address).path).lstrip("/") or "index.html" for address in [*seen, *names]}
    return sorted(found | _of_workers(site))


def _of_workers(site: Path) -> set[str]:
    """What the workers fetch by themselves: runtimes and the starter; asked of the files, not of the browser."""
    runtime = [path for path in (site / "runtime").rglob("*") if "asyncify" not in path.name]
    starter = list((site / "models" / "starter").iterdir())
    paths = [path for path in [*runtime, *starter] if path.is_file() and path.suffix != ".gz"]
    return {path.relative_to(site).as_posix() for path in paths}


async def visit(url: str, expected: dict[str, tuple[str, str]], tally: Tally, tags: dict[str, str] | None) -> None:
    """One visitor with six connections. expected: address -> hash of the content, Cache-Control.

    tags: None on a first visit; on a second, what the first was told: files for ever are not asked for again.
    """
    connector = aiohttp.TCPConnector(limit=_CONNECTIONS)
    async with aiohttp.ClientSession(connector=connector, auto_decompress=False) as session:

        async def fetch(address: str) -> None:
            digest, _ = expected[address]
            headers = {"Accept-Encoding": "gzip, deflate"}
            if tags is not None:
                headers["If-None-Match"] = tags[address]
            async with session.get(url + address, headers=headers) as answer:
                body = await answer.read()
            tally.statuses[answer.status] = tally.statuses.get(answer.status, 0) + 1
            size = sum(len(name) + len(value) + 4 for name, value in answer.raw_headers) + len(body) + 30
            tally.body_bytes += size
            if answer.status == 304 and tags is not None:
                return
            content = gzip.decompress(body) if answer.headers.get("Content-Encoding") == "gzip" else body
            if answer.status != 200 or hashlib.sha256(content).hexdigest() != digest:
                tally.wrong.append(f"{address} ({answer.status})")

        asked = [name for name, (_, control) in expected.items() if tags is None or "immutable" not in control]
        try:
            await asyncio.gather(*(fetch(address) for address in asked))
        except (aiohttp.ClientError, OSError) as error:
            tally.refused += 1
            tally.wrong.append(str(error))
    tally.visits += 1


async def many(
    url: str, expected: dict[str, tuple[str, str]], visits: int, at_once: int, tags: dict[str, str] | None
) -> Tally:
    """So many visits, ``at_once`` at a time."""
    tally, waiting = Tally(), asyncio.Semaphore(at_once)

    async def one() -> None:
        async with waiting:
            await visit(url, expected, tally, tags)

    began = time.monotonic()
    await asyncio.gather(*(one() for _ in range(visits)))
    tally.seconds = time.monotonic() - began
    return tally


async def tags_of(url: str, addresses: list[str]) -> dict[str, str]:
    """What a browser keeps of the first visit: the tag of each file, in its compressed form where there is one."""
    found = {}
    async with aiohttp.ClientSession(auto_decompress=False) as session:
        for address in addresses:
            async with session.get(url + address, headers={"Accept-Encoding": "gzip, deflate"}) as answer:
                found[address] = answer.headers["ETag"]
    return found


async def measure(
    server: LanServer, site: Path, addresses: list[str], visits: int, at_once: int
) -> tuple[Tally, Tally]:
    """First visits, then second ones."""
    expected = {
        address: (
            hashlib.sha256((site / address).read_bytes()).hexdigest(),
            headers_of(site, Path(address).name)["Cache-Control"],
        )
        for address in addresses
    }
    watching = asyncio.create_task(server.watch())
    try:
        first = await many(server.url, expected, visits, at_once, None)
        second = await many(server.url, expected, visits, at_once, await tags_of(server.url, addresses))
    finally:
        watching.cancel()
    return first, second


def report(site: Path, visits: int, at_once: int, port: int = 8900) -> int:
    """Run it and print what came of it; 1 where something was refused or wrong."""
    server = LanServer(site, port)
    try:
        addresses = files_of_a_visit(site, server.url)
        first, second = asyncio.run(measure(server, site, addresses, visits, at_once))
    finally:
        status = server.stop()
    print(f"server at {server.url} ({own_address()}), {len(addresses)} files a visit, {at_once} visitors at a time")
    for name, tally in (("first", first), ("second", second)):
        print(
            f"{name} visits: {tally.visits}, refused {tally.refused}, wrong {len(tally.wrong)}; "
            f"{tally.visits / tally.seconds:.1f} a second, {tally.body_bytes / tally.visits / 1e6:.3f} MB each; "
            f"answers {dict(sorted(tally.statuses.items()))}"
        )
        for line in tally.wrong[:5]:
            print(f"  {line}")
    print(f"memory of the server at most {server.most_bytes / 1e6:.0f} MB; it ended with status {status}")
    return 1 if first.wrong or second.wrong or status else 0
