"""Serves ``dist/`` on this machine: ranges, compressed siblings, isolation headers, caching by name."""

import re
from collections.abc import Awaitable, Callable
from pathlib import Path

from aiohttp import web

from build_scripts.errors import BuildError

HOST = "127.0.0.1"
_PORTS_TRIED = 20
# A name that holds a hash of the content may be kept for ever: esbuild's hashes, and those of a model's files.
_HASHED = re.compile(r"-([0-9A-Z]{8}|[0-9a-f]{12})\.\w+$")
_TYPES = {
    ".mjs": "text/javascript",
    ".js": "text/javascript",
    ".wasm": "application/wasm",
    ".run": "application/octet-stream",
}
_TYPES |= {".onnx": "application/octet-stream", ".bin": "application/octet-stream", ".whl": "application/zip"}
_ISOLATION = {"Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Embedder-Policy": "require-corp"}

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def make_app(site: Path, is_isolated: bool = True) -> web.Application:
    """The site as an application; tests put their own middleware before it."""

    async def answer(request: web.Request) -> web.StreamResponse:
        path = (site / request.match_info["path"]).resolve()
        if path.is_dir():
            path = path / "index.html"
        if not path.is_relative_to(site.resolve()) or not path.is_file():
            raise web.HTTPNotFound(text="Not found.")
        headers = {"Cache-Control": "max-age=31536000, immutable" if _HASHED.search(path.name) else "no-cache"}
        if is_isolated:
            headers |= _ISOLATION
        if path.suffix in _TYPES:
            headers["Content-Type"] = _TYPES[path.suffix]
        # FileResponse knows ranges, validators, and the .gz beside a file.
        return web.FileResponse(path, headers=headers)

    app = web.Application()
    app.router.add_get("/{path:.*}", answer)
    return app


def serve(site: Path, port: int, is_isolated: bool) -> None:
    """Serve until interrupted; takes the next free port where ``port`` is taken."""
    for tried in range(port, port + _PORTS_TRIED):
        try:
            web.run_app(
                make_app(site, is_isolated),
                host=HOST,
                port=tried,
                print=lambda _, at=tried: print(f"Glassbox is at http://{HOST}:{at}/  (Ctrl+C stops it)", flush=True),
                access_log=None,
            )
            return
        except OSError:
            continue
    raise BuildError(f"No port from {port} to {port + _PORTS_TRIED - 1} is free; choose one with --port.")
