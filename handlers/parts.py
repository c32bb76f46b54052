"""Messages of Telegram as parts of comments and answers: the words as written, and what media."""

from __future__ import annotations

from collections.abc import Sequence

from telegram import Message, MessageEntity
from telegram.constants import MessageEntityType

from bot.core.comments.dialogue import AnswerPart
from bot.core.comments.model import Part
from bot.core.entities import Span, marked_up
from bot.core.html import escape

_MEDIA = (
    "animation",  # before document, which it also is
    "photo",
    "voice",
    "video",
    "audio",
    "video_note",
    "document",
    "sticker",
    "contact",
    "poll",
    "venue",
    "location",
    "dice",
    "game",
    "story",
)


def part_of(message: Message) -> Part:
    """A message as a part of a comment: the words as written, and what kind of media it has."""
    media = next((kind for kind in _MEDIA if getattr(message, kind, None)), "")
    text = message.text or message.caption or ""
    if not media and not text:
        media = "unknown"  # a kind of message unknown to this program: held, not lost
    return Part(
        message.message_id,
        text,
        media,
        message.media_group_id or "",
        _hidden_links(message),
        _file(message, media),
    )


def words_of(message: Message) -> AnswerPart:
    """A message as a part of what editors and a reader write to each other, with its formatting."""
    part = part_of(message)
    spans = [Span(one.type, one.offset, one.length, one.url or "") for one in _entities(message)]
    html = marked_up(part.text, spans)
    return AnswerPart(
        part.message_id,
        part.text,
        html if html != escape(part.text) else "",
        part.media,
        part.group,
        part.file,
    )


def _entities(message: Message) -> Sequence[MessageEntity]:
    return message.entities or message.caption_entities


def _hidden_links(message: Message) -> tuple[str, ...]:
    entities = _entities(message)
    return tuple(one.url for one in entities if one.type == MessageEntityType.TEXT_LINK and one.url)


def _file(message: Message, media: str) -> str:
    """The permanent id of its file; empty if it has none."""
    found = getattr(message, media, None) if media else None
    if isinstance(found, Sequence):  # sizes of a photo: each has an id of its own
        found = found[-1] if found else None
    return getattr(found, "file_unique_id", "") or ""
