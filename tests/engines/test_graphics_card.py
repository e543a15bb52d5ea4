"""The graphics card, as Chromium does it in software: the same numbers as everywhere, and no harm where it is lost."""

import os
from collections.abc import Iterator

import numpy as np
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright

from build_scripts.browsers import find_chromium
from glassbox.__main__ import open_engine
from glassbox.architectures.gpt2 import GPT2
from glassbox.intervention_options import InterventionOptions
from glassbox.runs import Run
from glassbox.sampling import SamplingOptions
from tests.browser.conftest import FLAGS, Server, Visit
from tests.browser.test_live import wait

pytestmark = pytest.mark.engines

CARD_IN_SOFTWARE = [
    "--enable-unsafe-webgpu",
    "--enable-features=Vulkan,WebGPU",
    "--use-webgpu-adapter=swiftshader",
    "--use-vulkan=swiftshader",
    "--ignore-gpu-blocklist",
    "--disable-vulkan-surface",
]
TEXT = "When Mary and John went to the store, John gave a drink to"
OPTIONS = {"temperature": 0.8, "top_k": 40, "top_p": 0.9, "min_p": None, "seed": 3}


@pytest.fixture(scope="module")
def chromium_with_card(playwright: Playwright) -> Iterator[Browser]:
    program = os.environ.get("CHROMIUM") or find_chromium()
    browser = playwright.chromium.launch(executable_path=program, args=[*FLAGS, *CARD_IN_SOFTWARE])
    yield browser
    browser.close()


@pytest.fixture
def visit(chromium_with_card: Browser, server: Server) -> Iterator[Visit]:
    """The page, live, on a machine with a card."""
    context: BrowserContext = chromium_with_card.new_context(viewport={"width": 1366, "height": 768}, bypass_csp=True)
    context.set_default_timeout(120_000)
    page = context.new_page()
    made = Visit(page, [])
    page.on("console", lambda message: made.complaints.append(f"{message.type}: {message.text}"))
    page.on("pageerror", lambda error: made.complaints.append(f"error: {error}"))
    made.open(server)
    if not page.evaluate("navigator.gpu?.requestAdapter().then(Boolean) ?? false"):
        pytest.skip("this Chromium has no graphics card in software (WebGPU on SwiftShader)")
    made.until_live()
    yield made
    context.close()


def backend(page: Page) -> str:
    return str(page.evaluate("glassbox.models().then(all => all.find(m => m.is_loaded).backend)"))


def choose(page: Page, words: str) -> None:
    """Choose in the models dialog what to compute on."""
    page.locator("header .pill").click()
    page.get_by_label("Compute on").select_option(label=words)


def compute_on_card(page: Page) -> None:
    choose(page, "the graphics card")
    page.get_by_text("Computed on the graphics card.").wait_for()
    page.get_by_role("dialog").get_by_role("button", name="Close").click()
    # The address follows a little later; a page opened before that opens the dialog again.
    page.wait_for_function("!location.hash.includes('panel')")
    assert backend(page) == "webgpu"


def generate(page: Page, count: int) -> list[int]:
    drawn = page.evaluate("([n, o]) => glassbox.generate(n, o).then(g => [...g.token_ids])", [count, OPTIONS])
    return list(drawn)


def test_a_small_model_and_a_card_in_software_stay_with_the_processor(visit: Visit, server: Server) -> None:
    visit.page.wait_for_timeout(3000)
    assert backend(visit.page) == "wasm"
    assert not any("asyncify" in path for path in server.requests), "27 MB for nothing"


def test_every_number_is_the_native_engines(visit: Visit, server: Server) -> None:
    page = visit.page
    compute_on_card(page)
    page.evaluate("text => glassbox.run(text)", TEXT)
    drawn = generate(page, 6)
    engine = open_engine(server.site / "models" / "starter")

    async def natively() -> Run:
        run = await engine.run_text(TEXT)
        for _ in range(6):
            run, _ = await engine.generate_token(run, SamplingOptions.from_dict(OPTIONS))
        return run

    run = wait(natively())
    assert drawn == list(run.token_ids[-6:])
    for name in GPT2.tensors:
        for layer in [None] if name in GPT2.unlayered else range(engine.config.n_layer):
            tensor = page.evaluate(
                "([name, layer]) => glassbox.tensor(name, layer === null ? {} : {layer})"
                ".then(t => ({data: [...t.data].map(v => v === -Infinity ? null : v), shape: t.shape}))",
                [name, layer],
            )
            actual = np.array([-np.inf if v is None else v for v in tensor["data"]]).reshape(tensor["shape"])
            expected = wait(engine.tensor(run, name, layer))
            np.testing.assert_allclose(actual, expected, atol=2e-4, err_msg=f"{name}.{layer}")
    assert visit.complaints == []


def test_what_is_changed_by_hand_is_changed_on_the_card(visit: Visit, server: Server) -> None:
    page = visit.page
    compute_on_card(page)
    cuts = [{"layer": 5, "query": 13, "key": 1}, {"layer": 4, "head": 2, "query": 13, "key": 0, "when": "after"}]
    scales = {"head_scale": [[2, 3, 0.0]], "mlp_scale": [[1, 0.5]]}
    shown = page.evaluate(
        """async ([text, changes]) => {
            const other = await glassbox.runBeside("When Tom and John went to the store, John gave a drink to");
            await glassbox.run(text, {...changes, patches: [{layer: 3, position: 5, run_id: other.run_id}]});
            const {data} = await glassbox.tensor("resid_post", {layer: 5});
            return [...data];
        }""",
        [TEXT, {"attention_cuts": cuts, **scales}],
    )
    engine = open_engine(server.site / "models" / "starter")

    async def natively() -> np.ndarray:
        other = await engine.run_text("When Tom and John went to the store, John gave a drink to")
        token_ids = engine.token_ids(TEXT)
        row = await engine.row(other, "resid_pre", 3, 5)
        options = InterventionOptions(engine.config, len(token_ids))
        changes = options.interventions(scales["head_scale"], scales["mlp_scale"], cuts, [(3, 5, row)])
        return await engine.tensor(await engine.run_tokens(token_ids, changes), "resid_post", 5)

    expected = wait(natively())
    np.testing.assert_allclose(np.array(shown).reshape(expected.shape), expected, atol=2e-4)
    assert visit.complaints == []


def test_a_text_goes_on_where_the_model_moves_and_where_the_card_is_lost(visit: Visit) -> None:
    page = visit.page
    page.evaluate("text => glassbox.run(text)", TEXT)
    expected = generate(page, 9)
    page.evaluate("text => glassbox.run(text)", TEXT)
    drawn = generate(page, 3)
    compute_on_card(page)
    drawn += generate(page, 3)
    session = page.context.browser.new_browser_cdp_session()  # type: ignore[union-attr]
    session.send("Browser.crashGpuProcess")
    drawn += generate(page, 3)
    assert drawn == expected
    page.wait_for_function("glassbox.models().then(all => all.find(m => m.is_loaded).backend === 'wasm')")
    page.locator("header .pill").click()
    page.get_by_text("The graphics card stopped, and the processor took over.").wait_for()


def test_the_choice_is_remembered(visit: Visit) -> None:
    compute_on_card(visit.page)
    visit.page.reload()
    visit.until_live()
    visit.page.locator("header .pill").click()
    visit.page.get_by_text("Computed on the graphics card.").wait_for()
    visit.page.get_by_label("Compute on").select_option(label="the processor")
    visit.page.get_by_text("Computed on the processor").wait_for()
    assert backend(visit.page) == "wasm"
    assert visit.complaints == []
