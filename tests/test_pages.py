"""Reading articles' pages over real HTTP: politely, once, and never in the way of news."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.core.model import Story
from bot.fetch import Fetcher
from bot.pages import Pages
from tests.conftest import Clock

TEXT = "Jakarta - Warga bergotong royong membersihkan sungai sejak pagi hari ini. " * 8
PAGE = (
    '<html><head><meta property="og:image" content="/gambar/sungai.jpg"></head><body><article>'
    f"<h1>Sungai bersih</h1><p>{TEXT}</p><p>{TEXT}</p></article></body></html>"
)


@dataclass
class Press:
    """A site with pages; `robots` None gives 404."""

    address: str = ""
    robots: str | None = None
    robots_status: int = 404
    asked: list[str] = field(default_factory=list)
    at_once: int = 0
    most_at_once: int = 0
    hold: asyncio.Event = field(default_factory=asyncio.Event)

    async def serve(self, request: web.Request) -> web.Response:
        self.asked.append(request.path)
        if request.path == "/robots.txt":
            if self.robots is None:
                return web.Response(status=self.robots_status)
            return web.Response(text=self.robots)
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        if request.path.startswith("/slow"):
            await self.hold.wait()
        await asyncio.sleep(0)
        self.at_once -= 1
        return web.Response(text=PAGE, content_type="text/html")

    def story(self, name: str) -> Story:
        return Story(key=name, headline="Sungai bersih", link=f"{self.address}/{name}.html")


@pytest.fixture
async def press() -> AsyncIterator[Press]:
    press = Press()
    app = web.Application()
    app.router.add_get("/{path:.*}", press.serve)
    server = TestServer(app)
    await server.start_server()
    press.address = f"http://127.0.0.1:{server.port}"
    yield press
    press.hold.set()
    await server.close()


@pytest.fixture
async def pages(clock: Clock) -> AsyncIterator[Pages]:
    async with Fetcher(allow_private=True) as fetcher:
        yield Pages(fetcher, clock=clock)


async def test_a_page_gives_what_the_feed_lacked(press: Press, pages: Pages) -> None:
    found = await pages.complete([press.story("a")])
    picture = found["a"].picture
    assert picture is not None
    assert picture.address == f"{press.address}/gambar/sungai.jpg"
    assert "Warga bergotong royong" in found["a"].lead
    assert found["a"].headline == "Sungai bersih"


async def test_robots_are_obeyed_and_asked_once(press: Press, pages: Pages) -> None:
    press.robots = "User-agent: *\nDisallow: /b"
    found = await pages.complete([press.story("a"), press.story("b")])
    assert set(found) == {"a"}
    assert press.asked.count("/robots.txt") == 1
    assert "/b.html" not in press.asked


async def test_one_page_at_a_time(press: Press, pages: Pages) -> None:
    assert len(await pages.complete([press.story(name) for name in "abcd"])) == 4
    assert press.most_at_once == 1


async def test_a_site_in_trouble_is_left_alone_for_a_while(
    press: Press, pages: Pages, clock: Clock
) -> None:
    press.robots_status = 500
    assert await pages.complete([press.story("a")]) == {}
    assert await pages.complete([press.story("b")]) == {}
    assert press.asked == ["/robots.txt"]
    press.robots_status = 404
    clock.pass_(601)
    assert set(await pages.complete([press.story("c")])) == {"c"}


async def test_a_slow_site_does_not_hold_news_back(
    press: Press, pages: Pages, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.pages._PATIENCE", 0.05)
    assert await pages.complete([press.story("slow")]) == {}
    asked = len(press.asked)
    assert await pages.complete([press.story("slow2")]) == {}
    assert len(press.asked) == asked


async def test_what_is_not_there_changes_nothing(pages: Pages) -> None:
    story = Story(key="x", headline="x", link="http://127.0.0.1:1/x.html")
    assert await pages.complete([story]) == {}
