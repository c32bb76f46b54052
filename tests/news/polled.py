"""A poller on one site, and what is in the database after its looks."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from bot.core.model import ParsedFeed
from bot.fetch import Fetcher
from bot.news.polling import Poller
from bot.news.retraction import Vanished
from bot.reading.reader import InThread
from storage import Database, feeds
from storage.database import Row
from tests.conftest import NOON, Clock
from tests.support.faulty import FaultyDatabase
from tests.support.feed_site import Item, Site, item, open_site

HOUR = 3600


class CountingReader(InThread):
    """Reads as ever, counts, and has a bug on demand."""

    def __init__(self) -> None:
        self.feeds = 0
        self.fault: Exception | None = None

    async def feed(self, body: bytes, **more: Any) -> ParsedFeed:
        self.feeds += 1
        if self.fault is not None:
            raise self.fault
        return await super().feed(body, **more)


class PollerKit:
    """A poller on one site, and what is in the database after its looks."""

    def __init__(self, db: Database, site: Site, fetcher: Fetcher, clock: Clock) -> None:
        self.db, self.site, self.clock = FaultyDatabase(db), site, clock
        self.reader = CountingReader()
        self.woken = 0
        self.poller = Poller(
            self.db,
            fetcher,
            self.reader,
            trouble=0.0,
            every=60,
            clock=clock,
            on_news=self.wake,
            vanished=Vanished(self.db, fetcher, clock=clock),
        )

    def wake(self) -> None:
        self.woken += 1

    async def follow(self, *addresses: str) -> None:
        async with self.db.transaction() as tx:
            await feeds.configure(tx, [(one, "") for one in addresses])

    async def look(self) -> None:
        await self.poller.tick()
        self.clock.pass_(60)

    async def rows(self, sql: str, **values: Any) -> list[Row]:
        async with self.db.reading() as cx:
            return await cx.rows(sql, **values)

    async def headlines(self) -> list[str]:
        return [row["headline"] for row in await self.rows("SELECT * FROM article ORDER BY id")]

    async def announced(self, kind: str = "news") -> list[str]:
        rows = await self.rows(
            "SELECT headline FROM broadcast JOIN article ON article.id = article_id"
            " WHERE kind = :kind ORDER BY broadcast.id",
            kind=kind,
        )
        return [row["headline"] for row in rows]

    async def feed(self) -> Row:
        return (await self.rows("SELECT * FROM feed WHERE active = 1"))[0]


def publish(kit: PollerKit, name: str, **more: Any) -> Item:
    one = item(name, **({"published": kit.clock.now} | more))
    kit.site.items.insert(0, one)
    return one


@asynccontextmanager
async def open_poller(db: Database, clock: Clock) -> AsyncIterator[PollerKit]:
    async with (
        open_site(item("b", published=NOON - HOUR), item("a", published=NOON - 2 * HOUR)) as (site),
        Fetcher(allow_private=True) as fetcher,
    ):
        kit = PollerKit(db, site, fetcher, clock)
        await kit.follow(site.feed)
        yield kit
