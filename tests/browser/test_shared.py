"""An address or a file brings back what was on screen: text, branches, settings, place; and nothing of it is markup."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import quote

import numpy as np
import pytest
from playwright.sync_api import Page

from build_scripts.paths import ROOT
from glassbox.__main__ import open_engine
from glassbox.sampling import SamplingOptions
from tests.browser.conftest import LivePage, Server, Visit
from tests.browser.test_page import violations

pytestmark = pytest.mark.browser

TEXT = "Once upon a time, there was a"
N_TOKENS, N_BRANCHES = 200, 30
OPTIONS = SamplingOptions(temperature=0.8, top_p=0.95, seed=7)


def grown() -> tuple[str, str]:
    """What the starter writes in CPython: the text with 200 tokens more, and these with 30 branches for an address."""

    async def play() -> tuple[str, list[int]]:
        engine = open_engine(ROOT / "build" / "models" / "starter")
        run = start = await engine.run_text(TEXT)
        for _ in range(N_TOKENS):
            run, _ = await engine.generate_token(run, OPTIONS)
        return engine.tokenizer.decode(run.token_ids), list(run.token_ids[start.n_tokens :])

    # Playwright has a loop in this thread.
    with ThreadPoolExecutor(1) as pool:
        text, added = pool.submit(asyncio.run, play()).result()
    ids = [np.base_repr(token_id, 36).lower() for token_id in added]
    others = [f"0-C{np.base_repr(1000 + 37 * branch, 36).lower()}.5" for branch in range(N_BRANCHES)]
    return text, "_".join([f"-D{ids[0]}", f"0-D{'.'.join(ids[1:])}*", *others])


def wait_until_back(page: Page, text: str) -> list[str]:
    page.wait_for_function("text => document.querySelector('#text').value === text", arg=text)
    page.wait_for_function(f"document.querySelectorAll('.tree button').length === {N_BRANCHES + 3}")
    return page.locator(".tree .tree-words").all_inner_texts()


def test_200_tokens_and_30_branches_come_back(server: Server, visit: Visit, tmp_path: Path) -> None:
    text, branch = grown()
    page = visit.open(server, f"#text={quote(TEXT)}&branch={quote(branch)}&tab=past&temperature=0.5&seed=3")
    visit.until_live()
    words = wait_until_back(page, text)
    page.wait_for_timeout(500)
    address = page.evaluate("location.hash")
    assert len(address) < 4000
    page.reload()
    visit.until_live()
    assert wait_until_back(page, text) == words
    page.get_by_role("button", name="Share").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Save as a file").click()
    path = tmp_path / "state.json"
    download.value.save_as(path)
    page.evaluate("location.hash = '#'")
    page.wait_for_function("text => document.querySelector('#text').value !== text", arg=text)
    page.evaluate("glassbox.tensor('resid_pre', { layer: 0 })")
    page.get_by_role("button", name="Share").click()
    page.locator(".share-open input").set_input_files(path)
    assert wait_until_back(page, text) == words
    page.wait_for_function("address => location.hash === address", arg=address)
    assert visit.complaints == []


def test_nothing_of_an_address_becomes_markup(server: Server, visit: Visit) -> None:
    evil = quote("<img src=x onerror=alert(1)>")
    # A name is escaped once as part of the branch, once as part of the address.
    fragment = (
        f"#text={evil}&branch=-D5.6~{quote(evil)}*_9-C1_{evil}&tab=past&section={evil}&token=99999999"
        f"&temperature=1e99&top_p=-3&model={evil}"
    )
    page = visit.open(server, fragment)
    visit.until_live()
    name = page.locator(".tree strong")
    name.wait_for()
    assert name.inner_text() == "<img src=x onerror=alert(1)>"
    assert page.locator("main img, dialog img").count() == 0
    assert page.locator(".next-list output").first.inner_text() == "10.00"
    assert visit.complaints == []


def test_the_dialog(live_page: LivePage, tmp_path: Path) -> None:
    page = live_page.show("#text=A+shared+sentence")
    page.get_by_role("button", name="Share").click()
    page.get_by_role("img", name="QR code of the address").wait_for()
    assert "text=A+shared+sentence" in page.get_by_label("Address", exact=True).input_value()
    assert violations(live_page) == []
    other = tmp_path / "other.json"
    other.write_text('{"no": "state"}', encoding="utf-8")
    page.locator(".share-open input").set_input_files(other)
    page.get_by_text("“other.json” is no file saved by this page.").wait_for()
    assert live_page.complaints == []
