"""What goes wrong in classrooms must end well: a plain message, nothing lost, and it works when tried again."""

import asyncio
from typing import Any

import pytest
from aiohttp import web
from playwright.sync_api import Page

from tests.browser.conftest import Answer, LivePage, Server, Trouble, Visit

pytestmark = pytest.mark.browser

Rejection = dict[str, Any]


def rejection(page: Page, expression: str, argument: Any = None) -> Rejection:
    """What a call rejects with; fails where it does not."""
    outcome = page.evaluate(
        f"argument => ({expression}).then(() => null, error => ({{...error, keys: Object.keys(error).sort()}}))",
        argument,
    )
    assert outcome is not None, f"{expression} did not fail"
    assert outcome["keys"] == ["code", "detail", "message"]
    return dict(outcome)


def failing(part: str, troubles: list[Trouble]) -> Trouble:
    """One trouble after the other for requests whose path holds ``part``; what was met is taken from the list."""

    async def trouble(request: web.Request, handler: Answer) -> web.StreamResponse:
        if part in request.path and troubles:
            return await troubles.pop(0)(request, handler)
        return await handler(request)

    return trouble


async def unavailable(request: web.Request, handler: Answer) -> web.StreamResponse:
    return web.Response(status=503)


async def flipped(request: web.Request, handler: Answer) -> web.StreamResponse:
    answer = await handler(request)
    assert isinstance(answer, web.FileResponse)
    data = bytearray(answer._path.read_bytes())
    data[1000] ^= 1
    return web.Response(body=bytes(data), headers={"Cache-Control": "no-store"})


async def cut_off(request: web.Request, handler: Answer) -> web.StreamResponse:
    answer = await handler(request)
    assert isinstance(answer, web.FileResponse)
    data = answer._path.read_bytes()
    cut = web.StreamResponse(headers={"Content-Length": str(len(data))})
    await cut.prepare(request)
    await cut.write(data[: len(data) // 2])
    await asyncio.sleep(0.1)
    assert request.transport is not None
    request.transport.close()
    return cut


def test_a_chunk_that_stays_damaged_is_named_and_one_in_trouble_arrives_in_the_end(live_page: LivePage) -> None:
    page = live_page.show()
    live_page.server.trouble = failing("models/toy/weights-", [flipped] * 99)
    assert rejection(page, "glassbox.load('toy')")["code"] == "chunk_corrupt"
    page.evaluate("glassbox.run('Hello')")
    troubles = [unavailable] * 3 + [flipped] + [cut_off] * 2
    live_page.server.trouble = failing("models/toy/weights-", troubles)
    page.evaluate("glassbox.load('toy')")
    assert troubles == [], "each of them was met"
    assert page.evaluate("glassbox.run('Hello').then(r => r.token_ids.length)") == 5
    page.evaluate("glassbox.load('starter')")


def test_a_model_the_site_lacks(live_page: LivePage) -> None:
    page = live_page.show()
    assert rejection(page, "glassbox.load('nothing')")["code"] == "model_missing"


@pytest.mark.parametrize(
    ("text", "code"), [("", "empty_text"), ("word " * 20_000, "text_too_long")], ids=["empty", "100,000 characters"]
)
def test_texts_that_cannot_be_run(live_page: LivePage, text: str, code: str) -> None:
    page = live_page.show()
    page.evaluate("glassbox.run('Hello there')")
    assert rejection(page, "glassbox.run(argument)", text)["code"] == code
    shape = page.evaluate("glassbox.tensor('value', {layer: 0, head: 0}).then(t => t.shape)")
    assert shape[0] == 2, "the last good run stays"


def test_half_a_surrogate_pair(live_page: LivePage) -> None:
    page = live_page.show()
    assert rejection(page, "glassbox.run('a\\ud800b')")["code"] == "text_not_unicode"


def test_a_long_text_is_kept_with_a_clear_message(live_page: LivePage) -> None:
    page = live_page.show()
    long_text = "word " * 20_000
    page.get_by_role("textbox").first.fill(long_text)
    page.get_by_text("256").first.wait_for()
    assert page.get_by_role("textbox").first.input_value() == long_text
    page.get_by_role("textbox").first.fill("Short again")
    page.wait_for_function("!document.querySelector('main [role=alert]')?.textContent")


def test_of_two_quick_runs_the_newer_wins(live_page: LivePage) -> None:
    page = live_page.show()
    first, second = page.evaluate(
        "Promise.allSettled([glassbox.run('One two three four five six'), glassbox.run('Seven')])"
        ".then(([a, b]) => [a.reason?.code ?? 'kept', b.value?.tokens])"
    )
    assert first == "stale"
    assert second == ["Seven"] or second == ["Se", "ven"]
    assert page.evaluate("glassbox.tensor('resid_pre', {layer: 0}).then(t => t.shape[0])") == len(second)


@pytest.mark.parametrize(
    ("options", "part"),
    [({"temperature": -1}, "temperature"), ({"top_p": 2}, "top_p"), ({"top_k": 0.5}, "top_k"), ({"heat": 1}, "heat")],
)
def test_options_out_of_range_are_named(live_page: LivePage, options: dict[str, float], part: str) -> None:
    page = live_page.show()
    page.evaluate("glassbox.run('Hello')")
    failed = rejection(page, "glassbox.probabilities(argument)", options)
    assert failed["code"] == "bad_option"
    assert part in failed["message"]


def test_asking_without_a_text(live_page: LivePage) -> None:
    page = live_page.show()
    page.get_by_role("textbox").first.fill("")
    assert rejection(page, "glassbox.tensor('value', {layer: 0})")["code"] == "unknown_run"


def test_the_console_speaks_of_the_text_in_the_box(live_page: LivePage) -> None:
    page = live_page.show()
    page.evaluate("glassbox.run('Hello there')")
    for text in ("One two three", "The little dog sat"):
        page.get_by_role("textbox").first.fill(text)
        shape = page.evaluate("glassbox.tensor('value', {layer: 0, head: 0}).then(t => t.shape)")
        assert shape[0] == len(page.evaluate("text => glassbox.run(text).then(run => run.tokens)", text))
        page.get_by_role("textbox").first.fill(text + " on")
        assert page.evaluate("glassbox.generate(1).then(more => more.text)").startswith(text + " on")


def test_a_worker_that_dies_leaves_a_message_and_the_text(server: Server, visit: Visit) -> None:
    visit.page.add_init_script(
        "const Real = Worker; window.workers = [];"
        "window.Worker = class extends Real { constructor(...given) { super(...given); window.workers.push(this); } };"
    )
    page = visit.open(server)
    visit.until_live()
    box = page.get_by_role("textbox").first
    box.fill("The little dog")
    page.evaluate("glassbox.tensor('resid_pre', { layer: 0 })")
    page.evaluate("workers.forEach(worker => worker.dispatchEvent(new ErrorEvent('error', {message: 'gone'})))")
    box.fill("The little cat")
    again = page.get_by_role("button", name="Try again")
    again.first.wait_for()
    assert box.input_value() == "The little cat"
    again.first.click()
    visit.page.wait_for_function("glassbox.run('Hello').then(() => true, () => false)", polling=1000)
    assert box.input_value() == "The little cat"


def test_a_browser_without_simd_hears_so(server: Server, visit: Visit) -> None:
    visit.page.add_init_script("WebAssembly.validate = () => false")
    visit.open(server)
    assert rejection(visit.page, "glassbox.ready()")["code"] == "unsupported_browser"
    assert not any("pyodide" in path for path in server.requests), "nothing large is fetched in vain"


def test_a_server_that_is_away_and_back(server: Server, visit: Visit) -> None:
    async def away(request: web.Request, handler: Answer) -> web.StreamResponse:
        if "/runtime/" in request.path or "/models/" in request.path:
            raise web.HTTPServiceUnavailable
        return await handler(request)

    server.trouble = away
    page = visit.open(server)
    again = page.get_by_role("button", name="Try again")
    again.first.wait_for()
    server.trouble = None
    again.first.click()
    page.wait_for_function("glassbox.run('Hello').then(() => true, () => false)", polling=1000)


def test_parts_that_are_fetched_later_come_when_asked_for_again(server: Server, visit: Visit) -> None:
    away = {"later_parts", "spotlight", "katex"}
    asked: list[str] = []

    async def missing(request: web.Request, handler: Answer) -> web.StreamResponse:
        part = next((part for part in away if f"/{part}-" in request.path), None)
        if part is None:
            return await handler(request)
        asked.append(part)
        return web.Response(status=503)

    server.trouble = missing
    page = visit.open(server)
    visit.until_live()
    again = page.get_by_role("button", name="Try again")
    again.wait_for()
    away.remove("later_parts")
    again.click()
    page.get_by_role("tab", name="How it works").click()
    page.locator(".article").wait_for()

    tour = page.get_by_role("button", name="Tour", exact=True)
    tour.click()
    again.wait_for()
    away.remove("spotlight")
    again.click()
    tour.click()
    page.locator(".driver-popover").wait_for()
    page.keyboard.press("Escape")

    page.evaluate("glassbox.run('Hello there')")
    page.locator(".stages").get_by_role("button", name="Tokens").click()
    page.locator(".section-next").click()
    for _ in range(2):
        page.locator(".section-body[aria-busy=false] .vectors").first.focus()
        page.keyboard.press("ArrowRight")
        page.keyboard.press("ArrowDown")
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
        page.locator(".arithmetic .terms").or_(page.locator(".arithmetic .formula")).first.wait_for()
        if "katex" in away:
            while "katex" not in asked:
                page.wait_for_timeout(50)
            away.remove("katex")
            page.keyboard.press("Escape")
    page.locator(".arithmetic .formula math").first.wait_for()
    # The browser itself tells of what did not come, and that an empty answer has not the file's hash.
    told = ("503", "integrity", "ERR_FAILED", "Failed to fetch dynamically imported module")
    wrong = [complaint for complaint in visit.complaints if not any(part in complaint for part in told)]
    assert wrong == []
