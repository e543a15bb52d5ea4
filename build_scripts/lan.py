"""A teacher's laptop as the class's host: its address as words, as a QR code, and on a page for the projector."""

import html
import io
import socket
from contextlib import suppress
from pathlib import Path

import segno
from aiohttp import web

from build_scripts.bounded import raise_file_limit
from build_scripts.serve import MOST_CONNECTIONS, make_app, serve
from glassbox.site_server import HOST

BOARD = "/board"
# Files open at once: a connection and the file it is sent from, and some that were there before.
_FILES = 2 * MOST_CONNECTIONS + 200
# An address of nobody (RFC 5737): asking which way leads there sends nothing.
_ELSEWHERE = ("192.0.2.1", 9)
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"


def serve_lan(site: Path, port: int, host: str | None) -> None:
    """Serve a site to everybody on the network until interrupted. host: the address to print; found out if None."""
    raise_file_limit(_FILES)
    told = host or own_address()
    address = ""

    async def show(request: web.Request) -> web.Response:
        headers = {"Content-Security-Policy": _POLICY, "Cache-Control": "no-store"}
        return web.Response(text=board(address), content_type="text/html", headers=headers)

    def say(taken: int) -> None:
        nonlocal address
        address = f"http://{told}:{taken}/"
        print(terminal_words(address), flush=True)

    app = make_app(site)
    app.router.add_get(BOARD, show)
    serve(app, port, say, "0.0.0.0")


def own_address() -> str:
    """This machine's address on the network it is in; its own, 127.0.0.1, where it is in none."""
    with suppress(OSError), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
        asking.connect(_ELSEWHERE)
        return str(asking.getsockname()[0])
    # A network without a way out, such as a router that is connected to nothing.
    with suppress(OSError):
        for *_, address in socket.getaddrinfo(socket.gethostname(), None, socket.AF_INET):
            if not str(address[0]).startswith("127."):
                return str(address[0])
    return HOST


def terminal_words(address: str) -> str:
    """What a terminal shows: the address, its QR code, the board, and what plain http lacks."""
    code = io.StringIO()
    segno.make(address, error="m").terminal(code, compact=True, border=2)
    lines = [f"Glassbox is at {address}  (Ctrl+C stops it)", code.getvalue()]
    lines.append(f"For the projector: {address.rstrip('/')}{BOARD}")
    lines.append("Over plain http browsers allow one thread only and keep nothing for offline use; all else works.")
    if address.startswith(f"http://{HOST}"):
        lines.append("This machine is in no network: only it can open the address. Join one, or name it with --host.")
    return "\n".join(lines)


def board(address: str) -> str:
    """The page for the projector: the address, large, and its QR code."""
    code = segno.make(address, error="m").svg_inline(scale=10, border=4, dark="#000", light="#fff", omitsize=True)
    shown = html.escape(address)
    return f"""<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Glassbox: {shown}</title>
<style>
  body {{ margin: 0; min-height: 100vh; display: grid; grid-template-rows: auto 1fr auto; place-items: center;
    gap: 2vh; padding: 3vh 4vw; box-sizing: border-box; color: #000; background: #fff;
    font-family: system-ui, sans-serif; }}
  h1 {{ margin: 0; font-size: min(7vw, 12vh); font-family: ui-monospace, monospace; overflow-wrap: anywhere; }}
  h1 a {{ color: inherit; text-decoration: none; }}
  svg {{ height: 58vh; max-width: 90vw; }}
  p {{ margin: 0; font-size: min(2.6vw, 3.4vh); text-align: center; line-height: 1.4; }}
</style>
<h1><a href="{shown}">{shown}</a></h1>
{code}
<div>
  <p>Join the class’s Wi-Fi, then open this address. Nothing to install.</p>
  <p lang="zh-CN">连接教室的 Wi-Fi,在浏览器中打开此网址。无需安装。</p>
</div>
</html>
"""
