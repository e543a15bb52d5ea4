"""The bench counts what was sent, and its own page can be built."""

import gzip
import urllib.request
from pathlib import Path

from build_scripts.bench.__main__ import _flat
from build_scripts.bench.counting import CountingServer
from build_scripts.bundle import bundle_bench


def fetch(address: str) -> None:
    request = urllib.request.Request(address, headers={"Accept-Encoding": "gzip"})
    with urllib.request.urlopen(request, timeout=60) as answer:
        answer.read()


def test_bytes_are_those_sent_and_counted_once(tmp_path: Path) -> None:
    packed = gzip.compress(b"a" * 5000)
    (tmp_path / "models").mkdir()
    (tmp_path / "a.js").write_bytes(b"a" * 5000)
    (tmp_path / "a.js.gz").write_bytes(packed)
    (tmp_path / "models" / "weights.bin").write_bytes(bytes(300))
    with CountingServer(tmp_path) as server:
        fetch(server.url + "a.js")
        fetch(server.url + "models/weights.bin")
        assert server.counted() == {"page_bytes": len(packed), "model_bytes": 300}
        assert server.counted() == {"page_bytes": 0, "model_bytes": 0}


def test_the_bench_page_is_built(tmp_path: Path) -> None:
    bundle_bench(tmp_path)
    text = (tmp_path / "bench.html").read_text(encoding="utf-8")
    script = text.split('src="')[1].split('"')[0]
    assert (tmp_path / script).is_file()
    assert len(list((tmp_path / "assets").glob("python-*.js"))) == 1


def test_the_table_has_a_line_for_each_figure() -> None:
    lines = _flat({"cold": {"live_ms": [3.0, 1.0, 2.0], "peak": None}}, "start")
    assert lines == [("start, cold, live_ms", "         2.0          1.0")]
