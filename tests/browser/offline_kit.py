"""Run inside a machine without a network: unpack a kit, start it as by a double click, use it in a browser.

``python -m tests.browser.offline_kit KIT.zip FOLDER chromium|firefox``; prints what was found as JSON.
"""

import json
import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

# In one call: every model loads, answers, and its tensors are there.
USE = """
  await glassbox.ready();
  const found = {};
  for (const { name } of await glassbox.models()) {
    await glassbox.load(name);
    const run = await glassbox.run("The little dog sat on the");
    const more = await glassbox.generate(3, { temperature: 0 });
    const pattern = await glassbox.tensor("attention_pattern", { layer: 0, head: 0 });
    found[name] = { tokens: run.token_ids.length, generated: more.token_ids.length, shape: pattern.shape };
  }
  return { found, isolated: crossOriginIsolated };
"""


def unpack(packed: Path, folder: Path) -> Path:
    """As a file manager does: what may be started stays so."""
    with zipfile.ZipFile(packed) as archive:
        for info in archive.infolist():
            path = Path(archive.extract(info, folder))
            if mode := info.external_attr >> 16 & 0o777:
                path.chmod(mode)
    return next(path.parent for path in folder.rglob("SHA256SUMS"))


def use_chromium(url: str) -> dict[str, object]:
    """Answers of the page in Chromium."""
    from playwright.sync_api import sync_playwright

    from tests.browser.conftest import FLAGS

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=os.environ["CHROMIUM"], args=FLAGS)
        page = browser.new_page()
        page.set_default_timeout(200_000)
        page.goto(url)
        for _ in range(1200):
            if page.evaluate("Boolean(globalThis.glassbox)"):
                break
            page.wait_for_timeout(100)
        answer = dict(page.evaluate(f"async () => {{ {USE} }}"))
        browser.close()
    return answer


def use_firefox(url: str) -> dict[str, object]:
    """Answers of the page in Firefox."""
    from build_scripts.browsers import find_firefox
    from tests.engines.drivers import start_firefox

    program = find_firefox()
    assert program is not None
    engine = start_firefox(program, Path("/dev/null"))
    try:
        engine.open(url)
        engine.until("Boolean(window.glassbox)")
        return dict(engine.run(USE))
    finally:
        engine.close()


def main() -> int:
    packed, folder, browser = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]
    kit = unpack(packed, folder)
    sums = subprocess.run(["sha256sum", "-c", "--quiet", "SHA256SUMS"], cwd=kit, check=False).returncode
    starting = [str(kit / "Start-Linux.sh"), "--no-browser", "--port", "8960"]
    server = subprocess.Popen(
        starting, stdout=subprocess.PIPE, encoding="utf-8", env={**os.environ, "LC_ALL": "C.UTF-8"}
    )
    assert server.stdout is not None
    found = re.search(r"http://\S+", server.stdout.readline())
    assert found
    try:
        answer = use_chromium(found.group()) if browser == "chromium" else use_firefox(found.group())
    finally:
        server.terminate()
    networks = Path("/proc/net/dev").read_text(encoding="utf-8").splitlines()[2:]
    names = [line.split(":")[0].strip() for line in networks]
    print(json.dumps({**answer, "sums": sums, "networks": names, "stopped": server.wait(60)}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
