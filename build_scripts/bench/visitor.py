"""What a visitor waits for: tokens while the page plays, a token in a long text, memory of the tab."""

from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page

from build_scripts.bench.browser import chromium, open_page, peak_of_largest_renderer
from build_scripts.bench.counting import CountingServer

LENGTHS = (5, 60, 250, 500, 1000)
_PRESSED = 6
_WORDS = ["Once", "upon", "a", "time", "there", "was", "a", "little", "girl", "who", "had", "a", "big", "dog", "and"]
# A token counts once its word stands in the text and the river drawn is its own; the frame after that is the reader's.
_WATCH = """
globalThis.count = () => document.querySelector(".river")?.getAttribute("aria-busy") === "false"
  ? document.querySelectorAll(".word-piece").length - document.querySelectorAll(".prediction .word-piece").length
  : NaN;
globalThis.longest = 0;
new PerformanceObserver((list) => {
  for (const { duration } of list.getEntries()) longest = Math.max(longest, duration);
}).observe({ type: "longtask" });
globalThis.drawn = async (n) => {
  while (!(count() >= n)) await new Promise(requestAnimationFrame);
  await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
  return performance.now();
};
"""
_PLAY = """async () => {
  const before = count(), seen = new Set();
  const began = performance.now();
  longest = 0;
  const button = () => document.querySelector(".generate .play");
  const words = button().textContent;
  button().click();
  // Until the button says again what it said before, and the last picture is the last token's.
  do {
    await new Promise(requestAnimationFrame);
    if (!Number.isNaN(count())) seen.add(count());
  } while (seen.size < 2 || button().textContent !== words || Number.isNaN(count()));
  const n = count() - before;
  return { n, token_ms: (performance.now() - began) / n, pictures: seen.size - 1, longest_task_ms: longest };
}"""
_GENERATE = """async (n) => {
  const began = performance.now();
  await glassbox.generate(n);
  return (performance.now() - began) / n;
}"""
_PRESS = """async (n) => {
  const box = document.querySelector("#text");
  const took = [];
  longest = 0;
  for (let i = 0; i <= n; i++) {
    const before = count(), began = performance.now();
    box.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true, cancelable: true }));
    took.push((await drawn(before + 1)) - began);
    await new Promise((resolve) => setTimeout(resolve, 300));
  }
  return { press_ms: took.slice(1), longest_task_ms: longest };
}"""

_FRAMES = """
globalThis.gaps = [];
(function look(last) {
  requestAnimationFrame((now) => { gaps.push(now - last); look(now); });
})(performance.now());
"""
_TOKENS_OF_FRAMES = 24
_REST_MS = 1800
_BLOCK = 5
_PARTS = {
    "the first norm": f"open:norm_1:{_BLOCK}",
    "an MLP": f"mark:mlp:{_BLOCK}:",
    "the embedding": "open:embedding",
    "the unembedding": "open:unembedding",
}
# A slider's picture counts once it is that of the new value; the frame after that is the reader's.
_SLIDE = """async (n) => {
  const slider = document.querySelector(".sampling input[type=range]");
  const figures = document.querySelector(".sampling-figures");
  const took = [];
  for (let i = 0; i <= n; i++) {
    const before = figures.textContent, began = performance.now();
    slider.value = String(Number(slider.value) + (i % 2 ? -1 : 1));
    slider.dispatchEvent(new Event("input", { bubbles: true }));
    do await new Promise(requestAnimationFrame);
    while (figures.getAttribute("aria-busy") !== "false" || figures.textContent === before);
    await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
    took.push(performance.now() - began);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return took.slice(1);
}"""
_SLIDES = 24


def longest_frames(server: CountingServer, name: str) -> dict[str, float]:
    """Milliseconds of the longest frame while a reader looks around in a text of 24 tokens."""
    with chromium() as browser:
        page = open_page(browser, server.url)
        page.evaluate("glassbox.ready()")
        page.evaluate("name => glassbox.load(name)", name)
        page.evaluate(_WATCH)
        page.locator("#text").fill(_text(_TOKENS_OF_FRAMES))
        page.evaluate("n => drawn(n)", _TOKENS_OF_FRAMES)
        page.wait_for_timeout(_REST_MS)
        page.evaluate(_FRAMES)
        rows, block = page.locator(".river-row rect"), page.locator(".river-block").nth(_BLOCK)

        def point() -> None:
            for index in range(0, rows.count(), 3):
                rows.nth(index).hover(force=True)

        acts: dict[str, Callable[[], None]] = {
            "pointing at tokens": point,
            "opening a block": lambda: block.click(force=True),
            "closing it": lambda: page.keyboard.press("Escape"),
            **{f"opening {name}": _opener(page, part) for name, part in _PARTS.items()},
            "closing that": lambda: page.keyboard.press("Escape"),
            "a new token": lambda: page.locator("#text").press("Enter"),
        }
        found = {}
        for what, act in acts.items():
            if not what.startswith("closing"):
                page.keyboard.press("Escape")
                page.wait_for_timeout(_REST_MS)
            page.evaluate("gaps.length = 0")
            act()
            page.wait_for_timeout(_REST_MS)
            found[what] = page.evaluate("Math.max(...gaps)")
        return found


def _opener(page: Page, part: str) -> Callable[[], None]:
    return lambda: page.locator(f"[data-part='{part}']").click(force=True)


def slides(server: CountingServer, name: str) -> dict[str, list[float]]:
    """Milliseconds from a step of the temperature's slider to the frame after that in which all figures follow."""
    with chromium() as browser:
        page = open_page(browser, server.url)
        page.evaluate("glassbox.ready()")
        page.evaluate("name => glassbox.load(name)", name)
        page.get_by_role("tab", name="Sampling").click()
        page.locator(".sampling-figures[aria-busy=false]").wait_for()
        return {"a step of the slider, ms": page.evaluate(_SLIDE, _SLIDES)}


def measure(server: CountingServer, name: str, lengths: tuple[int, ...]) -> dict[str, Any]:
    """Milliseconds, lists of single times, with the threads the page takes; peak memory of the tab at each length."""
    results: dict[str, Any] = {}
    for n_tokens in lengths:
        # A fresh browser each, so that a peak is this length's.
        with chromium() as browser:
            page = open_page(browser, server.url)
            page.evaluate("glassbox.ready()")
            page.evaluate("name => glassbox.load(name)", name)
            results[f"{n_tokens} tokens"] = _at(page, n_tokens) | {"peak_bytes": peak_of_largest_renderer()}
    return results


def _at(page: Page, n_tokens: int) -> dict[str, Any]:
    page.evaluate(_WATCH)
    page.locator("#text").fill(_text(n_tokens))
    page.evaluate("n => drawn(n)", n_tokens)
    pressed = page.evaluate(_PRESS, _PRESSED)
    played = page.evaluate(_PLAY) if n_tokens < LENGTHS[-1] else None  # no room for it in the whole context
    return {"pressed": pressed, "played": played, "generated_ms": page.evaluate(_GENERATE, _PRESSED)}


def _text(n_tokens: int) -> str:
    """So many words that are one token each."""
    return " ".join(_WORDS[i % len(_WORDS)] for i in range(n_tokens))
