"""How sending starts, ends and waits: stops, crashes, limits, full disks and locks."""

from __future__ import annotations

import sqlite3
from collections import Counter
from pathlib import Path

import pytest

from bot.core.html import Html
from bot.core.model import Destination, Post, TelegramId
from bot.core.posts.content import CommentCard
from bot.core.posts.content_kinds import ContentKind
from bot.core.posts.delivery import Delivery
from bot.core.posts.rate_limit import CHAT_PERIOD
from storage import Connection, Database, deliveries
from tests.conftest import Clock
from tests.support.sending import (
    LONG,
    add_article,
    add_chats,
    add_uninterested,
    announce,
    context,
    delivery_rows,
    states,
)
from tests.support.strict_server import Limits, Server


async def test_the_only_reader_of_a_topic_is_found_without_a_rest(
    db: Database, clock: Clock
) -> None:
    await add_uninterested(db, 40_000)
    await add_chats(db, 50_000)
    async with (
        Server() as server,
        context(db, server.root, clock=clock, poll=LONG) as at,  # a rest would take so long
    ):
        await announce(db, await add_article(db))
        at.delivery.wake()
        await at.until(lambda: len(server.texts(50_000)) == 1, seconds=LONG / 2)
        await at.until_idle()
    async with db.reading() as cx:
        assert await cx.value("SELECT done_at IS NOT NULL FROM broadcast")


async def test_stop_finishes_what_flies_and_hands_back_the_rest(db: Database, clock: Clock) -> None:
    await add_chats(db, *range(1, 101))
    await announce(db, await add_article(db))
    async with Server() as server, context(db, server.root, clock=clock, rate=50) as at:
        server.delay = 0.2
        await at.until(lambda: server.flying > 3)
        await at.close()
        arrived = len(server.sent())
    found = await states(db)
    assert found["sent"] == arrived
    assert set(found) <= {"sent", "due"}


async def test_what_a_dead_sender_claimed_is_sent_again(db: Database, clock: Clock) -> None:
    await add_chats(db, 1)
    await announce(db, await add_article(db))
    async with Server() as server:
        async with context(db, server.root, clock=clock) as at:
            await at.until_idle()
        async with db.transaction() as tx:
            await tx.run("UPDATE delivery SET state = 'claimed', lease_until = 1")
        async with context(db, server.root, clock=clock) as at:
            await at.until_idle()
        assert len(server.sent()) == 2


async def test_answers_to_people_do_not_wait_for_a_broadcast(db: Database, clock: Clock) -> None:
    await add_chats(db, *range(1, 301))
    await announce(db, await add_article(db))
    async with Server() as server, context(db, server.root, clock=clock, rate=30) as at:
        await at.until(lambda: len(server.sent()) > 30)
        before = len(server.sent())
        result = await at.messenger.send(Post(Html("answer")), Destination(TelegramId(9_999)))
        assert result.message_id == 1
        chats = [one.chat for one in server.sent()]
        assert chats.index(9_999) - before < 15  # what goes out in half a second
        assert len(chats) < 300


@pytest.mark.long
async def test_limits_of_a_merciless_server_are_kept(db: Database, clock: Clock) -> None:
    await add_chats(db, *range(1, 121), -7)
    await announce(db, *[await add_article(db) for _ in range(2)])
    limits = Limits(overall=30, per_chat_seconds=1.0, per_group_minute=20, slack=0.2)
    async with (
        Server(limits) as server,
        context(db, server.root, clock=clock, rate=30, chat_period=CHAT_PERIOD) as at,
    ):
        await at.until(lambda: len(server.sent()) >= 120)
        assert not server.refused


async def pragma(db: Database, text: str) -> int:
    """A setting of the writing connection: this is how a test fills a disk or shortens a
    time-out."""
    rows = await db._writer.execute_fetchall(f"PRAGMA {text}")  # type: ignore[attr-defined]
    return int(next(iter(rows))[0])


@pytest.mark.long
async def test_full_disk_stops_sending_and_forgets_nothing(db: Database, clock: Clock) -> None:
    await add_chats(db, *range(1, 1001))
    await announce(db, await add_article(db))
    async with Server() as server, context(db, server.root, clock=clock, rate=250) as at:
        server.delay = 0.05
        await at.until(lambda: len(server.sent()) > 20)
        pages = await pragma(db, "page_count")
        await pragma(db, f"max_page_count = {pages}")
        await at.until(lambda: at.delivery.in_trouble)
        await at.until(lambda: server.flying == 0)
        assert len(server.sent()) < 1000
        await pragma(db, "max_page_count = 1000000")
        await at.until_idle()
        copies = Counter(one.chat for one in server.sent())
        assert copies == dict.fromkeys(range(1, 1001), 1)
    assert await states(db) == {"sent": 1000}


async def test_locked_database_is_waited_for(db: Database, clock: Clock, tmp_path: Path) -> None:
    await add_chats(db, 1, 2, 3)
    await pragma(db, "busy_timeout = 20")
    number = await add_article(db)
    async with Server() as server, context(db, server.root, clock=clock) as at:
        other = sqlite3.connect(tmp_path / "kabar.db", isolation_level=None)
        await announce(db, number)
        other.execute("BEGIN IMMEDIATE")
        at.delivery.wake()
        await at.until(lambda: at.delivery.in_trouble)
        other.execute("COMMIT")
        other.close()
        await at.until_idle()
        assert Counter(one.chat for one in server.sent()) == {1: 1, 2: 1, 3: 1}


async def test_a_slow_group_does_not_hold_up_the_others(db: Database, clock: Clock) -> None:
    """Fifty cards for one group, then news for many: the window is not the group's alone."""
    await add_chats(db, -9, *range(1, 41))

    async def card(_: Connection, one: Delivery) -> Post | None:
        return Post(Html(f"card {one.comment_id}"))

    async with db.transaction() as tx:
        for number in range(50):
            await deliveries.enqueue(tx, CommentCard(), 1, comment_id=number, now=clock())
    await announce(db, await add_article(db))
    others = {ContentKind.CARD: card}
    async with (
        Server() as server,
        context(
            db, server.root, clock=clock, rate=30, chat_period=CHAT_PERIOD, others=others
        ) as at,
    ):
        await at.until(lambda: sum(one.chat > 0 for one in server.sent()) == 40)
        assert server.texts(-9)[:2] == ["card 0", "card 1"]
        waiting = [row["due_at"] for row in await delivery_rows(db) if row["state"] == "due"]
        assert len(waiting) > 30
        assert waiting == sorted(waiting)
