"""How people say when they want their news, and what comes of it."""

from __future__ import annotations

from tests.handlers.conftest import Room


async def test_a_digest_is_switched_on_and_off(room: Room) -> None:
    await room.say(room.ani, "/start")
    said = await room.say(room.ani, "/digest 07:00")
    assert "07.00" in said["text"]
    told = await room.say(room.ani, "/digest")
    assert "07.00" in told["text"]
    assert "/digest 07:00" in told["text"]
    await room.publish("c")
    await room.publish("d")
    before = room.last(room.ani)
    said = await room.say(room.ani, "/digest off")  # what it had collected comes now
    both = await room.telegram.wait_for(
        lambda: next(
            (
                one
                for one in room.telegram.messages(room.ani)
                if one["id"] > before and "Berita c" in one["text"] and "Berita d" in one["text"]
            ),
            None,
        )
    )
    assert len([button for row in both["buttons"] for button in row]) == 2


async def test_unclear_words_get_the_state_and_an_example(room: Room) -> None:
    for command in ("/digest besok", "/quiet", "/limit ²", "/breaking mungkin"):
        said = await room.say(room.ani, command)
        assert command.split()[0] + " " in said["text"]


async def test_settings_wait_for_the_day_of_subscribing(room: Room) -> None:
    said = await room.say(room.ani, "/quiet 22:00-06:00")
    assert "22.00" in said["text"]
    said = await room.say(room.ani, "/limit 3")
    assert "3" in said["text"]
    async with room.db.reading() as cx:
        assert await cx.value("SELECT COUNT(*) FROM subscription WHERE active = 1") == 0


async def test_in_groups_only_administrators_choose(room: Room) -> None:
    group = room.telegram.create_supergroup("Warga", room.anna)
    room.telegram.add_bot(group)
    room.telegram.join(room.ani, group)
    await room.calm()
    said = await room.say(room.ani, "/digest@kabar_bot 07:00", group)
    assert "07.00" not in said["text"]
    said = await room.say(room.anna, "/digest@kabar_bot 07:00", group)
    assert "07.00" in said["text"]
