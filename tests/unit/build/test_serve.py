"""The server: types, ranges, validators, compression, isolation, and nothing outside the site."""

import asyncio
import gzip
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from aiohttp import ClientSession
from aiohttp.test_utils import TestClient, TestServer
from aiohttp.web import Application, Request

from build_scripts.serve import make_app

TEXT = b"body { color: red; }\n" * 20
Client = TestClient[Request, Application]


@pytest.fixture
def site(tmp_path: Path) -> Path:
    folder = tmp_path / "dist"
    (folder / "assets").mkdir(parents=True)
    (tmp_path / "secret.txt").write_text("not of the site")
    (folder / "index.html").write_text("<!doctype html>")
    (folder / "assets" / "main-ABCD2345.css").write_bytes(TEXT)
    (folder / "assets" / "main-ABCD2345.css.gz").write_bytes(gzip.compress(TEXT))
    (folder / "ort-wasm-simd-threaded.wasm").write_bytes(bytes(range(256)))
    (folder / "ort-wasm-simd-threaded.mjs").write_text("export {};")
    (folder / "weights-0123456789ab.bin").write_bytes(bytes(range(100)))
    return folder


def ask(site: Path, do: Callable[[Client], Awaitable[None]], is_isolated: bool = True) -> None:
    """Let ``do`` ask a running server."""

    async def run() -> None:
        async with TestClient(TestServer(make_app(site, is_isolated)), auto_decompress=False) as client:
            await do(client)

    asyncio.run(run())


def test_pages_and_types(site: Path) -> None:
    async def do(client: Client) -> None:
        for path, kind in {
            "/": "text/html",
            "/ort-wasm-simd-threaded.wasm": "application/wasm",
            "/ort-wasm-simd-threaded.mjs": "text/javascript",
            "/weights-0123456789ab.bin": "application/octet-stream",
        }.items():
            answer = await client.get(path)
            assert (answer.status, answer.content_type) == (200, kind), path

    ask(site, do)


def test_only_names_with_a_hash_are_kept_for_ever(site: Path) -> None:
    async def do(client: Client) -> None:
        for path, is_kept in {
            "/": False,
            "/ort-wasm-simd-threaded.wasm": False,
            "/ort-wasm-simd-threaded.mjs": False,
            "/weights-0123456789ab.bin": True,
            "/assets/main-ABCD2345.css": True,
        }.items():
            control = (await client.get(path)).headers["Cache-Control"]
            assert ("immutable" in control) == is_kept, path
            assert is_kept or control == "no-cache"

    ask(site, do)


def test_a_range(site: Path) -> None:
    async def do(client: Client) -> None:
        answer = await client.get("/weights-0123456789ab.bin", headers={"Range": "bytes=10-19"})
        assert answer.status == 206
        assert await answer.read() == bytes(range(10, 20))
        assert answer.headers["Content-Range"] == "bytes 10-19/100"
        assert (await client.get("/weights-0123456789ab.bin", headers={"Range": "bytes=200-"})).status == 416

    ask(site, do)


def test_unchanged_files_are_not_sent_again(site: Path) -> None:
    async def do(client: Client) -> None:
        tag = (await client.get("/")).headers["ETag"]
        answer = await client.get("/", headers={"If-None-Match": tag})
        assert answer.status == 304

    ask(site, do)


def test_compressed_where_the_browser_takes_it(site: Path) -> None:
    async def do(client: Client) -> None:
        packed = await client.get("/assets/main-ABCD2345.css", headers={"Accept-Encoding": "gzip"})
        assert packed.headers["Content-Encoding"] == "gzip"
        assert packed.content_type == "text/css"
        assert gzip.decompress(await packed.read()) == TEXT
        plain = await client.get("/assets/main-ABCD2345.css", headers={"Accept-Encoding": "identity"})
        assert await plain.read() == TEXT

    ask(site, do)


@pytest.mark.parametrize("is_isolated", [True, False])
def test_isolation(site: Path, is_isolated: bool) -> None:
    async def do(client: Client) -> None:
        headers = (await client.get("/")).headers
        assert ("Cross-Origin-Opener-Policy" in headers) == is_isolated
        assert ("Cross-Origin-Embedder-Policy" in headers) == is_isolated

    ask(site, do, is_isolated)


@pytest.mark.parametrize("path", ["/../secret.txt", "/%2e%2e/secret.txt", "/assets/..%2f..%2fsecret.txt", "/none"])
def test_nothing_outside_the_site(site: Path, path: str) -> None:
    async def run() -> None:
        async with TestServer(make_app(site)) as server, ClientSession() as session:
            from yarl import URL

            answer = await session.get(URL(f"http://{server.host}:{server.port}{path}", encoded=True))
            assert answer.status == 404

    asyncio.run(run())
