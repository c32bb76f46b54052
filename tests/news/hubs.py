"""A site with a hub, and a program that follows it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from bot.fetch import Fetcher
from bot.http_server import HttpServer
from bot.news.polling import Poller
from bot.news.websub import WebSub
from storage import Database, Row, feeds
from tests.conftest import NOON, Clock
from tests.support.feed_site import Item, Site, item, open_site
from tests.support.hub import Hub, open_hub
from tests.support.ports import free_port

HOUR, DAY = 3600, 86_400


class Paper:
    """A site with a hub, and a program that follows it."""

    def __init__(
        self, db: Database, site: Site, hub: Hub, fetcher: Fetcher, *, clock: Clock, root: str
    ) -> None:
        self.db, self.site, self.hub, self.clock = db, site, hub, clock
        self.woken = asyncio.Event()
        self.poller = Poller(
            db, fetcher, every=60, clock=clock, on_news=self.woken.set, pushing=True
        )
        self.websub = WebSub(db, fetcher, self.poller.pushed, public_url=root, clock=clock)

    async def rows(self, sql: str) -> list[Row]:
        async with self.db.reading() as cx:
            return await cx.rows(sql)

    async def subscription(self) -> dict[str, Any]:
        [row] = await self.rows("SELECT * FROM websub")
        return dict(row)

    async def state(self) -> str:
        return str((await self.subscription())["state"])

    async def pause(self) -> int:
        """Seconds until the feed is looked at again."""
        [row] = await self.rows("SELECT due_at FROM feed WHERE active = 1")
        return int(row["due_at"]) - self.clock.now

    async def headlines(self) -> list[str]:
        return [row["headline"] for row in await self.rows("SELECT * FROM article ORDER BY id")]

    async def announced(self) -> list[str]:
        rows = await self.rows(
            "SELECT headline FROM broadcast JOIN article ON article.id = article_id"
            " WHERE kind = 'news' ORDER BY broadcast.id"
        )
        return [row["headline"] for row in rows]

    async def subscribe(self, **verified: Any) -> None:
        await self.poller.tick()
        await self.websub.tick()
        assert (await self.hub.verify(**verified))[0] == 200

    async def pushed(self, *items: Item, **how: Any) -> int:
        """The hub's push of these entries alone, and what the program answered."""
        status = await self.hub.push(self.site.document(items), **how)
        await self.websub.settled()
        return status


@asynccontextmanager
async def open_paper(db: Database, clock: Clock) -> AsyncIterator[Paper]:
    listen = f"127.0.0.1:{free_port()}"
    async with (
        open_site(item("b", published=NOON - HOUR), item("a", published=NOON - 2 * HOUR)) as site,
        open_hub() as hub,
        Fetcher(allow_private=True) as fetcher,
    ):
        paper = Paper(db, site, hub, fetcher, clock=clock, root=f"http://{listen}/kabar")
        site.hub, site.itself = hub.address, f"{site.feed}?self"
        async with db.transaction() as tx:
            await feeds.configure(tx, [(site.feed, "")])
        async with HttpServer(listen, paper.websub.routes(), setting="X"):
            taking = asyncio.create_task(paper.websub.take_pushes())
            yield paper
            taking.cancel()
            await asyncio.gather(taking, return_exceptions=True)
