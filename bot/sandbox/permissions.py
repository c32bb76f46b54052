"""May the bot do that there? Finds chats and says no in Telegram's words. Changes nothing.

Sources: Bot API server Client.cpp 8136-8201 and 8277, TDLib MessageContent.cpp 6183-6340.
"""

from __future__ import annotations

from bot.sandbox.activity import Activity
from bot.sandbox.errors import ApiError, bad_request, forbidden
from bot.sandbox.params import Params
from bot.sandbox.world import Member, Message, WorldChat

_NOUNS = {
    "can_send_messages": "text messages",
    "can_send_photos": "photos",
    "can_send_videos": "videos",
    "can_send_audios": "music",
    "can_send_documents": "documents",
    "can_send_voice_notes": "voice notes",
    "can_send_video_notes": "video notes",
    "can_send_polls": "polls",
    "can_send_other_messages": "animations",
}
_KIND = {"group": "group chat", "supergroup": "supergroup chat", "channel": "channel chat"}
GENERAL = 1
"""The General topic's number, which requests must not name."""


def find_chat(activity: Activity, params: Params, name: str = "chat_id") -> WorldChat:
    """The chat that a request names by number or @username. Raises ApiError."""
    if name not in params:
        raise bad_request("chat_id is empty")
    value = params.values[name]
    number = value if type(value) is int else params.number(name)
    if not number:
        number = activity.world.names.get(params.text(name).removeprefix("@").lower(), 0)
    chat = activity.world.find_chat(number)
    if chat is None and activity.auto_chats and number > 0:
        chat = activity.auto_chat(number)
    hidden = chat is not None and not chat.private and not chat.username
    if chat is None or (hidden and activity.bot.id not in chat.members):
        raise bad_request("chat not found")
    return chat


def check_present(activity: Activity, chat: WorldChat) -> Member | None:
    """Is the bot in the chat, and is the chat still there? None for private chats."""
    if chat.private:
        _check_private(activity, chat)
        return None
    if chat.migrated_to:
        raise bad_request(
            "group chat was upgraded to a supergroup chat", migrate_to_chat_id=chat.migrated_to
        )
    if chat.deleted:
        raise forbidden(f"the {_KIND[chat.kind]} was deleted")
    me = chat.member(activity.bot)
    if me.status == "kicked":
        raise forbidden(f"bot was kicked from the {_KIND[chat.kind]}")
    if not me.present:
        raise forbidden(f"bot is not a member of the {_KIND[chat.kind]}")
    return me


def _check_private(activity: Activity, chat: WorldChat) -> None:
    user = chat.user
    if user is None or user.deactivated:
        raise forbidden("user is deactivated")
    if chat.blocked:
        raise forbidden("bot was blocked by the user")
    if not chat.started:
        if activity.world.knows(user):
            raise forbidden("bot can't initiate conversation with a user")
        raise bad_request("chat not found")


def check_write(activity: Activity, chat: WorldChat, right: str = "can_send_messages") -> None:
    """May the bot send this kind of message to the chat? Raises ApiError."""
    me = check_present(activity, chat)
    if me is None or me.status == "creator":
        return
    if chat.channel:
        if me.status != "administrator" or not me.rights.get("can_post_messages", False):
            raise bad_request("need administrator rights in the channel chat")
        return
    if me.status == "administrator":
        return
    allowed = chat.permissions.get(right, True)
    if me.status == "restricted":
        allowed = allowed and me.rights.get(right, False)
    if not allowed:
        raise bad_request(f"not enough rights to send {_NOUNS[right]} to the chat")


def check_right(activity: Activity, chat: WorldChat, right: str, complaint: str) -> None:
    """Does the bot hold an administrator's right? Raises ApiError with the complaint."""
    if not has_right(activity, chat, right):
        raise bad_request(complaint)


def has_right(activity: Activity, chat: WorldChat, right: str) -> bool:
    """Does the bot hold an administrator's right, or does everybody hold it?"""
    me = check_present(activity, chat)
    if me is None or me.status == "creator":
        return True
    if me.status == "administrator":
        return me.rights.get(right, False)
    return me.status == "member" and not chat.channel and chat.permissions.get(right, False)


def check_topic(activity: Activity, chat: WorldChat, thread: int) -> int:
    """The thread that a message goes into, 0 for none. Raises ApiError."""
    if not thread:
        if chat.forum and chat.general_closed and not _manages(activity, chat):
            raise bad_request("TOPIC_CLOSED")
        return 0
    topic = chat.topics.get(thread) if chat.forum else None
    if topic is None:
        root = chat.messages.get(thread)
        if chat.forum or chat.kind != "supergroup" or root is None:
            raise bad_request("message thread not found")
        return thread
    if topic.closed and not _manages(activity, chat):
        raise bad_request("TOPIC_CLOSED")
    return thread


def _manages(activity: Activity, chat: WorldChat) -> bool:
    me = chat.member(activity.bot)
    return me.status == "creator" or (
        me.status == "administrator" and me.rights.get("can_manage_topics", False)
    )


def find_message(chat: WorldChat, message_id: int, purpose: str) -> Message:
    """A message of a chat. Raises ApiError `message to <purpose> not found`."""
    message = chat.messages.get(message_id)
    if message is None:
        raise not_found(purpose)
    return message


def not_found(purpose: str) -> ApiError:
    """The refusal for a message that is not there."""
    return bad_request(f"message {purpose} not found")
