"""A new build is published while the page is open: old and new are never mixed, the visitor is told, the text stays."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from aiohttp import web
from playwright.sync_api import Page

import build_scripts.bundle
from build_scripts.site import build
from tests.browser.conftest import Answer, Server, Visit
from tests.browser.faults import keep

pytestmark = pytest.mark.browser

TEXT = "The little cat sat"


@pytest.fixture(scope="module")
def newer_site(site: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Another version: other scripts, so other names, and one model less."""
    out = tmp_path_factory.mktemp("newer") / "dist"
    with pytest.MonkeyPatch.context() as patch:
        common = (*build_scripts.bundle._COMMON, "--banner:js=/* newer */")
        patch.setattr(build_scripts.bundle, "_COMMON", common)
        build(out, {})
    names = {name: {path.name for path in (name / "assets").glob("*.js")} for name in (site, out)}
    assert names[site].isdisjoint(names[out]), "the old scripts are gone from the host"
    return out


@pytest.fixture
def host(site: Path, tmp_path: Path) -> Iterator[Server]:
    """A plain host whose folder can be exchanged."""
    folder = tmp_path / "site"
    folder.symlink_to(site)
    running = Server(folder, is_isolated=False)
    running.start()
    yield running
    running.stop()


def publish(host: Server, newer: Path) -> None:
    host.site.unlink()
    host.site.symlink_to(newer)


def build_of(page: Page) -> str:
    return str(page.evaluate("JSON.parse(document.getElementById('site').textContent).build"))


def build_in(site: Path) -> str:
    found = re.search(r'"build":"(\w+)"', (site / "index.html").read_text(encoding="utf-8"))
    assert found
    return found.group(1)


def script_in(site: Path) -> str:
    found = re.search(r'<script type="module" src="([^"]+)"', (site / "index.html").read_text(encoding="utf-8"))
    assert found
    return found.group(1)


def box(page: Page) -> str:
    return page.get_by_role("textbox").first.input_value()


def reload_by_its_button(page: Page, newer: Path) -> None:
    """The page offers it; afterwards the new build is whole and has the text."""
    page.get_by_role("button", name="Reload").first.click()
    page.wait_for_function(f"document.getElementById('site')?.textContent.includes('{build_in(newer)}')")
    page.wait_for_function("window.glassbox")
    page.evaluate("glassbox.ready()")
    assert box(page) == TEXT
    assert page.evaluate("glassbox.models().then((all) => all.map(({name}) => name))") == ["starter"]


def test_what_the_old_page_still_lacks_is_not_taken_from_the_new_build(
    host: Server, newer_site: Path, visit: Visit
) -> None:
    """Over plain http nothing is kept: what is opened later has gone with the old build."""
    visit.page.goto(host.url.replace("127.0.0.1", "class.test"))
    visit.until_live()
    page = visit.page
    page.get_by_role("textbox").first.fill(TEXT)
    publish(host, newer_site)
    page.get_by_role("button", name="Tour", exact=True).click()
    page.locator("[data-code=new_build]").wait_for()
    assert box(page) == TEXT
    reload_by_its_button(page, newer_site)


def test_another_model_is_not_taken_from_the_new_build(host: Server, newer_site: Path, visit: Visit) -> None:
    page = visit.open(host)
    visit.until_live()
    page.get_by_role("textbox").first.fill(TEXT)
    publish(host, newer_site)
    failed = page.evaluate("glassbox.load('toy').then(() => null, ({code}) => code)")
    assert failed == "new_build"
    assert page.evaluate("glassbox.run('Hello').then((run) => run.token_ids.length)") == 1, "the old one still answers"


def test_a_second_tab_brings_the_new_build_and_the_first_hears_of_it(
    host: Server, newer_site: Path, visit: Visit
) -> None:
    first = visit.open(host)
    visit.until_live()
    keep(first)
    first.reload()
    visit.until_live()
    first.get_by_role("textbox").first.fill(TEXT)
    publish(host, newer_site)
    second = first.context.new_page()
    second.goto(host.url)
    second.wait_for_function("window.glassbox")
    second.evaluate("glassbox.ready()")
    assert build_of(second) == build_in(newer_site)
    first.get_by_text("A newer version of this page has been published").wait_for()
    assert first.evaluate("glassbox.run('The little cat sat').then((run) => run.tokens.length)") == 4
    second.close()
    reload_by_its_button(first, newer_site)


def test_a_page_in_the_browsers_cache_finds_its_scripts_gone(
    host: Server, site: Path, newer_site: Path, visit: Visit
) -> None:
    """As on a host that lets index.html be kept for ten minutes."""

    # Not by Playwright's routes: with them the browser has no cache at all.
    async def kept_for_long(request: web.Request, handler: Answer) -> web.StreamResponse:
        if request.path.endswith("/service_worker.js"):
            return web.Response(status=404)
        answer = await handler(request)
        answer.headers["Cache-Control"] = "max-age=600"
        # Scripts are not in the browser's cache any more, the page is.
        if "/assets/" in request.path:
            answer.headers["Cache-Control"] = "no-store"
        return answer

    host.trouble = kept_for_long
    page = visit.page
    page.goto(host.url)
    visit.until_live()
    n_before = len(host.requests)
    publish(host, newer_site)
    other = page.context.new_page()
    other.goto(f"{host.url}#text=The+little+cat+sat")
    other.get_by_role("textbox").first.wait_for()
    other.wait_for_function(f"document.getElementById('site')?.textContent.includes('{build_in(newer_site)}')")
    asked = [path.removeprefix("/some/folder/") for path in host.requests[n_before:]]
    assert script_in(site) in asked, "the page came from the browser's cache"
    assert "" in asked, "the page itself was asked for anew"
    other.wait_for_function("window.glassbox")
    other.evaluate("glassbox.ready()")
    assert box(other) == TEXT
