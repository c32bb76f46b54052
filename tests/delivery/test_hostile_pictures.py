"""Pictures from slow, endless, broken and hostile servers, over real HTTP: none holds up
another."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress

import pytest

from bot.core.posts.pictures import Sight
from bot.delivery.pictures import Pictures
from bot.fetch import Fetcher
from tests.support.picture_server import png

OK = b"HTTP/1.1 200 OK\r\nContent-Type: image/png\r\nConnection: close\r\n"


class Hostile:
    """Answers by path; `freed` releases what hangs."""

    def __init__(self) -> None:
        self.address = ""
        self.asked: list[str] = []
        self.heard = asyncio.Condition()
        self.freed = asyncio.Event()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            head = await reader.readuntil(b"\r\n\r\n")
            path = head.split(b" ")[1].decode()
            async with self.heard:
                self.asked.append(path)
                self.heard.notify_all()
            await self._answer(path.partition("?")[0], writer)
        writer.close()

    async def has_been_asked(self, times: int) -> None:
        async with asyncio.timeout(60), self.heard:
            await self.heard.wait_for(lambda: len(self.asked) >= times)

    async def _answer(self, path: str, writer: asyncio.StreamWriter) -> None:
        whole = png()
        match path:
            case "/good":
                writer.write(OK + b"\r\n" + whole)
            case "/empty":
                writer.write(OK + b"Content-Length: 0\r\n\r\n")
            case "/pixel":
                writer.write(OK + b"\r\n" + png((1, 1)))
            case "/page":
                writer.write(OK + b"\r\n<html>no picture</html>")
            case "/torn":
                writer.write(OK + b"Content-Length: 99999\r\n\r\n" + whole[:200])
            case "/loop":
                writer.write(b"HTTP/1.1 302 Found\r\nLocation: /loop\r\nContent-Length: 0\r\n\r\n")
            case "/endless":
                writer.write(OK + b"\r\n")
                while True:
                    writer.write(bytes(1 << 20))
                    await writer.drain()
            case "/drip":
                writer.write(OK + b"\r\n" + whole[:100])
                await writer.drain()
                await self.freed.wait()
                writer.write(whole[100:])
            case _:
                await self.freed.wait()
        await writer.drain()


@pytest.fixture
async def hostile() -> AsyncIterator[Hostile]:
    site = Hostile()
    server = await asyncio.start_server(site.serve, "127.0.0.1", 0)
    site.address = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    async with server:
        yield site
        site.freed.set()


@pytest.mark.parametrize(
    ("path", "finding"),
    [
        ("/good", Sight.FOUND),
        ("/empty", Sight.MISSING),
        ("/pixel", Sight.SMALL),
        ("/page", Sight.MISSING),
        ("/torn", Sight.MISSING),
        ("/loop", Sight.MISSING),
        ("/endless", Sight.MISSING),
    ],
)
async def test_what_becomes_of_bad_pictures(hostile: Hostile, path: str, finding: Sight) -> None:
    async with Fetcher(allow_private=True) as fetcher:
        look = await Pictures(fetcher).look_long(hostile.address + path)
    assert look.finding is finding
    assert bool(look.content) == (finding is Sight.FOUND)


@pytest.mark.parametrize("path", ["/drip", "/silent"])
async def test_what_is_slow_goes_on_while_others_come(hostile: Hostile, path: str) -> None:
    async with Fetcher(allow_private=True) as fetcher:
        pictures = Pictures(fetcher, patience=0.05)
        slow = hostile.address + path
        assert (await pictures.look(slow)).finding is Sight.LATE
        assert (await pictures.look(slow)).finding is Sight.LATE
        await hostile.has_been_asked(1)
        assert hostile.asked == [path]  # the same download
        hostile.freed.set()
        found = await pictures.look_long(slow)
        assert found.finding is (Sight.FOUND if path == "/drip" else Sight.MISSING)
        await pictures.close()


async def test_a_server_that_hangs_keeps_two_places_and_no_others(hostile: Hostile) -> None:
    other = hostile.address.replace("127.0.0.1", "localhost")
    async with Fetcher(allow_private=True) as fetcher:
        pictures = Pictures(fetcher, patience=0.05)
        looks = [pictures.look(f"{hostile.address}/silent?{one}") for one in range(6)]
        findings = {one.finding for one in await asyncio.gather(*looks)}
        assert findings == {Sight.LATE}
        await hostile.has_been_asked(2)
        assert (await pictures.look_long(f"{other}/good")).finding is Sight.FOUND
        assert [one.partition("?")[0] for one in hostile.asked] == ["/silent"] * 2 + ["/good"]
        await pictures.close()
