"""Links with a code: made by moderators, counted without names, shown by /stats."""

from __future__ import annotations

from tests.handlers.conftest import Room


async def test_who_comes_by_a_code_is_counted(room: Room) -> None:
    said = await room.say(room.anna, "/link situs-web", room.desk)
    assert "https://t.me/kabar_bot?start=s_situs-web" in said["text"]
    greeted = await room.say(room.ani, "/start s_situs-web")
    assert greeted["buttons"]
    told = await room.say(room.anna, "/stats", room.desk)
    assert "situs-web 1" in told["text"]


async def test_codes_and_strangers_are_checked(room: Room) -> None:
    assert "62" in (await room.say(room.anna, "/link dua kata", room.desk))["text"]
    assert "moderator" in (await room.say(room.ani, "/link situs"))["text"]
