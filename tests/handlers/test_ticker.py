"""The ticker: posted, pinned, edited in place, posted anew when deleted, unpinned on off."""

from __future__ import annotations

import asyncio

import pytest

from bot.sandbox import WorldChat
from tests.handlers.conftest import PATIENCE, Room
from tests.handlers.test_subscriptions import channel_of


async def minute_over(room: Room) -> None:
    async with room.db.transaction() as tx:
        await tx.run("UPDATE ticker SET due_at = 0")


async def pinned(room: Room, place: WorldChat) -> None:
    shown = await room.telegram.next_message(place, lambda one: "Berita b" in one["text"])
    assert not shown["buttons"]
    await minute_over(room)
    await room.telegram.wait_for(lambda: room.again(shown)["pinned"] or None)


async def test_a_ticker_keeps_itself_up_to_date(room: Room) -> None:
    said = await room.say(room.ani, "/ticker on")
    assert "📌" in said["text"]
    assert "Berita b" in said["text"]
    await minute_over(room)
    await room.telegram.wait_for(lambda: room.again(said)["pinned"] or None)
    await room.publish("c")
    await minute_over(room)
    now = await room.changed(said)
    assert "Berita c" in now["text"]
    assert now["text"].index("Berita c") < now["text"].index("Berita b")
    assert not now["buttons"]


async def test_news_within_a_minute_is_one_edit(room: Room) -> None:
    said = await room.say(room.ani, "/ticker on")
    await minute_over(room)
    await room.telegram.wait_for(lambda: room.again(said)["pinned"] or None)
    await room.publish("c")
    await minute_over(room)
    await room.changed(said)
    await room.publish("d")
    await room.kabar.tickers.tick()
    assert "Berita d" not in (await room.now(said))["text"]


async def test_off_unpins_and_twice_is_told(room: Room) -> None:
    said = await room.say(room.ani, "/ticker on")
    await minute_over(room)
    await room.telegram.wait_for(lambda: room.again(said)["pinned"] or None)
    again = await room.say(room.ani, "/ticker on")
    assert "/ticker off" in again["text"]
    await room.say(room.ani, "/ticker off")
    assert not (await room.now(said))["pinned"]
    assert "📌" in (await room.say(room.ani, "/ticker off"))["text"]
    assert (await room.say(room.ani, "/ticker"))["text"].startswith("📌")
    unclear = await room.say(room.ani, "/ticker mungkin")
    assert unclear["text"].startswith("“mungkin” tidak dimengerti")
    assert "/ticker on" in unclear["text"]


async def test_without_an_article_it_waits_for_the_first(room: Room) -> None:
    async with room.db.transaction() as tx:
        await tx.run("UPDATE article SET retracted_at = 1")
    said = await room.say(room.ani, "/ticker on")
    assert "artikel pertama" in said["text"]
    await room.publish("c")
    await minute_over(room)
    await room.telegram.next_message(room.ani, lambda one: "Berita c" in one["text"])


@pytest.mark.long
async def test_one_that_was_deleted_is_posted_anew(room: Room) -> None:
    said = await room.say(room.ani, "/ticker on")
    await minute_over(room)
    await room.telegram.wait_for(lambda: room.again(said)["pinned"] or None)
    room.telegram.people.delete(room.ani, said["id"])
    await room.publish("c")

    async def anew() -> None:
        while not any(
            "Berita c" in one["text"] and one["pinned"] for one in await room.said(room.ani)
        ):
            await minute_over(room)
            await asyncio.sleep(0.05)

    await asyncio.wait_for(anew(), PATIENCE)


async def test_in_a_group_and_in_a_channel(room: Room) -> None:
    channel = await channel_of(room)
    group = room.telegram.create_supergroup("Warga", room.anna)
    room.telegram.add_bot(group, as_admin=True)
    room.telegram.people.join(room.ani, group)
    await room.calm()
    assert "admin" in (await room.say(room.ani, "/ticker@kabar_bot on", group))["text"]
    room.telegram.people.say(room.anna, "/ticker@kabar_bot on", group)
    assert "Kanal" in (await room.say(room.anna, "/ticker @kanal on"))["text"]
    for place in (group, channel):
        await pinned(room, place)
    await room.say(room.anna, "/ticker @kanal off")
    assert not any(one["pinned"] for one in await room.said(channel))
