"""A live page that tests take in turn.

To start one costs ten seconds of a processor, to show another text in it half a second.
"""

from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser, Error, Page

from tests.browser.server import Server
from tests.browser.visit import Visit, new_context

Size = tuple[int, int]
LAPTOP: Size = (1366, 768)
PHONE: Size = (390, 844)

# What is in front of the page or open in it, which addresses do not speak of; Escape puts it away.
_OPEN = ".driver-popover, dialog[open], .arithmetic, .cut-ribbons, :popover-open"
_TEXT_BETWEEN = "Between"
# Another address each time: the page takes no notice of the one it is at.
_GO = """async ([fragment, count]) => {
  location.hash = `${fragment}&n=${count}`;
  await new Promise((resolve) => addEventListener("hashchange", resolve, { once: true }));
  await glassbox.tensor("resid_pre", { layer: 0 });
  const text = new URLSearchParams(fragment.slice(1)).get("text");
  const shown = document.getElementById("text").value;
  if (text && !shown.startsWith(text)) throw new Error(`The page shows “${shown}”, not ${fragment}.`);
}"""


class LivePage:
    """The starter, live, on a server of its own. ``show`` brings it to where a visitor would find it."""

    def __init__(self, browser: Browser, site: Path) -> None:
        self.server = Server(site)
        self.server.start()
        self._browser = browser
        self._visit: Visit | None = None
        self._n_shown = 0

    @property
    def page(self) -> Page:
        assert self._visit, "nothing has been shown yet"
        return self._visit.page

    @property
    def complaints(self) -> list[str]:
        """What the console has said since the page was last shown."""
        assert self._visit, "nothing has been shown yet"
        return self._visit.complaints

    def show(self, fragment: str = "", *, size: Size = LAPTOP, scheme: Literal["light", "dark"] = "light") -> Page:
        """The page as it would open at an address, its text read by the model."""
        self.server.trouble = None
        if self._visit and not self._put_back():
            self.drop()
        if self._visit is None:
            self._visit = Visit.of(new_context(self._browser).new_page())
        page = self._visit.page
        page.set_viewport_size({"width": size[0], "height": size[1]})
        page.emulate_media(color_scheme=scheme, media="screen")
        if page.url == "about:blank":
            self._visit.open(self.server, fragment)
            self._visit.until_live()
            page.evaluate("glassbox.tensor('resid_pre', { layer: 0 })")
        else:
            self._go(fragment or "#")
        self._visit.complaints.clear()
        return page

    def _put_back(self) -> bool:
        """Close what is open, forget what was typed; whether nothing of the last test is left."""
        page = self.page
        try:
            page.mouse.move(0, 0)
            for _ in range(5):
                if page.locator(_OPEN).count() == 0:
                    break
                page.keyboard.press("Escape")
            self._go(f"#text={_TEXT_BETWEEN}&lang=en&tab=changes")
            page.evaluate("document.activeElement?.blur(); scrollTo(0, 0)")
            return page.locator(_OPEN).count() == 0
        except Error:
            return False

    def _go(self, fragment: str) -> None:
        self._n_shown += 1
        self.page.evaluate(_GO, [fragment, self._n_shown])

    def drop(self) -> None:
        """Close the page; the next test begins with a fresh one."""
        if self._visit:
            self._visit.page.context.close()
        self._visit = None

    def stop(self) -> None:
        self.drop()
        self.server.stop()
