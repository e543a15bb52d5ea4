"""A listener with bounded connections: others wait in the system's queue and are not refused."""

import asyncio
import socket
from collections.abc import Callable
from contextlib import suppress
from typing import Any


class BoundedListener:
    """Hands accepted connections to protocols made by ``protocol_of``, at most ``most`` at a time."""

    def __init__(self, listening: socket.socket, protocol_of: Callable[[], asyncio.Protocol], most: int) -> None:
        listening.setblocking(False)
        self.port: int = listening.getsockname()[1]
        self._listening = listening
        self._protocol_of = protocol_of
        self._free = asyncio.Semaphore(most)
        self._task = asyncio.create_task(self._accept())

    async def close(self) -> None:
        """Accept no more; what is under way goes on."""
        self._task.cancel()
        with suppress(asyncio.CancelledError):
            await self._task
        self._listening.close()

    async def _accept(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            await self._free.acquire()
            try:
                connection, _ = await loop.sock_accept(self._listening)
            except OSError:
                # A visitor who left while waiting, or no file handles for a moment.
                self._free.release()
                await asyncio.sleep(0.05)
                continue
            with suppress(OSError):
                await loop.connect_accepted_socket(
                    lambda: _Counted(self._protocol_of(), self._free.release),
                    connection,
                )


class _Counted(asyncio.Protocol):
    """Passes everything on to another protocol, and says when its connection is lost."""

    def __init__(self, inner: asyncio.Protocol, release: Callable[[], None]) -> None:
        self._inner = inner
        self._release = release

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._inner.connection_made(transport)

    def connection_lost(self, exc: Exception | None) -> None:
        self._release()
        self._inner.connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        self._inner.data_received(data)

    def eof_received(self) -> bool | None:
        return self._inner.eof_received()

    def pause_writing(self) -> None:
        self._inner.pause_writing()

    def resume_writing(self) -> None:
        self._inner.resume_writing()


def raise_file_limit(wanted: int) -> None:
    """Let this process have so many files open, as far as the system allows; some give 256."""
    try:
        import resource
    except ImportError:
        return
    limits: Any = resource.getrlimit(resource.RLIMIT_NOFILE)
    if limits[0] < wanted:
        with suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (min(wanted, limits[1]), limits[1]))
