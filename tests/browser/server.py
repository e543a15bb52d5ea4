"""A built site on a free port, with a host that can be in trouble."""

import asyncio
import threading
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path

from aiohttp import web

from build_scripts.serve import make_app

Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]
Trouble = Callable[[web.Request, Answer], Awaitable[web.StreamResponse]]


@dataclass
class Server:
    """The site on a free port. ``trouble``, where set, answers instead of it."""

    site: Path
    is_isolated: bool = True
    url: str = ""
    requests: list[str] = field(default_factory=list)
    trouble: Trouble | None = None

    def start(self) -> None:
        started = threading.Event()

        def serve() -> None:
            self._loop = asyncio.new_event_loop()
            asyncio.set_event_loop(self._loop)
            self._loop.run_until_complete(self._listen())
            started.set()
            self._loop.run_forever()
            self._loop.run_until_complete(self._runner.cleanup())

        self._thread = threading.Thread(target=serve, daemon=True)
        self._thread.start()
        assert started.wait(60)

    def stop(self) -> None:
        """From now on nothing answers. A second time it does nothing."""
        if self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join(60)

    def do(self, what: Callable[[], object]) -> None:
        """Call something where requests are answered."""
        self._loop.call_soon_threadsafe(what)

    async def _listen(self) -> None:
        @web.middleware
        async def meddle(request: web.Request, handler: Answer) -> web.StreamResponse:
            self.requests.append(request.path)
            return await (self.trouble(request, handler) if self.trouble else handler(request))

        app = make_app(self.site, self.is_isolated)
        app.middlewares.append(meddle)
        # In a sub-folder, as on a shared host: no address may start at the root.
        outer = web.Application()
        outer.add_subapp("/some/folder", app)
        self._runner = web.AppRunner(outer, access_log=None)
        await self._runner.setup()
        listener = web.TCPSite(self._runner, "127.0.0.1", 0)
        await listener.start()
        port = listener._server.sockets[0].getsockname()[1]  # type: ignore[union-attr]
        self.url = f"http://127.0.0.1:{port}/some/folder/"
