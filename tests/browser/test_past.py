"""Branches of a text: back and forward, other tokens, names, a beam search, all on one tree."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Page

from build_scripts.paths import ROOT
from glassbox.__main__ import open_engine
from tests.browser.conftest import LivePage, Server, Visit
from tests.browser.test_page import violations

pytestmark = pytest.mark.browser

# Of these tests alone: what another one has read would not be computed here.
TEXT = "Once upon a time, there lived a"


@pytest.fixture
def page(live_page: LivePage) -> Page:
    """The starter with four tokens added, the branches' tab open."""
    page = live_page.show("#text=Once+upon+a+time,+there+lived+a")
    page.get_by_role("tab", name="Branches").click()
    page.get_by_label("Tokens to generate").fill("4")
    page.keyboard.press("Tab")
    page.get_by_role("button", name="Keep generating").click()
    page.wait_for_function("document.querySelectorAll('.past-token:not(.typed)').length === 4")
    page.locator(".play svg path[d^='M5 3.2']").wait_for()
    return page


def text_of(page: Page) -> str:
    return str(page.locator("#text").input_value())


def wait_for_text(page: Page, text: str) -> None:
    page.wait_for_function("text => document.querySelector('#text').value === text", arg=text)


def test_another_token_begins_a_branch_and_both_can_be_gone_to(page: Page, live_page: LivePage) -> None:
    first = text_of(page)
    page.locator(".past-token").last.click()
    other = page.locator(".alternatives li button[aria-pressed=false]").first
    label = other.locator(".token-label").inner_text().replace("␣", " ")
    last = page.locator(".past-token .token-label").last.inner_text().replace("␣", " ")
    other.click()
    second = first.removesuffix(last) + label
    wait_for_text(page, second)
    n_tokens = page.locator(".past-token").count()
    assert f"computed 1, reused {n_tokens - 1}" in page.locator(".past-cost").inner_text()
    page.locator(".past").get_by_role("button", name="Undo").click()
    wait_for_text(page, first.removesuffix(last))
    page.locator(".past").get_by_role("button", name="Redo").click()
    wait_for_text(page, second)
    page.get_by_role("textbox", name="Name of this place").fill("<b>the other</b>")
    page.get_by_role("button", name="Name it").click()
    page.locator(".tree strong").get_by_text("<b>the other</b>").wait_for()
    page.get_by_label("Compare with").first.select_option(index=1)
    page.locator(".compare table").wait_for()
    page.locator(".tree button").filter(has_text=last.strip()).last.click()
    wait_for_text(page, first)
    page.get_by_role("button", name="Clear all branches").click()
    page.get_by_role("button", name="Really clear all?").click()
    wait_for_text(page, TEXT)
    assert page.locator(".tree li button").count() == 1
    assert live_page.complaints == []


def test_each_token_shows_what_the_model_gave_it(page: Page) -> None:
    page.get_by_role("switch", name="Colour tokens by surprise, here and in the text above").click()
    shown = [float(words) for words in page.locator(".past-token small").all_inner_texts()[1:]]
    text = text_of(page)

    async def natively() -> list[float]:
        engine = open_engine(ROOT / "build" / "models" / "starter")
        return (-np.log2(await engine.own_probabilities(await engine.run_text(text)))).tolist()

    # Playwright has a loop in this thread.
    with ThreadPoolExecutor(1) as pool:
        expected = pool.submit(asyncio.run, natively()).result()
    assert shown == pytest.approx(expected, abs=0.06)


def test_a_beam_search_stands_on_the_tree_and_leaves_the_text(page: Page) -> None:
    before = text_of(page)
    page.get_by_label("Lines").select_option("2")
    page.get_by_role("button", name="One step").click()
    page.get_by_text("After 1 step:").wait_for()
    page.get_by_label("Number of steps").fill("3")
    page.keyboard.press("Tab")
    page.get_by_role("button", name="3 steps").click()
    page.get_by_text("After 4 steps:").wait_for()
    assert text_of(page) == before
    take = page.get_by_role("button", name="Take this line")
    assert take.count() == 2
    words = page.locator(".beam-lines .tree-words").first.inner_text()
    take.first.click()
    page.wait_for_function("before => document.querySelector('#text').value.length > before.length", arg=before)
    assert text_of(page).endswith(words)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(page: Page, live_page: LivePage, scheme: Any) -> None:
    page.emulate_media(color_scheme=scheme)
    page.get_by_role("switch", name="Colour tokens by surprise, here and in the text above").click()
    page.get_by_role("button", name="One step").click()
    page.get_by_text("After 1 step:").wait_for()
    page.locator(".past-token").last.click()
    page.locator(".alternatives").wait_for()
    page.get_by_label("Compare with").first.select_option(index=1)
    assert violations(live_page) == []


def test_what_was_drawn_before_does_not_stay(server: Server, visit: Visit) -> None:
    """Branches go back and forth over the same texts: a browser that holds more and more holds what nobody sees."""
    page = visit.open(server, f"#text={TEXT.replace(' ', '+')}&tab=past")
    visit.until_live()
    devtools = page.context.new_cdp_session(page)
    held = []
    for _ in range(3):
        for seed in range(1, 7):
            page.evaluate("text => glassbox.run(text)", TEXT)
            page.evaluate("seed => glassbox.generate(3, {temperature: 1.5, seed})", seed)
            page.locator('.river[aria-busy="false"]').wait_for()
        devtools.send("HeapProfiler.collectGarbage")
        held.append(devtools.send("Memory.getDOMCounters")["nodes"])
    # A branch whose river stays is some 40 nodes or more; a round has six.
    assert held[2] < held[0] + 100, held
