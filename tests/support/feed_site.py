"""A small newspaper's site over real HTTP: tests publish, correct and break it."""

from __future__ import annotations

import asyncio
import hashlib
import io
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from xml.sax.saxutils import escape

from aiohttp import web
from aiohttp.test_utils import TestServer
from PIL import Image

from tests.conftest import NOON


@dataclass
class Item:
    """One entry of the site's RSS feed."""

    title: str
    link: str = ""
    body: str = "Jakarta - Isi berita yang cukup panjang untuk dibaca orang banyak."
    published: int | None = NOON - 3600
    guid: str = ""
    labels: tuple[str, ...] = ()
    author: str = ""

    def xml(self) -> str:
        parts = [f"<title>{escape(self.title)}</title>"]
        if self.link:
            parts.append(f"<link>{escape(self.link)}</link>")
        if self.guid:
            parts.append(f'<guid isPermaLink="false">{escape(self.guid)}</guid>')
        if self.published is not None:
            moment = format_datetime(datetime.fromtimestamp(self.published, UTC))
            parts.append(f"<pubDate>{moment}</pubDate>")
        parts.append(f"<description>{escape(self.body)}</description>")
        parts += [f"<category>{escape(label)}</category>" for label in self.labels]
        if self.author:
            parts.append(f"<author>noreply@paper.example ({escape(self.author)})</author>")
        return "<item>" + "".join(parts) + "</item>"


def jpeg(colour: str) -> bytes:
    """A small picture of one colour."""
    stream = io.BytesIO()
    Image.new("RGB", (640, 360), colour).save(stream, "JPEG")
    return stream.getvalue()


def item(name: str, **more: object) -> Item:
    """An entry with its own address and guid."""
    link = f"https://paper.example/2023/08/{name}.html"
    values: dict[str, object] = {"link": link, "guid": f"tag:paper.example,2023:{name}"}
    return Item(title=f"Berita {name}", **(values | more))  # type: ignore[arg-type]


@dataclass
class Site:
    """What is served now. `items` are newest first; `raw` takes the place of the feed."""

    items: list[Item] = field(default_factory=list)
    title: str = "Kabar Contoh"
    raw: bytes | None = None
    status: int = 200
    validators: bool = True
    frozen: bool = False
    """It tells whoever sends a validator that nothing has changed."""
    looks: int = 0
    answered: list[int] = field(default_factory=list)
    address: str = ""
    hub: str = ""
    """Named in the feed, as WebSub wants it; `headers` go with every answer."""
    itself: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)
    """JPEG pictures by path."""
    looked: asyncio.Event = field(default_factory=asyncio.Event)
    """Somebody has asked for the feed."""

    @property
    def feed(self) -> str:
        return f"{self.address}/feed"

    def body(self) -> bytes:
        if self.raw is not None:
            return self.raw
        return self.document(self.items)

    def document(self, items: Sequence[Item]) -> bytes:
        """The feed with these entries."""
        links = "".join(
            f'<atom:link xmlns:atom="http://www.w3.org/2005/Atom" rel="{rel}" href="{address}"/>'
            for rel, address in (("hub", self.hub), ("self", self.itself))
            if address
        )
        entries = "".join(one.xml() for one in items)
        return (
            '<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"><channel>'
            f"<title>{escape(self.title)}</title><link>https://paper.example/</link>"
            f"{links}{entries}</channel></rss>"
        ).encode()

    async def serve(self, request: web.Request) -> web.Response:
        self.looks += 1
        self.looked.set()
        body = self.body()
        etag = f'"{hashlib.sha256(body).hexdigest()[:12]}"' if self.validators else ""
        if self.frozen:
            etag = '"always"'
        if self.status != 200:
            answer = web.Response(status=self.status)
        elif etag and request.headers.get("If-None-Match") == etag:
            answer = web.Response(status=304)
        else:
            headers = self.headers | ({"ETag": etag} if etag else {})
            answer = web.Response(body=body, content_type="application/rss+xml", headers=headers)
        self.answered.append(answer.status)
        return answer

    async def picture(self, request: web.Request) -> web.Response:
        content = self.files.get(request.path)
        if content is None:
            raise web.HTTPNotFound
        return web.Response(body=content, content_type="image/jpeg")

    async def front_page(self, request: web.Request) -> web.Response:
        text = (
            "<html><head><title>Kabar Contoh</title>"
            '<link rel="alternate" type="application/rss+xml" href="/feed"></head></html>'
        )
        return web.Response(text=text, content_type="text/html")


@asynccontextmanager
async def open_site(*items: Item) -> AsyncIterator[Site]:
    """A site on loopback with these entries, newest first."""
    site = Site(list(items))
    app = web.Application()
    app.router.add_get("/feed", site.serve)
    app.router.add_get("/", site.front_page)
    app.router.add_get("/{path:.+}", site.picture)
    server = TestServer(app)
    await server.start_server()
    site.address = f"http://127.0.0.1:{server.port}"
    try:
        yield site
    finally:
        await server.close()
