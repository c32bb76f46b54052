"""Text messages, chat actions, reactions, deleting, pinning."""

from __future__ import annotations

from bot.sandbox import permissions, sending
from bot.sandbox.activity import DAY_S
from bot.sandbox.errors import bad_request
from bot.sandbox.methods.base import Call, method
from bot.sandbox.world import Json, Message, WorldChat

_ACTION_NAMES = """
    cancel typing upload_photo record_video upload_video record_voice upload_voice
    upload_document choose_sticker find_location record_video_note upload_video_note
    record_audio upload_audio
"""
_ACTIONS = frozenset(_ACTION_NAMES.split())
_PREVIEW = ("url", "prefer_small_media", "prefer_large_media", "show_above_text")


@method("sendMessage")
def send_message(call: Call) -> Json:
    """A text message."""
    shown = sending.read_text(call)
    preview = preview_options(call)
    target = sending.aim(call)
    content: Json = {}
    shown.put(content, "text", call.world.users)
    if preview:
        content["link_preview_options"] = preview
    return sending.send(call, target, content, "text").data


def preview_options(call: Call) -> Json | None:
    """The link preview that a text asks for, None for Telegram's choice."""
    options = call.params.object("link_preview_options")
    if options is None:
        if call.params.flag("disable_web_page_preview"):
            return {"is_disabled": True}
        return None
    if options.get("is_disabled"):
        return {"is_disabled": True}
    kept = {name: options[name] for name in _PREVIEW if options.get(name)}
    return kept or None


@method("sendChatAction")
def send_chat_action(call: Call) -> bool:
    """ "typing ..." """
    if call.params.text("action").lower() not in _ACTIONS:
        raise bad_request("wrong parameter action in request")
    chat = permissions.find_chat(call.activity, call.params)
    permissions.check_write(call.activity, chat)
    permissions.check_topic(call.activity, chat, call.params.number("message_thread_id"))
    call.activity.events.emit("action", chat=chat.id, action=call.params.text("action"))
    return True


@method("setMessageReaction")
def set_message_reaction(call: Call) -> bool:
    """The bot's reaction: at most one, never a paid one."""
    chat = permissions.find_chat(call.activity, call.params)
    permissions.check_present(call.activity, chat)
    message_id = call.params.number("message_id")
    message = permissions.find_message(chat, message_id, "to react")
    wanted = call.params.array("reaction") or []
    if len(wanted) > 1:
        raise bad_request("REACTIONS_TOO_MANY")
    if any(not isinstance(one, dict) or one.get("type") == "paid" for one in wanted):
        raise bad_request("REACTION_INVALID")
    if wanted:
        message.reactions[call.activity.bot.id] = wanted
    else:
        message.reactions.pop(call.activity.bot.id, None)
    call.activity.events.emit("reaction", chat=chat.id, message_id=message_id)
    return True


@method("deleteMessage")
def delete_message(call: Call) -> bool:
    """One message."""
    chat = permissions.find_chat(call.activity, call.params)
    permissions.check_present(call.activity, chat)
    message_id = call.params.number("message_id")
    message = permissions.find_message(chat, message_id, "to delete")
    if not _may_delete(call, message):
        raise bad_request("message can't be deleted")
    call.activity.delete(message)
    return True


@method("deleteMessages")
def delete_messages(call: Call) -> bool:
    """Up to 100 messages; those that are not there are skipped."""
    chat = permissions.find_chat(call.activity, call.params)
    permissions.check_present(call.activity, chat)
    found = [chat.messages.get(number) for number in call.params.id_list("message_ids")]
    messages = [message for message in found if message is not None]
    if not all(_may_delete(call, message) for message in messages):
        raise bad_request("message can't be deleted")
    for message in messages:
        call.activity.delete(message)
    return True


def _may_delete(call: Call, message: Message) -> bool:
    """Younger than 48 hours and ours, or an administrator's right (sec. deleteMessage)."""
    chat = message.chat
    if not chat.private and _administers(call, chat, "can_delete_messages"):
        return True
    fresh = call.world.now() - message.date < 2 * DAY_S
    return fresh and (message.mine or chat.private)


def _administers(call: Call, chat: WorldChat, right: str) -> bool:
    me = chat.member(call.activity.bot)
    return me.status == "creator" or (me.status == "administrator" and me.rights.get(right, False))


@method("pinChatMessage")
def pin_chat_message(call: Call) -> bool:
    """Pin a message on top of its chat."""
    chat = _pinnable(call)
    message = permissions.find_message(chat, call.params.number("message_id"), "to pin")
    if message.id in chat.pinned:
        chat.pinned.remove(message.id)
    chat.pinned.insert(0, message.id)
    call.activity.events.emit("pin", chat=chat.id, message_id=message.id)
    shown = call.activity.shown_reply(message)
    call.activity.service(chat, call.activity.bot, {"pinned_message": shown}, topic=message.topic)
    return True


@method("unpinChatMessage")
def unpin_chat_message(call: Call) -> bool:
    """Unpin one message, the newest pinned when none is named."""
    chat = _pinnable(call)
    message_id = call.params.number("message_id")
    if message_id:
        permissions.find_message(chat, message_id, "to unpin")
    elif not chat.pinned:
        raise permissions.not_found("to unpin")
    message_id = message_id or chat.pinned[0]
    if message_id in chat.pinned:
        chat.pinned.remove(message_id)
    call.activity.events.emit("pin", chat=chat.id, message_id=0)
    return True


@method("unpinAllChatMessages")
def unpin_all_chat_messages(call: Call) -> bool:
    """Unpin everything."""
    chat = _pinnable(call)
    chat.pinned.clear()
    call.activity.events.emit("pin", chat=chat.id, message_id=0)
    return True


def _pinnable(call: Call) -> WorldChat:
    chat = permissions.find_chat(call.activity, call.params)
    right = "can_edit_messages" if chat.channel else "can_pin_messages"
    permissions.check_right(
        call.activity, chat, right, "not enough rights to manage pinned messages in the chat"
    )
    return chat
