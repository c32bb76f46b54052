"""The ticker: posted, pinned, edited in place, posted anew when deleted, unpinned on off."""

from __future__ import annotations

from tests.handlers.conftest import Room


async def minute_over(room: Room) -> None:
    async with room.db.transaction() as tx:
        await tx.run("UPDATE ticker SET due_at = 0")


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
    await room.calm()
    assert "Berita d" not in room.again(said)["text"]


async def test_off_unpins_and_twice_is_told(room: Room) -> None:
    said = await room.say(room.ani, "/ticker on")
    await minute_over(room)
    await room.telegram.wait_for(lambda: room.again(said)["pinned"] or None)
    again = await room.say(room.ani, "/ticker on")
    assert "/ticker off" in again["text"]
    await room.say(room.ani, "/ticker off")
    assert not room.again(said)["pinned"]
    assert "📌" in (await room.say(room.ani, "/ticker off"))["text"]
    assert "/ticker on" in (await room.say(room.ani, "/ticker"))["text"]
