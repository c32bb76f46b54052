"""How people say when they want their news, and what comes of it."""

from __future__ import annotations

import asyncio

from tests.handlers.conftest import FAR, PATIENCE, Room
from tests.support.feed_site import item


async def kept(room: Room, count: int) -> None:
    """How many articles wait for a digest."""
    async with asyncio.timeout(PATIENCE):
        while True:
            async with room.db.reading() as cx:
                if await cx.value("SELECT COUNT(*) FROM kept_back") == count:
                    return
            await asyncio.sleep(0.02)


async def test_a_digest_is_switched_on_and_off(room: Room) -> None:
    await room.say(room.ani, "/start")
    said = await room.say(room.ani, f"/digest {FAR}:00")
    assert f"{FAR}.00" in said["text"]
    told = await room.say(room.ani, "/digest")
    assert f"{FAR}.00" in told["text"]
    assert "/digest 07:00" in told["text"]
    await room.publish("c")
    await room.publish("d")
    await kept(room, 2)
    before = await room.last(room.ani)
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


async def test_the_days_of_a_digest_are_chosen_under_its_answer(room: Room) -> None:
    said = await room.say(room.ani, "/digest 07:00")
    for day in ("✓ Sab", "✓ Min", "✓ Rab"):
        await room.press(room.ani, said, day)
        said = await room.changed(said)
    assert "Senin, Selasa, Kamis, dan Jumat pukul 07.00" in said["text"]
    await room.press(room.ani, said, "Rab")
    said = await room.changed(said)
    assert "Senin, Selasa, Rabu, Kamis, dan Jumat pukul 07.00" in said["text"]


async def test_what_was_not_understood_is_quoted_with_the_state_and_an_example(room: Room) -> None:
    for command in (
        "/digest 25:00",
        "/digest mingguan",
        "/quiet 99",
        "/limit <b>²</b>",
        "/breaking mungkin",
    ):
        name, _, typed = command.partition(" ")
        said = await room.say(room.ani, command)
        assert said["text"].startswith(f"“{typed}” tidak dimengerti; tidak ada yang berubah.\n")
        assert f"{name} " in said["text"]
        assert said["buttons"]
    said = await room.say(room.ani, "/limit " + "x" * 99)
    assert said["text"].startswith(f"“{'x' * 63}…” tidak dimengerti")


async def test_a_command_by_itself_is_no_mistake(room: Room) -> None:
    said = await room.say(room.ani, "/quiet")
    assert said["text"].startswith("🌙")


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
    room.telegram.people.join(room.ani, group)
    await room.calm()
    said = await room.say(room.ani, "/digest@kabar_bot 07:00", group)
    assert "07.00" not in said["text"]
    said = await room.say(room.anna, "/digest@kabar_bot 07:00", group)
    assert "07.00" in said["text"]


async def test_where_the_server_knows_rich_messages_a_digest_is_one(room: Room) -> None:
    await room.say(room.ani, "/digest 07:00")
    for number in range(18):
        room.site.items.insert(0, item(f"ke-{number:02}"))
    await room.look()
    await kept(room, 18)
    before = await room.last(room.ani)
    room.telegram.people.say(room.ani, "/digest off")
    told = await room.telegram.next_message(
        room.ani, lambda one: "Berita ke-17" in one["text"], after=before
    )
    assert told["kind"] == "rich"
    assert all(f"Berita ke-{n:02}" in told["text"] for n in range(18))
    assert [one["text"] for row in told["buttons"] for one in row] == [str(n) for n in range(1, 19)]


async def test_what_one_message_cannot_hold_is_on_further_pages(room: Room) -> None:
    room.telegram.faults.add("sendRichMessage", error=(404, "Not Found: method not found"))
    await room.say(room.ani, f"/digest {FAR}:00")
    for number in range(18):
        room.site.items.insert(0, item(f"ke-{number:02}"))
    await room.look()
    await kept(room, 18)
    before = await room.last(room.ani)
    room.telegram.people.say(room.ani, "/digest off")
    told = await room.telegram.next_message(
        room.ani, lambda one: "Berita ke-17" in one["text"], after=before
    )
    assert "Berita ke-02" not in told["text"]
    await room.press(room.ani, told, "◀ 3 sebelumnya")
    told = await room.changed(told)
    assert all(f"Berita ke-0{n}" in told["text"] for n in range(3))
    await room.press(room.ani, told, "15 sesudahnya ▶")
    assert "Berita ke-17" in (await room.changed(told))["text"]
