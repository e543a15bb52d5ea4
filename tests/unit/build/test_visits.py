"""A class in small: twenty visitors come twice to the laptop's server, whose memory is looked at meanwhile."""

import asyncio
import gzip
import os
from pathlib import Path

import pytest

from build_scripts.visits import LanServer, Tally, many, measure

VISITS = 20
LARGE = 3_000_000


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    (folder / "assets").mkdir()
    files = {
        "index.html": b"<!doctype html><title>Site</title>" + b"<p>word</p>" * 1000,
        "manifest.json": b'{"format": 1}' * 500,
        "assets/main-ABCDEFGH.js": b"const answer = 42;\n" * 5000,
        "weights-0123456789ab.bin": os.urandom(LARGE),
    }
    for name, data in files.items():
        (folder / name).write_bytes(data)
        if not name.endswith(".bin"):
            (folder / f"{name}.gz").write_bytes(gzip.compress(data))
    return folder


def test_all_bytes_are_right_and_a_second_visit_hears_that_nothing_has_changed(site: Path) -> None:
    addresses = ["index.html", "manifest.json", "assets/main-ABCDEFGH.js", "weights-0123456789ab.bin"]
    server = LanServer(site, 8930)
    try:
        first, second = asyncio.run(measure(server, site, addresses, VISITS, 5))
        spoilt = {"manifest.json": ("0" * 64, "no-cache")}
        noticed = asyncio.run(many(server.url, spoilt, 2, 2, None))
    finally:
        status = server.stop()
    assert (first.visits, first.refused, first.wrong) == (VISITS, 0, [])
    assert first.statuses == {200: VISITS * len(addresses)}
    assert first.body_bytes > VISITS * LARGE
    assert (second.visits, second.refused, second.wrong) == (VISITS, 0, [])
    # What may be kept for ever is not asked for again.
    assert second.statuses == {304: VISITS * 2}
    assert 100 < second.body_bytes / VISITS < 20_000
    assert 0 < server.most_bytes < 150_000_000
    assert status == 0
    assert len(noticed.wrong) == 2


def test_a_server_that_is_away_is_counted() -> None:
    tally: Tally = asyncio.run(many("http://127.0.0.1:9/", {"index.html": ("", "no-cache")}, 3, 3, None))
    assert (tally.visits, tally.refused) == (3, 3)
