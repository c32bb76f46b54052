"""/follow: told once, whoever else brings it; listed with ✖; quiet hours hold it."""

from __future__ import annotations

from tests.handlers.conftest import Room


async def got(room: Room, name: str) -> int:
    return sum(f"Berita {name}" in one["text"] for one in await room.said(room.ani))


async def test_an_alert_tells_of_what_matches_and_of_nothing_else(room: Room) -> None:
    said = await room.say(room.ani, "/follow gempa -cianjur")
    assert "gempa -cianjur" in said["text"]
    await room.publish("c", body="Jakarta - Gempa terasa di Sukabumi pagi ini, kata warga.")
    await room.telegram.next_message(room.ani, lambda one: "Berita c" in one["text"])
    await room.publish("d", body="Jakarta - Gempa terasa di Cianjur pagi ini, kata warga.")
    await room.publish("e", body="Jakarta - Harga beras turun pagi ini, kata pedagang.")
    assert (await got(room, "d"), await got(room, "e")) == (0, 0)


async def test_an_alert_and_a_subscription_give_one_post(room: Room) -> None:
    await room.say(room.ani, "/subscribe")
    await room.say(room.ani, "/follow gempa")
    await room.publish("c", body="Jakarta - Gempa terasa di Sukabumi pagi ini, kata warga.")
    await room.telegram.next_message(room.ani, lambda one: "Berita c" in one["text"])
    await room.publish("d")
    await room.telegram.next_message(room.ani, lambda one: "Berita d" in one["text"])
    assert await got(room, "c") == 1


async def test_what_is_followed_is_listed_and_removed(room: Room) -> None:
    assert "/follow" in (await room.say(room.ani, "/following"))["text"]
    assert "/follow gempa" in (await room.say(room.ani, "/follow"))["text"]
    await room.say(room.ani, "/follow gempa")
    again = await room.say(room.ani, "/follow gempa")
    assert "gempa" in again["text"]
    await room.say(room.ani, "/follow topik:ekonomi")
    listed = await room.say(room.ani, "/following")
    assert len(listed["buttons"]) == 2
    await room.press(room.ani, listed, "gempa")
    now = await room.changed(listed)
    assert "gempa" not in now["text"]
    await room.publish("c", body="Jakarta - Gempa terasa di Sukabumi pagi ini, kata warga.")
    await room.publish("d", labels=("Ekonomi",))
    await room.telegram.next_message(room.ani, lambda one: "Berita d" in one["text"])
    assert await got(room, "c") == 0


async def test_a_strangers_press_removes_nothing(room: Room) -> None:
    await room.say(room.ani, "/follow gempa")
    listed = await room.say(room.ani, "/following")
    data = listed["data"]["reply_markup"]["inline_keyboard"][0][0]["callback_data"]
    mine = await room.say(room.anna, "/following")
    await room.forge(room.anna, mine, data)
    async with room.db.reading() as cx:
        assert await cx.value("SELECT COUNT(*) FROM alert") == 1


async def test_what_nobody_can_read_is_not_followed(room: Room) -> None:
    said = await room.say(room.ani, "/follow gempa sejak:2023")
    assert "tanggal" in said["text"]
    assert "tidak dikenal" in (await room.say(room.ani, "/follow kota:jakarta"))["text"]


async def test_what_quiet_hours_held_comes_to_whoever_only_follows(room: Room) -> None:
    await room.say(room.ani, "/subscribe")
    await room.say(room.ani, "/quiet 00:00-23:59")
    await room.say(room.ani, "/follow gempa")
    await room.publish("c", body="Jakarta - Gempa terasa di Sukabumi pagi ini, kata warga.")
    await room.publish("d", body="Jakarta - Harga beras turun pagi ini, kata pedagang.")
    await room.calm()
    await room.say(room.ani, "/unsubscribe")
    await room.publish("e", body="Jakarta - Gempa terasa di Cianjur pagi ini, kata warga.")
    assert [await got(room, name) for name in "cde"] == [0, 0, 0]
    await room.say(room.ani, "/quiet off")
    assert [await got(room, name) for name in "cde"] == [1, 0, 1]
