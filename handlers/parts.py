"""Messages of Telegram as parts of comments and answers: the words as written, and what media."""

from __future__ import annotations

import telegram
from telegram import Message
from telegram.constants import MessageEntityType

from bot.core.comments.lifecycle import Part

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
        media = "unknown"  # a kind of message that this program has not heard of: held, not lost
    return Part(
        message.message_id, text, media, message.media_group_id or "", _hidden_links(message)
    )


def _hidden_links(message: Message) -> tuple[str, ...]:
    entities: list[telegram.MessageEntity] = [*message.entities, *message.caption_entities]
    return tuple(one.url for one in entities if one.type == MessageEntityType.TEXT_LINK and one.url)
