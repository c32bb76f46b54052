"""Edits. An edit without `reply_markup` removes the keyboard."""

from __future__ import annotations

from typing import Any

from bot.sandbox import keyboards, permissions, sending
from bot.sandbox.errors import bad_request
from bot.sandbox.methods import media, messages, rich
from bot.sandbox.methods.base import Call, method
from bot.sandbox.world import Json, Message

_SAME = (
    "message is not modified: specified new message content and reply markup are exactly the "
    "same as a current content and reply markup of the message"
)
_TEXT_FIELDS = ("text", "entities", "link_preview_options", "rich_message")
_MEDIA_FIELDS = ("photo", "video", "audio", "document", "animation")
_CAPTION_FIELDS = ("caption", "caption_entities", "show_caption_above_media", "has_media_spoiler")


@method("editMessageText")
async def edit_message_text(call: Call) -> Json | bool:
    """A new text, or a rich message (Bot API 10.1), in place of one of them."""
    kind = rich.KIND if "rich_message" in call.params else "text"
    new: Json = {}
    if kind == rich.KIND:
        new = await rich.read(call)
    else:
        sending.read_text(call).put(new, "text", call.world.users)
    if lean := _lean(call):
        return lean
    message = _editable(call)
    if message.kind not in {"text", rich.KIND}:
        raise bad_request("there is no text in the message to edit")
    if kind == "text" and (preview := messages.preview_options(call)):
        new["link_preview_options"] = preview
    result = _apply(call, message, new, _TEXT_FIELDS)
    message.kind = kind
    return result


@method("editMessageCaption")
def edit_message_caption(call: Call) -> Json | bool:
    """A new caption for a message with a file."""
    shown = sending.read_caption(call.params)
    if lean := _lean(call):
        return lean
    message = _editable(call)
    if message.kind not in media.CAPTIONED:
        raise bad_request("there is no caption in the message to edit")
    new: Json = {}
    shown.put(new, "caption", call.world.users)
    if call.params.flag("show_caption_above_media"):
        new["show_caption_above_media"] = True
    return _apply(call, message, new, _CAPTION_FIELDS[:3])


@method("editMessageMedia")
async def edit_message_media(call: Call) -> Json | bool:
    """Another file in place of the old one, or the first one of a text (Bot API 10.0); an album
    keeps its kinds."""
    item = call.params.object("media")
    if item is None:
        raise bad_request("input media is not specified")
    if lean := _lean(call):
        return lean
    message = _editable(call)
    kind, new = await media.read_item(call, item)
    if message.kind not in {*media.CAPTIONED, "text"}:
        raise bad_request("there is no media in the message to edit")
    if "media_group_id" in message.data and kind != message.kind:
        raise bad_request("message can't be edited")
    message = _editable(call)
    result = _apply(call, message, new, (*_TEXT_FIELDS, *_MEDIA_FIELDS, *_CAPTION_FIELDS))
    message.kind = kind
    return result


@method("editMessageReplyMarkup")
def edit_message_reply_markup(call: Call) -> Json | bool:
    """Another keyboard, or none."""
    if lean := _lean(call):
        return lean
    return _apply(call, _editable(call), {}, ())


def _lean(call: Call) -> bool:
    """Where nothing is kept there is nothing to compare: count the edit."""
    if call.activity.lean is None:
        return False
    chat = permissions.find_chat(call.activity, call.params)
    permissions.check_present(call.activity, chat)
    sending.check_pace(call.activity, chat)
    call.activity.lean.edits += 1
    return True


def _editable(call: Call) -> Message:
    """The bot's own message that the request names. Raises ApiError."""
    if "inline_message_id" in call.params:
        raise bad_request("MESSAGE_ID_INVALID")
    chat = permissions.find_chat(call.activity, call.params)
    permissions.check_present(call.activity, chat)
    if "message_id" not in call.params:
        raise bad_request("message identifier is not specified")
    message = permissions.find_message(chat, call.params.number("message_id"), "to edit")
    if not message.mine and not (
        chat.channel and permissions.has_right(call.activity, chat, "can_edit_messages")
    ):
        raise bad_request("message can't be edited")
    if message.kind == "service" or "forward_origin" in message.data:
        raise bad_request("message can't be edited")
    return message


def _apply(call: Call, message: Message, new: Json, replaced: tuple[str, ...]) -> Json:
    inline, _ = keyboards.read(call.params.object("reply_markup"))
    if inline:
        new["reply_markup"] = inline
    names = (*replaced, "reply_markup")
    if all(_plain(message.data.get(name)) == _plain(new.get(name)) for name in names):
        raise bad_request(_SAME)
    sending.check_pace(call.activity, message.chat)
    for name in names:
        message.data.pop(name, None)
    message.data.update(new)
    # A keyboard alone does not make a message "edited" in the chat.
    call.activity.changed(message, by_bot=True, dated=bool(replaced))
    return message.data


def _plain(value: Any) -> Any:
    """A part of a message as it is compared: of a file, which one it is."""
    if isinstance(value, list) and value and "file_unique_id" in value[0]:
        return [size["file_unique_id"] for size in value]
    if isinstance(value, dict) and "file_unique_id" in value:
        return value["file_unique_id"]
    return value
