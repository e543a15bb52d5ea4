"""A whole session under the page's own policy: what browsers report of it, from the first byte on."""

import hashlib
from typing import Any

from aiohttp import web

from tests.browser.conftest import Answer, Server

# Served like any script of the site, since the policy allows no other.
WATCH = """
window.violations = [];
document.addEventListener("securitypolicyviolation", (event) =>
  violations.push(`${event.effectiveDirective}: ${event.blockedURI} (${event.sourceFile}:${event.lineNumber})`));
"""

# Every button of the page is pressed, saving too, in two rounds: what one opens has buttons as well. Then every tab,
# every stop of the tour, every model.
SESSION = """
  const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
  await glassbox.ready();
  await glassbox.run("The little dog sat on the");
  await glassbox.generate(3, { temperature: 0.8, seed: 7 });
  const pressed = new Set();
  for (let round = 0; round < 2; round++) {
    for (const button of [...document.querySelectorAll("button, summary")]) {
      const name = button.getAttribute("aria-label") ?? button.textContent.trim();
      if (!button.isConnected || button.disabled || pressed.has(name) || /Empty|清空/.test(name)) continue;
      pressed.add(name);
      button.click();
      await pause(60);
    }
    for (const dialog of document.querySelectorAll("dialog[open]")) dialog.close();
  }
  for (const tab of document.querySelectorAll("[role=tab]")) {
    tab.click();
    await pause(400);
  }
  let stops = 0;
  [...document.querySelectorAll("header button")].find((button) => button.textContent === "Tour").click();
  for (let waits = 0; waits < 100 && stops < 60; waits++) {
    await pause(100);
    const next = document.querySelector(".driver-popover-next-btn");
    if (!next && stops > 0 && waits > 20) break;
    if (!next) continue;
    next.click();
    stops += 1;
    waits = 0;
  }
  for (const { name } of await glassbox.models()) {
    await glassbox.load(name);
    await glassbox.run("Hello there");
    await glassbox.tensor("attention_pattern", { layer: 0, head: 0 });
  }
  await pause(1500);
  const own = [location.origin, "data:", "blob:"];
  const foreign = performance.getEntriesByType("resource").map(({ name }) => name);
  return {
    pressed: [...pressed],
    stops,
    violations: window.violations ?? null,
    foreign: foreign.filter((name) => !own.some((begin) => name.startsWith(begin))),
  };
"""


def watched(server: Server) -> None:
    """Let the page's first script be one that gathers violations; the page stays whole by its own hash."""

    async def with_watch(request: web.Request, handler: Answer) -> web.StreamResponse:
        if request.path.endswith("/watch.js"):
            return web.Response(text=WATCH, content_type="text/javascript")
        if not request.path.endswith("/"):
            return await handler(request)
        text = (server.site / "index.html").read_text(encoding="utf-8").split("<!-- whole")[0]
        text = text.replace("<script async", '<script src="watch.js"></script>\n    <script async', 1)
        text += f"<!-- whole {hashlib.sha256(text.encode()).hexdigest()} -->\n"
        answer = await handler(request)
        headers = {name: value for name, value in answer.headers.items() if name.startswith(("Cross", "Content-Sec"))}
        return web.Response(text=text, content_type="text/html", headers=headers)

    server.trouble = with_watch


def judge(found: dict[str, Any]) -> None:
    """Many buttons were there to press, and nothing was reported."""
    assert len(found["pressed"]) > 25, found["pressed"]
    assert found["stops"] >= 20
    assert found["violations"] == []
    assert found["foreign"] == []
