"""A newsroom small enough to count: articles, chats and a sender over a real database and wire."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from bot.core.errors import FeedError
from bot.core.model import ChatKind, TelegramId
from bot.core.posts.content_kinds import ContentKind
from bot.core.posts.rate_limit import RateLimit
from bot.delivery.content import Composer, Renderer
from bot.delivery.late_pictures import LatePictures
from bot.delivery.pictures import Pictures
from bot.delivery.sender import Sender
from bot.i18n import Languages
from bot.reading.reader import BytesReader
from bot.telegram.limiter import Limiter
from bot.telegram.messenger import Messenger
from bot.telegram.transport import Transport
from storage import Database, alerts, chats, deliveries
from tests.conftest import JAKARTA, NOON

TOKEN = "123:test"
LONG = 60.0
"""Seconds: a busy machine is slow; nobody waits for all of them."""


async def add_article(
    db: Database, *, number: int | None = None, picture: str = "", now: int = NOON, **more: Any
) -> int:
    """An article with a headline that names its number."""
    async with db.transaction() as tx:
        number = number or 1 + int(await tx.value("SELECT COALESCE(MAX(id), 0) FROM article"))
        await tx.run(
            "INSERT INTO article (id, content_key, fingerprint, headline, link, source, picture,"
            " first_seen_at, sort_at, origin) VALUES (:id, :key, '', :headline, :link, 'Kantor',"
            " :picture, :now, :now, 'feed')",
            id=number,
            key=str(number),
            headline=f"Berita {number}",
            link=f"https://kabar.example/{number}",
            picture=picture,
            now=now,
        )
        for name, value in more.items():
            await tx.run(
                f"UPDATE article SET {name} = :value WHERE id = :id", value=value, id=number
            )
    return number


async def add_chats(db: Database, *telegram_ids: int, now: int = NOON) -> None:
    """Readers of everything: positive numbers are persons, negative ones supergroups."""
    async with db.transaction() as tx:
        for one in telegram_ids:
            kind = ChatKind.PRIVATE if one > 0 else ChatKind.SUPERGROUP
            chat = await chats.see(tx, TelegramId(one), kind=kind, now=now)
            await chats.subscribe(tx, chat.id, now=now)


async def add_followers(db: Database, text: str, *telegram_ids: int, now: int = NOON) -> None:
    """Private chats that have an alert for these words; subscribed or not, as they were."""
    async with db.transaction() as tx:
        for one in telegram_ids:
            chat = await chats.see(tx, TelegramId(one), kind=ChatKind.PRIVATE, now=now)
            await alerts.add(tx, chat.id, 0, text, zone=JAKARTA, now=now)


async def add_uninterested(db: Database, count: int) -> None:
    """Readers of a topic that no article has."""
    async with db.transaction() as tx:
        await tx.run(
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :count)"
            " INSERT INTO chat (telegram_id, kind, created_at) SELECT i, 'private', 1 FROM n",
            count=count,
        )
        await tx.run(
            "INSERT INTO subscription (chat_id, everything, created_at) SELECT id, 0, 1 FROM chat"
        )


async def announce(db: Database, *articles: int, now: int = NOON) -> None:
    async with db.transaction() as tx:
        for one in articles:
            await alerts.match(tx, one, zone=JAKARTA)
            await deliveries.announce(tx, one, now=now)


async def states(db: Database) -> dict[str, int]:
    """How many deliveries are in which state."""
    async with db.reading() as cx:
        rows = await cx.rows("SELECT state, COUNT(*) AS n FROM delivery GROUP BY state")
    return {row["state"]: row["n"] for row in rows}


async def delivery_rows(db: Database) -> list[dict[str, Any]]:
    """All deliveries, in their order."""
    async with db.reading() as cx:
        return [dict(row) for row in await cx.rows("SELECT * FROM delivery ORDER BY id")]


class Unreachable:
    """No picture server."""

    async def get(self, address: str, *, max_bytes: int = 0, accept: str = "") -> Any:
        raise FeedError(f"{address} cannot be reached.", kind="unreachable")


@dataclass(slots=True)
class SenderKit:
    """A running sender and what it works with."""

    db: Database
    delivery: Sender
    limiter: Limiter
    messenger: Messenger
    late: LatePictures
    stop: asyncio.Event
    task: asyncio.Task[None]

    async def until(self, done: Callable[[], bool], *, seconds: float = LONG) -> None:
        """Wait for something to come true at the server. Raises TimeoutError."""
        async with asyncio.timeout(seconds):
            while not done():
                if self.task.done():
                    await self.task
                    raise AssertionError("the sender ended")
                await asyncio.sleep(0.005)

    async def until_row(self, done: Callable[[dict[str, Any]], object]) -> dict[str, Any]:
        """Wait until some delivery fits. Raises TimeoutError."""
        async with asyncio.timeout(LONG):
            while True:
                for row in await delivery_rows(self.db):
                    if done(row):
                        return row
                await asyncio.sleep(0.01)

    async def until_idle(self, *, seconds: float = LONG) -> None:
        """Wait until nothing is due and nothing is on its way."""
        async with asyncio.timeout(seconds):
            while True:
                async with self.db.reading() as cx:
                    left = await cx.value(
                        "SELECT (SELECT COUNT(*) FROM broadcast WHERE taken_at IS NULL) + (SELECT"
                        " COUNT(*) FROM delivery WHERE state IN ('due', 'claimed', 'unknown'))"
                    )
                if not left:
                    return
                if self.task.done():
                    await self.task
                await asyncio.sleep(0.01)

    async def late_pictures(self) -> None:
        """Fetch the awaited pictures that are due, and edit the posts of those that came."""
        await self.late.tick()
        await self.late.settled()
        await self.until_idle()

    async def close(self) -> None:
        self.stop.set()
        await self.task


@asynccontextmanager
async def context(
    db: Database,
    root: str,
    *,
    clock: Callable[[], int],
    rate: float = 1000,
    chat_period: float = 0.05,
    downloads: Any = None,
    others: Mapping[ContentKind, Renderer] | None = None,
    reader: BytesReader | None = None,
    patience: float = LONG,
    scouting: float = LONG,
    **options: Any,
) -> AsyncIterator[SenderKit]:
    """Everything between the database and the wire, running. `chat_period`: seconds between two
    messages to one chat, short where the server does not count them."""
    async with Transport(root, TOKEN) as transport:
        limiter = Limiter(RateLimit(rate, chat_period=chat_period))
        pictures = Pictures(downloads or Unreachable(), reader, patience=patience)
        composer = Composer(
            Languages.load("id", JAKARTA),
            bot_username="kabar_bot",
            commenting=True,
            clock=clock,
            others=others,
        )
        delivery = Sender(
            db, transport, limiter, composer, pictures, clock=clock, scouting=scouting, **options
        )
        late = LatePictures(db, pictures, clock=clock, wake=delivery.wake)
        stop = asyncio.Event()
        task = asyncio.create_task(delivery.run(stop))
        messenger = Messenger(transport, limiter, see=pictures.look)
        try:
            yield SenderKit(db, delivery, limiter, messenger, late, stop, task)
        finally:
            stop.set()
            await asyncio.wait([task])
            await pictures.close()


async def chat_row(db: Database, telegram_id: int) -> dict[str, Any]:
    async with db.reading() as cx:
        row = await cx.row("SELECT * FROM chat WHERE telegram_id = :id", id=telegram_id)
    assert row is not None
    return dict(row)
