"""The sender over a real database and real HTTP: pictures in every form, and edits."""

from __future__ import annotations

import io
from collections import Counter
from typing import Any

import pytest
from PIL import Image

from bot.core.html import Html
from bot.core.model import Post
from bot.core.posts.content import CardPart, CommentCard, UndoneNotice
from bot.core.posts.content_kinds import ContentKind
from bot.core.posts.delivery import Delivery, DeliveryKind
from storage import Connection, Database, deliveries
from tests.conftest import Clock
from tests.support.picture_server import PICTURE, Downloads, png
from tests.support.sending import add_article, add_chats, announce, chat_row, context, delivery_rows
from tests.support.strict_server import Answer, Server, error, times

# --- pictures -------------------------------------------------------------------------------------


async def test_a_picture_is_offered_by_address_once_then_it_goes_by_file_id(
    db: Database, clock: Clock
) -> None:
    await add_chats(db, *range(1, 21))
    await announce(db, await add_article(db, picture=PICTURE))
    async with Server() as server, context(db, server.root, clock=clock) as at:
        server.delay = 0.02
        await at.until_idle()
        used = Counter(one.values.get("photo") for one in server.sent())
        assert used == {None: 1, "file-1": 19}
        edits = [one.values["media"] for one in server.arrived if "edit" in one.method]
        assert [one["media"] for one in edits] == [PICTURE]
    assert {row["photo"] for row in await delivery_rows(db)} == {1}
    async with db.reading() as cx:
        assert await cx.value("SELECT file_id FROM article") == "file-1"


async def test_a_picture_that_we_can_have_is_uploaded_once_for_all(
    db: Database, clock: Clock
) -> None:
    await add_chats(db, *range(1, 21))
    await announce(db, await add_article(db, picture=PICTURE))
    downloads = Downloads(png())
    async with Server() as server, context(db, server.root, clock=clock, downloads=downloads) as at:
        await at.until_idle()
        photos = Counter(one.values["photo"] for one in server.sent())
        assert photos == {"uploaded": 1, "file-1": 19}
        assert (server.uploads, downloads.asked) == (1, 1)
        content = next(one.values["content"] for one in server.sent() if "content" in one.values)
        with Image.open(io.BytesIO(content)) as sent:
            assert (sent.format, sent.size) == ("JPEG", (1280, 720))


@pytest.mark.parametrize("body", [None, b"<html>no picture</html>"])
async def test_text_is_never_lost_for_a_pictures_sake(
    db: Database, clock: Clock, body: bytes | None
) -> None:
    await add_chats(db, 1, 2, 3)
    await announce(db, await add_article(db, picture=PICTURE))

    async def refuses(method: str, _: dict[str, Any]) -> Answer:
        if method == "sendPhoto":
            return error(400, "Bad Request: wrong type of the web page content")
        return None

    async with Server() as server:
        server.faults.append(refuses)
        async with context(db, server.root, clock=clock, downloads=Downloads(body)) as at:
            await at.until_idle()
        assert Counter(one.chat for one in server.sent()) == {1: 1, 2: 1, 3: 1}
        preview = server.sent()[0].values["link_preview_options"]
        assert preview["url"] == "https://kabar.example/1"
        assert preview["prefer_large_media"]


async def test_local_file_names_never_reach_telegram(db: Database, clock: Clock) -> None:
    await add_chats(db, 1)
    await announce(db, await add_article(db, picture="/etc/hostname"))
    async with Server() as server, context(db, server.root, clock=clock) as at:
        await at.until_idle()
        assert [one.method for one in server.sent()] == ["sendMessage"]


async def test_chat_without_photos_gets_text_now_and_later(db: Database, clock: Clock) -> None:
    await add_chats(db, 1, -2)
    await announce(db, await add_article(db, picture=PICTURE))

    async def forbids(method: str, values: dict[str, Any]) -> Answer:
        if method == "sendPhoto" and values["chat_id"] == -2:
            return error(400, "Bad Request: not enough rights to send photos to the chat")
        return None

    found = Downloads(png())
    async with Server() as server, context(db, server.root, clock=clock, downloads=found) as at:
        server.faults.append(forbids)
        await at.until_idle()
        assert {one.chat: one.method for one in server.sent()} == {
            1: "sendPhoto",
            -2: "sendMessage",
        }
    assert (await chat_row(db, -2))["text_only"] == 1


# --- edits ----------------------------------------------------------------------------------------


async def test_correction_reaches_every_message_once(db: Database, clock: Clock) -> None:
    await add_chats(db, 1, 2)
    number = await add_article(db, picture=PICTURE)
    await announce(db, number)
    async with Server() as server, context(db, server.root, clock=clock) as at:
        await at.until_idle()
        async with db.transaction() as tx:
            await tx.run("UPDATE article SET headline = 'Baru', revision = 2, comments = 3")
            await deliveries.announce_edit(tx, number, now=clock(), correction=True)
            await deliveries.announce_edit(tx, number, now=clock())
        at.delivery.wake()
        await at.until_idle()
        edits = [one for one in server.arrived if one.method == "editMessageCaption"]
        assert Counter(one.chat for one in edits) == {1: 1, 2: 1}
        assert all("Baru" in one.text for one in edits)
    rows = await delivery_rows(db)
    assert {(row["kind"], row["revision"], row["comments"]) for row in rows} == {("post", 2, 3)}


NEW_PICTURE = "https://kabar.example/new.png"


async def test_correction_is_never_lost_for_a_new_pictures_sake(db: Database, clock: Clock) -> None:
    await add_chats(db, *range(1, 6))
    number = await add_article(db, picture=PICTURE)
    await announce(db, number)
    async with Server() as server, context(db, server.root, clock=clock) as at:
        await at.until_idle()
        refused = error(400, "Bad Request: failed to get HTTP URL content")
        server.faults.append(times(100, refused, method="editMessageMedia"))
        async with db.transaction() as tx:
            await tx.run(
                "UPDATE article SET headline = 'Baru', revision = 2, picture_revision = 2,"
                " picture = :picture, picture_step = 'url', file_id = ''",
                picture=NEW_PICTURE,
            )
            await deliveries.announce_edit(tx, number, now=clock(), correction=True)
        at.delivery.wake()
        await at.until_idle()
        edits = [one for one in server.arrived if one.method == "editMessageCaption"]
        assert Counter(one.chat for one in edits) == dict.fromkeys(range(1, 6), 1)
        assert all("Baru" in one.text for one in edits)
    async with db.reading() as cx:
        assert await cx.value("SELECT address FROM awaited_picture") == NEW_PICTURE


async def test_correction_during_the_request_is_caught_up(db: Database, clock: Clock) -> None:
    await add_chats(db, 1)
    await announce(db, await add_article(db))

    async def correct(method: str, _: dict[str, Any]) -> Answer:
        if method == "sendMessage":
            async with db.transaction() as tx:
                await tx.run("UPDATE article SET headline = 'Baru', revision = 2")
                await deliveries.announce_edit(tx, 1, now=clock(), correction=True)
        return None

    async with Server() as server, context(db, server.root, clock=clock) as at:
        server.faults.append(correct)
        await at.until(lambda: bool(server.arrived and "Baru" in server.arrived[-1].text))
        await at.until_idle()


async def test_edit_of_a_deleted_message_is_forgotten(db: Database, clock: Clock) -> None:
    await add_chats(db, 1)
    number = await add_article(db)
    await announce(db, number)
    async with Server() as server, context(db, server.root, clock=clock) as at:
        await at.until_idle()
        server.faults.append(
            times(
                1,
                error(400, "Bad Request: message to edit not found"),
                method="editMessageReplyMarkup",
            )
        )
        async with db.transaction() as tx:
            await tx.run("UPDATE article SET comments = 1")
            await deliveries.announce_edit(tx, number, now=clock())
        at.delivery.wake()
        await at.until_idle()
    rows = await delivery_rows(db)
    assert [(row["kind"], row["message_id"]) for row in rows] == [("post", None)]


async def test_what_edits_a_message_that_somebody_deleted_asks_telegram_nothing(
    db: Database, clock: Clock
) -> None:
    await add_chats(db, -9)

    async def card(_: Connection, one: Delivery) -> Post | None:
        return Post(Html("card"))

    others = {ContentKind.CARD: card}
    async with Server() as server, context(db, server.root, clock=clock, others=others) as at:
        async with db.transaction() as tx:
            number = await deliveries.enqueue(tx, CommentCard(), 1, now=clock())
        at.delivery.wake()
        await at.until_idle()
        async with db.transaction() as tx:
            await tx.run("UPDATE delivery SET message_id = NULL")
            await deliveries.enqueue_edit(tx, number, now=clock())
        at.delivery.wake()
        await at.until_idle()
    assert [one.method for one in server.arrived] == ["sendMessage"]
    assert [row["id"] for row in await delivery_rows(db)] == [number]


async def test_cards_and_notices_are_said_by_their_renderers(db: Database, clock: Clock) -> None:
    await add_chats(db, -9, 4)

    async def card(_: Connection, one: Delivery) -> Post | None:
        if one.kind is DeliveryKind.EDIT:
            raise ZeroDivisionError
        assert isinstance(one.content, CardPart)
        return Post(Html(f"card {one.comment_id} {one.content.number}"))

    async def nothing(_: Connection, one: Delivery) -> Post | None:
        return None

    others = {ContentKind.CARD_PART: card, ContentKind.UNDONE: nothing}
    async with Server() as server, context(db, server.root, clock=clock, others=others) as at:
        async with db.transaction() as tx:
            number = await deliveries.enqueue(tx, CardPart(2), 1, comment_id=8, now=clock())
            await deliveries.enqueue(tx, UndoneNotice(3), 2, comment_id=8, now=clock())
        at.delivery.wake()
        await at.until_idle()
        assert server.texts(-9) == ["card 8 2"]
        assert server.texts(4) == []
        async with db.transaction() as tx:
            await deliveries.enqueue_edit(tx, number, now=clock())
            await deliveries.enqueue_edit(tx, number, now=clock())
        at.delivery.wake()
        await at.until_row(lambda row: row["attempts"])
    rows = await delivery_rows(db)
    assert [(row["kind"], row["content"], row["state"]) for row in rows] == [
        ("send", "card_part", "sent"),
        ("send", "undone", "dead"),
        ("edit", "card_part", "due"),
    ]


# --- links ----------------------------------------------------------------------------------------

UNKNOWN_HOST = "https://koran.kampung/berita/1"


async def test_a_link_that_telegram_refuses_is_left_out_for_all(db: Database, clock: Clock) -> None:
    chats = [*range(1, 41), -1, -2]
    await add_chats(db, *chats)
    number = await add_article(db, link=UNKNOWN_HOST)
    await announce(db, number)
    refused = []

    async def refuses(_: str, values: dict[str, Any]) -> Answer:
        if UNKNOWN_HOST in str(values.get("reply_markup")):
            refused.append(values["chat_id"])
            return error(
                400, f"Bad Request: inline keyboard button URL '{UNKNOWN_HOST}' is invalid"
            )
        return None

    window = 16
    async with Server() as server, context(db, server.root, clock=clock, window=window) as at:
        server.faults.append(refuses)
        await at.until_idle()
        assert Counter(one.chat for one in server.sent()) == dict.fromkeys(chats, 1)
        assert 0 < len(refused) <= window  # what was under way before anybody knew
    async with db.transaction() as tx:
        await tx.run("UPDATE article SET revision = 2, headline = 'Lain' WHERE id = :id", id=number)
        await deliveries.announce_edit(tx, number, now=clock(), correction=True)
    refused.clear()
    async with Server() as server, context(db, server.root, clock=clock) as at:  # a new start
        server.faults.append(refuses)
        await at.until_idle()
        assert len(server.arrived) == 42
        assert refused == []


@pytest.mark.parametrize(
    "link", ["http://localhost/a", "http://koran/a", "https://ko%ran.example/a"]
)
async def test_a_link_that_cannot_be_a_buttons_is_not_tried(
    db: Database, clock: Clock, link: str
) -> None:
    await add_chats(db, 1)
    await announce(db, await add_article(db, link=link))
    async with Server() as server, context(db, server.root, clock=clock) as at:
        await at.until_idle()
        (post,) = server.sent()
        assert link not in str(post.values)


async def test_a_post_leads_back_to_the_post_of_what_its_text_links_to(
    db: Database, clock: Clock
) -> None:
    await add_chats(db, 1, -1001234)
    first = await add_article(db, link_key="https://kabar.example/1")
    await announce(db, first)
    async with Server() as server, context(db, server.root, clock=clock) as at:
        await at.until_idle()
        await add_chats(db, -1005678)  # has not seen the first
        await announce(db, await add_article(db, linked='["https://kabar.example/1"]'))
        await at.until_idle()
        posts = {
            one.chat: one.values["text"] for one in server.sent() if "⏪" in one.values["text"]
        }
    async with db.reading() as cx:
        seen = await cx.value(
            "SELECT message_id FROM delivery WHERE article_id = :first AND chat_id ="
            " (SELECT id FROM chat WHERE telegram_id = -1001234)",
            first=first,
        )
    into_private = f"start=a_{first}"
    assert f"https://t.me/c/1234/{seen}" in posts[-1001234]
    assert into_private in posts[1]
    assert into_private in posts[-1005678]
