"""Chats that accept nothing for a while: closed groups and topics, and who is told."""

from __future__ import annotations

from typing import Any

from bot.core.html import Html
from bot.core.model import Post, TelegramId
from bot.core.posts.content import Content, QueueSummary, TopicLost, decode
from bot.core.posts.content_kinds import ContentKind
from bot.core.posts.delivery import Delivery
from bot.i18n import Languages
from bot.readers.rendering import ReaderRendering
from storage import Connection, Database, chats, deliveries, moderators
from tests.conftest import JAKARTA, Clock
from tests.support.sending import (
    add_article,
    add_chats,
    announce,
    chat_row,
    context,
    states,
)
from tests.support.strict_server import Answer, Fault, Server, error, refuse

CLOSED = "Bad Request: not enough rights to send text messages to the chat"


async def test_a_closed_night_delays_the_news_until_the_morning(db: Database, clock: Clock) -> None:
    await add_chats(db, -5, 6)
    await announce(db, await add_article(db))
    async with Server() as server, context(db, server.root, clock=clock) as at:
        server.faults.append(refuse(-5, 400, CLOSED))
        for hour in range(8):
            await at.until_row(lambda row: row["chat_id"] == 1 and row["due_at"] > clock.now)
            if hour == 3:
                await announce(db, await add_article(db, now=clock.now), now=clock.now)
                await at.until(lambda: len(server.texts(6)) == 2)
            clock.now += 3600
            at.delivery.wake()
        assert server.texts(-5) == []
        assert (await chat_row(db, -5))["gone_at"] is None
        server.faults.clear()
        clock.now += 3600
        at.delivery.wake()
        await at.until_idle()
        assert [text[:15] for text in server.texts(-5)] == ["<b>Berita 1</b>", "<b>Berita 2</b>"]
    opened = await chat_row(db, -5)
    assert (opened["closed_at"], opened["refusals"]) == (None, 0)
    assert await states(db) == {"sent": 4}


async def test_news_of_yesterday_is_none_when_a_chat_opens_again(
    db: Database, clock: Clock
) -> None:
    await add_chats(db, -5)
    await announce(db, await add_article(db))
    async with Server() as server, context(db, server.root, clock=clock) as at:
        server.faults.append(refuse(-5, 400, "Bad Request: CHAT_WRITE_FORBIDDEN"))
        await at.until_row(lambda row: row["due_at"] > clock.now)
        clock.now += 90_000
        await announce(db, await add_article(db, now=clock.now), now=clock.now)
        await at.until_row(lambda row: row["state"] == "dead")
        server.faults.clear()
        clock.now += 3600
        at.delivery.wake()
        await at.until_idle()
        assert [text[:15] for text in server.texts(-5)] == ["<b>Berita 2</b>"]
    async with db.reading() as cx:
        told = await deliveries.totals(cx)
    assert (told.taken, told.delivered, told.waiting) == (2, 1, 0)


async def test_a_right_that_comes_back_brings_what_waits_at_once(
    db: Database, clock: Clock
) -> None:
    await add_chats(db, -5)
    await announce(db, await add_article(db))
    async with Server() as server, context(db, server.root, clock=clock) as at:
        server.faults.append(refuse(-5, 400, CLOSED))
        waiting = await at.until_row(lambda row: row["due_at"] > clock.now)
        server.faults.clear()
        async with db.transaction() as tx:
            await tx.batch(*chats.opened(waiting["chat_id"]))
        at.delivery.wake()
        await at.until_idle()
        assert len(server.texts(-5)) == 1


def thread_answers(thread: int, description: str) -> Fault:
    async def fault(_: str, values: dict[str, Any]) -> Answer:
        there = values.get("message_thread_id") == thread
        return error(400, description) if there else None

    return fault


def chat_answers(chat: int, description: str) -> Fault:
    async def fault(_: str, values: dict[str, Any]) -> Answer:
        return error(400, description) if values["chat_id"] == chat else None

    return fault


async def subscriptions(db: Database) -> list[tuple[Any, ...]]:
    async with db.reading() as cx:
        rows = await cx.rows("SELECT * FROM subscription ORDER BY thread")
    return [(row["thread"], row["active"], row["reason"], row["rests_until"]) for row in rows]


async def test_a_closed_topic_rests_and_is_tried_again(db: Database, clock: Clock) -> None:
    await add_chats(db, -5)
    async with db.transaction() as tx:
        await tx.run("INSERT INTO subscription (chat_id, thread, created_at) VALUES (1, 77, 1)")
    async with Server() as server, context(db, server.root, clock=clock) as at:
        server.faults.append(thread_answers(77, "Bad Request: TOPIC_CLOSED"))
        await announce(db, await add_article(db))
        await at.until_idle()
        rests = clock.now + 3600
        assert await subscriptions(db) == [(0, 1, "", 0), (77, 1, "topic_closed", rests)]
        await announce(db, await add_article(db))
        await at.until_idle()
        assert len(server.sent()) == 2
        server.faults.clear()
        clock.now = rests
        await announce(db, await add_article(db))
        await at.until_idle()
        assert len(server.sent()) == 4
    assert await told(db) == [(1, TopicLost(77, deleted=False))]


async def told(db: Database) -> list[tuple[int, Content]]:
    """Who was told that a topic is lost, and what exactly."""
    async with db.reading() as cx:
        rows = await cx.rows("SELECT * FROM delivery WHERE content = 'topic_lost' ORDER BY id")
    return [(row["chat_id"], decode(row["content"], row["data"])) for row in rows]


async def test_a_deleted_topic_ends_its_subscription_alone(db: Database, clock: Clock) -> None:
    await add_chats(db, -5)
    async with db.transaction() as tx:
        await tx.run("INSERT INTO subscription (chat_id, thread, created_at) VALUES (1, 77, 1)")
    await announce(db, await add_article(db))
    async with Server() as server, context(db, server.root, clock=clock) as at:
        server.faults.append(thread_answers(77, "Bad Request: message thread not found"))
        await at.until_idle()
        assert len(server.sent()) == 1
    assert await subscriptions(db) == [(0, 1, "", 0), (77, 0, "message thread not found", 0)]
    assert await told(db) == [(1, TopicLost(77, deleted=True))]


def saying(clock: Clock) -> dict[ContentKind, Any]:
    rendering = ReaderRendering(Languages.load("en", JAKARTA), clock=clock)
    return {ContentKind.TOPIC_LOST: rendering.topic_lost}


async def test_moderators_hear_of_a_group_that_cannot_be_told(db: Database, clock: Clock) -> None:
    await add_chats(db, -5)
    async with db.transaction() as tx:
        await tx.run("INSERT INTO subscription (chat_id, thread, created_at) VALUES (1, 77, 1)")
        await tx.run("UPDATE subscription SET active = 0 WHERE thread = 0")
        desk = await moderators.configure_chat(tx, TelegramId(-9), now=clock())
    await announce(db, await add_article(db))
    closed = "Bad Request: TOPIC_CLOSED"
    async with (
        Server() as server,
        context(db, server.root, clock=clock, others=saying(clock)) as at,
    ):
        server.faults.append(chat_answers(-5, closed))
        await at.until(lambda: bool(server.sent()))
        await at.until_idle()
        assert [one for one in server.texts(-9) if "its General topic either" in one]
    assert [chat for chat, _ in await told(db)] == [1, desk.id]


async def test_moderators_hear_in_private_that_their_chat_takes_nothing(
    db: Database, clock: Clock
) -> None:
    await add_chats(db, 71, 72)
    async with db.transaction() as tx:
        desk = await moderators.configure_chat(tx, TelegramId(-9), now=clock())
        await tx.run(
            "INSERT INTO decision (at, actor_id, actor, action)"
            " VALUES (:now, 71, 'Anna', 'approve')",
            now=clock(),
        )
        for _ in range(2):
            await deliveries.enqueue(tx, QueueSummary(), desk.id, now=clock())
    others = saying(clock) | {ContentKind.QUEUE: a_word}
    refused = "Bad Request: not enough rights to send text messages to the chat"
    async with Server() as server, context(db, server.root, clock=clock, others=others) as at:
        server.faults.append(chat_answers(-9, refused))
        await at.until(lambda: bool(server.texts(71)))
        assert "has taken no messages from the bot" in server.texts(71)[0]
        assert not server.texts(72)
    assert len(await told(db)) == 1


async def a_word(_cx: Connection, _delivery: Delivery) -> Post:
    return Post(Html("-"))
