"""A newspaper's article pages over real HTTP: with rules, faults and a memory of who asked."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from hashlib import sha256

from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.core.model import Story
from tests.support.feed_site import Item, Site, item

TEXT = "Jakarta - Warga bergotong royong membersihkan sungai sejak pagi hari ini. " * 8


@dataclass
class Press:
    """A site with a short feed and a page for every address that ends in `.html`.

    `robots` None gives `robots_status`; `answers` names other answers than 200 by path; what is in
    `slow` waits until `hold` is set.
    """

    address: str = ""
    robots: str | None = None
    robots_status: int = 404
    text: str = TEXT
    headlines: dict[str, str] = field(default_factory=dict)
    """By path: the heading of its page."""
    nothing: Callable[[str], web.StreamResponse] | None = None
    """What it answers for addresses that are in neither feed nor `headlines`; None: the same as for
    all."""
    answers: dict[str, web.Response] = field(default_factory=dict)
    slow: set[str] = field(default_factory=set)
    hold: asyncio.Event = field(default_factory=asyncio.Event)
    asked: list[str] = field(default_factory=list)
    moments: dict[str, float] = field(default_factory=dict)
    arrived: dict[str, asyncio.Event] = field(default_factory=lambda: defaultdict(asyncio.Event))
    """By path: somebody has asked for it."""
    conditions: dict[str, str] = field(default_factory=lambda: defaultdict(str))
    at_once: int = 0
    most_at_once: int = 0
    site: Site = field(default_factory=Site)

    async def serve(self, request: web.Request) -> web.StreamResponse:
        if request.path == "/feed":
            return await self.site.serve(request)
        self.asked.append(request.path)
        self.arrived[request.path].set()
        self.moments[request.path] = asyncio.get_running_loop().time()
        self.conditions[request.path] = request.headers.get("If-None-Match", "")
        if request.path == "/robots.txt":
            if self.robots is None:
                return web.Response(status=self.robots_status)
            return web.Response(text=self.robots)
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            if request.path in self.slow:
                await self.hold.wait()
            await asyncio.sleep(0)
        finally:
            self.at_once -= 1
        answer = self.answers.pop(request.path, None)
        if answer is None and self.nothing and request.path not in self.headlines:
            return self.nothing(request.path)
        return answer if answer is not None else self.page(request)

    def page(self, request: web.Request) -> web.Response:
        tag = f'"{sha256(self.text.encode()).hexdigest()}"'
        if request.headers.get("If-None-Match") == tag:
            return web.Response(status=304, headers={"ETag": tag})
        head = self.headlines.get(request.path, "Sungai bersih")
        text = (
            '<html><head><meta property="og:image" content="/gambar/sungai.jpg"></head><body>'
            f"<article><h1>{head}</h1><p>{self.text}</p><p>{self.text}</p></article></body>"
        )
        return web.Response(text=text, content_type="text/html", headers={"ETag": tag})

    def story(self, name: str) -> Story:
        return Story(key=name, headline="Sungai bersih", link=f"{self.address}/{name}.html")

    def item(self, name: str, **more: object) -> Item:
        """An entry of the feed: a summary that is too short, and no picture."""
        values = {"link": f"{self.address}/{name}.html", "body": "Ringkasan."}
        return item(name, **(values | more))

    def pages(self) -> list[str]:
        """What was asked for besides robots.txt."""
        return [path for path in self.asked if path != "/robots.txt"]


@asynccontextmanager
async def open_press() -> AsyncIterator[Press]:
    """A press on loopback."""
    press = Press()
    app = web.Application()
    app.router.add_get("/{path:.*}", press.serve)
    server = TestServer(app)
    await server.start_server()
    press.address = press.site.address = f"http://127.0.0.1:{server.port}"
    try:
        yield press
    finally:
        press.hold.set()
        await server.close()
