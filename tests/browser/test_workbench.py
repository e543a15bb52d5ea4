"""The Python behind a figure, edited: the figure follows, mistakes have their line, and nothing else is touched."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from build_scripts.paths import ROOT
from tests.browser.conftest import Server, Visit
from tests.browser.faults import keep
from tests.browser.test_page import violations

pytestmark = pytest.mark.browser

RULES = (ROOT / "src" / "glassbox" / "sampling_rules.py").read_text(encoding="utf-8")
ATTENTION = (ROOT / "src" / "glassbox" / "attention.py").read_text(encoding="utf-8")
TEXT = "Once upon a time, there was a"
GREEDY = "    if temperature > 0:"
# Milliseconds from the press of the button until the page says that it has stopped.
STOP = """async () => {
  const begun = performance.now();
  document.querySelectorAll(".workbench-tools button")[1].click();
  while (!document.querySelector(".workbench-mistake")) await new Promise(requestAnimationFrame);
  return performance.now() - begun;
}"""
HEAD = "#text=When+Mary+and+John+went+to+the+store&section=attention&block=4&head=2"


@pytest.fixture
def strict(chromium: Browser) -> Iterator[Page]:
    """A page under its own policy; whatever it says is kept."""
    context = chromium.new_context(viewport={"width": 1366, "height": 768}, reduced_motion="reduce")
    context.set_default_timeout(60_000)
    yield context.new_page()
    context.close()


def open_workbench(page: Page) -> None:
    page.get_by_role("button", name="Python behind it").click()
    page.locator(".workbench-editor .cm-content").wait_for()
    page.locator(".workbench-figures[aria-busy=false]").first.wait_for()


def run(page: Page, code: str) -> None:
    page.locator(".workbench-editor .cm-content").click()
    page.keyboard.press("Control+a")
    page.keyboard.insert_text(code)
    page.keyboard.press("Control+Enter")


def edited(source: str, before: str, after: str) -> str:
    assert source.count(before) == 1
    return source.replace(before, after)


def test_edited_sampling_under_the_pages_policy(strict: Page, plain_server: Server) -> None:
    page = strict
    complaints: list[str] = []
    page.goto(f"{plain_server.url}#text={TEXT.replace(' ', '+')}&temperature=1.2&top_p=0.9")
    page.locator(".status").get_by_text("Live:").wait_for()
    page.on("console", lambda message: complaints.append(f"{message.type}: {message.text}"))
    page.on("pageerror", lambda error: complaints.append(f"error: {error}"))
    for count in (1, 2):
        page.get_by_role("button", name="Generate", exact=True).click()
        expect(page.locator(".status")).to_contain_text("Live")
        page.get_by_text(f"{8 + count} of 256").wait_for()
    text = page.locator("#text").input_value()
    assert len(text) > len(TEXT)
    page.get_by_role("tab", name="Sampling").click()
    open_workbench(page)
    original = page.locator(".workbench-figure:not(.yours) svg[role=img]")
    yours = page.locator(".workbench-figure.yours svg[role=img]")
    before = original.first.text_content()
    assert yours.count() == 0

    # The figure follows what is edited, then a slider.
    run(page, edited(RULES, "return 1 + int(", "print('mass', top_p)\n    return 3 + int(0 * "))
    page.locator(".workbench-printed", has_text="mass 0.9").wait_for()
    expect(yours.first).to_contain_text("top-p 0.9: 3 tokens")
    assert original.first.text_content() == before
    page.locator(".sampling").get_by_role("slider", name="Top-p, slider").press("ArrowLeft")
    page.locator(".workbench-printed", has_text=re.compile(r"mass 0\.8")).wait_for()
    expect(yours.first).to_contain_text(": 3 tokens")

    # A mistake, at its line.
    run(page, edited(RULES, GREEDY, "    if temprature > 0:"))
    page.locator(".workbench-mistake", has_text="NameError: name 'temprature' is not defined").wait_for()
    line = RULES[: RULES.index(GREEDY)].count("\n") + 1
    assert page.locator(".workbench-mistake strong").inner_text().strip() == f"Line {line}:"
    assert page.locator(".cm-line.bad").inner_text() == "    if temprature > 0:"
    run(page, edited(RULES, "exponents / exponents.sum(axis=-1, keepdims=True)", "exponents"))
    page.locator(".workbench-mistake", has_text="not to 1. Divide by the sum.").wait_for()
    assert page.locator(".cm-line.bad").inner_text().startswith("def softmax")

    # A loop without an end, and a flood.
    endless = edited(RULES, GREEDY, f"    while True:\n        print('round')\n{GREEDY}")
    run(page, endless)
    page.locator(".workbench-printed", has_text="round").wait_for()
    assert page.evaluate(STOP) < 1000
    page.locator(".workbench-mistake", has_text="Stopped. Your text").wait_for()
    assert len(page.locator(".workbench-printed pre").inner_text()) <= 8000
    assert page.locator("#text").input_value() == text
    page.get_by_text("10 of 256").wait_for()
    assert "while True:" in page.locator(".workbench-editor .cm-content").inner_text()

    page.get_by_role("button", name="Original back").click()
    expect(page.locator(".workbench-editor .cm-content")).not_to_contain_text("while True:")
    page.locator(".workbench-editor .cm-content").click()
    page.keyboard.press("Control+Enter")
    page.locator(".workbench-status", has_text="Your version ran").wait_for()
    assert yours.first.text_content() == original.first.text_content()

    # Without a network, edited code outlives a reload.
    run(page, edited(RULES, "return 1 + int(", "return 2 + int(0 * "))
    expect(yours.first).to_contain_text(": 2 tokens")
    keep(page)
    page.context.set_offline(True)
    page.reload()
    page.locator(".status").get_by_text("Live:").wait_for()
    open_workbench(page)
    page.get_by_role("button", name="Run", exact=True).click()
    expect(yours.first).to_contain_text(": 2 tokens")
    assert complaints == []


def test_an_edited_head_by_keyboard(server: Server, visit: Visit) -> None:
    page = visit.open(server, HEAD)
    visit.until_live()
    open_workbench(page)
    assert page.evaluate("fetch('source/attention.py.txt').then((response) => response.text())") == ATTENTION
    words = page.locator(".workbench-figure").first.inner_text()
    difference = re.search(r"what the model computed: ([\d.]+)\s×\s10⁻([⁶⁷⁸])", words)
    assert difference, words
    page.locator(".workbench-functions button", has_text="masked").click()
    assert page.evaluate("document.activeElement.className") == "workbench-editor"
    run(page, edited(ATTENTION, "scores = masked(scaled(", "scores = (scaled("))
    page.locator(".workbench-note").wait_for()
    tables = page.locator(".workbench-figure").get_by_role("button", name="Show as table")
    tables.nth(2).click()
    tables.nth(0).click()
    last = ".workbench-figure{} table tbody tr:first-child td:last-child"
    assert page.locator(last.format(":not(.yours)")).first.inner_text() == "0"
    assert float(page.locator(last.format(".yours")).first.inner_text()) > 0
    # Escape leaves the editor, not the section; Tab leaves it, too.
    page.locator(".workbench-editor .cm-content").click()
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.textContent") == "Run"
    page.keyboard.press("Shift+Tab")
    assert page.evaluate("document.activeElement.className") == "workbench-editor"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Run"
    found = {}
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        found[scheme] = violations(visit)
    assert {scheme: faults for scheme, faults in found.items() if faults} == {}
    assert visit.complaints == []
