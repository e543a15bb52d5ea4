"""The guided tour in a real browser: every stop lights what it speaks of, with the numbers of the run."""

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import FIRST, LivePage
from tests.browser.live_page import LAPTOP, PHONE

pytestmark = pytest.mark.browser

ROOT = Path(__file__).parents[2]
TEXT = "Once upon a time, there was a little"
STOPS = json.loads((ROOT / "web/i18n/en.json").read_text(encoding="utf-8"))["tour"]["stop"]
# Words without a part of the page beside them.
ALONE = {"question", "training", "limits", "history", "end"}


@pytest.fixture(params=[LAPTOP, PHONE], ids=["laptop", "phone"])
def page(request: pytest.FixtureRequest, live_page: LivePage) -> Page:
    """The starter model with a text, nothing unfolded."""
    page = live_page.show(FIRST, size=request.param)
    page.evaluate("text => glassbox.run(text)", TEXT)
    page.locator(".river-svg").wait_for()
    return page


def titles(words: str) -> re.Pattern[str]:
    """A title, whatever numbers stand in its slots."""
    return re.compile("^" + re.sub(r"\\\{\\\{\w+\\\}\\\}", r"\\d+", re.escape(words)) + "$")


def percent(share: float) -> str:
    """A share as the page prints it."""
    if 0.9995 <= share < 1:
        return ">99.9\u00a0%"
    return f"{share:.{0 if share >= 1 else 1 if share >= 0.09995 else 2}%}".replace("%", "\u00a0%")


def test_every_stop_lights_its_part(page: Page, live_page: LivePage) -> None:
    page.get_by_role("button", name="Tour", exact=True).click()
    for number, (name, stop) in enumerate(STOPS.items(), start=1):
        words = page.get_by_role("dialog").filter(has=page.locator(".driver-popover-title"))
        expect(words.locator(".driver-popover-title")).to_have_text(titles(stop["title"]))
        expect(words.locator(".driver-popover-progress-text")).to_have_text(f"{number} of {len(STOPS)}")
        assert "…" not in words.locator(".driver-popover-description").inner_text()
        lit = page.locator(".driver-active-element")
        if name in ALONE:
            expect(lit).to_have_attribute("id", "driver-dummy-element")
        else:
            box = lit.bounding_box()
            assert box
            assert box["width"] > 0
            assert box["height"] > 0
            card = words.bounding_box()
            assert card
            assert box["y"] < card["y"], name
            # Smaller than the room above the words: they cover nothing of it.
            if box["height"] < card["y"] - 60:
                assert box["y"] + box["height"] <= card["y"], name
        expect(words.locator(".driver-popover-next-btn")).to_be_focused()
        page.keyboard.press("ArrowRight" if number % 2 else "Enter")
    page.locator(".driver-popover").wait_for(state="detached")
    expect(page.get_by_role("button", name="Tour", exact=True)).to_be_focused()
    assert live_page.complaints == []


def test_the_words_hold_the_numbers_of_the_run(page: Page) -> None:
    found = page.evaluate(
        """async () => {
          const {shape: [heads]} = await glassbox.tensor("attention_pattern", {layer: 0});
          const next = await glassbox.probabilities({temperature: 1});
          return {share: next.probabilities[0], heads};
        }"""
    )
    page.get_by_role("tab", name="How it works").click()
    article = page.locator(".article")
    article.scroll_into_view_if_needed()
    paragraph = {name: article.locator("li").nth(at).text_content() or "" for at, name in enumerate(STOPS)}
    assert percent(found["share"]) in paragraph["probabilities"]
    assert "there are 9," in paragraph["tokens"]
    assert f"{found['heads']} heads" in paragraph["heads"]


def test_escape_ends_the_tour_and_nothing_else(page: Page) -> None:
    page.get_by_role("tab", name="How it works").click()
    page.locator(".article li").nth(list(STOPS).index("mlp")).get_by_role("button", name="Show").click()
    page.locator(".driver-popover").wait_for()
    page.keyboard.press("Escape")
    page.locator(".driver-popover").wait_for(state="detached")
    assert page.locator(".open-part").count() == 1
