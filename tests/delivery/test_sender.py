"""The sender over a real database and real HTTP: what arrives, where, how often, in which order."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

import pytest

from bot.core.errors import OperatorError
from bot.core.model import TelegramId
from bot.core.posts.outcome import MAX_DOUBTS
from storage import Connection, Database, deliveries
from tests.conftest import Clock
from tests.support.sending import (
    add_article,
    add_chats,
    announce,
    chat_row,
    context,
    delivery_rows,
    states,
)
from tests.support.strict_server import DROP, Answer, Server, error, flood, refuse, times


async def test_every_reader_gets_every_article_once_oldest_first(
    db: Database, clock: Clock
) -> None:
    await add_chats(db, 1, 2, 3, -100)
    first, second = await add_article(db), await add_article(db)
    await announce(db, first, second)
    async with Server() as server, context(db, server.root, clock=clock) as at:
        await at.until_idle()
        for chat in (1, 2, 3, -100):
            assert [text[:15] for text in server.texts(chat)] == [
                "<b>Berita 1</b>",
                "<b>Berita 2</b>",
            ]
    assert await states(db) == {"sent": 8}
    async with db.reading() as cx:
        told = await deliveries.totals(cx)
        assert (told.articles, told.taken, told.delivered, told.waiting) == (2, 8, 8, 0)
        found = await deliveries.at_message(cx, TelegramId(-100), 2)
    assert found is not None
    assert found["article_id"] == 2


async def test_topics_pauses_and_absence_decide_who_is_asked(db: Database, clock: Clock) -> None:
    await add_chats(db, 1, 2, 3, 4)
    number = await add_article(db)
    async with db.transaction() as tx:
        await tx.run("INSERT INTO topic (id, key, name) VALUES (5, 'ekonomi', 'Ekonomi')")
        await tx.run("INSERT INTO article_topic VALUES (:id, 5, 0)", id=number)
        await tx.run("UPDATE subscription SET everything = 0 WHERE chat_id IN (1, 2)")
        await tx.run("INSERT INTO subscription_topic VALUES (2, 5)")
        await tx.run("UPDATE subscription SET active = 0 WHERE chat_id = 3")
        await tx.run("UPDATE chat SET gone_at = 1 WHERE id = 4")
    await announce(db, number)
    async with Server() as server, context(db, server.root, clock=clock) as at:
        await at.until_idle()
        assert [one.chat for one in server.sent()] == [2]


@pytest.mark.parametrize(
    ("code", "description", "state"),
    [
        (403, "Forbidden: bot was blocked by the user", "gone"),
        (400, "Bad Request: chat not found", "gone"),
        (400, "Bad Request: something nobody has ever seen", "dead"),
    ],
)
async def test_one_bad_chat_hurts_nobody(
    db: Database, clock: Clock, code: int, description: str, state: str
) -> None:
    await add_chats(db, 1, 2, 3)
    await announce(db, await add_article(db), await add_article(db))
    async with Server() as server, context(db, server.root, clock=clock) as at:
        server.faults.append(refuse(2, code, description))
        await at.until_idle()
        assert Counter(one.chat for one in server.sent()) == {1: 2, 3: 2}
    found = await states(db)
    assert found["sent"] == 4
    assert set(found) == {"sent", state}
    gone = await chat_row(db, 2)
    assert (gone["gone_at"] is not None) == (state == "gone")
    async with db.reading() as cx:
        assert await cx.value("SELECT active FROM subscription WHERE chat_id = 2") == 1
        done = await cx.rows(
            "SELECT taken, delivered + gone + dead AS ended, done_at FROM broadcast"
        )
    assert all(row["taken"] == row["ended"] and row["done_at"] for row in done)


async def test_flood_holds_that_chat_only_and_counts_no_attempt(db: Database, clock: Clock) -> None:
    await add_chats(db, 1, 2)
    await announce(db, await add_article(db))
    async with Server() as server, context(db, server.root, clock=clock) as at:
        server.faults.append(times(1, flood(1)))
        await at.until(lambda: len(server.sent()) == 1)
        rows = await delivery_rows(db)
        late = next(row for row in rows if row["state"] != "sent")
        assert (late["attempts"], late["doubts"]) == (0, 0)
        clock.pass_(1)
        await at.until_idle()
        assert Counter(one.chat for one in server.sent()) == {1: 1, 2: 1}


async def test_groups_in_slow_mode_delay_no_private_chat(db: Database, clock: Clock) -> None:
    groups = range(-30, 0)
    await add_chats(db, *groups, *range(1, 41))
    await announce(db, await add_article(db))

    async def slow(_: str, values: dict[str, Any]) -> Answer:
        return flood(10**9) if int(values["chat_id"]) < 0 else None

    async with Server() as server, context(db, server.root, clock=clock, rate=200) as at:
        server.faults.append(slow)
        await at.until(lambda: len(server.sent()) == 40)
        assert {one.chat for one in server.sent()} == set(range(1, 41))
        waiting = await at.until_row(lambda row: row["reason"] == "flood")
    assert waiting["due_at"] <= clock.now + 3600


async def test_a_flood_of_everything_is_held_and_ends_with_the_first_that_is_let_through(
    db: Database, clock: Clock
) -> None:
    await add_chats(db, *range(1, 41))
    await announce(db, await add_article(db))
    limits = asyncio.Event()

    async def everything(_: str, __: dict[str, Any]) -> Answer:
        return None if limits.is_set() else flood(3600)

    async with Server() as server, context(db, server.root, clock=clock, rate=30) as at:
        server.faults.append(everything)
        await at.until_row(lambda row: row["reason"] == "flood")
        limits.set()
        # If only one were let through every 1.5 s, it would take half a minute.
        await at.until(lambda: len(server.sent()) > 20, seconds=20)


async def test_migration_moves_the_chat_and_sends_again(db: Database, clock: Clock) -> None:
    await add_chats(db, -5)
    await announce(db, await add_article(db))
    async with Server() as server, context(db, server.root, clock=clock) as at:
        upgraded = "Bad Request: group chat was upgraded to a supergroup chat"
        server.faults.append(refuse(-5, 400, upgraded, migrate_to_chat_id=-1005))
        await at.until_idle()
        assert [one.chat for one in server.sent()] == [-1005]
    assert (await chat_row(db, -1005))["kind"] == "supergroup"


async def test_migration_into_a_known_chat_does_not_double(db: Database, clock: Clock) -> None:
    await add_chats(db, -5, -1005)
    await announce(db, await add_article(db))
    async with Server() as server, context(db, server.root, clock=clock) as at:
        upgraded = "Bad Request: group chat was upgraded to a supergroup chat"
        server.faults.append(refuse(-5, 400, upgraded, migrate_to_chat_id=-1005))
        await at.until_idle()
        assert [one.chat for one in server.sent()] == [-1005]


# --- what may have arrived ------------------------------------------------------------------------


async def test_lost_answer_is_sent_again_after_a_time_and_later_news_waits(
    db: Database, clock: Clock
) -> None:
    await add_chats(db, 1)
    await announce(db, await add_article(db), await add_article(db))
    async with Server() as server, context(db, server.root, clock=clock) as at:
        server.after.append(times(1, DROP))
        await at.until(lambda: len(server.sent()) == 1)
        await at.until_row(lambda row: row["state"] == "unknown")
        await add_chats(db, 2)
        await announce(db, await add_article(db))
        at.delivery.wake()
        await at.until(lambda: bool(server.texts(2)))
        assert len(server.texts(1)) == 1  # others go on, this chat waits its time
        clock.pass_(10)
        await at.until_idle()
        assert [text[:15] for text in server.texts(1)] == [
            "<b>Berita 1</b>",
            "<b>Berita 1</b>",
            "<b>Berita 2</b>",
            "<b>Berita 3</b>",
        ]


async def test_an_outage_without_answers_gives_nothing_up(db: Database, clock: Clock) -> None:
    chats = (1, 2, 3, 4)
    await add_chats(db, *chats)
    await announce(db, await add_article(db))
    async with Server() as server, context(db, server.root, clock=clock) as at:
        server.faults.append(times(8, DROP))

        async def all_in_doubt(count: int) -> None:
            async with asyncio.timeout(60):
                while True:
                    if {row["doubts"] for row in await delivery_rows(db)} == {count}:
                        return
                    await asyncio.sleep(0.01)

        await all_in_doubt(1)
        async with db.transaction() as tx:  # hours later
            await tx.run("UPDATE delivery SET doubts = :often", often=MAX_DOUBTS - 1)
        clock.pass_(600)
        at.delivery.wake()
        await all_in_doubt(MAX_DOUBTS)
        clock.pass_(600)
        at.delivery.wake()
        await at.until_idle()
    assert [len(server.texts(chat)) for chat in chats] == [1, 1, 1, 1]


async def test_network_away_is_waited_for(db: Database, clock: Clock) -> None:
    await add_chats(db, 1)
    await announce(db, await add_article(db))
    async with Server() as server:
        root = server.root
    async with context(db, root, clock=clock) as at:
        await at.until_row(lambda row: row["attempts"])
        assert not at.task.done()
    rows = await delivery_rows(db)
    assert rows[0]["state"] == "due"
    assert "Connector" in rows[0]["reason"]


async def test_wrong_token_stops_and_loses_nothing(db: Database, clock: Clock) -> None:
    await add_chats(db, 1, 2)
    await announce(db, await add_article(db))
    async with Server() as server, context(db, server.root, clock=clock) as at:
        server.faults.append(times(100, error(401, "Unauthorized")))
        with pytest.raises(OperatorError, match="KABAR_TOKEN"):
            await asyncio.wait_for(asyncio.shield(at.task), 10)
    assert await states(db) == {"due": 2}


class Held:
    """A database whose transactions end when a test lets them: a busy disk under control."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self.dialect = db.dialect
        self.let_go = asyncio.Event()
        self.let_go.set()
        self.waiting = False

    @asynccontextmanager
    async def transaction(self, *, durable: bool = True) -> AsyncIterator[Connection]:
        async with self._db.transaction(durable=durable) as tx:
            yield tx
            self.waiting = True
            await self.let_go.wait()
            self.waiting = False

    def reading(self) -> AbstractAsyncContextManager[Connection]:
        return self._db.reading()

    async def close(self) -> None:
        await self._db.close()


async def test_a_failure_during_a_claim_is_not_overtaken_by_what_is_claimed(
    db: Database, clock: Clock
) -> None:
    await add_chats(db, 1)
    await announce(db, await add_article(db))
    held, answer = Held(db), asyncio.Event()

    async def away(_: str, __: dict[str, Any]) -> Answer:
        await answer.wait()
        return error(502, "Bad Gateway")

    async with Server() as server, context(held, server.root, clock=clock) as at:
        server.faults.append(away)
        await at.until(lambda: server.flying == 1)
        await announce(db, await add_article(db))
        held.let_go.clear()
        at.delivery.wake()
        await at.until(lambda: held.waiting)  # the second article is claimed
        answer.set()
        await at.until(lambda: at.delivery._queues.aboard == 0)  # and the first one has failed
        server.faults.clear()
        held.let_go.set()
        await at.until_row(lambda row: row["state"] != "claimed" and row["article_id"] == 2)
        clock.pass_(10)
        await at.until_idle()
        assert [text[:15] for text in server.texts(1)] == ["<b>Berita 1</b>", "<b>Berita 2</b>"]
