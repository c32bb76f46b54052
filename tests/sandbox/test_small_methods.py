"""The methods that a newsroom calls rarely: each does what it says, and says no when it must."""

from __future__ import annotations

from bot.sandbox import Sandbox, User
from tests.sandbox.conftest import Client, picture


async def test_a_chat_is_renamed_and_described(api: Client, sandbox: Sandbox, owner: User) -> None:
    chat = sandbox.create_supergroup("Meja", owner)
    sandbox.add_bot(chat, as_admin=True, rights={"can_restrict_members": True})
    at = {"chat_id": chat.id}
    refused = await api.refused("setChatTitle", **at, title="Baru")
    assert refused.text == "Bad Request: not enough rights to change chat title"
    sandbox.add_bot(chat, as_admin=True)
    assert await api("setChatTitle", **at, title="Baru")
    assert await api("setChatDescription", **at, description="Tentang berita")
    same = await api.refused("setChatDescription", **at, description="Tentang berita")
    assert same.text == "Bad Request: chat description is not modified"
    assert await api("setChatPermissions", **at, permissions={"can_send_messages": True})
    info = await api("getChat", **at)
    assert (info["title"], info["description"]) == ("Baru", "Tentang berita")
    assert info["permissions"]["can_send_photos"] is False


async def test_members_are_promoted_and_let_back(
    api: Client, sandbox: Sandbox, owner: User, sari: User
) -> None:
    chat = sandbox.create_supergroup("Meja", owner)
    sandbox.add_bot(chat, as_admin=True)
    sandbox.people.join(sari, chat)
    at = {"chat_id": chat.id, "user_id": sari.id}
    refused = await api.refused("promoteChatMember", **at, can_pin_messages=True)
    assert refused.text == "Bad Request: not enough rights to restrict/unrestrict chat member"
    rights = {"can_promote_members": True, "can_restrict_members": True}
    sandbox.add_bot(chat, as_admin=True, rights=rights)
    assert await api("promoteChatMember", **at, can_pin_messages=True)
    assert (await api("getChatMember", **at))["can_pin_messages"] is True
    admin = await api.refused("banChatMember", **at)
    assert admin.text == "Bad Request: user is an administrator of the chat"
    sandbox.people.set_member(chat, sari, "kicked")
    assert await api("unbanChatMember", **at, only_if_banned=True)
    assert (await api("getChatMember", **at))["status"] == "left"
    kept = await api.refused("banChatMember", chat_id=chat.id, user_id=owner.id)
    assert kept.text == "Bad Request: can't remove chat owner"


async def test_the_general_topic_is_closed_and_opened(
    api: Client, sandbox: Sandbox, owner: User
) -> None:
    forum = sandbox.create_supergroup("Forum", owner, forum=True)
    sandbox.add_bot(forum, as_admin=True)
    at = {"chat_id": forum.id}
    assert await api("closeGeneralForumTopic", **at)
    again = await api.refused("closeGeneralForumTopic", **at)
    assert again.text == "Bad Request: TOPIC_NOT_MODIFIED"
    sandbox.add_bot(forum)
    closed = await api.refused("sendMessage", **at, text="x")
    assert closed.text == "Bad Request: TOPIC_CLOSED"
    sandbox.add_bot(forum, as_admin=True)
    assert await api("reopenGeneralForumTopic", **at)
    topic = sandbox.people.create_topic(forum, "Cuaca")
    thread = {**at, "message_thread_id": topic.id}
    inside = await api("sendMessage", **thread, text="x")
    outside = await api("sendMessage", **at, text="y")
    for one in (inside, outside):
        await api("pinChatMessage", **at, message_id=one["message_id"])
    assert await api("unpinAllForumTopicMessages", **thread)
    assert forum.pinned == [outside["message_id"]]
    assert await api("unpinAllChatMessages", **at)
    assert forum.pinned == []


async def test_actions_profiles_and_goodbyes(api: Client, sandbox: Sandbox, sari: User) -> None:
    assert await api("sendChatAction", chat_id=sari.id, action="typing")
    wrong = await api.refused("sendChatAction", chat_id=sari.id, action="singing")
    assert wrong.text == "Bad Request: wrong parameter action in request"
    assert await api("getUserProfilePhotos", user_id=sari.id) == {"total_count": 0, "photos": []}
    assert await api("close")
    assert await api("logOut")


async def test_albums_are_forwarded_as_albums(
    api: Client, sandbox: Sandbox, sari: User, owner: User
) -> None:
    sandbox.people.start(owner)
    photos = sandbox.people.send_album(
        sari, [picture(10, 10), picture(10, 10, color="red")], caption="dua"
    )
    ids = [photo.id for photo in photos]
    sent = await api("forwardMessages", chat_id=owner.id, from_chat_id=sari.id, message_ids=ids)
    copies = [sandbox.chat(owner.id).messages[one["message_id"]].data for one in sent]
    assert copies[0]["media_group_id"] == copies[1]["media_group_id"]
    assert copies[0]["media_group_id"] != photos[0].data["media_group_id"]
    assert copies[0]["forward_origin"]["type"] == "user"
