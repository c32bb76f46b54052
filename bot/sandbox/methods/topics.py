"""Forum topics."""

from __future__ import annotations

from bot.sandbox import permissions
from bot.sandbox.errors import bad_request
from bot.sandbox.methods.base import Call, method
from bot.sandbox.world import Json, WorldChat, WorldTopic

COLORS = frozenset({0x6FB9F0, 0xFFD67E, 0xCB86DB, 0x8EEE98, 0xFF93B2, 0xFB6F5F})


@method("createForumTopic")
def create_forum_topic(call: Call) -> Json:
    """A new topic with a name of 1 to 128 characters."""
    chat = _forum(call)
    name = _name(call)
    color = call.params.number("icon_color")
    topic = call.activity.add_topic(
        chat, call.activity.bot, name, color if color in COLORS else 0x6FB9F0
    )
    return {
        "message_thread_id": topic.id,
        "name": topic.name,
        "icon_color": topic.icon_color,
    }


@method("editForumTopic")
def edit_forum_topic(call: Call) -> bool:
    """Another name."""
    chat, topic = _topic(call)
    if "name" not in call.params or call.params.text("name") == topic.name:
        raise bad_request("TOPIC_NOT_MODIFIED")
    call.activity.rename_topic(chat, call.activity.bot, topic, _name(call))
    return True


@method("closeForumTopic")
def close_forum_topic(call: Call) -> bool:
    """No more messages, except from those who manage topics."""
    return _set_closed(call, closed=True)


@method("reopenForumTopic")
def reopen_forum_topic(call: Call) -> bool:
    """Messages again."""
    return _set_closed(call, closed=False)


@method("deleteForumTopic")
def delete_forum_topic(call: Call) -> bool:
    """The topic and everything in it."""
    call.activity.delete_topic(*_topic(call, "can_delete_messages"))
    return True


@method("closeGeneralForumTopic")
def close_general_forum_topic(call: Call) -> bool:
    """Close General."""
    return _set_general(call, closed=True)


@method("reopenGeneralForumTopic")
def reopen_general_forum_topic(call: Call) -> bool:
    """Open General."""
    return _set_general(call, closed=False)


@method("unpinAllForumTopicMessages")
def unpin_all_forum_topic_messages(call: Call) -> bool:
    """Unpin what is pinned in one topic."""
    chat, topic = _topic(call, "can_pin_messages")
    chat.pinned = [
        number
        for number in chat.pinned
        if (message := chat.messages.get(number)) is None or message.topic != topic.id
    ]
    return True


def _set_closed(call: Call, *, closed: bool) -> bool:
    chat, topic = _topic(call)
    if topic.closed == closed:
        raise bad_request("TOPIC_NOT_MODIFIED")
    call.activity.set_topic_closed(chat, call.activity.bot, topic, closed=closed)
    return True


def _set_general(call: Call, *, closed: bool) -> bool:
    chat = _forum(call)
    if chat.general_closed == closed:
        raise bad_request("TOPIC_NOT_MODIFIED")
    call.activity.set_topic_closed(chat, call.activity.bot, None, closed=closed)
    return True


def _forum(call: Call, right: str = "can_manage_topics") -> WorldChat:
    chat = permissions.find_chat(call.activity, call.params)
    permissions.check_present(call.activity, chat)
    if not chat.forum:
        raise bad_request("the chat is not a forum")
    if right:
        permissions.check_right(call.activity, chat, right, "not enough rights to create a topic")
    return chat


def _topic(call: Call, right: str = "can_manage_topics") -> tuple[WorldChat, WorldTopic]:
    """A topic that the bot may manage. An administrator needs no right for one that it created (Bot
    API, closeForumTopic), except to delete it."""
    chat = _forum(call, "")
    topic = chat.topics.get(call.params.number("message_thread_id"))
    own = topic is not None and topic.creator == call.activity.bot.id
    administrator = chat.member(call.activity.bot).status == "administrator"
    if not (own and administrator and right == "can_manage_topics"):
        _forum(call, right)
    if topic is None:
        raise bad_request("message thread not found")
    return chat, topic


def _name(call: Call) -> str:
    name = call.params.text("name").strip()
    if not name:
        raise bad_request("TOPIC_TITLE_EMPTY")
    return name[:128]
