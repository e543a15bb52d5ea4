"""For a class: the address in words and as a code that can be read back, bounded connections, a clean stop."""

import asyncio
import re
import signal
import socket
import subprocess
import sys
from pathlib import Path

import aiohttp
import pytest
import segno
from aiohttp import web

from build_scripts import lan
from build_scripts.bounded import BoundedListener

ADDRESS = "http://192.168.1.20:8000/"


def test_the_board_shows_the_address_and_its_code() -> None:
    page = lan.board(ADDRESS)
    assert page.count(ADDRESS) >= 2
    code = segno.make(ADDRESS, error="m")
    drawn = re.search(r'<path[^>]* d="([^"]+)"', page.split('stroke="#000"')[0] + page)
    assert drawn, "the code is drawn in the page itself"
    assert code.svg_inline(scale=10, border=4, dark="#000", light="#fff", omitsize=True) in page
    assert "<script" not in page
    assert 'lang="zh-CN"' in page


def test_an_address_cannot_bring_markup() -> None:
    assert "<script" not in lan.board('http://"><script>x</script>/')


def test_the_terminal_shows_address_code_and_what_is_lost() -> None:
    said = lan.terminal_words(ADDRESS)
    assert ADDRESS in said
    assert f"{ADDRESS}board" in said
    assert "█" in said
    assert "one thread" in said
    assert "no network" not in said
    assert "no network" in lan.terminal_words("http://127.0.0.1:8000/")


def test_a_machine_has_an_address() -> None:
    assert re.fullmatch(r"\d+\.\d+\.\d+\.\d+", lan.own_address())


def test_connections_are_bounded_and_nobody_is_refused() -> None:
    """Twenty visitors, three at a time: all are served, never more than three at once."""

    async def run() -> tuple[int, int]:
        now = most = 0

        async def answer(request: web.Request) -> web.Response:
            nonlocal now, most
            now += 1
            most = max(most, now)
            await asyncio.sleep(0.02)
            now -= 1
            return web.Response(text="here", headers={"Connection": "close"})

        app = web.Application()
        app.router.add_get("/", answer)
        runner = web.AppRunner(app)
        await runner.setup()
        assert runner.server is not None
        listener = BoundedListener(socket.create_server(("127.0.0.1", 0)), runner.server, 3)

        async def visit() -> str:
            async with aiohttp.ClientSession() as session:
                return await (await session.get(f"http://127.0.0.1:{listener.port}/")).text()

        answers = await asyncio.gather(*(visit() for _ in range(20)))
        await listener.close()
        await runner.cleanup()
        return answers.count("here"), most

    assert asyncio.run(run()) == (20, 3)


@pytest.mark.skipif(sys.platform == "win32", reason="signals are sent otherwise on Windows")
def test_it_serves_page_and_board_and_stops_when_told(tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text("<!doctype html>the page")
    call = "from pathlib import Path; from build_scripts.lan import serve_lan;"
    call += f"serve_lan(Path({str(tmp_path)!r}), 8780, '127.0.0.1')"
    running = subprocess.Popen([sys.executable, "-c", call], stdout=subprocess.PIPE, encoding="utf-8", cwd=Path.cwd())
    assert running.stdout is not None
    found = re.search(r"http://127\.0\.0\.1:\d+/", running.stdout.readline())
    assert found

    async def ask() -> tuple[str, str, int]:
        async with aiohttp.ClientSession() as session:
            page = await (await session.get(found.group())).text()
            board = await (await session.get(f"{found.group()}board")).text()
            return page, board, (await session.get(f"{found.group()}none")).status

    page, board, missing = asyncio.run(ask())
    assert page == "<!doctype html>the page"
    assert found.group() in board
    assert missing == 404
    running.send_signal(signal.SIGTERM)
    assert running.wait(10) == 0
