"""The real page in a real browser: text in, real numbers out, equal to those of the native engine."""

import asyncio
import hashlib
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import numpy as np
import pytest
from aiohttp import web
from playwright.sync_api import expect

from glassbox.__main__ import open_engine
from glassbox.architectures.gpt2 import GPT2
from glassbox.runs import Run
from glassbox.sampling import SamplingOptions
from tests.browser.conftest import Answer, LivePage, Server, Visit
from tests.browser.test_page import violations

pytestmark = pytest.mark.browser


def wait(coroutine: Coroutine[Any, Any, Any]) -> Any:
    """Run a coroutine to its end, in a thread: Playwright has a loop in this one."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, coroutine).result()


TEXT = "The little dog sat on the mat."
OPTIONS = {"temperature": 0.8, "top_k": 40, "top_p": 0.9, "min_p": None, "seed": 3}


def test_every_number_equals_the_native_engines(live_page: LivePage, toy_export: Path) -> None:
    page = live_page.show()
    page.evaluate("glassbox.load('toy')")
    run = page.evaluate("text => glassbox.run(text).then(r => ({ids: [...r.token_ids], tokens: r.tokens}))", TEXT)
    generated = page.evaluate(
        "options => glassbox.generate(5, options)"
        ".then(g => ({ids: [...g.token_ids], p: [...g.probabilities], text: g.text}))",
        OPTIONS,
    )

    engine = open_engine(toy_export)

    async def natively() -> tuple[Run, list[float]]:
        run = await engine.run_text(TEXT)
        probabilities = []
        for _ in range(5):
            run, probability = await engine.generate_token(run, SamplingOptions.from_dict(OPTIONS))
            probabilities.append(probability)
        return run, probabilities

    native_run, probabilities = wait(natively())
    token_ids = list(native_run.token_ids)
    assert run["ids"] == token_ids[:-5]
    assert run["tokens"] == [engine.tokenizer.label(i) for i in run["ids"]]
    assert generated["ids"] == token_ids[-5:]
    assert generated["text"] == engine.tokenizer.decode(token_ids)
    np.testing.assert_allclose(generated["p"], probabilities, atol=1e-5)

    for name, axes in GPT2.tensors.items():
        for layer in [None] if name in GPT2.unlayered else range(engine.config.n_layer):
            tensor = page.evaluate(
                "([name, layer]) => glassbox.tensor(name, layer === null ? {} : {layer})"
                ".then(t => ({data: [...t.data].map(v => v === -Infinity ? null : v), shape: t.shape, axes: t.axes}))",
                [name, layer],
            )
            expected = wait(engine.tensor(native_run, name, layer))
            assert tuple(tensor["axes"]) == axes
            actual = np.array([-np.inf if v is None else v for v in tensor["data"]]).reshape(tensor["shape"])
            np.testing.assert_allclose(actual, expected, atol=1e-4, err_msg=f"{name}.{layer}")

    distribution = page.evaluate(
        "options => glassbox.probabilities(options).then(d => ({ids: [...d.token_ids], p: [...d.probabilities],"
        " logits: [...d.logits], kept: [...d.kept], tokens: d.tokens.slice(0, 3)}))",
        OPTIONS,
    )
    choices = wait(engine.distribution(native_run, SamplingOptions.from_dict(OPTIONS)))
    # By token: of two that are alike to the sixth digit either may come first.
    mine, native = np.argsort(distribution["ids"]), np.argsort(choices.token_ids)
    assert (np.array(distribution["kept"])[mine] == choices.kept[native]).all()
    np.testing.assert_allclose(np.array(distribution["p"])[mine], choices.probabilities[native], atol=1e-5)
    np.testing.assert_allclose(np.array(distribution["logits"])[mine], choices.logits[native], atol=1e-4)
    assert live_page.complaints == []
    page.evaluate("glassbox.load('starter')")


def test_a_newcomer_types_generates_and_goes_back_and_nothing_comes_from_anywhere_else(
    server: Server, visit: Visit
) -> None:
    hosts = set()
    visit.page.context.on("request", lambda request: hosts.add(urlsplit(request.url).netloc))
    page = visit.open(server)
    page.get_by_text("Saved result").first.wait_for()
    visit.until_live()
    box = page.get_by_role("textbox").first
    box.fill("The little dog")
    page.wait_for_function("document.querySelectorAll('.word-piece').length >= 3")
    page.get_by_role("button", name="Generate").click()
    page.wait_for_function("document.querySelector('textarea').value.length > 'The little dog'.length")
    grown = box.input_value()
    assert grown.startswith("The little dog")
    page.get_by_role("button", name="Undo").click()
    page.wait_for_function("document.querySelector('textarea').value === 'The little dog'")
    page.get_by_role("button", name="Generate").click()
    page.wait_for_function("document.querySelector('textarea').value.length > 'The little dog'.length")
    assert box.input_value() == grown, "the same seed draws the same token"
    assert visit.complaints == []
    assert hosts - {""} == {urlsplit(server.url).netloc}


def test_it_works_without_isolation(plain_server: Server, visit: Visit) -> None:
    # As where the visitor has denied storage: no service worker may answer for the page.
    visit.page.add_init_script("Object.defineProperty(Navigator.prototype, 'serviceWorker', {value: undefined})")
    page = visit.open(plain_server)
    visit.until_live()
    assert page.evaluate("crossOriginIsolated") is False
    models = page.evaluate("glassbox.models()")
    assert [(model["threads"], model["backend"]) for model in models if model["is_loaded"]] == [(1, "wasm")]
    page.evaluate("glassbox.run('Hello').then(() => glassbox.generate(2))")
    assert visit.complaints == []


def test_it_works_outside_a_secure_context(plain_server: Server, visit: Visit) -> None:
    plain_server.url = plain_server.url.replace("127.0.0.1", "class.test")
    page = visit.open(plain_server)
    visit.until_live()
    assert page.evaluate("isSecureContext") is False
    assert page.evaluate("glassbox.run('Hello').then(r => r.token_ids.length)") == 1


def test_a_stored_run_is_there_without_python_or_model(server: Server, visit: Visit) -> None:
    async def nothing_else(request, handler):  # type: ignore[no-untyped-def]
        if "/runtime/" in request.path or "/models/" in request.path:
            raise web.HTTPServiceUnavailable
        return await handler(request)

    server.trouble = nothing_else
    page = visit.open(server)
    page.get_by_text("Saved result").first.wait_for()
    assert page.get_by_role("textbox").first.input_value()


def test_models_replace_each_other_and_come_back(live_page: LivePage) -> None:
    page = live_page.show()
    page.evaluate("glassbox.load('toy')")
    assert page.evaluate("glassbox.run('Hello').then(r => r.token_ids.length)") == 5, "the toy knows single bytes"
    page.evaluate("glassbox.load('starter')")
    assert page.evaluate("glassbox.run('Hello').then(r => r.token_ids.length)") == 1
    assert live_page.complaints == []


IN_TABLE = """(figure) => [...figure.querySelectorAll('tbody tr')].map(
  (row) => [...row.querySelectorAll('td')].map((cell) => Number(cell.textContent)))"""


def test_a_text_in_two_models_side_by_side(live_page: LivePage) -> None:
    page = live_page.show("#text=The+cat+sat&tab=models&block=2&head=3")
    others = page.locator(".two-models-list li")
    expect(others).to_have_count(1)
    expect(page.locator(".cuts")).to_have_count(0)
    said = page.evaluate("glassbox.probabilities().then(p => [p.tokens[0], 100 * p.own[0]])")
    pattern = page.evaluate("glassbox.tensor('attention_pattern', {layer: 1, head: 2}).then(t => [...t.data])")
    others.get_by_role("button", name="Load").click()

    titles = page.locator(".cuts th")
    expect(titles).to_have_text(["checkpoint, in use: 11 tokens", "Starter, kept from when it was loaded: 3 tokens"])
    widths = "(rows) => rows.map((row) => [...row.cells].map((cell) => cell.colSpan))"
    assert page.locator(".cuts tr:has(td)").evaluate_all(widths) == [[1] * 11, [3, 4, 4]]
    kept_list = page.get_by_role("figure", name="Starter, kept from when it was loaded", exact=True)
    first = kept_list.locator("li").first.inner_text().split("\n")
    assert first[0] == said[0]
    assert float(first[-1].split("\u00a0")[0]) == pytest.approx(said[1], abs=0.06)

    # The toy has two heads: the kept pattern stays that of the third, whatever is chosen now.
    page.locator("#tab-panel select").first.select_option(label="1")
    expect(page.get_by_role("figure", name="checkpoint, in use: block 1, head 2")).to_be_visible()
    kept = page.get_by_role("figure", name="Starter, kept from when it was loaded: block 2, head 3")
    kept.get_by_role("button", name="Show as table").click()
    np.testing.assert_allclose(np.ravel(kept.evaluate(IN_TABLE)), pattern, rtol=1e-3)

    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert violations(live_page) == []
    page.evaluate("glassbox.run('The cat sat.')")
    expect(page.locator(".cuts")).to_have_count(0)
    page.evaluate("glassbox.load('starter')")
    expect(titles.first).to_have_text("Starter, in use: 4 tokens")
    assert live_page.complaints == []


def keep_all(visit: Visit) -> None:
    """Wait until the service worker has kept the site; the last of its files is the text about the starter."""
    visit.page.evaluate(
        """async () => {
          const cache = await caches.open('glassbox-site-2');
          const isLast = ({ url }) => url.includes('starter-model.txt');
          const pause = () => new Promise((resolve) => setTimeout(resolve, 200));
          while (!(await cache.keys()).some(isLast)) await pause();
        }"""
    )


def newer_page(text: str) -> str:
    """The page of another build whose files are the same."""
    text = text[: text.index("<!-- whole")].replace("<title>", "<title>Newer ")
    return f"{text}<!-- whole {hashlib.sha256(text.encode()).hexdigest()} -->\n"


def test_a_second_visit_needs_no_network_and_a_new_build_is_answered_whole(plain_server: Server, visit: Visit) -> None:
    page = visit.open(plain_server)
    visit.until_live()
    keep_all(visit)
    assert not any("asyncify" in path for path in plain_server.requests), "for a graphics card that is not there"

    async def away(request, handler):  # type: ignore[no-untyped-def]
        raise web.HTTPServiceUnavailable

    plain_server.trouble = away
    for is_offline in (False, True):
        page.context.set_offline(is_offline)
        page.reload()
        visit.until_live()
        assert page.evaluate("crossOriginIsolated") is True
        assert page.evaluate("glassbox.run('Hello').then(r => r.token_ids.length)") == 1

    page.context.set_offline(False)
    plain_server.requests.clear()

    async def newer(request: web.Request, handler: Answer) -> web.StreamResponse:
        if not request.path.endswith("/"):
            return await handler(request)
        text = (plain_server.site / "index.html").read_text(encoding="utf-8")
        return web.Response(text=newer_page(text), content_type="text/html")

    plain_server.trouble = newer
    page.reload()
    visit.until_live()
    assert page.evaluate("crossOriginIsolated") is True, "workers of the new build carry the headers too"
    assert any(path.endswith("pyodide.asm.wasm") for path in plain_server.requests), (
        "nothing is mixed with the old build"
    )
