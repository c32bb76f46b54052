"""A Post on the wire, and what an answer means. Knows the Bot API's JSON, no connections.

Post -> Encoded (once) -> Encoded.to(destination) -> body of a request (for each chat)
status and body of an answer -> SendResult
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from bot.core.html import Html, cut
from bot.core.keyboards import fitted
from bot.core.model import (
    PICTURE_HERE,
    Destination,
    Keyboard,
    Post,
    Rich,
    SendResult,
    SendStatus,
    TelegramId,
)
from bot.core.posts.rate_limit import LONGEST_HOLD
from bot.core.text import CAPTION_LIMIT, TEXT_LIMIT

_ENDED = (
    "chat not found",
    "bot was blocked",
    "user is deactivated",
    "bot can't initiate conversation",
    "bot was kicked",
    "bot is not a member",
    "chat was deleted",
    "user_deactivated",
)
"""Refusals of a chat that we can no longer write to. Any other refusal may be over tomorrow."""
ATTACHED = "attach://photo"
"""A picture sent in the same request, in its field `photo`."""
RICH = "sendRichMessage"
_MANY = "copyMessages"
_NUMBERED = ("send", "copy", "createForumTopic")
"""Methods that create a message or a topic and return its id."""


@dataclass(frozen=True, slots=True)
class Encoded:
    """A call without its chat: `rest` is the JSON that is the same for every chat."""

    method: str
    rest: bytes
    photo: bool = False
    """The message is a picture with a caption."""
    rich: bool = False
    """It is a rich message, which not every server supports."""
    named: bool = False
    """`rest` names the messages that it is about."""

    def to(
        self, to: Destination, *, message_id: int | None = None, reply_to: int | None = None
    ) -> bytes:
        """The body for one chat (and one message, for an edit)."""
        head = b'{"chat_id":%d' % to.telegram_id
        if self.named:
            return head + self.rest
        if message_id is not None:
            head += b',"message_id":%d' % message_id
        elif to.thread:
            head += b',"message_thread_id":%d' % to.thread
        if reply_to is not None:
            answered = b',"reply_parameters":{"message_id":%d,"allow_sending_without_reply":true}'
            head += answered % reply_to
        return head + self.rest


def encode_send(post: Post, *, photo: str | None = None, paid: bool = False) -> Encoded:
    """A message; `photo` (a file id) takes the place of the post's own.

    `paid` is for broadcasts above the free rate: Telegram charges Stars for them.
    """
    if (other := _no_message(post)) is not None:
        return other
    picture = photo or post.photo
    values: dict[str, Any] = {"parse_mode": "HTML"}
    if picture:
        values |= {"photo": picture, "caption": _within(post.text, CAPTION_LIMIT)}
    else:
        values |= _words(post)
    if paid:
        values["allow_paid_broadcast"] = True
    if post.silent:
        values["disable_notification"] = True
    if post.keyboard:
        values["reply_markup"] = keyboard(post.keyboard)
    elif post.prompt is not None:
        values["reply_markup"] = {
            "force_reply": True,
            "input_field_placeholder": post.prompt[:64],
            "selective": post.selective,
        }
    if post.reply_to is not None:
        values["reply_parameters"] = {
            "message_id": post.reply_to,
            "allow_sending_without_reply": not post.strict,
        }
    return Encoded("sendPhoto" if picture else "sendMessage", _rest(values), bool(picture))


def encode_rich(rich: Rich, *, picture: str = "", silent: bool = False) -> Encoded:
    """A rich message, with its picture (a file id, or `ATTACHED`) or without one."""
    message: dict[str, Any] = {
        "html": rich.html if picture else rich.html.replace(PICTURE_HERE, "")
    }
    if picture:
        message["media"] = [{"id": "picture", "media": {"type": "photo", "media": picture}}]
    if rich.rtl:
        message["is_rtl"] = True
    values: dict[str, Any] = {"rich_message": message}
    if silent:
        values["disable_notification"] = True
    if rich.keyboard:
        values["reply_markup"] = keyboard(rich.keyboard)
    return Encoded(RICH, _rest(values), rich=True)


def _no_message(post: Post) -> Encoded | None:
    """The call for a post that is not a message with its own text."""
    if post.copy_of is not None:
        return _encode_copy(*post.copy_of)
    if post.recaptions:
        caption = {"message_id": post.recaptions, "caption": _within(post.text, CAPTION_LIMIT)}
        return Encoded("editMessageCaption", _rest({"parse_mode": "HTML", **caption}), named=True)
    if post.new_topic:
        return Encoded("createForumTopic", _rest({"name": post.new_topic}))
    if post.reopen:
        return Encoded("reopenForumTopic", _rest({"message_thread_id": post.reopen}))
    return None


def _encode_copy(source: TelegramId, messages: tuple[int, ...]) -> Encoded:
    values: dict[str, Any] = {"from_chat_id": source}
    if len(messages) == 1:
        return Encoded("copyMessage", _rest(values | {"message_id": messages[0]}))
    return Encoded("copyMessages", _rest(values | {"message_ids": sorted(messages)}))


def encode_edit(post: Post, *, photo: bool) -> Encoded:
    """A message's new words and buttons; `photo`: it is a picture, so the words are its caption."""
    values: dict[str, Any] = {"parse_mode": "HTML"}
    if post.keyboard:
        values["reply_markup"] = keyboard(post.keyboard)
    if photo:
        caption = _within(post.text, CAPTION_LIMIT)
        return Encoded("editMessageCaption", _rest(values | {"caption": caption}), photo=True)
    return Encoded("editMessageText", _rest(values | _words(post)))


def encode_removal(messages: tuple[int, ...]) -> Encoded:
    """Delete messages, as many as an album has (Telegram: younger than 48 hours)."""
    if len(messages) == 1:
        return Encoded("deleteMessage", _rest({"message_id": messages[0]}), named=True)
    return Encoded("deleteMessages", _rest({"message_ids": sorted(messages)}), named=True)


def encode_media(post: Post, picture: str) -> Encoded:
    """A message's new picture (address or file id), words and buttons."""
    caption = _within(post.text, CAPTION_LIMIT)
    media = {"type": "photo", "media": picture, "caption": caption, "parse_mode": "HTML"}
    values: dict[str, Any] = {"media": media}
    if post.keyboard:
        values["reply_markup"] = keyboard(post.keyboard)
    return Encoded("editMessageMedia", _rest(values), photo=True)


def encode_keyboard(buttons: Keyboard) -> Encoded:
    """A message's new buttons."""
    return Encoded("editMessageReplyMarkup", _rest({"reply_markup": keyboard(buttons)}))


def keyboard(buttons: Keyboard) -> dict[str, Any]:
    """Inline buttons as the Bot API wants them, none of them too long for its row."""
    return {
        "inline_keyboard": [
            [
                {"text": one.text, "url": one.url}
                if one.url
                else {"text": one.text, "callback_data": one.data}
                for one in row
            ]
            for row in fitted(buttons)
        ]
    }


def fields(
    encoded: Encoded,
    to: Destination,
    *,
    message_id: int | None = None,
    reply_to: int | None = None,
) -> dict[str, str]:
    """The same call as form fields without its picture, for an upload."""
    body = encoded.to(to, message_id=message_id, reply_to=reply_to)
    values: Mapping[str, Any] = orjson.loads(body)
    return {
        name: value if isinstance(value, str) else orjson.dumps(value).decode()
        for name, value in values.items()
        if name != "photo"
    }


def read_answer(status: int, body: bytes, method: str = "") -> SendResult:
    """What an answer (to a call of this method) says, in our terms. Never raises, whatever it says.
    A nonsensical answer is not from a Bot API but from a proxy or gateway, about this one request.
    If it looks like a success, the message may have arrived; if it looks like a refusal, it is
    tried again.
    """
    try:
        answer = orjson.loads(body)
    except orjson.JSONDecodeError:
        answer = None
    if not isinstance(answer, dict) or not isinstance(answer.get("ok"), bool):
        return _nonsense(SendStatus.UNKNOWN if status < 300 else SendStatus.UNSENT, status)
    if answer["ok"]:
        found = _success(answer.get("result"))
        if found is None or (method.startswith(_NUMBERED) and not _told(found, answer, method)):
            return _nonsense(SendStatus.UNKNOWN, status)
        return found
    return _failure(whole(answer.get("error_code")) or status, answer)


def _told(found: SendResult, answer: dict[str, Any], method: str) -> bool:
    """Whether an answer has the id or ids that its method promises; of several messages perhaps
    none could be copied."""
    if method == _MANY:
        return isinstance(answer["result"], list)
    return found.message_id is not None and not isinstance(answer["result"], list)


def _nonsense(fate: SendStatus, status: int) -> SendResult:
    return SendResult(fate, description=f"unreadable answer with status {status}")


def _success(result: Any) -> SendResult | None:
    if result is True:
        return SendResult(SendStatus.OK)
    if isinstance(result, list):  # copies, albums
        ids = [whole(one.get("message_id")) if isinstance(one, dict) else None for one in result]
        known = tuple(one for one in ids if one is not None)
        if len(known) < len(ids):
            return None
        return SendResult(SendStatus.OK, known[0] if known else None, message_ids=known)
    if not isinstance(result, dict):
        return None
    number = whole(result.get("message_id", result.get("message_thread_id")))  # that of a new topic
    if number is None:
        return None
    return SendResult(SendStatus.OK, message_id=number, file_id=_file_id(result.get("photo")))


def _file_id(sizes: Any) -> str | None:
    largest = sizes[-1] if isinstance(sizes, list) and sizes else None
    found = largest.get("file_id") if isinstance(largest, dict) else None
    return found if isinstance(found, str) and found else None


def _failure(code: int, answer: Mapping[str, Any]) -> SendResult:
    description = plain(str(answer.get("description", "")))
    more = parameters(answer)
    if code == 429:
        wait = more.get("retry_after")
        return SendResult(SendStatus.FLOOD, description=description, retry_after=wait)
    if to := more.get("migrate_to_chat_id"):
        return SendResult(SendStatus.MIGRATED, description=description, migrated_to=TelegramId(to))
    if "chat was upgraded" in description:  # and nobody says which
        return SendResult(SendStatus.UNSENT, description=description)
    if "message is not modified" in description:
        return SendResult(SendStatus.OK, description=description)
    return SendResult(_status(code, description), description=description)


def parameters(answer: Mapping[str, Any]) -> dict[str, int]:
    """The parameters of a refusal, as far as they make sense: seconds to wait (an hour at most:
    then we try again, whatever was said) and a group's new id."""
    found = answer.get("parameters")
    more: dict[str, int] = {}
    if isinstance(found, dict):
        wait, to = found.get("retry_after"), whole(found.get("migrate_to_chat_id"))
        if isinstance(wait, int | float) and not isinstance(wait, bool) and wait > 0:
            more["retry_after"] = math.ceil(min(wait, LONGEST_HOLD))
        if to:
            more["migrate_to_chat_id"] = to
    return more


def _status(code: int, description: str) -> SendStatus:
    if code == 401 or (code == 404 and "method not found" not in description):
        return SendStatus.UNAUTHORISED
    if any(known in description for known in _ENDED):
        return SendStatus.FORBIDDEN
    # 409 is an answer to getUpdates, 3xx and 5xx are a gateway's: nothing was done.
    return SendStatus.REFUSED if 400 <= code < 500 and code != 409 else SendStatus.UNSENT


def whole(value: Any) -> int | None:
    """A whole number as Telegram has them (52 bits, with a sign), else None."""
    known = isinstance(value, int) and not isinstance(value, bool) and abs(value) < 1 << 52
    return value if known else None


def plain(description: str) -> str:
    """Telegram's sentence, in lower case, without its prefix."""
    text = description.lower()
    for kind in ("bad request: ", "forbidden: ", "conflict: "):
        text = text.removeprefix(kind)
    return text


def _words(post: Post) -> dict[str, Any]:
    text = _within(post.text, TEXT_LIMIT)
    return {"text": text, "link_preview_options": _preview(post.preview)}


def _within(text: Html, limit: int) -> Html:
    """A text cut to the limit: a longer one would be refused. Renderers keep to the limit
    themselves; this is a safety net."""
    return text if len(text) <= limit else cut(text, limit)


def _preview(address: str | None) -> dict[str, Any]:
    if not address:
        return {"is_disabled": True}
    return {"url": address, "prefer_large_media": True, "show_above_text": True}


def _rest(values: Mapping[str, Any]) -> bytes:
    return b"," + orjson.dumps(values)[1:]
