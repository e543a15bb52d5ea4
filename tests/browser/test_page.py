"""The page as people meet it: sizes, colours, languages, assistive technology, sliders."""

import json
from typing import Any

import pytest

from build_scripts.paths import WEB
from tests.browser.conftest import Server, Visit

pytestmark = pytest.mark.browser

SIZES = [(1440, 900), (1366, 768), (390, 844)]


def violations(visit: Visit) -> list[Any]:
    """What axe-core finds wrong, in short."""
    visit.page.add_script_tag(path=WEB / "node_modules" / "axe-core" / "axe.min.js")
    found = visit.page.evaluate(
        "axe.run().then(r => r.violations.map(v => [v.id, v.nodes.slice(0, 3).map(n => n.html.slice(0, 120))]))"
    )
    return list(found)


@pytest.mark.parametrize("size", SIZES, ids=["desktop", "laptop", "phone"])
def test_nothing_is_wider_than_the_window(server: Server, visit: Visit, size: tuple[int, int]) -> None:
    visit.page.set_viewport_size({"width": size[0], "height": size[1]})
    page = visit.open(server)
    visit.until_live()
    for language in ("en", "zh-CN"):
        page.evaluate("language => { location.hash += '&lang=' + language }", language)
        page.wait_for_timeout(300)
        assert page.evaluate("document.documentElement.scrollWidth") <= size[0], language
    assert visit.complaints == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(server: Server, visit: Visit, scheme: Any) -> None:
    visit.page.emulate_media(color_scheme=scheme)
    page = visit.open(server)
    page.get_by_text("Saved result").first.wait_for()
    # The page comes part after part; the skip link leads to the last.
    page.locator("#figures").wait_for()
    assert violations(visit) == []
    visit.until_live()
    page.wait_for_timeout(1500)
    assert violations(visit) == []
    assert visit.complaints == []


def test_a_slider_changes_the_probabilities_and_runs_nothing(server: Server, visit: Visit) -> None:
    visit.page.add_init_script(
        "window.runs = 0; const post = MessagePort.prototype.postMessage;"
        "const count = m => { if (JSON.stringify(m)?.includes('\"run\"')) window.runs++; };"
        "const real = Worker.prototype.postMessage;"
        "Worker.prototype.postMessage = function (m, ...rest) { count(m); return real.call(this, m, ...rest); };"
    )
    page = visit.open(server, "#text=Once+upon+a+time,+there+was+a+little")
    visit.until_live()
    page.wait_for_timeout(500)
    runs = page.evaluate("runs")
    text = page.get_by_role("textbox").first.input_value()
    before = page.locator(".next-list ol").inner_text()
    slider = page.get_by_role("slider").first
    slider.focus()
    for _ in range(5):
        slider.press("ArrowRight")
    page.wait_for_function("before => document.querySelector('.next-list ol').innerText !== before", arg=before)
    assert page.evaluate("runs") == runs, "the model was run again"
    assert page.get_by_role("textbox").first.input_value() == text, "a slider must not draw"


def test_the_address_holds_what_a_teacher_shares(server: Server, visit: Visit) -> None:
    page = visit.open(server)
    visit.until_live()
    page.get_by_role("textbox").first.fill("A shared sentence")
    page.wait_for_function("location.hash.includes('shared')")
    address = page.evaluate("location.hash")
    other = page.context.new_page()
    other.goto(server.url + address)
    other.wait_for_function("document.querySelector('textarea')?.value === 'A shared sentence'")


def test_both_languages_reach_the_page(server: Server, visit: Visit) -> None:
    words = {name: json.loads((WEB / "i18n" / f"{name}.json").read_text(encoding="utf-8")) for name in ("en", "zh-CN")}
    page = visit.open(server)
    page.get_by_role("button", name=words["en"]["generate"]["one"]).first.wait_for()
    page.get_by_role("combobox").filter(has_text="English").first.select_option("zh-CN")
    page.get_by_role("button", name=words["zh-CN"]["generate"]["one"]).first.wait_for()
    assert page.evaluate("document.documentElement.lang") == "zh-CN"


def test_the_models_dialog_leads_to_how_the_starter_was_made(server: Server, visit: Visit) -> None:
    page = visit.open(server)
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
