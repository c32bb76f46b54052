"""What the moderators' chat is told, and what its administrators can do with articles."""

from __future__ import annotations

from tests.handlers.conftest import Room

LINK = "https://paper.example/2023/08/b.html?utm_source=chat"


async def test_retract_by_address_marks_every_post(room: Room) -> None:
    await room.say(room.ani, "/subscribe")
    post = await room.telegram.next_message(room.ani, lambda one: "Berita b" in one["text"])
    answer = await room.say(room.anna, f"/retract {LINK}", room.desk)
    assert "Berita b" in answer["text"]
    await room.telegram.wait_for(lambda: "menarik artikel" in room.again(post)["text"] or None)
    again = await room.say(room.anna, f"/retract {LINK}", room.desk)
    assert again["text"] == "Berita b sudah ditarik sebelumnya."


async def test_only_administrators_of_the_moderators_chat_retract(room: Room) -> None:
    assert "moderator" in (await room.say(room.ani, f"/retract {LINK}"))["text"]
    room.telegram.join(room.ani, room.desk)
    assert "pengurus" in (await room.say(room.ani, f"/retract {LINK}", room.desk))["text"]
    async with room.db.reading() as cx:
        assert await cx.value("SELECT count(*) FROM article WHERE retracted_at > 0") == 0


async def test_retract_asks_which_article(room: Room) -> None:
    for words in ("/retract", "/retract https://paper.example/nowhere.html"):
        assert (await room.say(room.anna, words, room.desk))["text"].startswith("Artikel yang mana")


async def test_help_explains_the_desk_to_moderators_only(room: Room) -> None:
    assert "/retract" in (await room.say(room.anna, "/help", room.desk))["text"]
    assert "/retract" not in (await room.say(room.ani, "/help"))["text"]
