"""The page as people meet it: sizes, colours, languages, assistive technology, sliders."""

import asyncio
import json
from typing import Any, Literal

import pytest
from aiohttp import web

from build_scripts.paths import WEB
from tests.browser.conftest import Answer, LivePage, Server, Visit
from tests.browser.live_page import LAPTOP, PHONE, Size

pytestmark = pytest.mark.browser
SCHEMES: tuple[Literal["light"], Literal["dark"]] = ("light", "dark")


def violations(visit: Visit | LivePage) -> list[Any]:
    """What axe-core finds wrong, in short."""
    visit.page.add_script_tag(path=WEB / "node_modules" / "axe-core" / "axe.min.js")
    found = visit.page.evaluate(
        "axe.run().then(r => r.violations.map(v => [v.id, v.nodes.slice(0, 3).map(n => n.html.slice(0, 120))]))"
    )
    return list(found)


@pytest.mark.parametrize("size", [(1440, 900), LAPTOP, PHONE], ids=["desktop", "laptop", "phone"])
def test_nothing_is_wider_than_the_window(live_page: LivePage, size: Size) -> None:
    for language in ("en", "zh-CN"):
        page = live_page.show(f"#lang={language}", size=size)
        page.locator('.river[aria-busy="false"] .river-svg').wait_for()
        assert page.evaluate("document.documentElement.lang") == language
        assert page.evaluate("document.documentElement.scrollWidth") <= size[0], language
        assert live_page.complaints == []


def test_axe_finds_nothing_before_the_model_has_come_and_after(server: Server, visit: Visit) -> None:
    may_come = asyncio.Event()

    async def late(request: web.Request, handler: Answer) -> web.StreamResponse:
        if "/runtime/" in request.path:
            await may_come.wait()
        return await handler(request)

    server.trouble = late
    page = visit.open(server)
    page.get_by_text("Saved result").first.wait_for()
    # The page comes part after part; the skip link leads to the last.
    page.locator("#figures").wait_for()
    found = {f"saved, {scheme}": in_scheme(visit, scheme) for scheme in SCHEMES}
    server.do(may_come.set)
    visit.until_live()
    page.locator(".status").get_by_text("Live:").wait_for()
    page.locator('.river[aria-busy="false"] .river-svg').wait_for()
    found |= {f"live, {scheme}": in_scheme(visit, scheme) for scheme in SCHEMES}
    assert {name: faults for name, faults in found.items() if faults} == {}
    assert visit.complaints == []


def in_scheme(visit: Visit, scheme: Literal["light", "dark"]) -> list[Any]:
    visit.page.emulate_media(color_scheme=scheme)
    visit.page.wait_for_function("scheme => document.documentElement.dataset.theme === scheme", arg=scheme)
    return violations(visit)


COUNT_RUNS = """
  window.runs = 0;
  const real = Worker.prototype.postMessage;
  const count = (message) => { if (JSON.stringify(message)?.includes('"run"')) window.runs++; };
  Worker.prototype.postMessage = function (message, ...rest) {
    count(message);
    return real.call(this, message, ...rest);
  };
  window.stopCounting = () => { Worker.prototype.postMessage = real; };
"""


def test_a_slider_changes_the_probabilities_and_runs_nothing(live_page: LivePage) -> None:
    page = live_page.show("#text=Once+upon+a+time,+there+was+a+little")
    page.locator('.river[aria-busy="false"] .river-svg').wait_for()
    page.evaluate(f"() => {{ {COUNT_RUNS} }}")
    page.evaluate("glassbox.run(document.querySelector('#text').value)")
    runs = page.evaluate("runs")
    assert runs > 0, "counted at all"
    page.locator('.river[aria-busy="false"] .river-svg').wait_for()
    text = page.get_by_role("textbox").first.input_value()
    before = page.locator(".next-list ol").inner_text()
    slider = page.get_by_role("slider").first
    slider.focus()
    for _ in range(5):
        slider.press("ArrowRight")
    page.wait_for_function("before => document.querySelector('.next-list ol').innerText !== before", arg=before)
    assert page.evaluate("runs") == runs, "the model was run again"
    assert page.get_by_role("textbox").first.input_value() == text, "a slider must not draw"
    page.evaluate("stopCounting()")


def test_the_address_holds_what_a_teacher_shares(live_page: LivePage) -> None:
    page = live_page.show()
    page.get_by_role("textbox").first.fill("A shared sentence")
    page.wait_for_function("location.hash.includes('shared')")
    other = page.context.new_page()
    other.goto(page.url)
    other.wait_for_function("document.querySelector('textarea')?.value === 'A shared sentence'")
    other.close()


def test_both_languages_reach_the_page(live_page: LivePage) -> None:
    words = {name: json.loads((WEB / "i18n" / f"{name}.json").read_text(encoding="utf-8")) for name in ("en", "zh-CN")}
    page = live_page.show()
    page.get_by_role("button", name=words["en"]["generate"]["one"]).first.wait_for()
    page.get_by_role("combobox").filter(has_text="English").first.select_option("zh-CN")
    page.get_by_role("button", name=words["zh-CN"]["generate"]["one"]).first.wait_for()
    assert page.evaluate("document.documentElement.lang") == "zh-CN"


def test_the_models_dialog_leads_to_how_the_starter_was_made(live_page: LivePage) -> None:
    page = live_page.show()
    page.locator(".model-picker button").first.click()
    link = page.get_by_role("link", name="How it was trained")
    address = link.evaluate("link => link.href")
    told = page.evaluate("address => fetch(address).then(reply => reply.ok && reply.text())", address)
    assert told
    assert told.startswith("# The starter model")


def test_an_example_shows_something(server: Server, visit: Visit) -> None:
    runs = json.loads((server.site / "examples" / "index.json").read_text(encoding="utf-8"))["runs"]
    page = visit.open(server)
    for run in [runs[0], runs[1]]:
        if run is not runs[0]:
            page.get_by_label("Examples").select_option(label=run["text"])
        page.locator(f'.river-svg[aria-label*="{run["text"]}"]').wait_for()
        page.locator(".river-annotation text").wait_for()
    assert visit.complaints == []
