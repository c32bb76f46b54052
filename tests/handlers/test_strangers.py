"""What strangers cannot do through the bot."""

from __future__ import annotations

from typing import Any

from bot.core.callbacks import Press, PressKind, encode, open_article
from bot.sandbox import User
from tests.handlers.conftest import Room


async def press_in_channel(room: Room, user: User, data: str) -> dict[str, Any]:
    """A press of a button under an old message in a channel; the bot's answer to it."""
    channel = room.telegram.create_channel("Kanal", room.anna)
    room.telegram.add_bot(channel, as_admin=True)
    where = {"id": channel.id, "type": "channel", "title": "Kanal"}
    message = {"message_id": 3, "date": 1_700_000_000, "chat": where, "text": "Terbaru"}
    person = {"id": user.id, "is_bot": False, "first_name": user.first_name}
    pressed = {"id": "1", "from": person, "chat_instance": "1", "data": data, "message": message}
    await room.kabar.updates.keep([{"update_id": 900_000, "callback_query": pressed}])
    await room.kabar.updates.drain()
    assert await room.said(channel) == []
    calls = [one for one in room.telegram.calls if one.method.lower() == "answercallbackquery"]
    return dict(calls[-1].params)


async def test_subscribers_of_a_channel_post_nothing_there(room: Room) -> None:
    answer = await press_in_channel(room, room.ani, open_article(2))
    assert answer["url"].endswith("start=a_2")
    room.telegram.people.start(room.ani, "a_2")
    await room.telegram.next_message(room.ani, lambda one: "Berita b" in one["text"])


async def test_pages_of_a_channel_are_its_administrators_to_turn(room: Room) -> None:
    answer = await press_in_channel(room, room.ani, encode(Press(PressKind.SEARCH, (7,), "berita")))
    assert "Hanya admin" in answer["text"]


async def test_the_review_opens_in_private_only(room: Room) -> None:
    group = room.telegram.create_supergroup("Warung", room.anna)
    room.telegram.add_bot(group)
    await room.telegram.next_message(group)
    room.telegram.people.start(room.ani, "c_1")
    prompt = await room.telegram.next_message(room.ani, lambda one: "Komentar Anda" in one["text"])
    await room.say(room.ani, "Rahasia pembaca", reply_to=prompt["id"])
    await room.telegram.next_message(room.desk, lambda one: "Rahasia" in one["text"])
    greeting = await room.say(room.anna, "/start@kabar_bot queue", group)
    assert "Rahasia" not in greeting["text"]
    assert not any("Rahasia" in one["text"] for one in await room.said(group))


async def test_a_comment_that_is_begun_in_a_group_goes_on_in_private(room: Room) -> None:
    group = room.telegram.create_supergroup("Warung", room.anna)
    room.telegram.add_bot(group)
    await room.telegram.next_message(group)
    said = await room.say(room.anna, "/start@kabar_bot c_1", group)
    assert said["buttons"][0][0]["url"].endswith("start=c_1")


async def test_other_bots_commands_are_theirs(room: Room) -> None:
    group = room.telegram.create_supergroup("Warung", room.anna)
    room.telegram.add_bot(group)
    await room.telegram.next_message(group)
    for command in ("/ban @spam", "/rules", "/stats", "/mute", "/log 1", "/announce hai"):
        await room.quiet(room.anna, command, group)
    assert "moderator" in (await room.say(room.anna, "/rules@kabar_bot", group))["text"]
