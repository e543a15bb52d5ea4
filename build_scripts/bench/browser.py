"""The same in Chromium, and what a visitor waits for."""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil
from playwright.sync_api import Browser, Page, sync_playwright

from build_scripts.bench.counting import CountingServer
from build_scripts.browsers import CHROMIUM_FLAGS

_PATIENCE_MS = 180_000
_KEEPING_MS = 4_000
_REST_MS = 1_500
# When the first numbers are on screen, and the longest that the main thread was away.
_WATCH = """
globalThis.seen = { stored: null, longest_task: 0 };
(function look() {
  if (document.querySelector(".next-row")) seen.stored = performance.now();
  else requestAnimationFrame(look);
})();
new PerformanceObserver((list) => {
  for (const { duration } of list.getEntries()) seen.longest_task = Math.max(seen.longest_task, duration);
}).observe({ type: "longtask", buffered: true });
"""
TEXT = "The little dog sat on the mat and looked at the big red ball. " * 4


@contextmanager
def chromium() -> Iterator[Browser]:
    """A fresh browser, so that memory and caches are its own."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=os.environ["CHROMIUM"], args=CHROMIUM_FLAGS)
        yield browser
        browser.close()


def start_up(server: CountingServer, assets: Path, times: int) -> dict[str, Any]:
    """Milliseconds and bytes until something is seen and until it is live, on a first and a second visit.

    Beside a bare page that only boots Pyodide with numpy and regex: by turns, as the machine's load changes.
    """
    rounds = [{"bare Pyodide": _boot_bare(server, assets), **_visit_twice(server)} for _ in range(times)]
    return {
        title: {label: [one[title][label] for one in rounds] for label in figures}
        for title, figures in rounds[0].items()
    }


def _boot_bare(server: CountingServer, assets: Path) -> dict[str, float]:
    with chromium() as browser:
        page = open_page(browser, server.url + "bench.html")
        return {"ready_ms": page.evaluate("file => bench.boot(file)", f"assets/{_named(assets, 'python')}")}


def _visit_twice(server: CountingServer) -> dict[str, dict[str, float]]:
    results = {}
    with chromium() as browser:
        context = browser.new_context()
        context.add_init_script(_WATCH)
        for visit in ("cold", "warm"):
            server.counted()
            page = context.new_page()
            page.set_default_timeout(_PATIENCE_MS)
            page.goto(server.url)
            live = page.evaluate("glassbox.ready().then(() => performance.now())")
            sent = server.counted()
            seen = page.evaluate("seen")
            results[visit] = {
                "stored_ms": seen["stored"],
                "live_ms": live,
                "longest_task_ms": seen["longest_task"],
                **sent,
            }
            # What is kept for later visits is fetched now.
            page.wait_for_timeout(_KEEPING_MS)
            page.close()
    return results


def model_speed(
    server: CountingServer, assets: Path, name: str, threads: int, lengths: Sequence[int], names: Sequence[str]
) -> dict[str, Any]:
    """Milliseconds of the inference worker alone; lists of single times."""
    with chromium() as browser:
        page = open_page(browser, server.url + "bench.html")
        worker = f"assets/{_named(assets, 'inference_worker')}"
        results = {"load_ms": page.evaluate("given => bench.load(...given)", [worker, name, threads])}
        for label, asked in (("plain", []), ("all tensors", list(names))):
            for n in lengths:
                results[f"prefill {n}, {label}"] = page.evaluate("given => bench.prefill(...given)", [n, asked, 5])
            results[f"decode, {label}"] = page.evaluate("given => bench.decode(...given)", [64, asked, 15])
        return results


def whole_page(server: CountingServer, name: str, n_tokens: int) -> dict[str, Any]:
    """The tab with a large model: peak memory, tokens through Python, new probabilities for a slider."""
    with chromium() as browser:
        page = open_page(browser, server.url)
        page.evaluate("glassbox.ready()")
        page.evaluate("name => glassbox.load(name)", name)
        loaded = peak_of_largest_renderer()
        page.evaluate("text => glassbox.run(text)", TEXT)
        page.evaluate(_WATCH)
        with _watching_python(page) as figures:
            for _ in range(n_tokens):
                # As a reader does: Enter draws a token. Then the page comes to rest.
                page.locator("#text").press("Enter")
                page.wait_for_timeout(_REST_MS)
        return {
            "peak_bytes_loaded": loaded,
            "peak_bytes": peak_of_largest_renderer(),
            "one_token_in_python_ms": [whole for whole, _ in figures],
            "of_it_without_the_model_percent": [100 * (1 - model / whole) for whole, model in figures],
            "longest_task_ms": page.evaluate("seen.longest_task"),
            "probabilities_ms": _timed(page, "i => glassbox.probabilities({temperature: 0.5 + i / 10})", n_tokens),
            "slider_ms": _slider(page, n_tokens),
        }


def _timed(page: Page, what: str, times: int) -> list[float]:
    """Milliseconds of each call."""
    took: list[float] = page.evaluate(
        f"""async (times) => {{
            const took = [];
            for (let i = 0; i < times; i++) {{
                const began = performance.now();
                await ({what})(i);
                took.push(performance.now() - began);
            }}
            return took;
        }}""",
        times,
    )
    return took


@contextmanager
def _watching_python(page: Page) -> Iterator[list[tuple[float, float]]]:
    """Of each token: milliseconds in all, and of these waiting for the model; filled in at the end."""
    figures: list[tuple[float, float]] = []
    python, model = (next(w for w in page.workers[::-1] if kind in w.url) for kind in ("python", "inference"))
    # Messages of the seams have an id; Python's loop posts to itself too.
    note = """
        globalThis.noted = [];
        globalThis.note = (...what) => noted.push([performance.timeOrigin + performance.now(), ...what]);
    """
    posts = """for (const [kind, place] of [["reply", globalThis], ["port", MessagePort.prototype]]) {
        const { postMessage } = place;
        place.postMessage = function (message, ...rest) {
            if (message?.id) note(kind, message.id);
            return postMessage.call(this ?? globalThis, message, ...rest);
        };
    }"""
    calls = """addEventListener("message", ({ data }) => {
        if (data?.argumentList?.[0]?.value === "generate_token") note("call", data.id);
    });"""
    python.evaluate(f"(() => {{ {note} {posts} {calls} }})()")
    model.evaluate(f"(() => {{ {note} {posts} }})()")
    yield figures
    answered = {key: at for at, _, key in model.evaluate("noted")}
    noted = python.evaluate("noted")
    for began, _, key in (line for line in noted if line[1] == "call"):
        ended = next(at for at, kind, other in noted if kind == "reply" and other == key)
        asked = [(at, other) for at, kind, other in noted if kind == "port" and began <= at <= ended]
        figures.append((ended - began, sum(answered[other] - at for at, other in asked)))


def _slider(page: Page, times: int) -> list[float]:
    """From a move of the temperature's slider until the list of next tokens has changed and a frame was drawn."""
    took: list[float] = page.evaluate(
        """async (times) => {
            const slider = document.querySelector(".sliders input[type=range]");
            const list = document.querySelector(".next-list");
            const set = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value").set;
            const took = [];
            for (let i = 0; i < times; i++) {
                const began = performance.now();
                const changed = new Promise((resolve) => {
                    const watcher = new MutationObserver(() => {
                        watcher.disconnect();
                        requestAnimationFrame(() => setTimeout(resolve));
                    });
                    watcher.observe(list, { subtree: true, childList: true, characterData: true, attributes: true });
                });
                set.call(slider, String(Number(slider.min) + (i + 1) * Number(slider.step)));
                slider.dispatchEvent(new Event("input", { bubbles: true }));
                await changed;
                took.push(performance.now() - began);
                await new Promise((resolve) => setTimeout(resolve, 300));
            }
            return took;
        }""",
        times,
    )
    return took


def open_page(browser: Browser, address: str) -> Page:
    """A page with the patience that a busy machine needs."""
    page = browser.new_page()
    page.set_default_timeout(_PATIENCE_MS)
    page.goto(address)
    return page


def _named(assets: Path, entry: str) -> str:
    """File name of a bundled entry point; its hash changes with its content."""
    return next(assets.glob(f"{entry}-*.js")).name


def peak_of_largest_renderer() -> int | None:
    """Most memory ever held by the tab's process; known on Linux only."""
    peaks = []
    for process in psutil.Process().children(recursive=True):
        status = Path(f"/proc/{process.pid}/status")
        if not status.exists():
            return None
        if "--type=renderer" in process.cmdline():
            line = next(line for line in status.read_text(encoding="utf-8").splitlines() if line.startswith("VmHWM"))
            peaks.append(int(line.split()[1]) * 1024)
    return max(peaks, default=None)
