"""One page of a browser that has never been here, and what it complains of."""

from __future__ import annotations

from dataclasses import dataclass

from playwright.sync_api import Browser, BrowserContext, Error, Page

from tests.browser.server import Server


def new_context(browser: Browser) -> BrowserContext:
    """A visitor nobody knows, at a laptop, who wants no motion."""
    # Playwright itself evaluates strings in the page; what the page may do under its policy is tested by itself.
    fresh = browser.new_context(viewport={"width": 1366, "height": 768}, reduced_motion="reduce", bypass_csp=True)
    fresh.set_default_timeout(60_000)
    return fresh


@dataclass
class Visit:
    """A page, and what it complained about: all that the console says, and every failure nobody caught."""

    page: Page
    complaints: list[str]

    @classmethod
    def of(cls, page: Page) -> Visit:
        made = cls(page, [])
        page.on("console", lambda message: made.complaints.append(f"{message.type}: {message.text}"))
        page.on("pageerror", lambda error: made.complaints.append(f"error: {error}"))
        return made

    def open(self, server: Server, fragment: str = "") -> Page:
        self.page.goto(server.url + fragment)
        return self.page

    def until_live(self) -> None:
        until_live(self.page)


def until_live(page: Page) -> None:
    """Wait until a text can be run. On a plain host a first visit starts again once its service worker answers."""
    for _ in range(3):
        try:
            page.wait_for_function("window.glassbox")
            page.evaluate("glassbox.ready()")
            return
        except Error as error:
            if "context was destroyed" not in str(error):
                raise
    raise AssertionError("The page starts again and again.")
