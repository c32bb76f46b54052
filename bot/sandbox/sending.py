"""What all methods that send have in common: where to, in answer to what, with which keyboard.

Order of complaints as at Telegram: content, keyboard, chat, rights, thread, reply, pace.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from bot.sandbox import formatting, keyboards, permissions
from bot.sandbox.activity import Activity
from bot.sandbox.errors import bad_request, flood
from bot.sandbox.methods.base import Call
from bot.sandbox.params import Params, as_number
from bot.sandbox.world import Json, Message, WorldChat


@dataclass(slots=True)
class Target:
    """Where a message goes, and what comes with it whatever it says."""

    chat: WorldChat
    topic: int = 0
    content: Json = field(default_factory=dict)
    extra: Json = field(default_factory=dict)


def aim(call: Call, right: str = "can_send_messages", count: int = 1) -> Target:
    """The target of a sending request. Raises ApiError."""
    params, activity = call.params, call.activity
    inline, other = keyboards.read(params.object("reply_markup"))
    chat = permissions.find_chat(activity, params)
    permissions.check_write(activity, chat, right)
    target = Target(chat)
    target.topic = permissions.check_topic(activity, chat, params.number("message_thread_id"))
    _reply(call, target)
    check_pace(activity, chat, count)
    if inline:
        target.content["reply_markup"] = inline
    if other and not chat.channel:
        target.extra["keyboard"] = other
    if params.flag("protect_content"):
        target.content["has_protected_content"] = True
    if params.flag("disable_notification"):
        target.extra["silent"] = True
    return target


def check_pace(activity: Activity, chat: WorldChat, count: int = 1) -> None:
    """Count messages against the rate limits. Raises ApiError 429."""
    if activity.limiter is None:
        return
    wait = activity.limiter.ask(chat.id, chat.private, activity.world.clock(), count)
    if wait:
        raise flood(wait)


def send(call: Call, target: Target, content: Json, kind: str) -> Message:
    """Put the bot's message into the chat."""
    activity = call.activity
    return activity.put(
        target.chat,
        activity.bot,
        {**content, **target.content},
        kind,
        topic=target.topic,
        extra=target.extra,
    )


def read_text(call: Call, name: str = "text") -> formatting.Formatted:
    """The text of a message. Raises ApiError."""
    params = call.params
    given = params.array("entities") if "entities" in params else None
    shown = formatting.read(params.text(name), params.text("parse_mode"), given)
    return formatting.checked_text(shown)


def read_caption(values: Any) -> formatting.Formatted:
    """The caption of a message or of an item of an album. Raises ApiError."""
    given = values.array("caption_entities") if "caption_entities" in values else None
    shown = formatting.read(values.text("caption"), values.text("parse_mode"), given)
    return formatting.checked_caption(shown)


def _reply(call: Call, target: Target) -> None:
    """Fill in what the message answers: `reply_parameters` or the old `reply_to_message_id`."""
    params = call.params
    wanted = params.object("reply_parameters") or {}
    message_id = as_number(wanted.get("message_id")) or params.number("reply_to_message_id")
    if not message_id:
        return
    chat = target.chat
    elsewhere = wanted.get("chat_id")
    if elsewhere not in (None, chat.id, str(chat.id), f"@{chat.username}"):
        _reply_elsewhere(call, target, wanted)
        return
    answered = chat.messages.get(message_id)
    if answered is None:
        lenient = wanted.get("allow_sending_without_reply")
        if lenient or params.flag("allow_sending_without_reply") or call.activity.lean:
            return
        raise permissions.not_found("to be replied")
    target.content["reply_to_message"] = call.activity.shown_reply(answered)
    _quote(target, wanted, answered)
    if chat.kind == "supergroup" and not target.topic:
        target.topic = answered.topic if chat.forum else answered.topic or answered.id
        permissions.check_topic(call.activity, chat, target.topic)


def _reply_elsewhere(call: Call, target: Target, wanted: Json) -> None:
    inner = Params({"chat_id": wanted["chat_id"]})
    chat = permissions.find_chat(call.activity, inner)
    answered = permissions.find_message(chat, as_number(wanted["message_id"]), "to be replied")
    target.content["external_reply"] = {
        "origin": origin(answered),
        "chat": chat.json(),
        "message_id": answered.id,
    }


def _quote(target: Target, wanted: Json, answered: Message) -> None:
    quote = wanted.get("quote")
    if not quote:
        return
    shown = formatting.read(str(quote), str(wanted.get("quote_parse_mode") or ""), None)
    whole = str(answered.data.get("text") or answered.data.get("caption") or "")
    at = whole.find(shown.text)
    if at < 0:
        raise bad_request("QUOTE_TEXT_INVALID")
    position = len(whole[:at].encode("utf-16-le")) // 2
    target.content["quote"] = {"text": shown.text, "position": position, "is_manual": True}


def origin(message: Message) -> Json:
    """Where a message comes from, as MessageOrigin."""
    known = message.data.get("forward_origin")
    if known:
        return dict(known)
    if message.chat.channel:
        return {
            "type": "channel",
            "date": message.date,
            "chat": message.chat.json(),
            "message_id": message.id,
        }
    sender = message.data.get("from") or {}
    return {"type": "user", "date": message.date, "sender_user": sender}
