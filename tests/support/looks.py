"""Polls sites over real HTTP into a real database, and says what readers would see of it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from bot.fetch import Fetcher
from bot.news.ingest import NO_EDITORS, EditorsPolicy
from bot.news.polling import Poller
from bot.news.retraction import Vanished
from bot.news.storing import PIECE
from storage import Database, feeds
from storage.database import Row
from tests.conftest import Clock

EVERY = 60


class Looks:
    """A poller, and what became of what it found."""

    def __init__(self, db: Database, fetcher: Fetcher, clock: Clock) -> None:
        self.db, self.clock, self.fetcher = db, clock, fetcher
        self.editors = NO_EDITORS
        self.restart()

    def restart(self, *, piece: float = PIECE, editors: EditorsPolicy | None = None) -> None:
        """The program was stopped, and runs again, perhaps with other settings."""
        self.editors = editors or self.editors
        self.poller = Poller(
            self.db,
            self.fetcher,
            every=EVERY,
            clock=self.clock,
            on_news=lambda: None,
            vanished=Vanished(self.db, self.fetcher, clock=self.clock),
            editors=self.editors,
            piece=piece,
        )

    async def follow(self, *addresses: str) -> None:
        """The feeds of the settings."""
        async with self.db.transaction() as tx:
            await feeds.configure(tx, [(one, "") for one in addresses])

    async def look(self, times: int = 1) -> None:
        """Poll everything that is due, so many times."""
        for _ in range(times):
            await self.poller.tick()
            self.clock.pass_(EVERY)

    async def rows(self, sql: str, **values: Any) -> list[Row]:
        async with self.db.reading() as cx:
            return await cx.rows(sql, **values)

    async def posted(self) -> list[str]:
        """The headlines of what was broadcast, in their order, as they are now."""
        rows = await self.rows(
            "SELECT headline FROM broadcast JOIN article ON article.id = article_id"
            " WHERE kind = 'news' ORDER BY broadcast.id"
        )
        return [row["headline"] for row in rows]

    async def kept(self) -> list[str]:
        """All headlines."""
        return [row["headline"] for row in await self.rows("SELECT * FROM article ORDER BY id")]

    async def edits(self) -> int:
        """How often posts were edited, all articles together."""
        (row,) = await self.rows("SELECT SUM(revision - 1) AS edits FROM article")
        return int(row["edits"] or 0)

    async def withdrawn(self) -> list[str]:
        rows = await self.rows("SELECT headline FROM article WHERE retracted_at IS NOT NULL")
        return sorted(row["headline"] for row in rows)


@asynccontextmanager
async def looking(db: Database, clock: Clock) -> AsyncIterator[Looks]:
    """A poller that follows nothing yet."""
    async with Fetcher(allow_private=True) as fetcher:
        yield Looks(db, fetcher, clock)
