"""Corrections as the press council's guideline asks: what, when, why."""

from __future__ import annotations

import re

from tests.handlers.conftest import Room

LINK = "https://paper.example/2023/08/c.html"


async def posted(room: Room, name: str) -> dict[str, object]:
    """The post of an article that was published after Ani subscribed."""
    await room.say(room.ani, "/subscribe")
    await room.publish(name)
    found = await room.telegram.next_message(room.ani, lambda one: f"Berita {name}" in one["text"])
    return dict(found)


async def test_a_correction_with_its_reason_reaches_the_posts_and_the_list(room: Room) -> None:
    post = await posted(room, "c")
    said = await room.say(room.anna, f"/correct {LINK} Nama wali kota salah", room.desk)
    assert "Berita c" in said["text"]
    now = await room.changed(post)
    assert re.search(r"✏️ Ralat \d\d\.\d\d WIB: Nama wali kota salah", now["text"])
    await room.say(room.anna, f"/correct {LINK} Nama wali kota salah", room.desk)
    async with room.db.reading() as cx:  # said twice, as after a kill, it is one correction
        assert await cx.value("SELECT count(*) FROM correction") == 1
    listed = await room.say(room.ani, "/corrections")
    assert "Berita c" in listed["text"]
    assert "Nama wali kota salah" in listed["text"]


async def test_below_a_card_a_number_begins_the_reason(room: Room) -> None:
    await posted(room, "c")
    listed = await room.say(room.anna, "/desk", room.desk)
    last = await room.last(room.desk)
    await room.press(room.anna, listed, "#3")
    card = await room.telegram.next_message(room.desk, after=last)
    said = await room.say(room.anna, "/correct 1 korban, bukan 2", room.desk, reply_to=card["id"])
    assert "Berita c" in said["text"]
    assert "1 korban, bukan 2" in (await room.say(room.ani, "/corrections"))["text"]
    for words in ("/correct 99 Salah", "/correct #99 Salah", "/retract https://p.example/x Salah"):
        assert "arsip" in (await room.say(room.anna, words, room.desk))["text"]
    said = await room.say(room.anna, "/correct 1 Salah", room.desk)
    assert "Berita a" in said["text"]


async def test_a_withdrawal_needs_its_reason(room: Room) -> None:
    post = await posted(room, "c")
    refused = await room.say(room.anna, f"/retract {LINK}", room.desk)
    assert "/retract" in refused["text"]
    await room.say(room.anna, f"/retract {LINK} Berita keliru", room.desk)
    now = await room.changed(post)
    assert re.search(r"⛔ Dicabut \d\d\.\d\d WIB: Berita keliru", now["text"])


async def test_a_change_soon_after_posting_is_no_correction_and_a_later_one_is(
    room: Room,
) -> None:
    post = await posted(room, "c")
    room.site.items[0].title = "Berita c baru"
    await room.look()
    now = await room.changed(post)
    assert "✏️" not in now["text"]
    async with room.db.transaction() as tx:
        await tx.run("UPDATE broadcast SET created_at = created_at - 700")
    room.site.items[0].title = "Berita c terbaru"
    await room.look()
    later = await room.changed(now)
    assert re.search(r"✏️ Diperbarui \d\d\.\d\d WIB", later["text"])


async def test_nothing_to_list_and_strangers(room: Room) -> None:
    assert "30" in (await room.say(room.ani, "/corrections"))["text"]
    assert "moderator" in (await room.say(room.ani, "/correct 1 Salah"))["text"]


async def test_a_reason_that_is_too_long_is_refused(room: Room) -> None:
    said = await room.say(room.anna, f"/correct 1 {'kata ' * 60}", room.desk)
    assert "200" in said["text"]


async def test_the_months_report_is_for_moderators(room: Room) -> None:
    await room.say(room.anna, f"/correct {LINK.replace('/c', '/b')} Salah nama", room.desk)
    told = await room.say(room.anna, "/report", room.desk)
    assert told["text"].startswith("📑")
    picture = await room.telegram.next_message(room.desk, after=told["id"])
    assert [one["kind"] for one in picture["files"]] == ["photo"]
    assert "/report 2026-11" in (await room.say(room.anna, "/report kapan", room.desk))["text"]
    assert "moderator" in (await room.say(room.ani, "/report"))["text"]
