"""A strict Content-Security-Policy for a whole session in Chromium, which reports its workers' violations too."""

import re

import pytest
from playwright.sync_api import Browser

from tests.browser.conftest import Server
from tests.browser.faults import keep
from tests.browser.policy import SESSION, judge, watched

pytestmark = pytest.mark.browser


def test_a_whole_session_breaks_no_rule_and_leaves_the_origin_never(chromium: Browser, server: Server) -> None:
    watched(server)
    context = chromium.new_context(reduced_motion="reduce", accept_downloads=True)
    context.set_default_timeout(200_000)
    page = context.new_page()
    complaints: list[str] = []
    foreign: list[str] = []
    origin = re.match(r"https?://[^/]+/", server.url)
    assert origin
    allowed = (origin.group(), "data:", "blob:", "about:")
    page.on("console", lambda message: complaints.append(f"{message.type}: {message.text}"))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    context.on("request", lambda asked: None if asked.url.startswith(allowed) else foreign.append(asked.url))
    page.goto(server.url)
    for _ in range(600):
        if page.evaluate("Boolean(globalThis.glassbox)"):
            break
        page.wait_for_timeout(100)
    judge(page.evaluate(f"async () => {{ {SESSION} }}"))
    assert [line for line in complaints if "policy" in line.lower() or line.startswith("error")] == []
    assert foreign == []
    context.close()


def test_without_a_network_it_holds_as_well(chromium: Browser, plain_server: Server) -> None:
    """The service worker answers, with headers of its own; nothing watches but the browser's console."""
    context = chromium.new_context(reduced_motion="reduce")
    context.set_default_timeout(200_000)
    page = context.new_page()
    complaints: list[str] = []
    page.goto(plain_server.url)
    page.locator(".status").get_by_text("Live:").wait_for()
    keep(page)
    # A visitor has opened the other model before.
    page.evaluate("glassbox.load('toy')")
    page.on("console", lambda message: complaints.append(f"{message.type}: {message.text}"))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    context.set_offline(True)
    page.reload()
    page.locator(".status").get_by_text("Live:").wait_for()
    judge(page.evaluate(f"async () => {{ window.violations = []; {SESSION} }}"))
    assert [line for line in complaints if "policy" in line.lower()] == []
    context.close()


def test_a_violation_would_be_seen(chromium: Browser, server: Server) -> None:
    watched(server)
    page = chromium.new_context().new_page()
    page.goto(server.url)
    page.evaluate("document.body.append(Object.assign(new Image(), {src: 'https://elsewhere.test/x.png'}))")
    page.evaluate(
        "document.body.append(Object.assign(document.createElement('script'), {textContent: 'window.ran = 1'}))"
    )
    for _ in range(600):
        page.wait_for_timeout(100)
        found = page.evaluate("violations")
        if len(found) >= 2:
            break
    assert {line.split(":")[0] for line in found} == {"img-src", "script-src-elem"}
    assert page.evaluate("window.ran ?? null") is None
    page.context.close()
