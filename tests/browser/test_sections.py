"""Sections and the sums behind their cells in a real browser: what is shown is the model's, and every card closes."""

import csv
import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page

from tests.browser.conftest import FIRST, LivePage
from tests.browser.test_page import violations

pytestmark = pytest.mark.browser

TEXT = "When Mary and John went to the store, John gave a drink to"
SECTIONS = ["Tokens", "Embedding", "Layer norm", "Query, key, value", "Attention, step by step", "MLP", "Unembedding"]


@pytest.fixture
def page(live_page: LivePage) -> Page:
    """The starter model with a text, the tokens' section open."""
    page = live_page.show(FIRST)
    page.evaluate("text => glassbox.run(text)", TEXT)
    page.locator(".stages").get_by_role("button", name="Tokens").click()
    shown(page, "Tokens")
    return page


def shown(page: Page, title: str) -> Locator:
    """The open section, once it is drawn."""
    section = page.locator(".section").filter(has=page.get_by_role("heading", name=title, exact=True))
    section.locator(".section-body[aria-busy=false]").wait_for()
    return section


def walk_to(page: Page, title: str) -> Locator:
    """Press "next" until a section is there."""
    for name in SECTIONS[1 : SECTIONS.index(title) + 1]:
        page.locator(".section-next").click()
        shown(page, name)
    return shown(page, title)


def number(words: str) -> float:
    """The last number in a line as the page prints it."""
    return float(re.findall(r"-?\d+(?:\.\d+)?", words.replace("\u2212", "-").replace(",", ""))[-1])


def test_every_section_opens_and_none_complains(page: Page, live_page: LivePage) -> None:
    walk_to(page, "Unembedding")
    page.locator(".section-next").click()
    shown(page, "Sampling, step by step")
    assert page.locator(".section-next").count() == 0
    page.keyboard.press("Escape")
    page.locator(".section").wait_for(state="detached")
    assert live_page.complaints == []


@pytest.mark.parametrize(
    ("title", "figure", "keys"),
    [
        # The sum is the last of three rows; token and position are looked up, not computed.
        ("Embedding", 0, ["ArrowRight", "ArrowDown", "ArrowDown"]),
        ("Query, key, value", 0, ["ArrowRight"]),
        ("Attention, step by step", 0, ["ArrowRight"]),
        ("Attention, step by step", 3, ["ArrowRight"]),
        ("Attention, step by step", 4, ["ArrowRight", *["ArrowDown"] * 8]),
        ("MLP", 1, ["ArrowRight"]),
        ("MLP", 1, ["ArrowRight", "ArrowDown"]),
    ],
)
def test_the_total_of_a_card_is_the_cell(page: Page, title: str, figure: int, keys: list[str]) -> None:
    section = walk_to(page, title)
    figures = section.locator("[role=group][tabindex='0']")
    figures.nth(figure).focus()
    for key in keys:
        page.keyboard.press(key)
    page.keyboard.press("Enter")
    card = page.get_by_role("dialog")
    card.locator(".formula math").first.wait_for()
    first = card.locator("#arithmetic-title").inner_text()
    value = number(first)
    # The formula ends with the value, to the printed digits.
    assert number(card.locator(".formula").inner_text().replace("\n", "")) == pytest.approx(value, abs=1e-4)
    total = card.locator("tfoot tr", has_text="total")
    if total.count():
        assert number(total.inner_text()) == value
    page.keyboard.press("ArrowLeft")
    page.wait_for_function("title => document.querySelector('#arithmetic-title').textContent !== title", arg=first)
    page.keyboard.press("Escape")
    card.wait_for(state="detached")
    assert figures.nth(figure).evaluate("figure => figure === document.activeElement")


def test_a_shown_value_is_the_tensors(page: Page) -> None:
    section = walk_to(page, "MLP")
    before = section.locator("[role=group][tabindex='0']").nth(1)
    before.focus()
    page.keyboard.press("ArrowRight")
    described = before.get_attribute("aria-describedby") or ""
    words = page.locator(f"[id='{described.split()[-1]}']").inner_text()
    values = page.evaluate(
        "glassbox.tensor('mlp_pre', {layer: 0}).then(({data, shape}) => [...data.slice(-shape[1]).slice(0, 2)])"
    )
    assert any(number(words) == pytest.approx(value, rel=1e-3) for value in values)


def test_sampling_follows_a_slider_and_draws_nothing(page: Page) -> None:
    walk_to(page, "Unembedding")
    page.locator(".section-next").click()
    section = shown(page, "Sampling, step by step")
    best = section.locator(".section-body").inner_text()
    slider = page.get_by_role("slider", name=re.compile("temperature", re.IGNORECASE)).first
    slider.focus()
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    page.wait_for_function("words => document.querySelector('.section-body').innerText !== words", arg=best)
    assert page.locator("#text").input_value() == TEXT


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_any_section(page: Page, live_page: LivePage, scheme: Any) -> None:
    page.emulate_media(color_scheme=scheme)
    found = {"Tokens": violations(live_page)}
    for name in [*SECTIONS[1:], "Sampling, step by step"]:
        page.locator(".section-next").click()
        section = shown(page, name)
        group = section.locator(".section-figure [role=group][tabindex='0']").first
        if group.count():
            # With the sum behind a cell beside it.
            group.focus()
            page.keyboard.press("ArrowRight")
        found[name] = violations(live_page)
    assert {name: faults for name, faults in found.items() if faults} == {}


def test_a_saved_file_holds_the_tensor(page: Page, tmp_path: Path) -> None:
    section = walk_to(page, "MLP")
    with page.expect_download() as download:
        section.get_by_role("button", name=re.compile("CSV")).nth(1).click()
    path = tmp_path / "figure.csv"
    download.value.save_as(path)
    lines = list(csv.reader(path.read_text(encoding="utf-8-sig").splitlines()))
    origin = {line[0]: line[1] for line in lines[:4]}
    assert origin["model"] == "Starter"
    assert origin["text"] == TEXT
    assert origin["version"].startswith("Glassbox ")
    values = page.evaluate(
        """Promise.all(["mlp_pre", "mlp_post"].map((name) => glassbox.tensor(name, {layer: 0})
          .then(({data, shape}) => [...data.slice(-shape[1])])))"""
    )
    saved = [[float(line[column]) for line in lines[6:]] for column in (1, 2)]
    assert saved == values
