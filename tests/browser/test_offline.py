""" "Ready to go offline?" in the models dialog: what it says is so, it keeps on request, and it empties."""

import re

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import Server, Visit

pytestmark = pytest.mark.browser

PARTS = ("page", "python", "starter", "toy")
# Another copy of the page, and another page, on the same host.
NEIGHBOURS = """async (folder) => {
  const cache = await caches.open("glassbox-site-2");
  await cache.put(`${folder}index.html?x`, new Response("of another copy"));
  await (await caches.open("of-another-page")).put(`${folder}page`, new Response("another page"));
}"""
KEPT = """async () => {
  const caches_of = await Promise.all((await caches.keys()).map((name) => caches.open(name)));
  return (await Promise.all(caches_of.map((cache) => cache.keys()))).flat().map(({ url }) => url);
}"""


def part(page: Page, name: str, is_kept: bool) -> None:
    page.locator(f"[data-part={name}][data-kept={str(is_kept).lower()}]").wait_for()


def test_it_keeps_on_request_and_what_it_says_is_so(server: Server, visit: Visit) -> None:
    page = visit.open(server, "#panel=models")
    visit.until_live()
    # By themselves, once the page is live; the dialog follows.
    for name in PARTS[:3]:
        part(page, name, True)
    part(page, "toy", False)
    section = page.locator(".offline")
    assert "Not yet" in section.inner_text()
    page.get_by_role("button", name=re.compile("Keep .* for offline use")).click()
    part(page, "toy", True)
    section.get_by_text("Yes: everything below is in this browser").wait_for()
    used, left = re.findall(r"([\d,]+) MB used, ([\d,]+) MB left", section.inner_text())[0]
    estimate = page.evaluate("navigator.storage.estimate()")
    assert abs(int(used) - estimate["usage"] / 1e6) < 2
    assert abs(int(left.replace(",", "")) - (estimate["quota"] - estimate["usage"]) / 1e6) < 2
    server.stop()
    page.context.set_offline(True)
    page.reload()
    visit.until_live()
    page.evaluate("glassbox.load('toy')")
    assert page.evaluate("glassbox.run('Hello').then((run) => run.token_ids.length)") == 5
    server.start()


def test_empty_all_takes_what_is_its_own(server: Server, visit: Visit) -> None:
    page = visit.open(server, "#panel=models")
    visit.until_live()
    part(page, "python", True)
    other = server.url.replace("/some/folder/", "/elsewhere/")
    page.evaluate(NEIGHBOURS, other)
    page.get_by_role("button", name="Empty all").click()
    for name in PARTS:
        part(page, name, False)
    assert sorted(page.evaluate(KEPT)) == [f"{other}index.html?x", f"{other}page"]
    assert page.evaluate("glassbox.run('Hello').then((run) => run.token_ids.length)") == 1
    for name in ("page", "starter"):
        page.locator(f"[data-part={name}] button").click()
        part(page, name, True)
    part(page, "python", True)


def test_over_plain_http_it_says_what_is_lost(server: Server, visit: Visit) -> None:
    visit.page.goto(server.url.replace("127.0.0.1", "class.test") + "#panel=models")
    visit.until_live()
    section = visit.page.locator(".offline")
    section.get_by_text("browsers keep nothing for offline use").wait_for()
    section.get_by_text("The model runs on one thread").wait_for()
    assert section.get_by_role("button").count() == 0
