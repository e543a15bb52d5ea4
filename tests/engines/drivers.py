"""Browsers of other makes behind one small interface: scripts, and real clicks and keys."""

import contextlib
import os
import subprocess
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

SIZE = (1366, 800)
_SECONDS = 120
# The body of an async function, with its arguments in `given`; a rejection comes back as what it is.
_SCRIPT = """
const given = [...arguments], done = given.pop();
(async () => { %s })().then(
  (value) => done({ value }),
  (error) => done({ error: error?.message ? `${error.code ?? error.name}: ${error.message}` : String(error) }),
);
"""


class Element(Protocol):
    """A part of the page, as a hand finds it."""

    def click(self) -> None: ...
    def send_keys(self, *keys: str) -> None: ...


@dataclass
class Engine:
    """A browser that runs. ``element`` finds by CSS selector; ``gone`` is raised where a page leaves while asked."""

    name: str
    version: str
    open: Callable[[str], None]
    element: Callable[[str], Element]
    keys: Any
    gone: tuple[type[Exception], ...]
    close: Callable[[], None]
    _execute: Callable[[str, list[Any]], Any]

    def run(self, body: str, *given: Any) -> Any:
        """What an async function in the page answers; AssertionError with its error where it fails."""
        answer = self._execute(_SCRIPT % body, list(given))
        assert "error" not in answer, answer["error"]
        return answer["value"]

    def until(self, condition: str, *given: Any) -> Any:
        """Wait until a condition holds in the page; answers its value. Fails after a minute.

        Asked again and again from here: a page that starts anew takes with it what waits inside it.
        """
        end = time.monotonic() + 60
        while time.monotonic() < end:
            with contextlib.suppress(*self.gone):
                if value := self.run(f"return {condition}", *given):
                    return value
            time.sleep(0.1)
        raise AssertionError(f"in vain: {condition}")


def start_firefox(program: str, log: Path) -> Engine:
    """Firefox, driven by Marionette, its own interface."""
    from marionette_driver.by import By
    from marionette_driver.errors import MarionetteException
    from marionette_driver.keys import Keys
    from marionette_driver.marionette import Marionette

    driver = Marionette(bin=program, headless=True, gecko_log=str(log), port=0)
    driver.start_session()
    driver.timeout.script = _SECONDS
    driver.set_window_rect(width=SIZE[0], height=SIZE[1])

    def close() -> None:
        driver.quit()
        driver.instance.profile.cleanup()
        # Or a new one is made when the interpreter ends.
        driver.instance = None

    return Engine(
        "Firefox",
        driver.session_capabilities["browserVersion"],
        driver.navigate,
        lambda selector: driver.find_element(By.CSS_SELECTOR, selector),
        Keys,
        (MarionetteException,),
        close,
        lambda code, given: driver.execute_async_script(code, given, sandbox=None, new_sandbox=False),
    )


def start_webkit(program: str, log: Path) -> Engine:
    """WebKitGTK's small browser on a screen of its own, driven by WebDriver."""
    from selenium.common.exceptions import WebDriverException
    from selenium.webdriver import WebKitGTK, WebKitGTKOptions
    from selenium.webdriver.common.by import By
    from selenium.webdriver.common.keys import Keys
    from selenium.webdriver.webkitgtk.service import Service

    screen, display = _start_screen()
    # Sites keep their data here: a folder of its own is a browser nobody has used yet.
    home = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
    folders = {f"XDG_{kind}_HOME": home.name for kind in ("DATA", "CACHE", "CONFIG")}
    drawing = {"DISPLAY": display, "GDK_BACKEND": "x11", "LIBGL_ALWAYS_SOFTWARE": "1"}
    service = Service(program, env={**os.environ, **folders, **drawing}, log_output=str(log))
    try:
        driver = WebKitGTK(options=WebKitGTKOptions(), service=service)
    except BaseException:
        screen.terminate()
        raise
    driver.set_script_timeout(_SECONDS)
    driver.set_window_size(*SIZE)

    def close() -> None:
        driver.quit()
        screen.terminate()
        screen.wait(10)
        home.cleanup()

    return Engine(
        "WebKitGTK",
        driver.capabilities["browserVersion"],
        driver.get,
        lambda selector: driver.find_element(By.CSS_SELECTOR, selector),
        Keys,
        (WebDriverException,),
        close,
        lambda code, given: driver.execute_async_script(code, *given),
    )


def _start_screen() -> tuple[subprocess.Popen[bytes], str]:
    """A screen in memory, and its name; it picks a number that is free."""
    reading, writing = os.pipe()
    command = ["Xvfb", "-displayfd", str(writing), "-screen", "0", "1440x1000x24", "-nolisten", "tcp"]
    screen = subprocess.Popen(command, pass_fds=[writing], stderr=subprocess.DEVNULL)
    os.close(writing)
    with os.fdopen(reading) as line:
        number = line.readline().strip()
    assert number, "Xvfb did not start"
    return screen, f":{number}"
