"""Groups, channels, forums and people who go away."""

from __future__ import annotations

from typing import Any

import pytest

from bot.sandbox import Sandbox, User
from bot.sandbox.world import WorldChat
from tests.sandbox.conftest import Client, picture


async def _send(api: Client, chat: WorldChat | User, **more: Any) -> str:
    """The complaint about a plain text, "" when it arrives."""
    try:
        await api("sendMessage", chat_id=chat.id, text="x", **more)
    except Exception as error:  # noqa: BLE001 - the text is what is compared
        return str(error)
    return ""


async def test_people_go_away(api: Client, sandbox: Sandbox, sari: User) -> None:
    sandbox.people.block(sari)
    assert await _send(api, sari) == "Forbidden: bot was blocked by the user"
    blocked = (await api.updates())[0]["my_chat_member"]
    assert blocked["new_chat_member"]["status"] == "kicked"
    sandbox.people.unblock(sari)
    assert await _send(api, sari) == ""
    sandbox.people.deactivate(sari)
    assert await _send(api, sari) == "Forbidden: user is deactivated"


async def test_strangers_cannot_be_written_to(api: Client, sandbox: Sandbox, owner: User) -> None:
    assert await _send(api, owner) == "Bad Request: chat not found"
    assert await _send(api, User(987654, "Nobody")) == "Bad Request: chat not found"
    sandbox.add_bot(sandbox.create_group("Meja", owner))
    assert await _send(api, owner) == "Forbidden: bot can't initiate conversation with a user"
    empty = await api.refused("sendMessage", text="x")
    assert empty.text == "Bad Request: chat_id is empty"


@pytest.mark.parametrize("kind", ["group", "supergroup", "channel"])
async def test_the_bot_is_put_out(api: Client, sandbox: Sandbox, owner: User, kind: str) -> None:
    create = getattr(sandbox, f"create_{kind}")
    chat = create("Ruang", owner)
    assert await _send(api, chat) == "Bad Request: chat not found"
    sandbox.add_bot(chat, as_admin=True)
    assert await _send(api, chat) == ""
    assert await api("leaveChat", chat_id=chat.id)
    assert await _send(api, chat) == f"Forbidden: bot is not a member of the {kind} chat"
    sandbox.kick_bot(chat)
    assert await _send(api, chat) == f"Forbidden: bot was kicked from the {kind} chat"
    kinds = [next(iter(set(one) - {"update_id"})) for one in await api.updates()]
    assert kinds.count("my_chat_member") == 3


async def test_a_group_becomes_a_supergroup(api: Client, sandbox: Sandbox, owner: User) -> None:
    group = sandbox.create_group("Meja", owner)
    sandbox.add_bot(group)
    new = sandbox.migrate(group)
    refused = await api.refused("sendMessage", chat_id=group.id, text="x")
    assert refused.text == "Bad Request: group chat was upgraded to a supergroup chat"
    assert refused.parameters == {"migrate_to_chat_id": new.id}
    assert await _send(api, new) == ""
    services = [one["message"] for one in await api.updates() if "message" in one]
    assert services[-2]["migrate_to_chat_id"] == new.id
    assert services[-1]["migrate_from_chat_id"] == group.id


async def test_rights_in_a_group(api: Client, sandbox: Sandbox, owner: User) -> None:
    chat = sandbox.create_supergroup("Meja", owner)
    sandbox.add_bot(chat)
    sandbox.people.set_member(chat, sandbox.bot, "restricted", {"can_send_messages": True})
    photo = picture()
    refused = await api.refused("sendPhoto", chat_id=chat.id, photo=photo)
    assert refused.text == "Bad Request: not enough rights to send photos to the chat"
    assert await _send(api, chat) == ""
    sandbox.people.set_member(chat, sandbox.bot, "restricted", {"can_send_photos": True})
    complaint = "Bad Request: not enough rights to send text messages to the chat"
    assert await _send(api, chat) == complaint
    sandbox.add_bot(chat)
    chat.permissions["can_send_messages"] = False
    assert await _send(api, chat) == complaint
    sandbox.add_bot(chat, as_admin=True)
    assert await _send(api, chat) == ""


async def test_rights_in_a_channel(api: Client, sandbox: Sandbox, owner: User) -> None:
    channel = sandbox.create_channel("Kabar", owner, username="kabar_kita")
    sandbox.add_bot(channel, as_admin=True, rights={"can_edit_messages": True})
    complaint = "Bad Request: need administrator rights in the channel chat"
    assert await _send(api, channel) == complaint
    sandbox.add_bot(channel, as_admin=True)
    sent = await api("sendMessage", chat_id="@kabar_kita", text="x")
    assert sent["sender_chat"]["id"] == channel.id
    assert "from" not in sent
    theirs = sandbox.people.say(owner, "dari redaksi", channel)
    updates = await api.updates()
    assert updates[-1]["channel_post"]["message_id"] == theirs.id


async def test_forum_topics(api: Client, sandbox: Sandbox, owner: User) -> None:
    forum = sandbox.create_supergroup("Forum", owner, forum=True)
    sandbox.add_bot(forum)
    topic = sandbox.people.create_topic(forum, "Cuaca")
    sent = await api("sendMessage", chat_id=forum.id, text="x", message_thread_id=topic.id)
    assert sent["message_thread_id"] == topic.id
    assert sent["is_topic_message"] is True
    for thread in (1, 999):
        complaint = await _send(api, forum, message_thread_id=thread)
        assert complaint == "Bad Request: message thread not found"
    sandbox.people.close_topic(forum, topic.id)
    assert await _send(api, forum, message_thread_id=topic.id) == "Bad Request: TOPIC_CLOSED"
    refused = await api.refused("createForumTopic", chat_id=forum.id, name="Banjir")
    assert refused.text == "Bad Request: not enough rights to create a topic"
    sandbox.add_bot(forum, as_admin=True)
    created = await api("createForumTopic", chat_id=forum.id, name="Banjir")
    at = {"chat_id": forum.id, "message_thread_id": created["message_thread_id"]}
    assert await api("editForumTopic", **at, name="Banjir besar")
    assert await api("closeForumTopic", **at)
    assert await api("reopenForumTopic", **at)
    assert await api("deleteForumTopic", **at)
    assert "not found" in await _send(api, forum, message_thread_id=at["message_thread_id"])


async def test_people_close_rename_and_delete_topics(
    api: Client, sandbox: Sandbox, owner: User
) -> None:
    forum = sandbox.create_supergroup("Forum", owner, forum=True)
    sandbox.add_bot(forum, as_admin=True)
    at = {"chat_id": forum.id}
    at["message_thread_id"] = (await api("createForumTopic", **at, name="Cuaca"))[
        "message_thread_id"
    ]
    first = await api("sendMessage", **at, text="hujan")
    sandbox.add_bot(forum, as_admin=True, rights={"can_manage_topics": False})
    sandbox.people.rename_topic(forum, at["message_thread_id"], "Cuaca hari ini")
    sandbox.people.close_topic(forum, at["message_thread_id"])
    told = [one["message"] for one in await api.updates() if "message" in one]
    assert told[-2]["forum_topic_edited"] == {"name": "Cuaca hari ini"}
    assert told[-1]["forum_topic_closed"] == {}
    assert told[-1]["message_thread_id"] == at["message_thread_id"]
    answer = {"reply_parameters": {"message_id": first["message_id"]}}
    assert await _send(api, forum, **answer) == "Bad Request: TOPIC_CLOSED"
    refused = await api.refused("createForumTopic", chat_id=forum.id, name="Banjir")
    assert "not enough rights" in refused.text
    assert await api("reopenForumTopic", **at)  # it created the topic itself
    assert (await api("sendMessage", chat_id=forum.id, text="x", **answer))["is_topic_message"]
    theirs = sandbox.people.create_topic(forum, "Banjir")
    foreign = {"chat_id": forum.id, "message_thread_id": theirs.id}
    assert "not enough rights" in (await api.refused("closeForumTopic", **foreign)).text
    sandbox.people.delete_topic(forum, at["message_thread_id"])
    gone = await api.refused("sendMessage", **at, text="x")
    assert gone.text == "Bad Request: message thread not found"
    sandbox.people.set_forum(forum, forum=False)
    assert not (await api("getChat", chat_id=forum.id)).get("is_forum")


async def test_a_word_in_a_topic_answers_its_beginning(
    api: Client, sandbox: Sandbox, owner: User
) -> None:
    forum = sandbox.create_supergroup("Forum", owner, forum=True)
    sandbox.add_bot(forum, as_admin=True)
    topic = sandbox.people.create_topic(forum, "Cuaca")
    sandbox.people.say(owner, "hujan", forum, thread=topic.id)
    message = (await api.updates())[-1]["message"]
    assert message["reply_to_message"]["forum_topic_created"]["name"] == "Cuaca"
    assert message["message_thread_id"] == topic.id


async def test_posts_reach_the_discussion_group(
    api: Client, sandbox: Sandbox, owner: User, sari: User
) -> None:
    group = sandbox.create_supergroup("Diskusi", owner)
    channel = sandbox.create_channel("Kabar", owner, linked=group)
    sandbox.add_bot(group, as_admin=True)
    sandbox.add_bot(channel, as_admin=True)
    post = await api("sendMessage", chat_id=channel.id, text="berita")
    keyboard = {"inline_keyboard": [[{"text": "a", "callback_data": "b"}]]}
    await api("sendMessage", chat_id=channel.id, text="tombol", reply_markup=keyboard)
    copies = [one["message"] for one in await api.updates() if "message" in one]
    automatic = [one for one in copies if one.get("is_automatic_forward")]
    assert len(automatic) == 1
    assert automatic[0]["sender_chat"]["id"] == channel.id
    assert automatic[0]["forward_origin"]["message_id"] == post["message_id"]
    comment = sandbox.people.say(sari, "setuju", group, reply_to=automatic[0]["message_id"])
    assert comment.topic == automatic[0]["message_id"]
    await api("editMessageText", chat_id=channel.id, message_id=post["message_id"], text="ralat")
    edited = (await api.updates())[-1]["edited_message"]
    assert (edited["message_id"], edited["text"]) == (automatic[0]["message_id"], "ralat")
    assert edited["is_automatic_forward"] is True
    info = await api("getChat", chat_id=channel.id)
    assert info["linked_chat_id"] == group.id


async def test_privacy_mode_decides_what_a_bot_hears(
    api: Client, sandbox: Sandbox, owner: User
) -> None:
    group = sandbox.create_group("Meja", owner)
    sandbox.add_bot(group)
    mine = await api("sendMessage", chat_id=group.id, text="apa?")
    for text in ("biasa", "/latest", "/latest@other_bot", "/latest@kabar_bot", "hai @kabar_bot"):
        sandbox.people.say(owner, text, group)
    sandbox.people.say(owner, "jawaban", group, reply_to=mine["message_id"])
    texts = [one["message"].get("text") for one in await api.updates() if "message" in one]
    heard = ["/latest", "/latest@kabar_bot", "hai @kabar_bot", "jawaban"]
    assert [text for text in texts if text] == heard


async def test_members_are_seen_and_changed(
    api: Client, sandbox: Sandbox, owner: User, sari: User
) -> None:
    chat = sandbox.create_supergroup("Meja", owner)
    sandbox.add_bot(chat, as_admin=True)
    await api("getUpdates", allowed_updates=["chat_member", "message"])
    sandbox.people.join(sari, chat)
    at = {"chat_id": chat.id, "user_id": sari.id}
    assert (await api("getChatMember", **at))["status"] == "member"
    assert await api("getChatMemberCount", chat_id=chat.id) == 3
    admins = await api("getChatAdministrators", chat_id=chat.id)
    assert [one["status"] for one in admins] == ["creator", "administrator"]
    await api("restrictChatMember", **at, permissions={"can_send_messages": False})
    assert (await api("getChatMember", **at))["status"] == "restricted"
    await api("banChatMember", **at)
    assert (await api("getChatMember", **at))["status"] == "kicked"
    assert sum("chat_member" in one for one in await api.updates()) == 3
    stranger = await api.refused("getChatMember", chat_id=chat.id, user_id=4)
    assert stranger.text == "Bad Request: PARTICIPANT_ID_INVALID"


async def test_pins_and_reactions(api: Client, sandbox: Sandbox, sari: User) -> None:
    sent = await api("sendMessage", chat_id=sari.id, text="penting")
    at = {"chat_id": sari.id, "message_id": sent["message_id"]}
    assert await api("pinChatMessage", **at)
    assert sandbox.said(sari)[0]["pinned"] is True
    assert (await api("getChat", chat_id=sari.id))["pinned_message"]["text"] == "penting"
    assert await api("unpinChatMessage", **at)
    heart = [{"type": "emoji", "emoji": "❤"}]
    assert await api("setMessageReaction", **at, reaction=heart)
    assert sandbox.said(sari)[0]["reactions"] == {str(sandbox.bot.id): heart}
    refused = await api.refused("setMessageReaction", **at, reaction=heart * 2)
    assert refused.text == "Bad Request: REACTIONS_TOO_MANY"
