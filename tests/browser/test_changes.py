"""Cutting by hand, on the page: the answer before and after is the model's, cuts are listed, undone and shared."""

import asyncio
import re
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from glassbox.__main__ import open_engine
from glassbox.intervention_options import InterventionOptions
from tests.browser.conftest import LivePage
from tests.browser.live_page import LAPTOP, PHONE, Size
from tests.browser.test_page import violations

pytestmark = pytest.mark.browser

TEXT = "When Mary and John went to the store, John gave a drink to"
MARY, TO, LAST_BLOCK = 1, 13, 5
ADDRESS = "#text=" + TEXT.replace(" ", "+")
CUT = f"a{LAST_BLOCK + 1}.all.{MARY + 1}.{TO + 1}.before"


def in_thread(coroutine: Coroutine[Any, Any, Any]) -> Any:
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, coroutine).result()


def natively(site: Path, **changes: Any) -> dict[str, float]:
    """Label -> probability of every next token, computed without a browser."""

    async def compute() -> dict[str, float]:
        engine = open_engine(site / "models" / "starter")
        token_ids = engine.token_ids(TEXT)
        made = InterventionOptions(engine.config, len(token_ids)).interventions(**changes)
        logits = (await engine.logits(await engine.run_tokens(token_ids, made))).astype(np.float64)
        shares = np.exp(logits - logits.max()) / np.exp(logits - logits.max()).sum()
        return {engine.tokenizer.label(token_id): float(share) for token_id, share in enumerate(shares)}

    return dict(in_thread(compute()))


def live(live_page: LivePage, fragment: str = "", size: Size = LAPTOP) -> Page:
    page = live_page.show(ADDRESS + fragment, size=size)
    page.locator('.river[aria-busy="false"] .river-svg').wait_for()
    return page


def open_tab(page: Page, name: str = "Cut a ribbon") -> None:
    page.get_by_role("tab", name=name).click()


def shown(page: Page) -> list[tuple[str, float, float]]:
    """Rows of the figure: token, percent before and after."""
    rows = page.locator(".before-after tbody tr").all()
    numbers = []
    for row in rows:
        cells = [part.replace("<", "").split("\u00a0")[0] for part in row.locator(".change-share").all_inner_texts()]
        numbers.append((row.locator("th").inner_text(), float(cells[0]), float(cells[1])))
    return numbers


def test_a_ribbon_is_cut_by_keyboard_and_the_answer_follows(live_page: LivePage, site: Path) -> None:
    page = live(live_page)
    river = page.locator(".river-room")
    river.focus()
    for _ in range(LAST_BLOCK + 1):
        river.press("ArrowRight")
    river.press("x")
    expect(page.get_by_role("group", name="Cut what is picked")).to_be_visible()
    expect(page.get_by_role("button", name="Cut before the softmax").first).to_be_focused()
    page.keyboard.press("Enter")
    open_tab(page)
    page.locator(".before-after").wait_for()
    before = natively(site)
    after = natively(site, attention_cuts=[{"layer": LAST_BLOCK, "query": TO, "key": MARY}])
    rows = shown(page)
    largest = sorted(before, key=lambda label: -abs(after[label] - before[label]))
    # The native export and the browser's differ by rounding, so neighbours in size may change places.
    assert rows[0][0] == largest[0]
    assert rows[1][0] == largest[1]
    for label, percent_before, percent_after in rows:
        assert percent_before == pytest.approx(100 * before[label], abs=0.06)
        assert percent_after == pytest.approx(100 * after[label], abs=0.06)
    # The list beside the river and the console speak of the same run.
    likeliest = page.evaluate("glassbox.probabilities({}).then(({tokens}) => tokens[0])")
    assert likeliest == max(after, key=lambda label: after[label])
    assert live_page.complaints == []


def test_changes_are_listed_undone_and_shared(live_page: LivePage) -> None:
    page = live(live_page, f"&change={CUT}_h6.3_m2")
    open_tab(page)
    items = page.locator(".change-list li")
    expect(items).to_have_count(3)
    expect(page.locator(".before-after")).to_be_visible()
    expect(page.locator(".change-sign")).to_have_count(3)
    items.filter(has_text="MLP").get_by_role("button").click()
    expect(items).to_have_count(2)
    page.wait_for_function("!location.hash.includes('m2')")
    # Another text has other tokens: the head stays off, the cut is gone with its tokens.
    cut_answer = page.locator(".next-list li").first.inner_text()
    page.get_by_role("button", name="Undo all").click()
    expect(page.locator(".before-after")).to_have_count(0)
    expect(page.locator(".next-list li").first).not_to_have_text(cut_answer)
    page.wait_for_function("!location.hash.includes('change=')")
    assert live_page.complaints == []


def test_generating_goes_on_with_the_cut(live_page: LivePage) -> None:
    page = live(live_page)
    cut = {"attention_cuts": [{"layer": LAST_BLOCK, "query": TO, "key": MARY}]}
    plain = page.evaluate("t => glassbox.run(t).then(() => glassbox.generate(1, {temperature: 0}))", TEXT)
    changed = page.evaluate(
        "([t, c]) => glassbox.run(t, c).then(() => glassbox.generate(1, {temperature: 0}))", [TEXT, cut]
    )
    assert plain["text"] != changed["text"]
    # The page shows what was run in the console, its cut in the list.
    open_tab(page)
    expect(page.locator(".change-list li")).to_have_count(1)
    page.get_by_role("button", name="Generate", exact=True).click()
    page.wait_for_function(
        "length => glassbox && document.querySelector('#text').value.length > length", arg=len(changed["text"])
    )
    expect(page.locator(".change-list li")).to_have_count(1)
    assert live_page.complaints == []


def test_a_sweep_shows_its_progress_and_stops(live_page: LivePage, site: Path) -> None:
    page = live(live_page)
    open_tab(page)
    page.get_by_role("button", name="Try every ribbon").click()
    page.get_by_role("button", name="Stop", exact=True).click()
    expect(page.get_by_role("button", name="Put away")).to_be_visible()
    assert page.locator(".sweep-progress progress").evaluate("bar => bar.value < bar.max")
    # The whole of it, one after the other, in the console: the strongest head is the one that is found natively.
    found = page.evaluate(
        """async () => {
            const {token_ids, tokens} = await glassbox.probabilities({});
            const cells = [];
            for await (const cell of glassbox.sweep({kind: "heads", token_id: token_ids[0]})) cells.push(cell);
            return {label: tokens[0], cells};
        }"""
    )
    probabilities = [cell["probability"] for cell in found["cells"]]
    assert len(probabilities) == found["cells"][0]["count"]
    worst = int(np.argmin(probabilities))
    layer, head = divmod(worst, 8)
    expected = natively(site, head_scale=[(layer, head, 0.0)])[found["label"]]
    assert probabilities[worst] == pytest.approx(expected, abs=1e-3)
    page.get_by_role("button", name="Try every head").click()
    page.wait_for_function("document.querySelector('.sweep-progress progress')?.value === 48")
    expect(page.locator(".sweep-ring").first).to_be_attached()
    assert live_page.complaints == []


@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_on_a_phone_nothing_is_too_wide_and_axe_finds_nothing(live_page: LivePage, language: str) -> None:
    page = live(live_page, f"&change={CUT}&lang={language}", PHONE)
    page.locator("#tab-changes").click()
    page.locator(".before-after").wait_for()
    page.locator(".sweep-buttons button").first.click()
    page.locator(".sweep .matrix canvas").wait_for()
    page.locator(".sweep-progress button").click()
    page.get_by_role("button", name=re.compile("Put away|收起")).wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert violations(live_page) == []
    assert live_page.complaints == []


FRANCE, ITALY = "The capital of France is", "The capital of Italy is"


def other_text(live_page: LivePage, fragment: str = "", **looks: Any) -> Page:
    """France in the box, Italy beside it."""
    page = live_page.show("#text=" + FRANCE.replace(" ", "+") + fragment, **looks)
    page.locator("#tab-texts").click()
    page.locator(".texts-field input").fill(ITALY)
    page.locator(".aligned").wait_for()
    return page


def test_a_river_is_transplanted_and_the_answer_follows(live_page: LivePage, site: Path) -> None:
    page = other_text(live_page)
    assert page.locator(".aligned .differs").all_inner_texts() == ["France", "Italy"]
    page.get_by_label("as it enters block").select_option("4")
    page.get_by_role("button", name="Put it in").click()
    expect(page.locator(".change-list li")).to_have_count(1)
    page.wait_for_function("location.hash.includes('r4.4.4&other=The+capital+of+Italy+is')")

    async def compute() -> tuple[str, float]:
        engine = open_engine(site / "models" / "starter")
        france, italy = engine.token_ids(FRANCE), engine.token_ids(ITALY)
        row = await engine.row(await engine.run_tokens(italy), "resid_pre", 3, 3)
        changes = InterventionOptions(engine.config, len(france)).interventions(patches=[(3, 3, row)])
        logits = (await engine.logits(await engine.run_tokens(france, changes))).astype(np.float64)
        shares = np.exp(logits - logits.max()) / np.exp(logits - logits.max()).sum()
        return engine.tokenizer.label(int(shares.argmax())), float(shares.max())

    label, share = in_thread(compute())
    shown = page.evaluate("glassbox.probabilities({temperature: 1}).then(p => [p.tokens[0], p.own[0]])")
    assert shown[0] == label == "␣Rome"
    assert shown[1] == pytest.approx(share, abs=2e-3)
    # Opened from its address, the page comes to the same.
    again = page.context.new_page()
    again.goto(page.url)
    again.evaluate("glassbox.ready()")
    expect(again.locator(".next-list li").first).to_contain_text("Rome")
    again.close()
    assert live_page.complaints == []


def test_a_map_says_where_a_transplant_works(live_page: LivePage) -> None:
    page = other_text(live_page)
    page.get_by_role("button", name="Try every place").click()
    page.wait_for_function("document.querySelector('.sweep-progress progress')?.value === 30")
    expect(page.locator(".sweep-most")).to_contain_text("Rome")
    # Where the text differs it works, before it nothing happens.
    grid = page.locator(".sweep .matrix")
    grid.focus()
    page.keyboard.press("PageUp")
    expect(page.locator(".sweep .readout")).to_contain_text("The")
    grid.press("ArrowRight")
    grid.press("ArrowRight")
    grid.press("ArrowRight")
    grid.press("Enter")
    expect(page.locator(".change-list li")).to_have_count(1)
    expect(page.locator(".next-list li").first).to_contain_text("Rome")
    # It is of the text without the change: gone with it, back without it.
    expect(page.locator(".sweep")).to_have_count(0)
    page.locator(".change-list li button").click()
    page.get_by_role("button", name="Put away").click()
    assert live_page.complaints == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_two_texts_on_a_phone(live_page: LivePage, scheme: Any) -> None:
    page = other_text(live_page, "&lang=zh-CN", size=PHONE, scheme=scheme)
    page.locator(".texts .matrix canvas").wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert violations(live_page) == []
    assert live_page.complaints == []
