"""Groups, forums and channels: who may choose, where it counts, what stays when the bot is gone."""

from __future__ import annotations

from bot.sandbox import User, WorldChat
from tests.handlers.conftest import Room, Shown
from tests.handlers.test_subscriptions import channel_of, labels, with_topics
from tests.handlers.test_topic_choice import press

_NAMELESS = {
    "id": 1087968824,
    "is_bot": True,
    "first_name": "Group",
    "username": "GroupAnonymousBot",
}


async def group_of(room: Room, *, forum: bool = False) -> WorldChat:
    """A group that has just made the bot a member, and the greeting read."""
    group = room.telegram.create_supergroup("Warga", room.anna, forum=forum)
    room.telegram.people.join(room.ani, group)
    before = await room.last(group)
    room.telegram.add_bot(group)
    greeting = await room.telegram.next_message(group, after=before)
    assert "Hanya admin grup ini" in greeting["text"]
    return group


async def arrives(room: Room, place: User | WorldChat, name: str) -> Shown:
    return await room.telegram.next_message(place, lambda one: f"Berita {name}" in one["text"])


async def came(room: Room, place: WorldChat, name: str) -> bool:
    return any(f"Berita {name}" in one["text"] for one in await room.said(place))


async def unsigned(room: Room, chat: WorldChat, text: str, by: int, number: int) -> Shown | None:
    """A command of somebody who writes in the name of a chat."""
    before = await room.last(chat)
    names = {"id": by, "type": "supergroup" if by == chat.id else "channel", "title": chat.title}
    command = text.partition(" ")[0]
    message = {
        "message_id": 800_000 + number, "date": 1_700_000_000, "text": text, "from": _NAMELESS,
        "chat": {"id": chat.id, "type": "supergroup", "title": chat.title}, "sender_chat": names,
        "entities": [{"type": "bot_command", "offset": 0, "length": len(command)}],
    }  # fmt: skip
    await room.kabar.updates.keep([{"update_id": 800_000 + number, "message": message}])
    await room.kabar.updates.drain()
    said = [one for one in await room.said(chat) if one["id"] > before]
    return said[-1] if said else None


async def test_an_administrator_without_a_name_chooses_and_a_foreign_channel_does_not(
    room: Room,
) -> None:
    group = await group_of(room)
    channel = await channel_of(room)
    said = await unsigned(room, group, "/digest@kabar_bot 07:00", channel.id, 1)
    assert said is not None
    assert "admin" in said["text"]
    said = await unsigned(room, group, "/digest@kabar_bot 07:00", group.id, 2)
    assert said is not None
    assert "07.00" in said["text"]
    said = await unsigned(room, group, "/topics@kabar_bot", group.id, 3)
    assert said is not None
    assert "semua berita" in said["text"]


async def test_a_group_is_greeted_once_and_settings_outlive_being_thrown_out(room: Room) -> None:
    group = await group_of(room)
    await room.say(room.anna, "/subscribe@kabar_bot ekonomi", group)
    await room.say(room.anna, "/limit@kabar_bot 5", group)
    before = await room.last(group)
    room.telegram.add_bot(group, as_admin=True)  # made an administrator: no second greeting
    assert not [one for one in await room.said(group) if one["id"] > before]
    room.telegram.kick_bot(group)
    await room.calm()
    await room.publish("rugi", labels=("Ekonomi",))
    await room.publish("lain")
    room.telegram.add_bot(group)
    greeting = await room.telegram.next_message(
        group, lambda one: "👥" in one["text"], after=before
    )
    assert "berlangganan" in greeting["text"]
    await room.publish("untung", labels=("Ekonomi",))
    await arrives(room, group, "untung")
    assert not await came(room, group, "lain")
    panel = await room.say(room.anna, "/settings@kabar_bot", group)
    assert "Langganan: ekonomi" in panel["text"]
    assert "Batas harian: 5" in panel["text"]


async def test_a_subscription_belongs_to_the_forum_topic_where_it_was_made(room: Room) -> None:
    await with_topics(room)
    group = await group_of(room, forum=True)
    room.telegram.add_bot(group, as_admin=True)
    news, sport = (
        room.telegram.people.create_topic(group, name).id for name in ("Warta", "Olahraga")
    )
    panel = await room.say(room.anna, "/topics@kabar_bot", group, thread=news)
    panel = await press(room, panel, "Ekonomi", "anna")
    await room.say(room.anna, "/subscribe@kabar_bot Budaya", group, thread=sport)
    await room.publish("pasar", labels=("Ekonomi",))
    await room.publish("tari", labels=("Budaya",))
    pasar, tari = await arrives(room, group, "pasar"), await arrives(room, group, "tari")
    assert pasar["data"]["message_thread_id"] == news
    assert tari["data"]["message_thread_id"] == sport
    main = await room.say(room.anna, "/settings@kabar_bot", group)
    assert "Tidak berlangganan" in main["text"]  # in General nobody chose


async def test_rights_in_a_channel_are_asked_anew_each_time(room: Room) -> None:
    channel = await channel_of(room)
    panel = await room.say(room.anna, "/topics @kanal")
    panel = await press(room, panel, "Semua berita", "anna")
    await room.publish("c")
    await arrives(room, channel, "c")
    room.telegram.people.set_member(channel, room.anna, "member")
    told = await room.press(room.anna, panel, "Berhenti")
    assert "admin" in told["text"]
    await room.publish("d")
    await arrives(room, channel, "d")
    room.telegram.people.set_member(channel, room.anna, "administrator")
    room.telegram.kick_bot(channel)
    await room.calm()
    told = await room.press(room.anna, panel, "Berhenti")
    assert told["text"]
    await room.publish("e")
    room.telegram.add_bot(channel, as_admin=True)
    await room.calm()
    await room.publish("f")
    await arrives(room, channel, "f")


async def test_a_channel_where_the_right_to_post_is_gone_gets_its_news_when_it_is_back(
    room: Room,
) -> None:
    channel = await channel_of(room)
    panel = await room.say(room.anna, "/topics @kanal")
    panel = await press(room, panel, "Semua berita", "anna")
    bot = room.telegram.bot
    for missed, next_one in (("c", "d"), ("e", "f")):
        room.telegram.people.set_member(channel, bot, "administrator", {"can_post_messages": False})
        await room.calm()
        await room.publish(missed)
        await room.calm()
        assert not await came(room, channel, missed)
        told = await room.say(room.anna, "/subscribe @kanal")
        assert "dengan hak mengirim pesan" in told["text"]
        room.telegram.people.set_member(channel, bot, "administrator", {"can_post_messages": True})
        await arrives(room, channel, missed)
        await room.publish(next_one)
        await arrives(room, channel, next_one)
    posted = [one["text"] for one in room.telegram.said(channel)]
    assert len(posted) == len(set(posted))


async def test_in_privacy_mode_commands_and_buttons_are_enough(room: Room) -> None:
    """The stand-in's bot has privacy mode on, as BotFather gives it: it hears no other words."""
    group = await group_of(room)
    await room.quiet(room.anna, "ekonomi saja", group)
    panel = await room.say(room.anna, "/settings@kabar_bot", group)
    await room.press(room.anna, panel, "🔢")
    panel = await room.changed(panel)
    assert "5" in labels(panel)
