"""How the starter learned: the record of its training, fetched when opened, and figures that follow one slider."""

import json

import pytest

from build_scripts.paths import ROOT
from tests.browser.conftest import Server, Visit
from tests.browser.test_page import violations

pytestmark = pytest.mark.browser

INDEX = json.loads((ROOT / "model_export/starter/training/index.json").read_text(encoding="utf-8"))


def test_figures_follow_the_slider(server: Server, visit: Visit) -> None:
    page = visit.open(server)
    visit.until_live()
    assert not any("/training/" in path for path in server.requests), "nothing of it comes before it is asked for"
    page.get_by_role("tab", name="How it learned").click()
    page.locator(".learned-guesses li").first.wait_for()
    best = page.locator(".learned-guesses li .token-label").first
    assert best.inner_text() == "␣Paris"
    slider = page.get_by_role("slider", name="Tokens read")
    slider.focus()
    page.keyboard.press("Home")
    page.get_by_text("Untrained").first.wait_for()
    shares = page.locator(".learned-guesses .share").all_inner_texts()
    assert all("<" in share or float(share.split()[0]) < 1 for share in shares), "random weights know nothing"
    page.keyboard.press("ArrowRight")
    tokens = f"{INDEX['snapshots'][1]['tokens']:,}"
    page.get_by_text(f"After {tokens} tokens").first.wait_for()
    point = next(point for point in INDEX["points"] if point["tokens"] == INDEX["snapshots"][1]["tokens"])
    cell = page.get_by_role("button", name="Block 2, head 3:")
    score = point["previous_token"][1][2]
    assert f"{score * 100:.2f}" in (cell.get_attribute("aria-label") or "")
    cell.click()
    page.locator(".learned-pattern").get_by_text("Block 2, head 3").wait_for()
    assert violations(visit) == []
    assert visit.complaints == []
