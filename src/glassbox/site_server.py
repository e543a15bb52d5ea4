"""Serves a built site to this machine. Standard library of Python 3.8 or later: it also stands by itself, in a kit."""

from __future__ import annotations

import argparse
import hashlib
import html
import locale
import os
import re
import signal
import sys
import threading
import webbrowser
from contextlib import suppress
from functools import lru_cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import IO, Any
from urllib.parse import unquote, urlsplit

HOST = "127.0.0.1"
PORTS_TRIED = 20
# A name that holds a hash of the content may be kept for ever: esbuild's hashes, and those of a model's files.
_HASHED = re.compile(r"-([0-9A-Z]{8}|[0-9a-f]{12})\.\w+$")
_OTHER = "application/octet-stream"
TYPES = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".mjs": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".wasm": "application/wasm",
    ".whl": "application/zip",
    ".woff2": "font/woff2",
    ".zip": "application/zip",
}
ISOLATION = {"Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Embedder-Policy": "require-corp"}
_POLICY = re.compile(r'http-equiv="Content-Security-Policy"\s+content="([^"]*)"')
_RANGE = re.compile(r"bytes=(\d*)-(\d*)")
_PIECE = 1 << 16

WORDS = {
    "en": {
        "at": "Glassbox is at {url}\nLeave this window open while you use it; Ctrl+C stops it.",
        "stopped": "Stopped.",
        "no_port": "No port from {first} to {last} is free. Close other servers, or choose one with --port.",
        "no_site": "There is no site in {folder}. Unpack the whole kit, or name the site's folder.",
    },
    "zh": {
        "at": "Glassbox 已启动:{url}\n使用期间请不要关闭此窗口;按 Ctrl+C 停止。",
        "stopped": "已停止。",
        "no_port": "端口 {first} 到 {last} 都被占用。请关闭其他服务器,或用 --port 另选一个端口。",
        "no_site": "{folder} 中没有网站文件。请完整解压,或指定网站所在的文件夹。",
    },
}


def headers_of(site: Path, name: str, is_isolated: bool = True) -> dict[str, str]:
    """What every server says of a file of a site, by its name."""
    suffix = name[name.rfind(".") :] if "." in name else ""
    headers = {
        "Content-Type": TYPES.get(suffix, _OTHER),
        "Cache-Control": "max-age=31536000, immutable" if _HASHED.search(name) else "no-cache",
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
    }
    policy = policy_of(site)
    if policy:
        # The page brings its own; a worker goes by the header of its file.
        headers["Content-Security-Policy"] = policy
    if is_isolated:
        headers.update(ISOLATION)
    return headers


def policy_of(site: Path) -> str:
    """The Content-Security-Policy that the page states; empty where it states none."""
    page = site / "index.html"
    return _policy(page, page.stat().st_mtime_ns) if page.is_file() else ""


@lru_cache(maxsize=8)
def _policy(page: Path, _changed: int) -> str:
    found = _POLICY.search(page.read_text(encoding="utf-8"))
    return html.unescape(found.group(1)) if found else ""


def find_file(site: Path, name: str) -> Path | None:
    """The file of an unquoted address relative to the site; None for what is not of it, and for folders but its own."""
    name = name.lstrip("/") or "index.html"
    if "\0" in name or "\\" in name or name.endswith(".gz"):
        return None
    try:
        found, root = (site / name).resolve(), site.resolve()
        found.relative_to(root)
    except (ValueError, OSError, RuntimeError):
        return None
    return found if found.is_file() else None


def tag_of(path: Path) -> str:
    """A strong entity tag: the hash of the content, computed once."""
    state = path.stat()
    return _tag(path, state.st_mtime_ns, state.st_size)


@lru_cache(maxsize=4096)
def _tag(path: Path, _changed: int, _size: int) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        for piece in iter(lambda: file.read(_PIECE * 16), b""):
            digest.update(piece)
    return f'"{digest.hexdigest()[:32]}"'


def is_known(tag: str, asked: str | None) -> bool:
    """Whether If-None-Match holds the tag."""
    return asked is not None and (asked.strip() == "*" or tag in [part.strip() for part in asked.split(",")])


def compressed(path: Path, accepted: str) -> Path | None:
    """The .gz beside a file, where there is one and the browser takes it."""
    beside = path.with_name(path.name + ".gz")
    is_taken = any(
        part.split(";")[0].strip() == "gzip" and not re.search(r";\s*q=0(\.0*)?$", part) for part in accepted.split(",")
    )
    return beside if is_taken and beside.is_file() else None


class SiteHandler(BaseHTTPRequestHandler):
    """Answers GET and HEAD of a site's files: ranges, tags, compressed siblings."""

    protocol_version = "HTTP/1.1"
    server_version = "Glassbox"
    sys_version = ""
    timeout = 60
    site = Path()
    is_isolated = True

    def do_GET(self) -> None:
        self._answer(has_body=True)

    def do_HEAD(self) -> None:
        self._answer(has_body=False)

    def log_message(self, format: str, *args: Any) -> None:
        """Nobody reads a line for each request."""

    def _answer(self, has_body: bool) -> None:
        found = find_file(self.site, unquote(urlsplit(self.path).path))
        if found is None:
            self._say(404, "Not found.\n", has_body)
            return
        headers = headers_of(self.site, found.name, self.is_isolated)
        headers.update({"Vary": "Accept-Encoding", "Accept-Ranges": "bytes"})
        asked = self.headers.get("Range")
        sent = None if asked else compressed(found, self.headers.get("Accept-Encoding", ""))
        if sent is not None:
            headers["Content-Encoding"] = "gzip"
        sent = sent or found
        headers["ETag"] = tag = tag_of(sent)
        if is_known(tag, self.headers.get("If-None-Match")):
            self._begin(304, headers, None)
            return
        size = sent.stat().st_size
        start, end, status = 0, size, 200
        if asked and self.headers.get("If-Range", tag) == tag:
            part = _part(asked, size)
            if part == (0, 0):
                self._begin(416, dict(headers, **{"Content-Range": f"bytes */{size}"}), 0)
                return
            if part is not None:
                (start, end), status = part, 206
                headers["Content-Range"] = f"bytes {start}-{end - 1}/{size}"
        self._begin(status, headers, end - start)
        if has_body:
            with sent.open("rb") as file:
                file.seek(start)
                _copy(file, self.wfile, end - start)

    def _begin(self, status: int, headers: dict[str, str], length: int | None) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if length is not None:
            self.send_header("Content-Length", str(length))
        self.end_headers()

    def _say(self, status: int, words: str, has_body: bool) -> None:
        body = words.encode()
        self._begin(status, {"Content-Type": "text/plain; charset=utf-8", "Cache-Control": "no-store"}, len(body))
        if has_body:
            self.wfile.write(body)


def _part(asked: str, size: int) -> tuple[int, int] | None:
    """First byte and end of the range asked for; (0, 0) where there is none such, None where all is to be sent."""
    found = _RANGE.fullmatch(asked.replace(" ", ""))
    if not found or found.group(0) == "bytes=-":
        return None
    first, last = found.groups()
    start = int(first) if first else max(0, size - int(last))
    end = min(size, int(last) + 1) if first and last else size
    return (start, end) if start < end else (0, 0)


def _copy(source: IO[bytes], target: Any, length: int) -> None:
    while length > 0:
        piece = source.read(min(_PIECE, length))
        if not piece:
            return
        target.write(piece)
        length -= len(piece)


class SiteServer(ThreadingHTTPServer):
    """A few visitors on this machine; a broken connection is no news."""

    daemon_threads = True
    # Another program's port is not to be shared, as Windows would.
    allow_reuse_address = os.name != "nt"

    def handle_error(self, request: Any, client_address: Any) -> None:
        if not isinstance(sys.exc_info()[1], OSError):
            super().handle_error(request, client_address)


def make_server(site: Path, port: int, is_isolated: bool = True) -> SiteServer:
    """A server on the first free port from ``port`` on. Raises OSError where none of the next 20 is free."""
    handler = type("Handler", (SiteHandler,), {"site": site.resolve(), "is_isolated": is_isolated})
    for tried in range(port, port + PORTS_TRIED):
        try:
            return SiteServer((HOST, tried), handler)
        except OSError:
            if tried == port + PORTS_TRIED - 1:
                raise
    raise AssertionError("not reached")


def words() -> dict[str, str]:
    """What is said on the terminal, in the language of the machine."""
    spoken = next(filter(None, (os.environ.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG"))), "")
    if not spoken:
        with suppress(locale.Error):
            locale.setlocale(locale.LC_CTYPE, "")
            spoken = locale.getlocale(locale.LC_CTYPE)[0] or ""
    return WORDS["zh" if spoken.lower().startswith(("zh", "chinese")) else "en"]


def serve(site: Path, port: int = 8000, is_browser_opened: bool = True) -> int:
    """Serve until interrupted; returns the exit status."""
    say = words()
    if not (site / "index.html").is_file():
        print(say["no_site"].format(folder=site), file=sys.stderr)
        return 2
    try:
        server = make_server(site, port)
    except OSError:
        print(say["no_port"].format(first=port, last=port + PORTS_TRIED - 1), file=sys.stderr)
        return 2
    # Browsers know this address for the machine's own: the page may keep itself for offline use, and use threads.
    url = f"http://{HOST}:{server.server_address[1]}/"
    print(say["at"].format(url=url), flush=True)
    signal.signal(signal.SIGTERM, lambda *_: threading.Thread(target=server.shutdown).start())
    if is_browser_opened:
        threading.Timer(0.5, webbrowser.open, [url]).start()
    with suppress(KeyboardInterrupt):
        server.serve_forever(poll_interval=0.2)
    server.server_close()
    print(say["stopped"], flush=True)
    return 0


def add_arguments(parser: argparse.ArgumentParser, site: Path) -> None:
    """The options of ``serve``; ``site`` is what is served where no folder is named."""
    parser.add_argument("site", type=Path, nargs="?", default=site, help="folder of the built site")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--no-browser", action="store_true", help="do not open the page in a browser")


def main() -> int:
    """The kit's server: serves the folder ``site`` beside the folder of this file."""
    if hasattr(sys.stdout, "reconfigure"):
        # A terminal that lacks a character shows another, instead of stopping the server.
        sys.stdout.reconfigure(errors="replace")
        sys.stderr.reconfigure(errors="replace")  # type: ignore[union-attr]
    parser = argparse.ArgumentParser(description="Serves Glassbox to this machine.")
    add_arguments(parser, Path(__file__).resolve().parent.parent / "site")
    parsed = parser.parse_args()
    return serve(parsed.site, parsed.port, not parsed.no_browser)


if __name__ == "__main__":
    sys.exit(main())
