"""Channels with a discussion group on the wire: bare posts, their edits, messages taken away."""

from __future__ import annotations

from bot.core.html import Html
from bot.core.model import ChatKind, Delivery, DeliveryKind, Post, TelegramId
from storage import Connection, Database, chats, deliveries, threads
from tests.conftest import Clock
from tests.delivery_kit import add_article, add_chats, announce, delivery_rows, office
from tests.delivery_server import Answer, Server, error

PICTURE = "https://kabar.example/picture.png"


async def add_channels(db: Database, *, now: int) -> None:
    """-1 has a group (-3), -2 has none; both get all news."""
    async with db.transaction() as tx:
        for one in (-1, -2):
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
    await add_channels(db, now=clock())
    number = await add_article(db, picture=PICTURE)
    await announce(db, number)
    async with Server() as server, office(db, server.root, clock=clock) as at:
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

    async with Server() as server, office(db, server.root, clock=clock) as at:
        server.faults.append(count)
        await at.until_idle()
    edited = [one.chat for one in server.arrived if one.method.startswith("edit")]
    assert -1 not in edited


async def test_without_its_picture_a_bare_post_previews_the_article(
    db: Database, clock: Clock
) -> None:
    await add_channels(db, now=clock())
    await announce(db, await add_article(db, picture="/etc/hostname"))
    async with Server() as server, office(db, server.root, clock=clock) as at:
        await at.until_idle()
        post = next(one for one in server.sent() if one.chat == -1)
        assert post.values["link_preview_options"]["url"] == "https://kabar.example/1"


async def words(_: Connection, one: Delivery) -> Post | None:
    return Post(Html("words"), reply_to=5, strict=True)


async def withdrawn(_: Connection, one: Delivery) -> Post | None:
    return Post(Html("(withdrawn)"), removes=True)


async def test_what_telegram_does_not_let_us_take_away_says_that_it_is_withdrawn(
    db: Database, clock: Clock
) -> None:
    await add_chats(db, -9)
    others = {DeliveryKind.NOTICE: words, DeliveryKind.CARD_EDIT: withdrawn}
    async with Server() as server, office(db, server.root, clock=clock, others=others) as at:
        asked: list[str] = []

        async def refuses(method: str, _: dict[str, object]) -> Answer:
            asked.append(method)
            if method == "deleteMessage":
                return error(400, "Bad Request: message can't be deleted")
            return None

        server.faults.append(refuses)
        async with db.transaction() as tx:
            number = await deliveries.enqueue(tx, DeliveryKind.NOTICE, 1, now=clock())
        at.delivery.wake()
        await at.until_idle()
        async with db.transaction() as tx:
            await deliveries.enqueue_edit(tx, number, kind=DeliveryKind.CARD_EDIT, now=clock())
        at.delivery.wake()
        await at.until_idle()
        said, edit = server.arrived
        assert said.values["reply_parameters"] == {
            "message_id": 5,
            "allow_sending_without_reply": False,
        }
        assert asked == ["sendMessage", "deleteMessage", "editMessageText"]
        assert edit.text == "(withdrawn)"
    (row,) = await delivery_rows(db)
    assert (row["kind"], row["state"], row["message_id"] is not None) == ("notice", "sent", True)
