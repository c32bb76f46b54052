"""Choices of one chat together: alerts beside digests and limits, forums, chats that return."""

from __future__ import annotations

from tests.handlers.conftest import FAR, Room
from tests.handlers.test_chat_kinds import arrives, came, group_of
from tests.handlers.test_preferences import kept


async def times(room: Room, name: str) -> int:
    """The number of messages in which Ani has read about an article since it was new."""
    return sum(f"Berita {name}" in one["text"] for one in await room.said(room.ani))


async def test_what_an_alert_has_told_is_not_in_the_digest_again(room: Room) -> None:
    await room.say(room.ani, f"/digest {FAR}:00")
    await room.say(room.ani, "/follow pasar")
    await room.publish("pasar")
    await arrives(room, room.ani, "pasar")
    await room.publish("c")
    await kept(room, 1)
    room.telegram.people.say(room.ani, "/digest off")
    await arrives(room, room.ani, "c")
    assert await times(room, "pasar") == 1


async def test_an_alert_comes_over_the_limit_and_not_in_the_evening_too(room: Room) -> None:
    await room.say(room.ani, "/subscribe")
    await room.say(room.ani, "/follow pasar")
    await room.say(room.ani, "/limit 1")
    await room.publish("c")
    await arrives(room, room.ani, "c")
    await room.publish("pasar")
    await arrives(room, room.ani, "pasar")
    await room.publish("d")
    await kept(room, 1)
    room.telegram.people.say(room.ani, "/limit off")
    await arrives(room, room.ani, "d")
    assert [await times(room, name) for name in ("c", "pasar", "d")] == [1, 1, 1]


async def test_a_digest_belongs_to_its_forum_topic_and_waits_for_a_bot_that_was_put_out(
    room: Room,
) -> None:
    group = await group_of(room, forum=True)
    thread = room.telegram.people.create_topic(group, "Berita").id
    said = await room.say(room.anna, f"/digest@kabar_bot {FAR}:00", group, thread=thread)
    assert f"{FAR}.00" in said["text"]
    await room.publish("c")
    await kept(room, 1)
    room.telegram.kick_bot(group)
    await room.calm()
    await room.publish("d")
    room.telegram.add_bot(group)
    await room.calm()
    await room.publish("e")
    room.telegram.people.say(room.anna, "/digest@kabar_bot off", group, thread=thread)
    told = await arrives(room, group, "e")
    assert told["data"]["message_thread_id"] == thread
    assert await came(room, group, "c")
