"""Some of the cases that ``python3 -m build_scripts faults`` goes through, each file by another fault."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser.faults import first_visit, fresh, run_case

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(
    ("kind", "fault"),
    [
        ("main script", "sign-in page"),
        ("style sheet", "flipped byte"),
        ("Pyodide's wasm", "404"),
        ("manifest", "cut short"),
    ],
)
def test_a_first_visit_ends_well(chromium: Browser, site: Path, kind: str, fault: str) -> None:
    with fresh(chromium, site) as (context, server):
        assert run_case(context, server, kind, fault, 0).words == "well"


def test_a_later_visit_ends_well(chromium: Browser, site: Path) -> None:
    with fresh(chromium, site) as (context, server):
        first_visit(context, server)
        assert run_case(context, server, "index.html", "sign-in page", 0).words == "well"
