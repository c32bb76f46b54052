"""Walking back through archives over real HTTP: three ways of paging, resumed, polite, silent."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from rich.console import Console
from rich.progress import Progress

from bot.backfilling import Backfill
from bot.core.errors import FeedError
from bot.fetch import Fetcher
from storage import Database
from tests.conftest import NOON, Clock
from tests.site import Item, item

PER_PAGE = 3
TOTAL = 8


@dataclass
class Archive:
    """A feed with eight entries, three to a page, in one of the ways that feeds have."""

    way: str = "atom"
    address: str = ""
    asked: list[str] = field(default_factory=list)
    refuse: dict[int, list[web.Response]] = field(default_factory=dict)

    def page(self, number: int) -> str:
        first = (number - 1) * PER_PAGE
        entries = [
            item(f"n{at}", published=NOON - at * 60) for at in range(first, TOTAL)[:PER_PAGE]
        ]
        more = first + PER_PAGE < TOTAL
        return self.rss(entries) if self.way == "wordpress" else self.atom(entries, number, more)

    def rss(self, entries: list[Item]) -> str:
        items = "".join(one.xml() for one in entries)
        return (
            '<rss version="2.0"><channel><title>Arsip</title>'
            f"<generator>https://wordpress.org/?v=6.4</generator>{items}</channel></rss>"
        )

    def atom(self, entries: list[Item], number: int, more: bool) -> str:
        relation = "next" if self.way == "atom" else "prev-archive"
        link = f'<link rel="{relation}" href="{self.address}?page={number + 1}"/>' if more else ""
        items = "".join(
            f"<entry><id>{one.guid}</id><title>{one.title}</title>"
            f'<link rel="alternate" href="{one.link}"/><updated>2023-08-31T00:00:00Z</updated>'
            f"<summary>{one.body}</summary></entry>"
            for one in entries
        )
        return (
            '<feed xmlns="http://www.w3.org/2005/Atom"><id>x</id><title>Arsip</title>'
            f"<updated>2023-08-31T00:00:00Z</updated>{link}{items}</feed>"
        )

    async def serve(self, request: web.Request) -> web.Response:
        number = int(request.query.get("page") or request.query.get("paged") or 1)
        self.asked.append(request.query_string)
        if self.refuse.get(number):
            return self.refuse[number].pop()
        if (number - 1) * PER_PAGE >= TOTAL:
            raise web.HTTPNotFound
        return web.Response(text=self.page(number), content_type="application/xml")


@pytest.fixture
async def archive() -> AsyncIterator[Archive]:
    archive = Archive()
    app = web.Application()
    app.router.add_get("/feed", archive.serve)
    server = TestServer(app)
    await server.start_server()
    archive.address = f"http://127.0.0.1:{server.port}/feed"
    yield archive
    await server.close()


class Walk:
    """Runs the walk and remembers how long it paused."""

    def __init__(self, db: Database, archive: Archive) -> None:
        self.db, self.archive = db, archive
        self.pauses: list[float] = []

    async def __call__(self) -> int:
        async def sleep(seconds: float) -> None:
            self.pauses.append(seconds)

        async with Fetcher(allow_private=True) as fetcher:
            walker = Backfill(self.db, fetcher, clock=Clock(), sleep=sleep)
            with Progress(console=Console(quiet=True)) as bar:
                return await walker.run([(self.archive.address, "")], bar)

    async def count(self, table: str) -> int:
        async with self.db.reading() as cx:
            return int(await cx.value(f"SELECT count(*) FROM {table}"))


@pytest.fixture
def walk(db: Database, archive: Archive) -> Walk:
    return Walk(db, archive)


@pytest.mark.parametrize("way", ["atom", "rfc5005", "wordpress"])
async def test_the_whole_archive_is_stored_and_nothing_posted(walk: Walk, way: str) -> None:
    walk.archive.way = way
    assert await walk() == TOTAL
    assert await walk.count("article") == TOTAL
    assert await walk.count("broadcast") == 0
    assert all(pause == 1.0 for pause in walk.pauses)


async def test_doing_it_twice_changes_nothing(walk: Walk) -> None:
    await walk()
    asked = len(walk.archive.asked)
    assert await walk() == 0
    assert len(walk.archive.asked) == asked


async def test_an_interrupted_walk_goes_on_where_it_stopped(walk: Walk) -> None:
    walk.archive.refuse[2] = [web.Response(status=500) for _ in range(4)]
    with pytest.raises(FeedError, match="500"):
        await walk()
    assert await walk.count("article") == PER_PAGE
    walk.archive.asked.clear()
    assert await walk() == TOTAL - PER_PAGE
    assert walk.archive.asked[0] == "page=2"


async def test_a_busy_host_is_given_the_time_it_asks_for(walk: Walk) -> None:
    walk.archive.refuse[2] = [web.Response(status=429, headers={"Retry-After": "90"})]
    assert await walk() == TOTAL
    assert 90.0 in walk.pauses
