"""A picture holds nobody up: the text goes out, and the picture joins it once when it comes."""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import Any

import pytest

from storage import Database, deliveries
from tests.conftest import Clock
from tests.support.picture_server import PICTURE, Downloads, png
from tests.support.sending import (
    LONG,
    SenderKit,
    add_article,
    add_chats,
    announce,
    chat_row,
    context,
    delivery_rows,
)
from tests.support.strict_server import Answer, Server, error, times

SOON = 0.02
GONE = error(400, "Bad Request: failed to get HTTP URL content")


def methods(server: Server) -> Counter[str]:
    return Counter(one.method for one in server.arrived)


def texts(server: Server) -> set[int]:
    """Chats that got the words alone."""
    return {one.chat for one in server.arrived if one.method == "sendMessage"}


def joined(server: Server) -> set[int]:
    """Chats whose message got its picture later."""
    return {one.chat for one in server.arrived if one.method == "editMessageMedia"}


async def awaited(db: Database) -> list[dict[str, Any]]:
    async with db.reading() as cx:
        return [dict(row) for row in await cx.rows("SELECT * FROM awaited_picture")]


async def test_the_text_goes_without_a_picture_that_hangs_and_the_picture_joins_it(
    db: Database, clock: Clock
) -> None:
    await add_chats(db, *range(1, 6))
    await announce(db, await add_article(db, picture=PICTURE))
    downloads = Downloads(png(), asyncio.Event())
    async with (
        Server() as server,
        context(db, server.root, clock=clock, downloads=downloads, patience=SOON) as at,
    ):
        await at.until_idle()
        assert methods(server) == {"sendMessage": 5}
        preview = server.sent()[0].values["link_preview_options"]
        assert preview["prefer_large_media"]
        assert [row["address"] for row in await awaited(db)] == [PICTURE]
        assert downloads.hangs is not None
        downloads.hangs.set()
        await at.late_pictures()
        assert methods(server) == {"sendMessage": 5, "editMessageMedia": 5}
        assert (downloads.asked, server.uploads) == (1, 1)
        assert joined(server) == set(range(1, 6))
    rows = await delivery_rows(db)
    assert {(row["kind"], row["photo"], row["revision"]) for row in rows} == {("post", 1, 2)}
    assert await awaited(db) == []


async def test_what_is_awaited_outlives_the_program(db: Database, clock: Clock) -> None:
    await add_chats(db, 1, 2)
    number = await add_article(db, picture=PICTURE)
    await announce(db, number)
    hanging = Downloads(png(), asyncio.Event())
    async with (
        Server() as server,
        context(db, server.root, clock=clock, downloads=hanging, patience=SOON) as at,
    ):
        await at.until_idle()
    again = Downloads(png(), asyncio.Event())
    async with Server() as server, context(db, server.root, clock=clock, downloads=again) as at:
        await add_chats(db, 3)  # posts do not wait for it again
        async with db.transaction() as tx:
            await deliveries.post(tx, number, 3, now=clock())
        at.delivery.wake()
        await at.until_idle()
        assert methods(server) == {"sendMessage": 1}
        assert again.hangs is not None
        again.hangs.set()
        await at.late_pictures()
        assert methods(server) == {"sendMessage": 1, "editMessageMedia": 3}


async def test_an_edit_whose_picture_is_lost_again_looks_for_it_again(
    db: Database, clock: Clock
) -> None:
    await add_chats(db, 1)
    number = await add_article(db, picture=PICTURE)
    await announce(db, number)
    hanging = Downloads(png(), asyncio.Event())
    async with (
        Server() as server,
        context(db, server.root, clock=clock, downloads=hanging, patience=SOON) as at,
    ):
        await at.until_idle()
        assert hanging.hangs is not None
        hanging.hangs.set()
        await at.late.tick()
        await at.late.settled()
    hanging.hangs.clear()  # killed before the edits, and the server hangs once more
    async with (
        Server() as server,
        context(db, server.root, clock=clock, downloads=hanging, patience=SOON) as at,
    ):
        await at.until_idle()
        hanging.hangs.set()
        await at.late_pictures()
        assert methods(server)["editMessageMedia"] == 1
    rows = await delivery_rows(db)
    assert [(row["kind"], row["photo"]) for row in rows] == [("post", 1)]


def offers(values: dict[str, Any]) -> bool:
    """Does a request name an address that Telegram has to fetch? An upload names none."""
    media = values.get("media")
    return PICTURE in (values.get("photo"), media["media"] if isinstance(media, dict) else "")


async def test_an_address_that_telegram_fetches_for_ever_holds_up_nobody(
    db: Database, clock: Clock
) -> None:
    await add_chats(db, *range(1, 6))
    await announce(db, await add_article(db, picture=PICTURE))
    fetched, later = asyncio.Event(), Downloads()
    offered = []

    async def fetches(method: str, values: dict[str, Any]) -> Answer:
        if offers(values):
            offered.append(method)
            await fetched.wait()
        return None

    async with (
        Server() as server,
        context(db, server.root, clock=clock, downloads=later, scouting=SOON) as at,
    ):
        server.faults.append(fetches)
        await at.until(lambda: methods(server)["sendMessage"] == 5)
        await at.until_idle()
        await at.until(lambda: offered == ["editMessageMedia"])
        assert len(await awaited(db)) == 1
        fetched.set()  # too late to be heard, but it is done
        await at.until(lambda: len(joined(server)) == 1)
        later.body = png()
        await at.late_pictures()
        assert joined(server) == texts(server) == set(range(1, 6))
        assert Counter(one.chat for one in server.sent()) == dict.fromkeys(range(1, 6), 1)
    assert await awaited(db) == []
    assert {row["photo"] for row in await delivery_rows(db)} == {1}


async def test_what_only_telegram_can_fetch_joins_one_text_and_is_part_of_the_other_posts(
    db: Database, clock: Clock
) -> None:
    await add_chats(db, *range(1, 6))
    await announce(db, await add_article(db, picture=PICTURE))
    async with Server() as server, context(db, server.root, clock=clock) as at:
        await at.until(lambda: len(server.sent()) == 5)
        await at.until_idle()
        assert methods(server) == {"sendMessage": 1, "editMessageMedia": 1, "sendPhoto": 4}
        assert texts(server) == joined(server)
        named = {one.values["photo"] for one in server.sent() if one.method == "sendPhoto"}
        assert named == {"file-1"}
    assert await awaited(db) == []


async def test_words_under_a_picture_of_which_nobody_told_us_are_edited(
    db: Database, clock: Clock
) -> None:
    await add_chats(db, 1)
    number = await add_article(db)
    await announce(db, number)
    old = error(400, "Bad Request: there is no text in the message to edit")
    async with Server() as server, context(db, server.root, clock=clock) as at:
        await at.until_idle()
        server.faults.append(times(9, old, method="editMessageText"))
        async with db.transaction() as tx:
            await tx.run("UPDATE article SET revision = 2, headline = 'Baru'")
            await deliveries.announce_edit(tx, number, now=clock(), correction=True)
        at.delivery.wake()
        await at.until_idle()
        assert methods(server) == {"sendMessage": 1, "editMessageCaption": 1}
    rows = await delivery_rows(db)
    assert [(row["kind"], row["photo"], row["revision"]) for row in rows] == [("post", 1, 2)]


@pytest.mark.parametrize("size", [(60, 60), (199, 150)])
async def test_a_picture_that_turns_out_to_be_small_is_not_posted(
    db: Database, clock: Clock, size: tuple[int, int]
) -> None:
    await add_chats(db, 1, 2, 3)
    await announce(db, await add_article(db, picture=PICTURE))
    small = Downloads(png(size))
    async with Server() as server, context(db, server.root, clock=clock, downloads=small) as at:
        await at.until_idle()
        assert methods(server) == {"sendMessage": 3}
    async with db.reading() as cx:
        assert await cx.value("SELECT picture_step FROM article") == "none"
    assert small.asked == 1


async def test_a_broken_picture_is_decided_once_for_all_chats_and_looked_at_again(
    db: Database, clock: Clock
) -> None:
    await add_chats(db, *range(1, 21))
    await announce(db, await add_article(db, picture=PICTURE))
    broken, offered = Downloads(), []

    async def refuses(method: str, values: dict[str, Any]) -> Answer:
        if offers(values):
            offered.append(method)
            return GONE
        return None

    async with Server() as server:
        server.faults.append(refuses)
        async with context(db, server.root, clock=clock, downloads=broken) as at:
            await at.until_idle()
            assert (offered, broken.asked) == (["editMessageMedia"], 1)
            assert methods(server) == {"sendMessage": 20}
            for _ in range(9):
                await at.late_pictures()
                clock.pass_(20_000)
            assert broken.asked == 10
            await at.late_pictures()
            assert broken.asked == 10  # given up
        assert methods(server) == {"sendMessage": 20}
    async with db.reading() as cx:
        assert await cx.value("SELECT picture_step FROM article") == "none"


async def test_a_picture_that_only_the_page_brings_joins_the_text(
    db: Database, clock: Clock
) -> None:
    await add_chats(db, 1, 2)
    number = await add_article(db)
    await announce(db, number)
    found = Downloads(png())
    async with Server() as server, context(db, server.root, clock=clock, downloads=found) as at:
        await at.until_idle()
        async with db.transaction() as tx:
            await tx.run(
                "UPDATE article SET revision = 2, picture_revision = 2, picture = :picture",
                picture=PICTURE,
            )
            await deliveries.announce_edit(tx, number, now=clock(), correction=True)
        at.delivery.wake()
        await at.until_idle()
        assert methods(server) == {"sendMessage": 2, "editMessageMedia": 2}
        assert server.uploads == 1


async def _bring(at: SenderKit, number: int, clock: Clock) -> None:
    async with at.db.transaction() as tx:
        await tx.run(
            "UPDATE article SET revision = 2, picture_revision = 2, picture = :picture,"
            " headline = 'Baru'",
            picture=PICTURE,
        )
        await deliveries.announce_edit(tx, number, now=clock(), correction=True)
    at.delivery.wake()
    await at.until_idle()


async def test_where_texts_stay_texts_the_words_are_edited(db: Database, clock: Clock) -> None:
    await add_chats(db, 1)
    number = await add_article(db)
    await announce(db, number)
    found, old = Downloads(png()), "Bad Request: there is no media in the message to edit"
    async with Server() as server, context(db, server.root, clock=clock, downloads=found) as at:
        await at.until_idle()
        server.faults.append(times(9, error(400, old), method="editMessageMedia"))
        await _bring(at, number, clock)
        assert methods(server) == {"sendMessage": 1, "editMessageText": 1}
        assert "Baru" in server.arrived[-1].text
    rows = await delivery_rows(db)
    assert [(row["kind"], row["photo"], row["revision"]) for row in rows] == [("post", 0, 2)]


async def test_no_picture_joins_where_none_is_wanted(db: Database, clock: Clock) -> None:
    await add_chats(db, 1, -2)
    number = await add_article(db)
    async with db.transaction() as tx:
        await tx.run("UPDATE subscription SET pictures = 0 WHERE chat_id = 1")
    await announce(db, number)
    forbidden = error(400, "Bad Request: not enough rights to send photos to the chat")
    found = Downloads(png())
    async with Server() as server, context(db, server.root, clock=clock, downloads=found) as at:
        await at.until_idle()
        server.faults.append(times(9, forbidden, method="editMessageMedia"))
        await _bring(at, number, clock)
        assert methods(server) == {"sendMessage": 2, "editMessageText": 2}
    assert (await chat_row(db, -2))["text_only"] == 1
    assert (await chat_row(db, 1))["text_only"] == 0


async def test_news_does_not_wait_for_an_edit_whose_picture_telegram_fetches_for_ever(
    db: Database, clock: Clock
) -> None:
    await add_chats(db, 1)
    number = await add_article(db)
    await announce(db, number)
    never = asyncio.Event()

    async def hangs(method: str, values: dict[str, Any]) -> Answer:
        if method == "editMessageMedia":
            await never.wait()
        return None

    async with (
        Server() as server,
        context(db, server.root, clock=clock, scouting=SOON) as at,
    ):
        await at.until_idle()
        server.faults.append(hangs)
        async with db.transaction() as tx:
            await tx.run(
                "UPDATE article SET revision = 2, picture_revision = 2, picture = :p", p=PICTURE
            )
            await deliveries.announce_edit(tx, number, now=clock(), correction=True)
        await announce(db, await add_article(db))
        at.delivery.wake()
        clock.pass_(10)
        await at.until(lambda: methods(server)["sendMessage"] == 2)
        never.set()


async def test_news_goes_before_the_pictures_that_still_have_to_join(
    db: Database, clock: Clock
) -> None:
    """All messages are to be edited when news comes: only the edits under way just then leave
    before the last of its posts."""
    chats, window = range(1, 41), 8
    await add_chats(db, *chats)
    await announce(db, await add_article(db, picture=PICTURE))
    downloads, held = Downloads(png(), asyncio.Event()), asyncio.Event()
    under_way = asyncio.Event()

    async def hold(method: str, _: dict[str, Any]) -> Answer:
        if method == "editMessageMedia":
            under_way.set()
            await held.wait()
        return None

    async with (
        Server() as server,
        context(
            db,
            server.root,
            clock=clock,
            downloads=downloads,
            patience=SOON,
            chat_period=0,
            window=window,
        ) as at,
    ):
        await at.until_idle()
        server.faults.append(hold)
        assert downloads.hangs is not None
        downloads.hangs.set()
        await at.late.tick()
        await at.late.settled()
        await asyncio.wait_for(under_way.wait(), LONG)
        await announce(db, await add_article(db))
        at.delivery.wake()
        held.set()
        await at.until_idle()
        order = [one.method for one in server.arrived[len(chats) :]]
    assert Counter(order) == {"sendMessage": 40, "editMessageMedia": 40}
    last = len(order) - order[::-1].index("sendMessage")
    assert order[:last].count("editMessageMedia") <= window
