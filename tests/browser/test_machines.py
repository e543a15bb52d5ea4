"""What machines do to a page: workers end, memory and room run out, two tabs are open, the clock is wrong."""

import pytest
from aiohttp import web
from playwright.sync_api import Browser, BrowserContext, Page

from build_scripts.browsers import find_chromium
from tests.browser.conftest import FLAGS, Answer, Server, Visit
from tests.browser.faults import keep

pytestmark = pytest.mark.browser

TEXT = "The little cat"
# Longer than addresses may be.
LONG_TEXT = "The little cat sat on my hat. " * 80
# The page's workers, in the order in which they were started.
COUNTED = (
    "const Real = Worker; window.workers = [];"
    "window.Worker = class extends Real { constructor(...given) { super(...given); window.workers.push(this); } };"
)


def box(page: Page) -> str:
    return page.get_by_role("textbox").first.input_value()


def live(page: Page) -> None:
    page.wait_for_function("window.glassbox")
    page.evaluate("glassbox.ready()")


def answers(page: Page) -> bool:
    """Whether the model reads a text."""
    return bool(page.evaluate("glassbox.run('Hello there').then((run) => run.tokens.length > 0, () => false)"))


@pytest.mark.parametrize("which", [0, 1])
def test_a_worker_that_is_killed_without_a_word_is_missed(server: Server, visit: Visit, which: int) -> None:
    page = visit.page
    page.add_init_script(COUNTED)
    page.clock.install()
    page.goto(f"{server.url}#text=The+little+cat")
    visit.until_live()
    page.evaluate("which => workers[which].terminate()", which)
    again = page.get_by_role("button", name="Try again")
    # A worker that lives answers each pulse; a pulse is every five seconds of the page's clock.
    for _ in range(14):
        page.clock.run_for(5000)
        page.wait_for_timeout(150)
    page.get_by_role("textbox").first.fill("The little cats")
    page.clock.run_for(1000)
    again.first.wait_for()
    page.clock.resume()
    assert box(page) == "The little cats"
    again.first.click()
    page.wait_for_function("document.querySelector('.status').textContent.startsWith('Live:')")
    assert box(page) == "The little cats"
    assert answers(page)


def test_a_service_worker_that_is_stopped_is_started_again(plain_server: Server, visit: Visit) -> None:
    page = visit.open(plain_server, "#text=The+little+cat")
    page.wait_for_function("crossOriginIsolated && window.glassbox")
    visit.until_live()
    keep(page)
    session = page.context.new_cdp_session(page)
    session.send("ServiceWorker.enable")
    page.context.set_offline(True)
    session.send("ServiceWorker.stopAllWorkers")
    page.get_by_role("button", name="Tour", exact=True).click()
    page.locator(".driver-popover").wait_for()
    session.send("ServiceWorker.stopAllWorkers")
    page.reload()
    live(page)
    assert box(page) == TEXT
    assert answers(page)


def test_a_long_text_is_kept_before_a_crash_could_take_it(server: Server, visit: Visit) -> None:
    page = visit.open(server)
    page.get_by_role("textbox").first.fill(LONG_TEXT)
    assert page.evaluate("JSON.parse(sessionStorage.getItem('glassbox-state')).text") == LONG_TEXT
    page.get_by_role("textbox").first.fill(TEXT)
    assert page.evaluate("sessionStorage.getItem('glassbox-state')") is None


def test_memory_that_is_refused_is_said_and_the_text_stays(chromium: Browser, server: Server) -> None:
    """16 MB for Python, which is too little, by the browser's own limit."""
    flags = [*FLAGS, "--js-flags=--wasm-max-mem-pages=256"]
    with chromium.browser_type.launch(executable_path=find_chromium(), args=flags) as small:
        page = small.new_context(bypass_csp=True, reduced_motion="reduce").new_page()
        page.goto(f"{server.url}#text=The+little+cat")
        page.wait_for_function("window.glassbox")
        assert page.evaluate("glassbox.ready().catch(({code}) => code)") == "out_of_memory"
        page.get_by_text("The browser ran out of memory").first.wait_for()
        assert box(page) == TEXT


def test_storage_that_is_full_is_said_and_the_page_works(server: Server, visit: Visit) -> None:
    page = visit.page
    session = page.context.new_cdp_session(page)
    origin = server.url.split("/some/")[0]
    session.send("Storage.overrideQuotaForOrigin", {"origin": origin, "quotaSize": 2_000_000})
    page.goto(f"{server.url}#text=The+little+cat&panel=models")
    visit.until_live()
    page.get_by_text("The browser has no room to keep the model").wait_for()
    for part in ("starter", "page"):
        page.locator(f"[data-part={part}] button").click()
        page.locator(".offline [data-code=storage_full]").wait_for()
    assert answers(page)
    session.send("Storage.overrideQuotaForOrigin", {"origin": origin})
    for part in ("starter", "page"):
        page.locator(f"[data-part={part}] button").click()
        page.locator(f"[data-part={part}][data-kept=true]").wait_for()
    assert page.locator(".offline [data-code]").count() == 0


def test_two_tabs_at_once(plain_server: Server, context: BrowserContext) -> None:
    """Both on a first visit, each starting again for its threads; one empties what both have kept."""
    first, second = context.new_page(), context.new_page()
    for page in (first, second):
        page.goto(f"{plain_server.url}#text=The+little+cat", wait_until="commit")
    for page in (first, second):
        # Isolated or not: a tab whose service worker is slow does not wait for it.
        page.locator(".status").get_by_text("Live:").wait_for()
        keep(page)
    second.evaluate("glassbox.load('toy')")
    assert second.evaluate("glassbox.run('Hello').then((run) => run.token_ids.length)") == 5
    second.locator(".header").get_by_role("button", name="Models").first.click()
    second.get_by_role("button", name="Empty all").click()
    second.locator("[data-part=starter][data-kept=false]").wait_for()
    assert first.evaluate("caches.keys().then((names) => Promise.all(names.map((name) => caches.open(name))))"
                          ".then((all) => Promise.all(all.map((cache) => cache.keys())))"
                          ".then((all) => all.flat().length)") == 0  # fmt: skip
    for page in (first, second):
        assert answers(page)


@pytest.mark.parametrize("years", [-10, 10])
def test_a_clock_that_is_wrong(plain_server: Server, visit: Visit, years: int) -> None:
    """The browser's clock is years away from the host's, and jumps while the page is open."""
    page = visit.page
    page.add_init_script(
        f"const now = Date.now.bind(Date); let away = {years} * 365 * 24 * 3600 * 1000;"
        "Date.now = () => now() + away; window.setRight = () => { away = 0; };"
    )

    async def dated(request: web.Request, handler: Answer) -> web.StreamResponse:
        answer = await handler(request)
        year = 2026 - years
        answer.headers["Date"] = f"Wed, 04 Mar {year} 10:00:00 GMT"
        return answer

    plain_server.trouble = dated
    page.goto(f"{plain_server.url}#text=The+little+cat")
    page.wait_for_function("crossOriginIsolated && window.glassbox")
    visit.until_live()
    page.evaluate("setRight()")
    assert answers(page)
    keep(page)
    page.context.set_offline(True)
    page.reload()
    live(page)
    assert answers(page)
    assert not [line for line in visit.complaints if line.startswith("error") and "ERR_INTERNET" not in line]
