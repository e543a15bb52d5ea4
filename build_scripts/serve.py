"""Serves ``dist/``: ranges, compressed siblings, isolation headers, caching by name."""

import asyncio
import signal
import socket
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path

from aiohttp import web

from build_scripts.bounded import BoundedListener
from build_scripts.errors import BuildError
from glassbox.site_server import HOST, PORTS_TRIED, compressed, find_file, headers_of, is_known, tag_of

# A browser opens up to six connections to a host and keeps them for a while: as many as a hundred laptops at once.
MOST_CONNECTIONS = 600
_KEEP_ALIVE_S = 30
# Beyond this share of them a connection ends with its answer, so that others get their turn.
_CROWDED = 0.75
_STOP_S = 2

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def make_app(site: Path, is_isolated: bool = True) -> web.Application:
    """The site as an application; tests put their own middleware before it."""

    async def answer(request: web.Request) -> web.StreamResponse:
        # Below whatever folder the site is mounted in.
        path = find_file(site, request.match_info["path"])
        if path is None:
            raise web.HTTPNotFound(text="Not found.")
        beside = compressed(path, request.headers.get("Accept-Encoding", ""))
        tag = await asyncio.to_thread(tag_of, beside or path)
        headers = headers_of(site, path.name, is_isolated)
        headers |= {"ETag": tag, "Vary": "Accept-Encoding"}
        if is_known(tag, request.headers.get("If-None-Match")):
            return web.Response(status=304, headers=headers)
        begun = request.headers.get("If-Range", tag)
        if begun != tag:
            # What the browser has the beginning of is no longer there: it gets all of the new one.
            return web.Response(body=await asyncio.to_thread(path.read_bytes), headers=headers | {"ETag": tag_of(path)})
        # FileResponse knows ranges and the .gz beside a file; its own tag is a time, which copying a site changes.
        return web.FileResponse(path, headers=headers)

    async def tag(request: web.Request, response: web.StreamResponse) -> None:
        if isinstance(response, web.FileResponse) and (path := find_file(site, request.match_info["path"])):
            response.headers["ETag"] = tag_of(
                (response.headers.get("Content-Encoding") and compressed(path, "gzip")) or path
            )

    app = web.Application()
    app.router.add_get("/{path:.*}", answer)
    app.on_response_prepare.append(tag)
    return app


async def start(app: web.Application, host: str, port: int) -> tuple[web.AppRunner, BoundedListener]:
    """Listen with bounded connections. Raises OSError where the port is taken."""

    async def make_room(request: web.Request, response: web.StreamResponse) -> None:
        if runner.server and len(runner.server.connections) > _CROWDED * MOST_CONNECTIONS:
            response.force_close()

    app.on_response_prepare.append(make_room)
    runner = web.AppRunner(app, access_log=None, keepalive_timeout=_KEEP_ALIVE_S, shutdown_timeout=_STOP_S)
    await runner.setup()
    assert runner.server is not None
    try:
        return runner, BoundedListener(_listening(host, port), runner.server, MOST_CONNECTIONS)
    except OSError:
        await runner.cleanup()
        raise


def serve(app: web.Application, port: int, say: Callable[[int], None], host: str = HOST) -> None:
    """Serve until interrupted; takes the next free port where ``port`` is taken, and tells ``say`` which."""
    with suppress(KeyboardInterrupt):
        asyncio.run(_serve(app, port, say, host))


async def _serve(app: web.Application, port: int, say: Callable[[int], None], host: str) -> None:
    for tried in range(port, port + PORTS_TRIED):
        try:
            runner, listener = await start(app, host, tried)
            break
        except OSError:
            continue
    else:
        raise BuildError(f"No port from {port} to {port + PORTS_TRIED - 1} is free; choose one with --port.")
    stopped = asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        # Windows knows no handlers here; Ctrl+C interrupts by itself.
        with suppress(NotImplementedError):
            asyncio.get_running_loop().add_signal_handler(name, stopped.set)
    say(tried)
    try:
        await stopped.wait()
    finally:
        await listener.close()
        await runner.cleanup()


def _listening(host: str, port: int) -> socket.socket:
    return socket.create_server((host, port), backlog=1024)
