"""Channels with a discussion group on the wire: bare posts, their edits, messages taken away."""

from __future__ import annotations

import pytest

from bot.core.html import Html
from bot.core.model import ChatKind, Post, TelegramId
from bot.core.posts.content import ThreadMessage
from bot.core.posts.content_kinds import ContentKind
from bot.core.posts.delivery import Delivery
from bot.core.posts.outcome import REMOVED
from bot.telegram import botapi
from storage import Connection, Database, chats, deliveries, threads
from tests.conftest import Clock
from tests.support.picture_server import PICTURE, Downloads, png
from tests.support.sending import add_article, add_chats, announce, context, delivery_rows
from tests.support.strict_server import Answer, Server, error


async def add_channels(db: Database, *others: int, now: int) -> None:
    """-1 has a group (-3), the others have none; all get all news."""
    async with db.transaction() as tx:
        for one in (-1, *others):
            chat = await chats.see(tx, TelegramId(one), kind=ChatKind.CHANNEL, now=now)
            await chats.subscribe(tx, chat.id, now=now)
        group = await chats.see(tx, TelegramId(-3), kind=ChatKind.SUPERGROUP, now=now)
        channel = await chats.get(tx, TelegramId(-1))
        assert channel is not None
        assert await threads.link(tx, channel.id, group.id)


async def correct(db: Database, number: int, *, now: int, **values: object) -> None:
    async with db.transaction() as tx:
        for name, value in values.items():
            await tx.run(f"UPDATE article SET {name} = :value", value=value)
        await deliveries.announce_edit(tx, number, now=now, correction="revision" in values)


async def test_one_article_goes_bare_to_one_channel_and_with_buttons_to_the_other(
    db: Database, clock: Clock
) -> None:
    await add_channels(db, -2, now=clock())
    number = await add_article(db, picture=PICTURE)
    await announce(db, number)
    found = Downloads(png())
    async with Server() as server, context(db, server.root, clock=clock, downloads=found) as at:
        await at.until_idle()
        posts = {one.chat: one for one in server.sent()}
        assert "reply_markup" not in posts[-1].values
        assert "start=c_1" in posts[-1].text
        assert "reply_markup" in posts[-2].values
        assert "start=c_1" not in posts[-2].text
        await correct(db, number, now=clock(), comments=3)
        at.delivery.wake()
        await at.until_idle()
        assert [(one.chat, one.method) for one in server.arrived[2:]] == [
            (-2, "editMessageReplyMarkup")
        ]
        await correct(db, number, now=clock(), headline="Baru", revision=2)
        at.delivery.wake()
        await at.until_idle()
        edits = {one.chat: one for one in server.arrived[3:]}
        assert edits[-1].method == "editMessageCaption"
        assert "reply_markup" not in edits[-1].values
        assert "Baru" in edits[-1].text
        assert "reply_markup" in edits[-2].values
    assert {row["revision"] for row in await delivery_rows(db)} == {2}


async def test_a_count_that_changed_during_the_sending_needs_no_edit(
    db: Database, clock: Clock
) -> None:
    await add_channels(db, now=clock())
    await announce(db, await add_article(db))

    async def count(method: str, _: dict[str, object]) -> Answer:
        if method == "sendMessage":
            async with db.transaction() as tx:
                await tx.run("UPDATE article SET comments = 1")
        return None

    async with Server() as server, context(db, server.root, clock=clock) as at:
        server.faults.append(count)
        await at.until_idle()
    assert [one.method for one in server.arrived] == ["sendMessage"]


async def test_without_its_picture_a_bare_post_previews_the_article(
    db: Database, clock: Clock
) -> None:
    await add_channels(db, now=clock())
    await announce(db, await add_article(db, picture="/etc/hostname"))
    async with Server() as server, context(db, server.root, clock=clock) as at:
        await at.until_idle()
        post = next(one for one in server.sent() if one.chat == -1)
        assert post.values["link_preview_options"]["url"] == "https://kabar.example/1"


async def withdrawn(_: Connection, one: Delivery) -> Post:
    assert one.target_message_id is not None
    return Post(Html("(withdrawn)"), removes=(one.target_message_id,))


async def test_what_telegram_does_not_let_us_take_away_says_that_it_is_withdrawn(
    db: Database, clock: Clock
) -> None:
    await add_chats(db, -9)
    asked: list[str] = []

    async def refuses(method: str, _: dict[str, object]) -> Answer:
        asked.append(method)
        if method == "deleteMessage":
            return error(400, "Bad Request: message can't be deleted")
        return None

    others = {ContentKind.THREAD: withdrawn}
    async with Server() as server, context(db, server.root, clock=clock, others=others) as at:
        server.faults.append(refuses)
        async with db.transaction() as tx:
            await deliveries.record(tx, ThreadMessage(1), 1, 70, comment_id=1, now=clock())
            await deliveries.enqueue_edit(tx, 1, now=clock())
        at.delivery.wake()
        await at.until_idle()
        assert asked == ["deleteMessage", "editMessageText"]
        assert server.arrived[-1].text == "(withdrawn)"
    (row,) = await delivery_rows(db)
    assert (row["state"], row["message_id"]) == ("sent", 70)


async def album(_: Connection, one: Delivery) -> Post:
    return Post(Html(""), removes=(71, 70))


@pytest.mark.parametrize(
    ("refusal", "left"),
    [
        ("", ("dead", None, REMOVED)),
        ("message to delete not found", ("dead", None, REMOVED)),
        ("message can't be deleted", ("sent", 70, "message can't be deleted")),
    ],
)
async def test_an_album_is_taken_away_as_one_or_it_is_noted_that_it_stays(
    db: Database, clock: Clock, refusal: str, left: tuple[object, ...]
) -> None:
    await add_chats(db, -9)

    asked: list[tuple[str, dict[str, object]]] = []

    async def refuses(method: str, values: dict[str, object]) -> Answer:
        asked.append((method, values))
        return error(400, f"Bad Request: {refusal}") if refusal else None

    others = {ContentKind.THREAD: album}
    async with Server() as server, context(db, server.root, clock=clock, others=others) as at:
        server.faults.append(refuses)
        async with db.transaction() as tx:
            await deliveries.record(tx, ThreadMessage(1), 1, 70, comment_id=1, now=clock())
            await deliveries.enqueue_edit(tx, 1, now=clock())
        at.delivery.wake()
        await at.until_idle()
        assert asked == [("deleteMessages", {"chat_id": -9, "message_ids": [70, 71]})]
    (row,) = await delivery_rows(db)
    assert (row["state"], row["message_id"], row["reason"]) == left


def test_an_answer_to_a_message_that_is_gone_is_not_sent() -> None:
    body = botapi.encode_send(Post(Html("words"), reply_to=5, strict=True)).rest
    assert b'"reply_parameters":{"message_id":5,"allow_sending_without_reply":false}' in body
