"""Serves a folder in a thread of its own and counts what goes over the wire."""

import asyncio
import threading
from pathlib import Path
from types import TracebackType

from aiohttp import web

from build_scripts.serve import make_app
from glassbox.site_server import HOST


class CountingServer:
    """The site on a free port; ``bytes_sent`` by path, bodies only, as they were sent (mostly compressed)."""

    def __init__(self, site: Path) -> None:
        self._site = site
        self.url = ""
        self.bytes_sent: dict[str, int] = {}

    def __enter__(self) -> "CountingServer":
        started = threading.Event()

        async def listen() -> None:
            app = make_app(self._site)
            app.on_response_prepare.append(self._count)
            self._runner = web.AppRunner(app, access_log=None)
            await self._runner.setup()
            await web.TCPSite(self._runner, HOST, 0).start()
            self.url = f"http://{HOST}:{self._runner.addresses[0][1]}/"
            started.set()

        def serve() -> None:
            asyncio.set_event_loop(self._loop)
            self._loop.run_until_complete(listen())
            self._loop.run_forever()
            self._loop.run_until_complete(self._runner.cleanup())

        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=serve, daemon=True)
        self._thread.start()
        if not started.wait(10):
            raise TimeoutError("the server did not start")
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)

    def counted(self) -> dict[str, int]:
        """Bytes since the last call: of page and runtimes, and of models."""
        models = sum(size for path, size in self.bytes_sent.items() if path.startswith("/models/"))
        total = sum(self.bytes_sent.values())
        self.bytes_sent = {}
        return {"page_bytes": total - models, "model_bytes": models}

    async def _count(self, request: web.Request, response: web.StreamResponse) -> None:
        length = int(response.headers.get("Content-Length", 0))
        self.bytes_sent[request.path] = self.bytes_sent.get(request.path, 0) + length
