"""The flow in a real browser: its ribbons and printed numbers are the tensors', and every view follows one choice."""

import csv
import re
import struct
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Locator, Page

from tests.browser.conftest import FIRST, Server, Visit

pytestmark = pytest.mark.browser

TEXT = "When Mary and John went to the store, John gave a drink to"
N_TOKENS = 14


@pytest.fixture
def page(server: Server, visit: Visit) -> Page:
    """The starter model with a text of 14 tokens, the flow drawn."""
    page = visit.open(server, FIRST)
    visit.until_live()
    read(page, TEXT)
    return page


def read(page: Page, text: str) -> None:
    """Read a text and wait until the flow shows it."""
    count = page.evaluate("text => glassbox.run(text).then(run => run.token_ids.length)", text)
    page.locator(f"[data-token='{count - 1}'][aria-pressed='true']").wait_for()
    page.locator(".flow-fan .ribbon-value").first.wait_for()


def tensor(page: Page, name: str, layer: int) -> Any:
    """A tensor of the run the page shows, as an array."""
    found = page.evaluate(
        "([name, layer]) => glassbox.tensor(name, {layer}).then(t => ({data: [...t.data], shape: t.shape}))",
        [name, layer],
    )
    return np.array(found["data"], dtype=np.float32).reshape(found["shape"])


def thicknesses(page: Page) -> dict[int, tuple[float, float]]:
    """By key: how thick its ribbon is where it starts and where it ends, in px, read from the drawn path."""
    paths = page.eval_on_selector_all(
        ".flow-fan .ribbon-value", "ribbons => ribbons.map(r => [Number(r.dataset.key), r.getAttribute('d')])"
    )
    ends = {}
    for key, path in paths:
        numbers = [float(number) for number in re.findall(r"-?\d+(?:\.\d+)?", path)]
        top_from, top_to, bottom_to, bottom_from = numbers[1], numbers[7], numbers[9], numbers[15]
        ends[key] = (bottom_from - top_from, bottom_to - top_to)
    return ends


def assert_ribbons_are(page: Page, weights: Any) -> None:
    """The ribbons' thicknesses are one row of weights, to the tenth of a px they are drawn with."""
    height = page.locator(".flow-output").evaluate("box => parseFloat(box.style.height)")
    drawn = thicknesses(page)
    assert sorted(drawn) == list(range(len(weights)))
    for key, weight in enumerate(weights):
        assert drawn[key] == pytest.approx((weight * height, weight * height), abs=0.21)


def numbers_in(text: str) -> list[float]:
    return [float(number) for number in re.findall(r"-?\d+(?:\.\d+)?", text.replace("−", "-").replace(",", ""))]


def test_ribbons_are_as_thick_as_the_weights(page: Page, visit: Visit) -> None:
    pattern = tensor(page, "attention_pattern", 0)
    assert_ribbons_are(page, pattern[0, -1])

    page.get_by_role("button", name="Next head").first.click()
    page.wait_for_function("document.querySelector('.flow-fan').isConnected")
    assert_ribbons_are(page, pattern[1, -1])

    page.locator("[data-token='6']").click()
    page.mouse.move(2, 2)
    assert_ribbons_are(page, pattern[1, 6, :7])

    page.get_by_role("button", name="Mean of all heads").click()
    assert_ribbons_are(page, pattern[:, 6, :7].mean(axis=0))
    page.get_by_role("button", name="Mean of all", exact=True).wait_for()
    assert page.locator(".flow-output canvas").count() == 1, "the outputs of all heads, not an empty box"

    page.get_by_role("button", name="Next head").first.click()
    assert_ribbons_are(page, pattern[2, 6, :7])
    assert visit.complaints == []


def test_printed_values_are_the_tensors(page: Page) -> None:
    tip = page.locator("#flow-value")
    for column, name in [("Embedding", "resid_pre"), ("After layer norm", "ln_1"), ("Value", "value")]:
        label = "Token + position embedding" if column == "Embedding" else column
        strips = page.get_by_role("group", name=label, exact=True).first
        page.locator(".flow-legend").hover()
        page.keyboard.press("Tab")
        strips.focus()
        for pressed in ["ArrowRight", "ArrowRight", "ArrowUp"]:
            page.keyboard.press(pressed)
        expected = tensor(page, name, 0)
        value = expected[0, N_TOKENS - 2, 2] if name == "value" else expected[N_TOKENS - 2, 2]
        assert numbers_in(tip.locator("strong").inner_text()) == [3, pytest.approx(value, abs=0.0006)]


def test_the_keyboard_reaches_the_sum_behind_a_weight(page: Page) -> None:
    page.keyboard.press("Tab")
    page.get_by_role("group", name="Attention pattern of this head").focus()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowLeft")
    weight = tensor(page, "attention_pattern", 0)[0, N_TOKENS - 2, N_TOKENS - 3]
    shown = page.locator("#flow-value strong").inner_text()
    assert numbers_in(shown)[-1] == pytest.approx(weight * 100, abs=0.06)
    page.keyboard.press("Enter")
    page.locator(".arithmetic").wait_for()


def pressed_block(page: Page) -> str:
    return page.locator(".flow-block[aria-pressed='true'] .flow-block-name span").first.inner_text()


def test_all_views_follow_one_choice(page: Page) -> None:
    def stepper(scope: str, name: str) -> Locator:
        return page.locator(scope).get_by_role("spinbutton", name=name)

    page.locator(".flow-block").first.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    assert pressed_block(page) == "3"
    assert page.evaluate("document.activeElement.getAttribute('aria-pressed')") == "true", "the focus follows"
    for scope in [".flow", ".attention"]:
        assert stepper(scope, "Block").get_attribute("aria-valuenow") == "3"
    page.wait_for_timeout(100)
    assert_ribbons_are(page, tensor(page, "attention_pattern", 2)[0, -1])

    stepper(".attention", "Head").focus()
    page.keyboard.press("ArrowRight")
    assert stepper(".flow", "Head").get_attribute("aria-valuenow") == "2"

    page.locator("[data-token='13']").focus()
    page.keyboard.press("ArrowUp")
    page.locator("[data-token='12'][aria-pressed='true']").wait_for()
    assert "drink" in page.locator(".chip-label[aria-pressed='true']").inner_text()
    page.mouse.move(2, 2)
    page.locator("[data-token='12']").blur()
    assert_ribbons_are(page, tensor(page, "attention_pattern", 2)[1, 12, :13])


def test_a_pointed_token_lights_up_and_the_rest_dims(page: Page) -> None:
    page.locator("[data-token='4']").hover()
    weights = tensor(page, "attention_pattern", 0)[0, 4]
    dimmed = page.eval_on_selector_all(
        ".flow-veils > div:not(.flow-veil) > .flow-veil:first-child", "veils => veils.map(v => Number(v.style.opacity))"
    )
    expected = 1 - np.sqrt(weights)
    expected[4], expected[5:] = 0, 1
    np.testing.assert_allclose(dimmed, expected, atol=1e-3)
    beyond = page.eval_on_selector_all(".flow-veils > .flow-veil", "veils => veils.map(v => Number(v.style.opacity))")
    assert beyond == [1, 1], "what belongs to other tokens"


def test_nothing_moves_where_no_motion_is_wanted(page: Page) -> None:
    moving = "document.getAnimations().filter(a => a.playState === 'running').length"
    for act in [
        "glassbox.run('The little dog sat')",
        "document.querySelectorAll('.flow-block')[3].click()",
        "document.querySelector('.flow-title.role-attention').click()",
        "glassbox.generate(1)",
    ]:
        page.evaluate(f"void ({act})")
        for _ in range(4):
            assert page.evaluate(moving) == 0, act
            page.wait_for_timeout(60)


def test_one_token_and_as_many_as_the_model_reads(page: Page, visit: Visit) -> None:
    read(page, "Hello")
    assert_ribbons_are(page, np.ones(1))

    n_ctx = 256
    read(page, " the" * n_ctx)
    sheet = page.locator(".flow-scroller")
    assert sheet.evaluate("s => s.scrollHeight > s.clientHeight"), "the rows scroll"
    weights = tensor(page, "attention_pattern", 0)[0, -1]
    height = page.locator(".flow-output").evaluate("box => parseFloat(box.style.height)")
    drawn = thicknesses(page)
    above = weights[: n_ctx - (len(drawn) - 1)].sum()
    assert drawn[-1][1] == pytest.approx(above * height, abs=0.21), "what comes from rows out of sight is one ribbon"
    assert sum(to for _, to in drawn.values()) == pytest.approx(height, abs=2), "together they fill the output"
    sheet.evaluate("s => s.scrollTo(0, 0)")
    page.locator("[data-token='0']").wait_for()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert visit.complaints == []


def test_on_a_phone_the_story_has_every_stage(server: Server, visit: Visit) -> None:
    visit.page.set_viewport_size({"width": 390, "height": 844})
    page = visit.open(server, FIRST)
    visit.until_live()
    page.evaluate("text => glassbox.run(text)", TEXT)
    story = page.locator(".story")
    names = ["Embedding", "Attention", "MLP", "All blocks", "After the last block"]
    assert story.locator("h3").all_inner_texts() == names
    for name in ["Query", "Key", "Value", "Output of the head", "Heads joined and projected", "Output of the MLP"]:
        story.get_by_role("button", name=re.compile(f"^{name}")).wait_for()
    story.get_by_role("button", name="Next block").click()
    page.wait_for_function("document.querySelectorAll('.story .flow-block')[1].getAttribute('aria-pressed') === 'true'")
    shares = numbers_in(" ".join(story.locator(".story-sources .share").all_inner_texts()))
    most = np.sort(tensor(page, "attention_pattern", 1)[0, -1])[::-1][: len(shares)]
    np.testing.assert_allclose(np.array(shares) / 100, most, atol=0.0006)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert visit.complaints == []


def test_paper_is_light_and_holds_the_whole_sheet(page: Page) -> None:
    page.emulate_media(color_scheme="dark")
    page.wait_for_function("document.documentElement.dataset.theme === 'dark'")
    colour = "getComputedStyle(document.documentElement).getPropertyValue('--strip-zero').trim()"
    on_screen = page.evaluate(colour)
    page.emulate_media(color_scheme="dark", media="print")
    page.set_viewport_size({"width": 794, "height": 1123})
    assert page.evaluate(colour) != on_screen
    right = "document.querySelector(selector).getBoundingClientRect().right"
    sheet, room = (page.evaluate(f"selector => {right}", selector) for selector in [".flow-sheet", ".flow-room"])
    assert sheet <= room + 1
    assert page.locator(".flow-sheet .flow-candidate").first.is_visible(), "not the story of a narrow screen"


def test_the_flow_is_saved_as_picture_and_as_numbers(page: Page, tmp_path: Path) -> None:
    text = "The cat sat on the mat"
    read(page, text)
    files = {}
    for kind in ("SVG", "PNG", "CSV"):
        with page.expect_download() as download:
            page.locator(".flow").get_by_role("button", name=re.compile(kind)).click()
        files[kind] = tmp_path / download.value.suggested_filename
        download.value.save_as(files[kind])
    lines = list(csv.reader(files["CSV"].read_text(encoding="utf-8-sig").splitlines()))
    assert ["text", text] in lines
    weights = tensor(page, "attention_pattern", 0)[0][-1]
    np.testing.assert_array_equal(np.array([line[1] for line in lines[6:]], dtype=np.float32), weights)
    drawing = files["SVG"].read_text(encoding="utf-8")
    assert f"text: {text}" in drawing
    assert "Glassbox" in drawing
    size = struct.unpack(">II", files["PNG"].read_bytes()[16:24])
    assert size[0] > 2000
    # Strips and ribbons are colours; an empty picture is a few.
    assert files["PNG"].stat().st_size > 100_000
