"""The talk between editors and a reader against the stand-in: albums, formatting, edits."""

from __future__ import annotations

import pytest

from bot.sandbox import User, WorldChat
from tests.handlers.conftest import Room, Shown
from tests.handlers.test_acceptance import becomes, comment, shown
from tests.sandbox.conftest import picture


def album(room: Room, user: User, chat: WorldChat | None, *, reply_to: int, caption: str) -> None:
    name = room.telegram.activity.next_media_group()
    for number in range(8):
        words = caption if not number else ""
        room.telegram.people.send_file(
            user, "photo", picture(), chat, caption=words, reply_to=reply_to, album=name
        )


async def copied(room: Room, place: User | WorldChat, caption: str) -> list[Shown]:
    """The bot's album there, complete."""

    def found() -> list[Shown] | None:
        photos = [one for one in room.telegram.messages(place) if one["data"].get("photo")]
        ours = [one for one in photos if one["data"]["from"]["is_bot"]]
        return ours if len(ours) == 8 and ours[0]["text"] == caption else None

    return await room.telegram.wait_for(found)


@pytest.mark.long
async def test_albums_go_both_ways_as_albums_and_edits_follow(room: Room) -> None:
    card = await comment(room, room.ani, "Berapa harga beras?")
    await room.press(room.anna, card, "💬")
    prompt = await shown(room, room.desk, "balasan Anda dikirim ke")
    album(room, room.anna, room.desk, reply_to=prompt["id"], caption="Lihat <tabel>")
    notice = await shown(
        room,
        room.ani,
        "Lihat <tabel>",
    )
    there = await copied(room, room.ani, "Lihat <tabel>")
    assert len({one["data"]["media_group_id"] for one in there}) == 1
    assert {one["data"]["reply_to_message"]["message_id"] for one in there} == {notice["id"]}

    album(room, room.ani, None, reply_to=notice["id"], caption="Terima kasih")
    await copied(room, room.desk, "Terima kasih")
    thanks = [one for one in await room.said(room.ani) if one["text"].startswith("📨")]
    assert len(thanks) == 1
    assert not [one for one in await room.said(room.ani) if "sepuluh menit" in one["text"]]

    mine = next(one for one in room.telegram.messages(room.desk) if one["text"] == "Lihat <tabel>")
    room.telegram.people.edit(room.anna, mine["id"], "Lihat <b>tabel baru</b>", room.desk)
    await becomes(room, room.ani, notice, "tabel baru")
    await copied(room, room.ani, "Lihat <b>tabel baru</b>")


async def test_links_and_formatting_of_an_answer_reach_the_reader(room: Room) -> None:
    card = await comment(room, room.ani, "Di mana aturannya?")
    await room.press(room.anna, card, "💬")
    prompt = await shown(room, room.desk, "balasan Anda dikirim ke")
    html = 'Baca <a href="https://paper.example/aturan">di sini</a>, <b>ya</b>'
    room.telegram.people.say(room.anna, "", room.desk, reply_to=prompt["id"], markup=html)
    notice = await shown(room, room.ani, "Baca di sini, ya")
    found = [(one["type"], one.get("url")) for one in notice["data"]["entities"]]
    assert ("text_link", "https://paper.example/aturan") in found
    assert ("bold", None) in found
