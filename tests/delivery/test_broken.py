"""What fails on its way through a fault of ours is set aside: all else goes on, and it comes
later."""

from __future__ import annotations

from functools import partial
from typing import Any, cast

from bot.core.html import Html
from bot.core.model import Post
from bot.core.posts.content import CardPart, CommentCard
from bot.core.posts.content_kinds import ContentKind
from bot.core.posts.delivery import Delivery
from bot.reading.reader import InThread
from storage import Connection, Database, deliveries, set_aside
from tests.conftest import Clock
from tests.support.picture_server import PICTURE, Downloads, png
from tests.support.sending import add_article, add_chats, announce, context, delivery_rows, states
from tests.support.strict_server import Server, error, times


async def aside(db: Database) -> dict[str, int]:
    async with db.reading() as cx:
        return await set_aside.counts(cx)


async def test_a_message_that_cannot_be_said_keeps_no_other_from_its_chat(
    db: Database, clock: Clock
) -> None:
    await add_chats(db, 1)

    async def part(_: Connection, one: Delivery) -> Post:
        raise ZeroDivisionError

    async def card(_: Connection, one: Delivery) -> Post:
        return Post(Html(f"card {one.comment_id}"))

    others = {ContentKind.CARD_PART: part, ContentKind.CARD: card}
    async with Server() as server, context(db, server.root, clock=clock, others=others) as at:
        for number in (1, 2):
            async with db.transaction() as tx:
                await deliveries.enqueue(tx, CardPart(2), 1, comment_id=number, now=clock())
                await deliveries.enqueue(tx, CommentCard(), 1, comment_id=number, now=clock())
            at.delivery.wake()
            await at.until(partial(lambda n: len(server.sent()) == n, number))
        assert server.texts(1) == ["card 1", "card 2"]
    assert await aside(db) == {"delivery": 2}
    broken = [row for row in await delivery_rows(db) if row["state"] == "due"]
    assert [row["due_at"] - clock() for row in broken] == [60, 60]
    assert broken[0]["reason"].startswith("ZeroDivisionError in tests/delivery/test_broken.py")


async def test_it_comes_when_the_fault_is_mended_also_after_a_restart(
    db: Database, clock: Clock
) -> None:
    await add_chats(db, 1)
    mended = False

    async def part(_: Connection, one: Delivery) -> Post:
        if not mended:
            raise ZeroDivisionError
        return Post(Html("whole again"))

    async with db.transaction() as tx:
        await deliveries.enqueue(tx, CardPart(2), 1, comment_id=1, now=clock())
    others = {ContentKind.CARD_PART: part}
    for pause in (60, 120):
        async with Server() as server, context(db, server.root, clock=clock, others=others) as at:
            row = await at.until_row(lambda row: row["due_at"] > clock())
            assert row["due_at"] - clock() == pause
            assert "ZeroDivisionError" in row["reason"]
        clock.pass_(pause)
    mended = True
    async with Server() as server, context(db, server.root, clock=clock, others=others) as at:
        await at.until_idle()
        assert server.texts(1) == ["whole again"]
    assert await aside(db) == {}


class Bewitched(InThread):
    """Reads pictures in a way that makes our own code fail later."""

    async def jpeg(self, content: bytes) -> bytes | None:
        return cast("bytes", 7)


class Faulty:
    """A picture server whose answers make our own code fail at once."""

    async def get(self, address: str, *, max_bytes: int = 0, accept: str = "") -> Any:
        raise ZeroDivisionError


async def test_a_fault_with_a_picture_keeps_no_news(db: Database, clock: Clock) -> None:
    await add_chats(db, 1)
    await announce(db, await add_article(db, picture=PICTURE), await add_article(db))
    refused = error(400, "Bad Request: failed to get HTTP URL content")
    async with Server() as server, context(db, server.root, clock=clock, downloads=Faulty()) as at:
        server.faults.append(times(9, refused, method="sendPhoto"))
        await at.until_idle()
        assert [one.text[:12] for one in server.sent()] == ["<b>Berita 1<", "<b>Berita 2<"]
    assert await aside(db) == {}


async def test_a_fault_on_the_way_to_the_wire_ends_neither_the_sender_nor_the_chat(
    db: Database, clock: Clock
) -> None:
    await add_chats(db, 1)
    await announce(db, await add_article(db, picture=PICTURE), await add_article(db))

    async with Server() as server:
        found = Downloads(png())
        async with context(db, server.root, clock=clock, downloads=found, reader=Bewitched()) as at:
            await at.until(lambda: len(server.sent()) == 1)
            assert server.sent()[0].text.startswith("<b>Berita 2")
            await at.until_row(lambda row: row["attempts"] == 1 and row["state"] == "due")
    assert await aside(db) == {"delivery": 1}


async def test_what_cannot_be_recorded_spoils_the_record_of_no_other(
    db: Database, clock: Clock
) -> None:
    await add_chats(db, 1, 2, 3)
    async with db.transaction() as tx:  # a fault for the second and the third that arrive
        await tx.run("CREATE UNIQUE INDEX spoiled ON delivery (state) WHERE state = 'sent'")
    await announce(db, await add_article(db))
    async with Server() as server, context(db, server.root, clock=clock) as at:
        await at.until(lambda: len(server.sent()) == 3)
        await at.until_idle()
        assert len(server.sent()) == 3
    assert await states(db) == {"sent": 1, "dead": 2}
    async with db.reading() as cx:
        told = await deliveries.totals(cx)
    assert (told.taken, told.delivered, told.dead) == (3, 1, 2)
