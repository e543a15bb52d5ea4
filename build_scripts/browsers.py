"""Finds the browsers that tests drive; on Debian as root it installs them. Standard library only."""

import os
import shutil
from collections.abc import Sequence
from pathlib import Path

from build_scripts.errors import BuildError
from build_scripts.setup import run, say

_CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge")
_CHROMIUM_PLACES = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "C:/Program Files/Google/Chrome/Application/chrome.exe",
)
# Suggestions for the address bar, which nobody sees here: a second of processor time for every new window. Chromium
# heeds only the last list of this kind, so what Playwright switches off stands in it as well.
_FEATURES_OFF = (
    *("WebUIOmniboxPopup", "WebUIOmniboxAimPopup", "WebUIOmniboxFullPopup"),
    *("AvoidUnnecessaryBeforeUnloadCheckSync", "DestroyProfileOnBrowserClose", "HttpsUpgrades"),
    *(
        "HttpsFirstBalancedModeAutoEnable",
        "LensOverlay",
        "MediaRouter",
        "PaintHolding",
        "ThirdPartyStoragePartitioning",
    ),
    *("AvoidCorsURLLoaderRestartOnRedirect", "TcpPortRandomizationWin", "OptimizationHints"),
    *("NetworkTimeServiceQuerying", "AimEnabled", "PreconnectToSearch"),
)
CHROMIUM_FLAGS = (
    "--no-sandbox",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    f"--disable-features={','.join(_FEATURES_OFF)}",
)
_FIREFOX_NAMES = ("firefox-esr", "firefox")
_FIREFOX_PLACES = (
    "/Applications/Firefox.app/Contents/MacOS/firefox",
    "C:/Program Files/Mozilla Firefox/firefox.exe",
)


def find_chromium() -> str:
    """Path of a Chromium-like browser. On Debian as root it is installed; elsewhere BuildError says how."""
    found = _find("CHROMIUM", _CHROMIUM_NAMES, _CHROMIUM_PLACES)
    if found is None and _install("Chromium", ["chromium", "fonts-noto-cjk", "librsvg2-bin"]):
        found = _find("CHROMIUM", _CHROMIUM_NAMES, _CHROMIUM_PLACES)
    if found is None:
        raise BuildError(
            "Chromium is missing; install Chromium or Chrome, or name its program in the variable CHROMIUM."
        )
    return found


def find_firefox() -> str | None:
    """Path of Firefox, or None where there is none."""
    return _find("FIREFOX", _FIREFOX_NAMES, _FIREFOX_PLACES)


def find_webkit_driver() -> str | None:
    """Path of WebKitGTK's WebDriver, or None where there is none."""
    return _find("WEBKIT_DRIVER", ("WebKitWebDriver",))


def install_engines() -> None:
    """Install, on Debian as root, what is missing of Firefox ESR, WebKitGTK and the screen WebKitGTK draws on."""
    wanted = {
        "firefox-esr": find_firefox(),
        "webkit2gtk-driver": find_webkit_driver(),
        "xvfb": shutil.which("Xvfb"),
    }
    missing = [package for package, found in wanted.items() if found is None]
    if missing:
        _install(", ".join(missing), [*missing, "fonts-noto-cjk"])


def _find(variable: str, names: Sequence[str], places: Sequence[str] = ()) -> str | None:
    found = os.environ.get(variable) or next(filter(None, map(shutil.which, names)), None)
    return found or next((place for place in places if Path(place).exists()), None)


def _install(title: str, packages: Sequence[str]) -> bool:
    """Whether this is Debian and we are root, so that it was done."""
    if not (shutil.which("apt-get") and hasattr(os, "geteuid") and os.geteuid() == 0):
        return False
    say(f"Installing {title}")
    run(["apt-get", "update", "-qq"])
    run(["apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages])
    return True
