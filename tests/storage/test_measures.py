"""The program's present state, on both databases."""

from __future__ import annotations

from storage import Database, feeds, inbox, measures, memos, set_aside
from storage.inbox import Received
from storage.measures import Waiting
from storage.observed import ObservedDatabase
from tests.conftest import NOON
from tests.support.sending import add_article, add_chats, announce


async def test_an_empty_newsroom(db: Database) -> None:
    async with db.reading() as cx:
        found = await measures.measure(cx, now=NOON)
        assert await measures.schema(cx) >= 8
    assert found.feeds == ()
    assert (found.articles, found.chats, found.remaining) == (0, 0, 0)
    assert found.comments == found.updates == found.broadcasts == Waiting(0, None)
    assert found.head_since is None
    assert found.set_aside == {}


async def test_what_waits(db: Database) -> None:
    await add_chats(db, 1, 2, 3)
    await announce(db, await add_article(db))
    async with db.transaction() as tx:
        await inbox.keep(tx, [Received(n, 1, "{}") for n in (1, 2)], now=NOON)
        await tx.run(
            "INSERT INTO delivery (kind, content, state, urgency, chat_id, due_at, created_at)"
            " VALUES ('send', 'nothing', 'due', 1, 1, :now, :now)",
            now=NOON - 7,
        )
        await set_aside.put(tx, "update", "1", reason="bug", now=NOON, retry_at=NOON + 60)
    async with db.reading() as cx:
        found = await measures.measure(cx, now=NOON)
        before = await measures.measure(cx, now=NOON - 8)
    assert (found.articles, found.chats, found.remaining) == (1, 3, 3)
    assert found.updates == Waiting(2, NOON)
    assert found.broadcasts.count == 1
    assert found.queue == {1: Waiting(1, NOON - 7)}
    assert found.head_since == NOON - 7
    assert before.head_since is None
    assert found.set_aside == {"update": 1}


async def test_a_feeds_ups_and_downs(db: Database) -> None:
    async with db.transaction() as tx:
        await feeds.configure(tx, [("https://paper.example/feed", "Koran")])
        [row] = await feeds.active(tx)
        await feeds.failed(tx, row.id, now=NOON, due_at=0, trouble="no")
        await feeds.failed(tx, row.id, now=NOON + 60, due_at=0, trouble="still no")
        [feed] = (await measures.measure(tx, now=NOON)).feeds
        assert (feed.name, feed.failures, feed.failing_since) == ("Koran", 2, NOON)
        assert (feed.well_at, feed.news_at, feed.trouble) == (None, None, "still no")
        await feeds.unchanged(tx, [(row.id, 0)], now=NOON + 120)
        await feeds.brought_news(tx, row.id, now=NOON + 130)
        [feed] = (await measures.measure(tx, now=NOON)).feeds
        assert (feed.failures, feed.failing_since, feed.news_at) == (0, None, NOON + 130)
        assert await feeds.get(tx, row.id) is not None


async def test_an_empty_feed_that_can_be_read_is_well(db: Database) -> None:
    async with db.transaction() as tx:
        await feeds.configure(tx, [("https://paper.example/feed", "Koran")])
        [row] = await feeds.active(tx)
        assert [one.well_at for one in (await measures.measure(tx, now=NOON)).feeds] == [None]
        await feeds.unchanged(tx, [(row.id, 0)], now=NOON)
        assert [one.well_at for one in (await measures.measure(tx, now=NOON)).feeds] == [NOON]


async def test_memos(db: Database) -> None:
    async with db.transaction() as tx:
        assert await memos.get(tx, "x") == ""
        await memos.put(tx, "x", "1")
        await memos.put(tx, "x", "2")
        assert await memos.get(tx, "x") == "2"
        await memos.put(tx, "x", "")
        assert await memos.get(tx, "x") == ""


async def test_transactions_are_timed(db: Database) -> None:
    seen: list[str] = []
    observed = ObservedDatabase(db, lambda kind, seconds: seen.append(f"{kind} {seconds >= 0}"))
    async with observed.transaction() as tx:
        await tx.value("SELECT 1")
    async with observed.reading() as cx:
        await cx.value("SELECT 1")
    assert seen == ["write True", "read True"]
