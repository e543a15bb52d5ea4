"""Words that the glossary explains: a button, an explanation beside it, closed without closing anything else."""

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import FIRST, LivePage
from tests.browser.live_page import LAPTOP, PHONE

pytestmark = pytest.mark.browser

TEXT = "Once upon a time, there was a little"
OPEN = ".glossary-note:popover-open"


@pytest.fixture(params=[LAPTOP, PHONE], ids=["laptop", "phone"])
def page(request: pytest.FixtureRequest, live_page: LivePage) -> Page:
    page = live_page.show(FIRST, size=request.param)
    page.evaluate("text => glassbox.run(text)", TEXT)
    return page


def stands_inside(note: Locator, page: Page) -> bool:
    box, room = note.bounding_box(), page.viewport_size
    assert box
    assert room
    return (
        box["width"] > 100
        and box["height"] > 50
        and 0 <= box["x"] <= room["width"] - box["width"]
        and 0 <= box["y"] <= room["height"] - box["height"]
    )


def test_a_term_in_the_text_opens_by_key_and_by_pointer(page: Page, live_page: LivePage) -> None:
    page.get_by_role("tab", name="How it works").click()
    term = page.locator(".article .glossary-term", has_text="embedding").first
    term.scroll_into_view_if_needed()
    note = page.locator(OPEN)
    for how in (lambda: term.press("Enter"), term.click):
        how()
        expect(note).to_contain_text("cat")
        page.wait_for_function("document.querySelector('.glossary-note:popover-open').style.left !== ''")
        assert stands_inside(note, page)
        page.keyboard.press("Escape")
        expect(note).to_have_count(0)
        expect(term).to_be_focused()
    assert live_page.complaints == []


def test_escape_closes_the_explanation_and_leaves_the_tour(page: Page, live_page: LivePage) -> None:
    page.get_by_role("button", name="Tour", exact=True).click()
    term = page.locator(".driver-popover .glossary-term").first
    term.click()
    note = page.locator(OPEN)
    expect(note).to_be_visible()
    page.keyboard.press("Escape")
    expect(note).to_have_count(0)
    expect(page.locator(".driver-popover")).to_have_count(1)
    page.keyboard.press("Escape")
    expect(page.locator(".driver-popover")).to_have_count(0)
    assert live_page.complaints == []


def test_a_press_elsewhere_closes_it(page: Page) -> None:
    page.get_by_role("tab", name="How it works").click()
    term = page.locator(".article .glossary-term").first
    term.scroll_into_view_if_needed()
    term.click()
    expect(page.locator(OPEN)).to_have_count(1)
    page.locator("#article-title").click()
    expect(page.locator(OPEN)).to_have_count(0)
