"""Walking back through archives over real HTTP: three ways of paging, resumed, polite, silent."""

from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from rich.console import Console
from rich.progress import Progress

from bot.core.model import ParsedFeed, Story
from bot.fetch import Fetched, Fetcher
from bot.news.backfill import Backfill, next_page
from storage import Database
from tests.conftest import NOON, Clock
from tests.support.feed_site import Item, item

PER_PAGE = 3
TOTAL = 8


@dataclass
class Archive:
    """A feed with eight entries, three to a page, in one of the ways that feeds have."""

    way: str = "atom"
    address: str = ""
    asked: list[str] = field(default_factory=list)
    refuse: dict[int, list[web.Response]] = field(default_factory=dict)
    link: str = ""
    """The address of every entry, in place of their own."""
    stuck: bool = False
    """The second page is all that it ever gives."""

    def page(self, number: int) -> str:
        first = (number - 1) * PER_PAGE
        entries = [
            item(f"n{at}", published=NOON - at * 60) for at in range(first, TOTAL)[:PER_PAGE]
        ]
        for one in entries:
            one.link = self.link or one.link
            one.body = f"Isi berita {one.title}, cukup panjang untuk dikenali dari kata-katanya."
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

    async def front_page(self, request: web.Request) -> web.Response:
        """The site's front page, which names the feed."""
        text = '<html><link rel="alternate" type="application/atom+xml" href="/feed"></html>'
        return web.Response(text=text, content_type="text/html")

    async def serve(self, request: web.Request) -> web.Response:
        number = int(request.query.get("page") or request.query.get("paged") or 1)
        self.asked.append(request.query_string)
        if self.stuck:
            number = min(number, 2)
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
    app.router.add_get("/", archive.front_page)
    server = TestServer(app)
    await server.start_server()
    archive.address = f"http://127.0.0.1:{server.port}/feed"
    yield archive
    await server.close()


class Walk:
    """Runs the walk and remembers how long it paused and what it said."""

    def __init__(self, db: Database, archive: Archive) -> None:
        self.db, self.archive = db, archive
        self.pauses: list[float] = []
        self.faults: list[str] = []
        self.told = io.StringIO()
        self.break_off_after = 99
        self.broken_off = asyncio.Event()

    async def __call__(self, *addresses: str) -> int:
        async def sleep(seconds: float) -> None:
            self.pauses.append(seconds)
            if len(self.pauses) >= self.break_off_after:
                self.broken_off.set()
                await asyncio.Event().wait()

        async with Fetcher(allow_private=True) as fetcher:
            walker = Backfill(self.db, fetcher, clock=Clock(), sleep=sleep)
            with Progress(console=Console(file=self.told, width=200)) as bar:
                sources = [(one, "") for one in addresses or [self.archive.address]]
                outcome = await walker.run(sources, bar)
        self.faults = outcome.faults
        return outcome.added

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
    assert await walk() == 0
    assert await walk.count("article") == TOTAL


async def test_a_second_run_finds_what_came_in_between(walk: Walk) -> None:
    await walk()
    async with walk.db.transaction() as tx:
        await tx.run("DELETE FROM entry WHERE key LIKE '%n4'")
        await tx.run(
            "UPDATE article SET link_key = 'x', content_key = 'x', headline_key = 'x'"
            " WHERE link LIKE '%n4.html'"
        )
    assert await walk() == 1


async def test_an_interrupted_walk_goes_on_where_it_stopped(walk: Walk) -> None:
    walk.archive.refuse[2] = [web.Response(status=500) for _ in range(4)]
    assert await walk() == PER_PAGE
    assert "500" in walk.faults[0]
    walk.archive.asked.clear()
    assert await walk() == TOTAL - PER_PAGE
    assert walk.archive.asked[0] == "page=2"


async def test_a_walk_that_was_broken_off_goes_on_where_it_stopped(walk: Walk) -> None:
    walk.break_off_after = 1
    running = asyncio.create_task(walk())
    await walk.broken_off.wait()
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    assert await walk.count("article") == PER_PAGE
    walk.break_off_after = 99
    walk.archive.asked.clear()
    assert await walk() == TOTAL - PER_PAGE
    assert walk.archive.asked[0] == "page=2"


async def test_a_busy_host_is_given_the_time_it_asks_for(walk: Walk) -> None:
    walk.archive.refuse[2] = [web.Response(status=429, headers={"Retry-After": "90"})]
    assert await walk() == TOTAL
    assert 90.0 in walk.pauses


@pytest.mark.parametrize("way", ["atom", "rfc5005", "wordpress"])
async def test_a_site_that_goes_round_in_circles_is_left(walk: Walk, way: str) -> None:
    walk.archive.way, walk.archive.stuck = way, True
    assert await walk() == 2 * PER_PAGE
    assert len(walk.archive.asked) <= 4


async def test_the_feed_behind_a_site_is_walked(walk: Walk) -> None:
    site = walk.archive.address.removesuffix("feed")
    assert await walk(site) == TOTAL


async def test_a_fault_of_one_feed_stops_no_other(walk: Walk) -> None:
    elsewhere = walk.archive.address.replace("127.0.0.1", "localhost")
    assert await walk(f"{elsewhere}/none", walk.archive.address) == TOTAL
    assert len(walk.faults) == 1
    assert "404" in walk.faults[0]
    assert walk.faults[0] in walk.told.getvalue()


async def test_two_feeds_of_one_host_are_a_second_apart(walk: Walk) -> None:
    assert await walk(walk.archive.address, walk.archive.address + "?label=x") == TOTAL
    assert len(walk.pauses) == len(walk.archive.asked) - 1


async def test_without_a_terminal_there_are_lines(walk: Walk) -> None:
    await walk()
    assert "3 entries, 3 new ..." in walk.told.getvalue()
    assert "8 entries, 8 new." in walk.told.getvalue()


async def test_entries_that_share_an_address_are_all_kept(walk: Walk) -> None:
    walk.archive.link = "https://paper.example/"
    assert await walk() == TOTAL


@pytest.mark.parametrize("page", ["²", "9" * 5000, "-1", "x"])
def test_a_page_that_is_no_number_leads_to_the_second(page: str) -> None:
    parsed = ParsedFeed("Paper", stories=(Story("k", "Banjir"),))
    got = Fetched(200, f"https://paper.example/feed?paged={page}", b"")
    assert next_page(parsed, got) == "https://paper.example/feed?paged=2"
