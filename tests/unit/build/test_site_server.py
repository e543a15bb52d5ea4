"""The server that needs nothing but Python 3.8: what a browser asks for, what is not of the site, and a clean stop."""

import ast
import gzip
import http.client
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from glassbox import site_server
from glassbox.__main__ import main

TEXT = b"body { color: red; }\n" * 20
POLICY = "default-src 'none'; script-src 'self'"


@pytest.fixture
def site(tmp_path: Path) -> Path:
    folder = tmp_path / "site"
    (folder / "assets").mkdir(parents=True)
    (tmp_path / "secret.txt").write_text("not of the site")
    page = f'<!doctype html><meta http-equiv="Content-Security-Policy" content="{POLICY}">'
    (folder / "index.html").write_text(page)
    (folder / "assets" / "main-ABCD2345.css").write_bytes(TEXT)
    (folder / "assets" / "main-ABCD2345.css.gz").write_bytes(gzip.compress(TEXT))
    (folder / "weights-0123456789ab.bin").write_bytes(bytes(range(100)))
    if os.name != "nt":
        (folder / "way-out").symlink_to(tmp_path / "secret.txt")
    return folder


@pytest.fixture
def connection(site: Path) -> Iterator[http.client.HTTPConnection]:
    server = site_server.make_server(site, 8700)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    made = http.client.HTTPConnection("127.0.0.1", server.server_address[1], timeout=60)
    yield made
    made.close()
    server.shutdown()
    thread.join()
    server.server_close()


def get(
    connection: http.client.HTTPConnection, path: str, headers: dict[str, str] | None = None, method: str = "GET"
) -> tuple[int, http.client.HTTPMessage, bytes]:
    connection.request(method, path, headers=headers or {})
    answer = connection.getresponse()
    return answer.status, answer.headers, answer.read()


def test_a_page_has_type_policy_and_isolation(connection: http.client.HTTPConnection) -> None:
    status, headers, body = get(connection, "/?from=somewhere")
    assert status == 200
    assert headers["Content-Type"] == "text/html; charset=utf-8"
    assert headers["Content-Security-Policy"] == POLICY
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Cache-Control"] == "no-cache"
    assert body.startswith(b"<!doctype html>")


def test_compressed_siblings_are_sent_only_to_who_takes_them(connection: http.client.HTTPConnection) -> None:
    path = "/assets/main-ABCD2345.css"
    _, plain_headers, plain = get(connection, path)
    _, packed_headers, packed = get(connection, path, {"Accept-Encoding": "br, gzip;q=0.5"})
    assert plain == gzip.decompress(packed) == TEXT
    assert packed_headers["Content-Encoding"] == "gzip"
    assert packed_headers["ETag"] != plain_headers["ETag"]
    assert "immutable" in plain_headers["Cache-Control"]
    _, refused, _ = get(connection, path, {"Accept-Encoding": "gzip;q=0"})
    assert refused["Content-Encoding"] is None


def test_a_tag_is_of_the_content(connection: http.client.HTTPConnection, site: Path) -> None:
    _, headers, _ = get(connection, "/")
    tag = headers["ETag"]
    assert re.fullmatch(r'"[0-9a-f]{32}"', tag)
    assert get(connection, "/", {"If-None-Match": f'"other", {tag}'})[0] == 304
    os.utime(site / "index.html", (1, 1))
    assert get(connection, "/", {"If-None-Match": tag})[0] == 304, "a copy of the same content has the same tag"
    (site / "index.html").write_text("<!doctype html>changed")
    assert get(connection, "/", {"If-None-Match": tag})[0] == 200


@pytest.mark.parametrize(
    ("asked", "status", "expected"),
    [
        ("bytes=10-19", 206, bytes(range(10, 20))),
        ("bytes=90-", 206, bytes(range(90, 100))),
        ("bytes=-5", 206, bytes(range(95, 100))),
        ("bytes=50-500", 206, bytes(range(50, 100))),
        ("bytes=100-", 416, b""),
        ("bytes=20-10", 416, b""),
        ("lines=1-2", 200, bytes(range(100))),
    ],
)
def test_ranges(connection: http.client.HTTPConnection, asked: str, status: int, expected: bytes) -> None:
    got, headers, body = get(connection, "/weights-0123456789ab.bin", {"Range": asked})
    assert (got, body) == (status, expected)
    if status == 206:
        assert headers["Content-Range"] == f"bytes {expected[0]}-{expected[-1]}/100"


def test_a_range_of_an_older_file_is_not_joined_to_a_newer_one(connection: http.client.HTTPConnection) -> None:
    asked = {"Range": "bytes=10-19", "If-Range": '"older"'}
    assert get(connection, "/weights-0123456789ab.bin", asked)[0] == 200


@pytest.mark.parametrize(
    "path",
    [
        *("/../secret.txt", "/%2e%2e/secret.txt", "/assets/..%2f..%2fsecret.txt", "/..%5csecret.txt", "/way-out"),
        *("/none", "/assets", "/assets/", "/assets/main-ABCD2345.css.gz", "//etc/passwd", "/%00"),
    ],
)
def test_nothing_but_files_of_the_site(connection: http.client.HTTPConnection, path: str) -> None:
    status, _, body = get(connection, path)
    assert (status, body) == (404, b"Not found.\n")


def test_head_and_other_methods(connection: http.client.HTTPConnection) -> None:
    status, headers, body = get(connection, "/weights-0123456789ab.bin", method="HEAD")
    assert (status, headers["Content-Length"], body) == (200, "100", b"")
    assert get(connection, "/", method="POST")[0] == 501


def test_it_is_written_for_python_3_8() -> None:
    ast.parse(Path(site_server.__file__).read_text(encoding="utf-8"), feature_version=(3, 8))


def test_it_calls_nothing_that_python_3_8_lacks() -> None:
    # Annotations are not evaluated in this file, so their newer forms do no harm.
    vermin = Path(sys.executable).with_name("vermin.exe" if os.name == "nt" else "vermin")
    command = [str(vermin), "--target=3.8-", "--violations", "--no-eval-annotations"]
    outcome = subprocess.run([*command, site_server.__file__], capture_output=True, text=True, check=False)
    assert outcome.returncode == 0, outcome.stdout


def python_3_8() -> str:
    found = [shutil.which("python3.8"), *Path.home().glob(".pyenv/versions/3.8.*/bin/python")]
    return next((str(path) for path in found if path and runs(str(path))), sys.executable)


def runs(python: str) -> bool:
    return subprocess.run([python, "-c", ""], capture_output=True, check=False).returncode == 0


@pytest.mark.skipif(os.name == "nt", reason="signals are sent otherwise on Windows")
@pytest.mark.parametrize(("language", "word"), [("zh_CN.UTF-8", "已停止"), ("en_US.UTF-8", "Stopped")])
def test_it_starts_tells_its_address_and_stops(site: Path, tmp_path: Path, language: str, word: str) -> None:
    server = shutil.copy(site_server.__file__, tmp_path / "serve.py")
    running = subprocess.Popen(
        [python_3_8(), "-W", "error", server, str(site), "--port", "8750", "--no-browser"],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env={**os.environ, "LC_ALL": language, "PYTHONIOENCODING": "utf-8"},
        encoding="utf-8",
    )
    assert running.stdout is not None
    found = re.search(r"http://127\.0\.0\.1:(\d+)/", running.stdout.readline())
    assert found
    connection = http.client.HTTPConnection("127.0.0.1", int(found.group(1)), timeout=60)
    assert get(connection, "/")[0] == 200
    connection.close()
    running.send_signal(signal.SIGTERM)
    said, _ = running.communicate(timeout=60)
    assert running.returncode == 0
    assert word in said


def test_a_folder_without_a_site(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["serve", str(tmp_path), "--no-browser"]) == 2
    assert str(tmp_path) in capsys.readouterr().err
