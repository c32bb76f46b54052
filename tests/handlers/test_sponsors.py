"""/sponsor over the stand-in: added, shown with its label, listed, stopped."""

from __future__ import annotations

from tests.handlers.conftest import Room

ADD = "/sponsor add https://toko.example 2020-01-01..2099-12-31 every:1 Kopi enak"


async def test_an_advertisement_from_the_command_to_the_posts(room: Room) -> None:
    await room.say(room.ani, "/subscribe")
    said = await room.say(room.anna, ADD, room.desk)
    assert "Iklan · Kopi enak" in said["text"]
    await room.publish("c")
    post = await room.telegram.next_message(room.ani, lambda one: "Berita c" in one["text"])
    assert post["text"].endswith("Iklan · Kopi enak")
    await room.telegram.wait_for(lambda: post or None)
    await room.say(room.anna, "/correct https://paper.example/2023/08/c.html Salah", room.desk)
    corrected = await room.changed(post)
    assert "Iklan" not in corrected["text"]
    assert "tampil di 1 pesan" in (await room.say(room.anna, "/sponsor", room.desk))["text"]
    assert "berakhir" in (await room.say(room.anna, "/sponsor stop 1", room.desk))["text"]
    assert "#1" in (await room.say(room.anna, "/sponsor stop 1", room.desk))["text"]
    await room.publish("d")
    later = await room.telegram.next_message(room.ani, lambda one: "Berita d" in one["text"])
    assert "Iklan" not in later["text"]


async def test_what_is_wrong_and_who_may(room: Room) -> None:
    assert "https://" in (await room.say(room.anna, "/sponsor add toko Kopi", room.desk))["text"]
    assert "/sponsor add" in (await room.say(room.anna, "/sponsor apa", room.desk))["text"]
    assert "/sponsor list" in (await room.say(room.anna, "/sponsor stop", room.desk))["text"]
    assert "moderator" in (await room.say(room.ani, ADD))["text"]
