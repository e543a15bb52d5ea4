"""The sampling's tab: what it shows is what is computed, and nothing in it changes the text."""

import asyncio
import re
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from playwright.sync_api import Page

from build_scripts.paths import ROOT
from glassbox.__main__ import open_engine
from glassbox.sampling import SamplingOptions
from tests.browser.conftest import LivePage
from tests.browser.test_page import violations

pytestmark = pytest.mark.browser

TEXT = "Once upon a time, there was a"
OPTIONS = {"temperature": 1.2, "top_p": 0.9, "seed": 7}
FRAGMENT = "#text=Once+upon+a+time,+there+was+a&temperature=1.2&top_p=0.9"


@pytest.fixture
def page(live_page: LivePage) -> Page:
    page = live_page.show(FRAGMENT)
    page.get_by_role("tab", name="Sampling").click()
    page.locator(".sampling-figures[aria-busy=false]").wait_for()
    return page


def natively(count: int, seeds: list[int]) -> list[str]:
    """The labels of what the starter draws in CPython."""

    async def ask() -> list[str]:
        engine = open_engine(ROOT / "build" / "models" / "starter")
        found = await engine.draws(await engine.run_text(TEXT), SamplingOptions.from_dict(OPTIONS), count, seeds)
        return [engine.tokenizer.label(int(i)).removeprefix("␣") for i in found.token_ids.ravel()]

    # Playwright has a loop in this thread.
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, ask()).result()


def share(words: str) -> float:
    """A percentage as the page prints it, as a fraction; what was cut is nothing."""
    found = re.search(r"([\d.]+)\s%", words)
    return float(found[1]) / 100 if found else 0.0


def shares_of(page: Page, row: int) -> list[float]:
    return [share(words) for words in page.locator(".sampling-line").nth(row).locator(".share").all_inner_texts()]


def test_a_class_draws_what_python_draws_elsewhere(page: Page, live_page: LivePage) -> None:
    page.get_by_role("button", name="A class of 30").click()
    seats = page.locator(".class-room svg").get_attribute("aria-label") or ""
    assert [seat.split(": ")[1] for seat in seats.split(", ")] == natively(1, list(range(1, 31)))
    assert page.locator("#text").input_value() == TEXT
    assert live_page.complaints == []


def test_the_first_number_is_the_one_generate_takes(page: Page) -> None:
    line = page.locator(".draw p[aria-live]")
    words = line.inner_text()
    expected = natively(2, [])
    assert f"“{expected[0]}”" in words
    page.get_by_role("button", name="Draw again").click()
    page.wait_for_function("words => document.querySelector('.draw p[aria-live]').innerText !== words", arg=words)
    assert "Number 2 of seed 7" in line.inner_text()
    assert f"“{expected[1]}”" in line.inner_text()
    assert page.locator("#text").input_value() == TEXT
    page.get_by_role("button", name="Generate", exact=True).click()
    page.wait_for_function("document.querySelector('#text').value.length > 29")
    assert page.locator("#text").input_value() == f"{TEXT} {expected[0]}"


def test_every_column_adds_up_and_follows_the_sliders(page: Page) -> None:
    rows = page.locator(".sampling-line").count()
    for column in range(5):
        assert sum(shares_of(page, row)[column] for row in range(rows)) == pytest.approx(1, abs=0.01)
    before = shares_of(page, 0)
    page.locator(".sampling").get_by_role("slider", name="Temperature, slider").focus()
    page.keyboard.press("End")
    page.wait_for_function("document.querySelector('.sampling-figures').innerText.includes('T 10')")
    after = shares_of(page, 0)
    assert after[0] == before[0], "the model's own does not depend on the temperature"
    assert after[1] < 0.001
    page.get_by_role("button", name="Always the likeliest").click()
    page.wait_for_function("document.querySelector('.sampling-figures').innerText.includes('T 0')")
    assert shares_of(page, 0)[1:] == [1, 1, 1, 1]
    assert page.locator("#text").input_value() == TEXT


def test_a_token_is_found_wherever_it_stands(page: Page) -> None:
    page.get_by_label("Where is the token").fill(" cat")
    row = page.locator(".sampling-line.asked").first
    row.wait_for()
    rank = int(re.sub(r"\D", "", row.locator("small").inner_text()))
    distribution: dict[str, Any] = page.evaluate(
        "glassbox.probabilities({temperature: 1}).then(({tokens, probabilities}) => {"
        "const at = tokens.indexOf('␣cat'); return {rank: at + 1, own: probabilities[at]}})"
    )
    assert rank == distribution["rank"]
    assert share(row.locator(".share").first.inner_text()) == pytest.approx(distribution["own"], abs=1e-4)


def test_many_draws_add_up(page: Page) -> None:
    page.get_by_role("button", name="1,000 draws").click()
    page.get_by_text("1,000 draws").nth(1).wait_for()
    times = [re.match(r"[\d,]+|once", words) for words in page.locator(".tally li > :last-child").all_inner_texts()]
    counts = [1 if found and found[0] == "once" else int(found[0].replace(",", "")) for found in times if found]
    others = re.search(r"([\d,]+) times in all", page.locator(".tally").inner_text())
    assert sum(counts) + (int(others[1].replace(",", "")) if others else 0) == 1000


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(page: Page, live_page: LivePage, scheme: Any) -> None:
    page.emulate_media(color_scheme=scheme)
    found = {"one": violations(live_page)}
    for name, shown in (("100 draws", ".tally li"), ("A class of 30", ".class-room svg")):
        page.get_by_role("button", name=name).click()
        page.locator(shown).first.wait_for()
        found[name] = violations(live_page)
    assert {name: faults for name, faults in found.items() if faults} == {}
