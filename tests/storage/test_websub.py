"""Subscriptions at hubs, on both databases: the states that a feed's push goes through."""

from __future__ import annotations

import pytest

from storage import Database, feeds, websub
from storage.websub import Subscription
from tests.conftest import NOON

HUB, TOPIC, ROOT = (
    "https://hub.example/",
    "https://paper.example/feed",
    "https://bot.example/websub/",
)


@pytest.fixture
async def feed(db: Database) -> feeds.FeedRow:
    async with db.transaction() as tx:
        await feeds.configure(tx, [(TOPIC, "")])
        [row] = await feeds.active(tx)
    return row


async def offer(db: Database, feed: feeds.FeedRow, hub: str = HUB, token: str = "t1") -> bool:
    async with db.transaction() as tx:
        return await websub.offered(
            tx, feed.id, hub=hub, topic=TOPIC, token=token, secret="s", now=NOON
        )


async def one(db: Database, token: str = "t1") -> Subscription | None:
    async with db.reading() as cx:
        return await websub.by_token(cx, token)


async def state(db: Database, token: str = "t1") -> str:
    found = await one(db, token)
    assert found is not None
    return found.state


async def active(db: Database, feed: feeds.FeedRow) -> Subscription:
    """Offered, asked and verified."""
    await offer(db, feed)
    found = await one(db)
    assert found is not None
    async with db.transaction() as tx:
        await websub.asking(tx, found, callback=ROOT + found.token, due_at=NOON + 300)
        await websub.verified(tx, found, until=NOON + 1000, due_at=NOON + 800)
    found = await one(db)
    assert found is not None
    return found


async def pushed_until(db: Database) -> int:
    async with db.reading() as cx:
        [row] = await feeds.active(cx)
    return row.push_until


async def test_a_hub_is_noted_once(db: Database, feed: feeds.FeedRow) -> None:
    assert not await offer(db, feed, hub="")
    assert await offer(db, feed)
    assert not await offer(db, feed, token="t2")
    assert await offer(db, feed, hub="https://other.example/", token="t3")
    assert await one(db, "t1") is None
    assert await state(db, "t3") == "wanted"


async def test_asked_and_verified(db: Database, feed: feeds.FeedRow) -> None:
    found = await active(db, feed)
    assert (found.state, found.attempts, found.lease_until) == ("active", 0, NOON + 1000)
    assert await pushed_until(db) == NOON + 1000
    async with db.reading() as cx:
        assert await websub.due(cx, now=NOON + 799) == []
        assert len(await websub.due(cx, now=NOON + 800)) == 1


async def test_ways_to_stop_pushing(db: Database, feed: feeds.FeedRow) -> None:
    found = await active(db, feed)
    async with db.transaction() as tx:
        await websub.refused(tx, found, reason="no", due_at=NOON + 60)
    assert await pushed_until(db) == NOON + 1000  # the lease still runs
    async with db.transaction() as tx:
        await websub.denied(tx, found, reason="no", due_at=NOON + 60, now=NOON)
    assert await pushed_until(db) == 0
    found = await active(db, feed)
    async with db.transaction() as tx:
        await websub.lost(tx, found, now=NOON)
    assert await pushed_until(db) == 0


async def test_two_misses_without_a_push_between(db: Database, feed: feeds.FeedRow) -> None:
    found = await active(db, feed)
    async with db.transaction() as tx:
        assert not await websub.missed(tx, feed.id, now=NOON)
        await websub.pushed(tx, found, now=NOON)
        assert not await websub.missed(tx, feed.id, now=NOON)
        assert await websub.missed(tx, feed.id, now=NOON)
    assert await pushed_until(db) == 0
    assert await state(db) == "wanted"


async def test_at_a_start_what_moved_is_asked_anew_and_what_went_is_left(
    db: Database, feed: feeds.FeedRow
) -> None:
    await active(db, feed)
    async with db.transaction() as tx:
        await websub.begin(tx, root=ROOT, now=NOON)
    assert await state(db) == "active"
    async with db.transaction() as tx:
        await websub.begin(tx, root="https://moved.example/websub/", now=NOON)
    assert await state(db) == "wanted"
    async with db.transaction() as tx:
        await feeds.configure(tx, [])
        await websub.begin(tx, root=ROOT, now=NOON)
    found = await one(db)
    assert found is not None
    assert found.state == "leaving"
    async with db.transaction() as tx:
        await websub.left(tx, found)
    assert await one(db) is None
