"""The wheel with the page in it: installed in a fresh environment, served by its own command, opened, used, ended."""

import os
import re
import subprocess
import sys
import sysconfig
import venv
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from build_scripts.wheel import build_wheel

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def python(site: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The interpreter of an environment that has the wheel, and what it requires from this one: no network is asked."""
    place = tmp_path_factory.mktemp("wheel")
    wheel = build_wheel(place, site)
    venv.create(place / "venv", with_pip=False)
    interpreter = place / "venv" / ("Scripts" if os.name == "nt" else "bin") / "python"
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--python", str(interpreter), "install"]
    subprocess.run([*pip, "--quiet", "--no-deps", "--no-index", str(wheel)], check=True)
    ask = [str(interpreter), "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"]
    packages = Path(subprocess.run(ask, check=True, capture_output=True, encoding="utf-8").stdout.strip())
    (packages / "required.pth").write_text(sysconfig.get_path("purelib"), encoding="utf-8")
    return interpreter


@pytest.fixture
def address(python: Path, tmp_path: Path) -> Iterator[str]:
    kept = {name: value for name, value in os.environ.items() if name not in {"PYTHONPATH", "VIRTUAL_ENV"}}
    serving = subprocess.Popen(
        [str(python), "-m", "glassbox", "serve", "--no-browser", "--port", "8970"],
        stdout=subprocess.PIPE,
        encoding="utf-8",
        cwd=tmp_path,
        env={**kept, "LC_ALL": "C.UTF-8"},
    )
    assert serving.stdout is not None
    found = re.search(r"http://\S+", serving.stdout.readline())
    assert found
    yield found.group()
    serving.terminate()
    assert serving.wait(60) == 0
    assert "Stopped." in serving.stdout.read()


def test_it_serves_the_page_that_came_with_it(chromium: Browser, address: str) -> None:
    page = chromium.new_context().new_page()
    page.set_default_timeout(60_000)
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(f"{message.type}: {message.text}"))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(address)
    page.locator(".status").get_by_text("Live:").wait_for()
    assert page.evaluate("crossOriginIsolated") is True
    for name, n_tokens in (("starter", 1), ("toy", 5)):
        page.evaluate("name => glassbox.load(name)", name)
        assert page.evaluate("glassbox.run('Hello').then((run) => run.token_ids.length)") == n_tokens
    assert complaints == []
    # The line for a notebook shows one figure of it.
    page.goto(f"{address}?embed=attention#text=The+cat+sat")
    page.locator(".embedded .card, .embedded .river-svg").first.wait_for()
    page.context.close()
