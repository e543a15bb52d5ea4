"""One figure in another page: it follows the address and says how large it is; nothing of the page is around it."""

import pytest
from aiohttp import web
from playwright.sync_api import FrameLocator, Page

from tests.browser.conftest import Answer, Server, Visit

pytestmark = pytest.mark.browser

COURSE = (
    '<!doctype html><link rel="icon" href="data:,"><title>Course</title>'
    '<iframe id="figure" width="900" height="500" src="{src}"></iframe>'
)


def course(server: Server, visit: Visit, figure: str, fragment: str) -> tuple[Page, FrameLocator]:
    """A course page on the same host that shows a figure and gathers what it says."""

    async def with_course(request: web.Request, handler: Answer) -> web.StreamResponse:
        if not request.path.endswith("/course.html"):
            return await handler(request)
        text = COURSE.format(src=f"./?embed={figure}{fragment}")
        return web.Response(text=text, content_type="text/html")

    server.trouble = with_course
    page = visit.page
    page.add_init_script(
        "if (self === top) { window.sizes = []; addEventListener('message', ({data}) => sizes.push(data)); }"
    )
    page.goto(f"{server.url}course.html")
    return page, page.frame_locator("#figure")


@pytest.mark.parametrize("figure", ["flow", "attention", "sampling", "lens"])
def test_a_figure_stands_alone_and_posts_its_size(plain_server: Server, visit: Visit, figure: str) -> None:
    page, frame = course(plain_server, visit, figure, "#text=The+little+dog")
    frame.locator(".embedded .card, .embedded .river-svg").first.wait_for()
    assert frame.locator("header.header, .sentence").count() == 0
    page.wait_for_function("sizes.some(({height}) => height > 100)")
    told = page.evaluate("sizes.at(-1)")
    assert (told["type"], told["figure"]) == ("glassbox-size", figure)
    size = frame.locator(".embedded").bounding_box()
    assert size is not None
    assert abs(size["height"] - told["height"]) <= 2 or page.evaluate("sizes.length") > 1
    assert visit.complaints == []


def test_it_follows_the_address(server: Server, visit: Visit) -> None:
    page, frame = course(server, visit, "sampling", "#text=The+little+dog&temperature=0.5")
    inner = page.frames[1]
    inner.wait_for_function("window.glassbox")
    inner.evaluate("glassbox.ready()")
    link = frame.get_by_role("link", name="Open the whole page")
    page.evaluate(
        "document.getElementById('figure').contentWindow.location.hash = '#text=The+cat&lang=zh-CN&temperature=1.5'"
    )
    frame.get_by_role("link", name="打开完整页面").wait_for()
    assert link.count() == 0
    inner.wait_for_function("location.hash.includes('temperature=1.5') && location.search === '?embed=sampling'")
