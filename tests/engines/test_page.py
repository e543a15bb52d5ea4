"""The page in browsers of other makes: what a visitor does first, and the numbers Chromium gives."""

import numpy as np
import pytest
from playwright.sync_api import Browser

from tests.browser.conftest import Server
from tests.browser.test_sections import SECTIONS
from tests.engines.conftest import until_live, visit
from tests.engines.drivers import Engine

pytestmark = pytest.mark.engines

TEXT = "When Mary and John went to the store, John gave a drink to"
OPTIONS = {"temperature": 0.8, "top_k": 40, "top_p": 0.9, "min_p": None, "seed": 3}
GENERATED = """
  const run = await glassbox.run(given[0]);
  const more = await glassbox.generate(12, given[1]);
  return { read: [...run.token_ids], drawn: [...more.token_ids], shares: [...more.probabilities], text: more.text };
"""


def test_it_is_live_and_uses_threads(page: Engine) -> None:
    model = page.run("return (await glassbox.models()).find((model) => model.is_loaded)")
    assert page.run("return crossOriginIsolated") is True
    assert model["threads"] == min(4, page.run("return navigator.hardwareConcurrency"))
    assert page.run("return window.complaints") == []


def test_the_same_seed_draws_what_it_draws_in_chromium(page: Engine, chromium: Browser, server: Server) -> None:
    other = chromium.new_page()
    other.goto(server.url)
    expected = other.evaluate(f"async (given) => {{ await glassbox.ready(); {GENERATED} }}", [TEXT, OPTIONS])
    other.close()
    actual = page.run(GENERATED, TEXT, OPTIONS)
    assert (actual["read"], actual["drawn"], actual["text"]) == (expected["read"], expected["drawn"], expected["text"])
    np.testing.assert_allclose(actual["shares"], expected["shares"], atol=1e-5)


def test_a_text_of_ones_own(page: Engine) -> None:
    box = page.element("#text")
    box.click()
    box.send_keys(page.keys.CONTROL, "a")
    box.send_keys("The little dog")
    page.until("document.querySelectorAll('.word-piece').length >= 3")
    box.send_keys(page.keys.ENTER)
    page.until("document.querySelector('#text').value.length > 'The little dog'.length")
    assert page.run("return document.querySelector('#text').value").startswith("The little dog")


RIBBONS = """
  await glassbox.ready();
  await glassbox.run(given[0]);
  const named = `.river[aria-busy="false"] .river-svg[aria-label*="${given[0].slice(0, 30)}"]`;
  const drawn = () => document.querySelector(named);
  while (!drawn()) await new Promise((resolve) => setTimeout(resolve, 50));
  const height = (rect) => Number(rect.getAttribute("height"));
  const whole = height([...document.querySelectorAll(".river-water")].at(-1));
  const share = (mark) => height(mark.querySelector("rect")) / whole;
  return [...document.querySelectorAll(".river-mark")].map((mark) => [mark.dataset.part, share(mark)]);
"""


def test_the_river_is_drawn_as_in_chromium(page: Engine, chromium: Browser, server: Server) -> None:
    other = chromium.new_page()
    other.goto(server.url)
    expected = dict(other.evaluate(f"async (given) => {{ {RIBBONS} }}", [TEXT]))
    other.close()
    actual = dict(page.run(RIBBONS, TEXT))
    # Which of the thinnest are drawn depends on how high the rows are.
    seen = [part for part, share in expected.items() if share > 0.05]
    assert len(seen) > 5
    for part in seen:
        assert actual[part] == pytest.approx(expected[part], abs=0.01), part


def test_every_section_opens(page: Engine) -> None:
    page.run("await glassbox.run(given[0])", TEXT)
    page.until("document.querySelector('.stages button')")
    page.run(
        "[...document.querySelectorAll('.stages button')].find((one) => one.textContent.includes('Tokens')).click()"
    )
    shown = []
    for title in [*SECTIONS, "Sampling, step by step"]:
        page.until(
            "document.querySelector('#section-title')?.textContent === given[0]"
            " && document.querySelector('.section-body[aria-busy=false]')",
            title,
        )
        shown.append(title)
        if title != "Sampling, step by step":
            # By script: while a section unfolds, a hand may miss.
            page.run("document.querySelector('.section-next').click()")
    # It is set by a library that comes with the first formula.
    page.until("document.querySelector('.section .formula math')")
    page.element(".section [aria-label='Close this section']").click()
    page.until("document.querySelector('.section') === null")
    assert page.run("return window.complaints") == []


def test_the_tour_opens(page: Engine) -> None:
    """It is fetched when it is asked for, through the service worker."""
    page.run("[...document.querySelectorAll('header button')].find((button) => button.textContent === 'Tour').click()")
    page.until("document.querySelector('.driver-popover-title')?.textContent")
    page.element(".driver-popover-close-btn").click()
    page.until("document.querySelector('.driver-popover') === null")
    assert page.run("return window.complaints") == []


# The editor has a root of its own, where no selector reaches.
INSIDE = "document.querySelector('.workbench-editor').shadowRoot"


def test_edited_python_runs_and_an_endless_loop_stops(page: Engine) -> None:
    press = "[...document.querySelectorAll(given[0])].find(({ textContent }) => textContent === given[1]).click()"
    page.run("await glassbox.run(given[0])", TEXT)
    page.run(press, "[role=tab]", "Sampling")
    page.until("[...document.querySelectorAll('button')].some((one) => one.textContent === 'Python behind it')")
    page.run(press, "button", "Python behind it")
    page.until("document.querySelector('.workbench-figures[aria-busy=false]')")
    editor = page.until(f"{INSIDE}?.querySelector('.cm-content')")
    # Not the text itself: of that a part is scrolled away, and WebKitGTK's driver aims at the middle of the whole.
    seen = page.element(".workbench-editor")

    def run_with(line: str) -> None:
        seen.click()
        editor.send_keys(page.keys.CONTROL, page.keys.HOME)
        editor.send_keys(line, page.keys.ENTER)
        editor.send_keys(page.keys.CONTROL, page.keys.ENTER)

    run_with("print(6 * 7)")
    page.until("document.querySelector('.workbench-printed pre')?.textContent.includes('42')")
    run_with("sum(1 for _ in iter(int, 1))")
    page.until("document.querySelector('.workbench-figures[aria-busy=true]')")
    page.run(press, ".workbench-tools button", "Stop")
    page.until("document.querySelector('.workbench-mistake')?.textContent.includes('Stopped')")
    page.run(press, ".workbench-tools button", "Original back")
    page.until(f"!{INSIDE}.textContent.includes('iter(int')")
    assert page.run("return document.querySelector('#text').value").startswith(TEXT)
    assert page.run("return window.complaints") == []


def test_a_second_visit_needs_no_network(engine: Engine, plain_server: Server) -> None:
    """On a host without isolation headers: the service worker adds them."""
    visit(engine, plain_server)
    # The last of what is kept.
    engine.until(
        "(await (await caches.open('glassbox-site-2')).keys()).some(({ url }) => url.includes('starter-model.txt'))"
    )
    plain_server.stop()
    # Not by the driver: Firefox then goes past the service worker.
    engine.run("window.is_old = true; setTimeout(() => location.reload())")
    engine.until("window.glassbox && !window.is_old")
    until_live(engine)
    assert engine.run("return crossOriginIsolated") is True
    assert engine.run("return (await glassbox.run('Hello')).token_ids.length") == 1
    assert engine.run("return window.complaints") == []
