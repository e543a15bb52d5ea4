"""The kit, unpacked and used where there is no network: in a network namespace that holds this machine alone."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from build_scripts.browsers import find_chromium, find_firefox
from build_scripts.kit import make_kit

# A namespace without any network but the machine's own.
ALONE = ["unshare", "--map-root-user", "--net", "sh", "-c", 'ip link set lo up && exec "$@"', "sh"]


def can_be_alone() -> bool:
    if shutil.which("unshare") is None or shutil.which("ip") is None:
        return False
    return subprocess.run([*ALONE, "true"], capture_output=True, check=False).returncode == 0


@pytest.fixture(scope="module")
def packed(site: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_kit(site, tmp_path_factory.mktemp("kit") / "glassbox-kit")


@pytest.mark.skipif(not can_be_alone(), reason="this system gives no network namespaces (unshare, ip)")
@pytest.mark.parametrize(
    "browser",
    [pytest.param("chromium", marks=pytest.mark.browser), pytest.param("firefox", marks=pytest.mark.engines)],
)
def test_it_works_with_the_network_cut_off(packed: Path, tmp_path: Path, browser: str) -> None:
    if browser == "firefox" and find_firefox() is None:
        pytest.skip("Firefox is not installed (on Debian: apt-get install firefox-esr)")
    command = [*ALONE, sys.executable, "-m", "tests.browser.offline_kit", str(packed), str(tmp_path), browser]
    environment = {**os.environ, "CHROMIUM": find_chromium(), "PYTHONPATH": os.pathsep.join(["src", "."])}
    outcome = subprocess.run(command, capture_output=True, encoding="utf-8", env=environment, timeout=500, check=False)
    assert outcome.returncode == 0, outcome.stderr[-2000:]
    answer = json.loads(outcome.stdout.splitlines()[-1])
    assert answer["networks"] == ["lo"]
    assert answer["sums"] == 0
    assert answer["stopped"] == 0
    assert answer["isolated"] is True
    assert set(answer["found"]) == {"starter", "toy"}
    for found in answer["found"].values():
        assert found["generated"] == 3
        assert found["shape"] == [found["tokens"] + 3] * 2
