"""What the result of a request means for a delivery: the one place where this is decided. Pure.

    Delivery x SendResult x now -> Sent | RetryAt | Unknown | Dead | ChatGone | Moved | Removed
                                 | ThreadClosed | TopicGone | TextOnly | NextPicture
                                 | NotRemovable | Halt | Broken

Descriptions are Telegram's, in lower case, without "bad request: "; an unknown one counts as a
refusal for that one chat alone.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import NamedTuple

from bot.core.model import SendResult, SendStatus, TelegramId
from bot.core.posts.content import NewTopic, TopicLost, TopicReopening
from bot.core.posts.content_kinds import MODERATORS
from bot.core.posts.delivery import Delivery, DeliveryKind

MAX_DOUBTS = 10
"""A message whose answer was lost so often, while others got theirs, is given up: better missing
than there 11 times. In an outage, when nobody gets an answer, it waits for the end."""

_UNKNOWN_SECONDS = 5
_BACK_OFF_SECONDS = 2
_BACK_OFF_CAP = 600
_CLOSED_SECONDS, _CLOSED_CAP = 60, 3600
_TOPIC_SECONDS = 2
"""Seconds: creating or reopening a topic takes less."""

REMOVED = "removed"
"""For a message that we deleted ourselves."""
SILENT = "nothing to say any more"
"""For a message that was no longer needed when its turn came."""
NO_PICTURE = "the picture cannot be had"
"""Our own description, where Telegram was not even asked."""
_BAD_PICTURE = (
    NO_PICTURE,
    "wrong file identifier",
    "failed to get http url content",
    "wrong type of the web page content",
    "wrong http url specified",
    "wrong remote file identifier specified",
    "wrong file_id",
    "photo_invalid_dimensions",
    "image_process_failed",
    "photo_save_file_invalid",
    "photo_ext_invalid",
    "photo has unsupported extension",
    "photo should be uploaded",
    "type of file mismatch",
    "can't use file of type",
    "file is too big",
    "file must be non-empty",
    "request entity too large",
    "webpage_curl_failed",
    "webpage_media_empty",
    "media_empty",
)
_BAD_LINK = ("inline keyboard button url", "button_url_invalid", "url host is empty")
_NO_PHOTOS = ("not enough rights to send photos", "chat_send_photos_forbidden", "chat_send_media_")
_CLOSED = ("topic_closed",)
_THREAD = ("message thread not found", "topic_closed", "topic_deleted", "topic_id_invalid")
_NO_WRITING = (
    "have no write access to the chat",
    "have no rights to send",
    "chat_write_forbidden",
    "chat_restricted",
    "chat_admin_required",
    "not enough rights to send",
    "need administrator rights",
    "chat_send_plain_forbidden",
    "chat_send_text_forbidden",
    "peer_id_invalid",
    "user_banned_in_channel",
    "user_is_blocked",
    "channel_private",
    "chat_guest_send_forbidden",
    "slowmode_wait",
    "payment_required",
    "privacy_premium_required",
)
"""The chat accepts nothing from us now: it was closed for the night, or we lost a right."""
_MESSAGE_LOST = ("message to edit not found", "message_id_invalid")
_TAKEN_AWAY = ("message to delete not found", "message_id_invalid")


class Sent(NamedTuple):
    """It arrived. `file_id` is Telegram's id of the picture, if there was one; `message_ids` are
    the ids of all messages, if several (an album). (A tuple, as `Delivery` is.)"""

    message_id: int | None
    file_id: str = ""
    message_ids: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class RetryAt:
    """It did not arrive; try again at `at`. Not `counted` as an attempt if the delivery is not to
    blame."""

    at: int
    reason: str
    counted: bool = True


@dataclass(frozen=True, slots=True)
class Later:
    """It was not tried: its chat is busy until about `at`; several for one chat line up after
    that."""

    at: int


@dataclass(frozen=True, slots=True)
class Unknown:
    """It may have arrived. It is sent again at `at`: the promise is "at least once"."""

    at: int
    reason: str


@dataclass(frozen=True, slots=True)
class Dead:
    """Refused for good, for this chat alone. `message_lost`: the message it would edit is gone."""

    reason: str
    message_lost: bool = False


@dataclass(frozen=True, slots=True)
class Removed:
    """The message is gone, as it should be."""


@dataclass(frozen=True, slots=True)
class NotRemovable:
    """Telegram does not let us delete the message (after 48 hours): its text is replaced, or a
    person has to delete it."""

    reason: str


@dataclass(frozen=True, slots=True)
class ChatGone:
    """Nothing is to be sent to the chat until it comes back; its settings stay."""

    reason: str


@dataclass(frozen=True, slots=True)
class ChatClosed:
    """The chat accepts nothing from us now, but may do so again: it is tried at `at`, and nothing
    else for the chat is due sooner."""

    at: int
    reason: str


@dataclass(frozen=True, slots=True)
class Moved:
    """The group has a new id; everything about it is moved there, and this is sent again."""

    to: TelegramId


@dataclass(frozen=True, slots=True)
class ThreadClosed:
    """The forum topic is closed: its subscription is paused until `until`, when the next article
    tries it, or until somebody reopens it. None: it is deleted, and the subscription ends."""

    reason: str
    until: int | None = None


@dataclass(frozen=True, slots=True)
class TopicGone:
    """The moderators' topic is closed or deleted: it is sent again at `at`, there or elsewhere."""

    at: int
    reason: str


@dataclass(frozen=True, slots=True)
class TextOnly:
    """Photos are forbidden in this chat: it gets text from now on."""


@dataclass(frozen=True, slots=True)
class NextPicture:
    """Telegram does not accept this picture in this form: the article's next form is used."""

    reason: str


@dataclass(frozen=True, slots=True)
class Broken:
    """A fault of ours: it is tried again at `at`, and does not hold up its chat until then."""

    at: int
    reason: str


@dataclass(frozen=True, slots=True)
class LinkRefused:
    """Telegram accepts no button with the article's address: its posts go without it, to all
    chats."""

    reason: str


@dataclass(frozen=True, slots=True)
class Halt:
    """The token is wrong: nothing can be sent until the operator changes it."""

    reason: str


Outcome = (
    Sent
    | RetryAt
    | Later
    | Unknown
    | Dead
    | Removed
    | NotRemovable
    | ChatGone
    | ChatClosed
    | Moved
    | ThreadClosed
    | TopicGone
    | TextOnly
    | NextPicture
    | LinkRefused
    | Halt
    | Broken
)


class Judged(NamedTuple):
    """A delivery, its outcome, and what its message shows since. (A tuple, as `Delivery` is.)"""

    delivery: Delivery
    outcome: Outcome
    photo: bool = False
    revision: int = 0
    comments: int = 0


def judge(  # noqa: PLR0911 - one fate a line is the clearest table
    delivery: Delivery,
    result: SendResult,
    now: int,
    *,
    with_picture: bool,
    with_link: bool = False,
    removing: bool = False,
    outage: bool = False,
) -> Outcome:
    """Decide what becomes of a delivery. `with_picture`: the request carried a picture;
    `with_link`: it carried a button that leads to an article; `removing`: it was to delete a
    message; `outage`: nobody gets an answer now."""
    if result.status is SendStatus.OK and not removing:
        return Sent(result.message_id, result.file_id or "", result.message_ids)
    match result.status:
        case SendStatus.OK:
            return Removed()
        case SendStatus.REFUSED if removing:
            gone = any(known in result.description for known in _TAKEN_AWAY)
            return Removed() if gone else NotRemovable(result.description)
        case SendStatus.FLOOD:
            return _flooded(delivery, result.retry_after, now)
        case SendStatus.FORBIDDEN:
            return ChatGone(result.description)
        case SendStatus.MIGRATED if result.migrated_to is not None:
            return Moved(result.migrated_to)
        case SendStatus.UNSENT:
            return RetryAt(now + back_off(delivery.attempts), result.description)
        case SendStatus.UNKNOWN:
            return _doubtful(delivery, result, now, outage=outage)
        case SendStatus.UNAUTHORISED:
            return Halt(result.description)
        case _:
            return _refused(
                delivery, result.description, now, with_picture=with_picture, with_link=with_link
            )


def back_off(attempts: int) -> int:
    """Seconds until the next try after `attempts` failed ones: 2, 4, 8 ... at most 10 minutes."""
    return int(min(_BACK_OFF_CAP, _BACK_OFF_SECONDS * 2 ** min(attempts, 16)))


def closed_for(refusals: int) -> int:
    """Seconds until a chat that has refused us so often is tried again: 1 minute, 2, 4 ... at most
    an hour. Most groups are closed only overnight."""
    return int(min(_CLOSED_CAP, _CLOSED_SECONDS * 2 ** min(refusals, 16)))


def is_final(outcome: Outcome) -> bool:
    """Is this the end of the delivery? If not, later ones to the chat have to wait behind it. One
    that is set aside holds up nobody."""
    return isinstance(
        outcome, Sent | Dead | Removed | NotRemovable | ChatGone | ThreadClosed | Broken
    )


def bad_picture(description: str) -> bool:
    """Does Telegram refuse the picture, not the message?"""
    return any(known in description for known in _BAD_PICTURE)


def bad_link(description: str) -> bool:
    """Does Telegram refuse a button's address?"""
    return any(known in description for known in _BAD_LINK)


def photos_forbidden(description: str) -> bool:
    """Is it this chat that accepts no photos?"""
    return any(known in description for known in _NO_PHOTOS)


def _flooded(delivery: Delivery, wait: float | None, now: int) -> RetryAt:
    """Retry when Telegram says; it always does so, so a refusal without a time came from something
    else."""
    if not wait:
        return RetryAt(now + back_off(delivery.attempts), "flood")
    return RetryAt(now + math.ceil(max(1, wait)), "flood", counted=False)


def _doubtful(delivery: Delivery, result: SendResult, now: int, *, outage: bool) -> Outcome:
    if delivery.doubts + 1 >= MAX_DOUBTS and not outage:
        return Dead(f"its fate stayed unknown {MAX_DOUBTS} times: {result.description}")
    wait = min(_BACK_OFF_CAP, _UNKNOWN_SECONDS * 2**delivery.doubts)
    return Unknown(now + wait, result.description)


def _refused(  # noqa: PLR0911 - as above
    delivery: Delivery, description: str, now: int, *, with_picture: bool, with_link: bool
) -> Outcome:
    if isinstance(delivery.content, NewTopic | TopicReopening | TopicLost):
        return Dead(description)  # which says nothing about the chat
    if with_link and bad_link(description):
        return LinkRefused(description)
    if with_picture and photos_forbidden(description):
        return TextOnly()
    if with_picture and bad_picture(description):
        return NextPicture(description)
    if delivery.kind is DeliveryKind.EDIT:
        lost = any(known in description for known in _MESSAGE_LOST)
        return Dead(description, message_lost=lost)
    if any(known in description for known in _THREAD):
        if delivery.content.kind not in MODERATORS:
            closed = any(known in description for known in _CLOSED)
            return ThreadClosed(description, now + _CLOSED_CAP if closed else None)
        if delivery.to.thread:
            return TopicGone(now + _TOPIC_SECONDS, description)
        return RetryAt(now + back_off(delivery.attempts), description)
    if any(known in description for known in _NO_WRITING):
        return ChatClosed(now + closed_for(delivery.refusals), description)
    return Dead(description)
