"""A message on its way to a chat, as the sender has claimed it. Values only."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

from bot.core.model import (
    ArticleId,
    BroadcastId,
    ChatId,
    CommentId,
    DeliveryId,
    Destination,
)
from bot.core.posts.content import Content, Unreadable


class DeliveryKind(StrEnum):
    """How a delivery comes about and what is kept of it. What it says is its content."""

    POST = "post"  # an article, from a broadcast: once for each chat and topic
    SEND = "send"  # a message of its own
    EDIT = "edit"  # updates or deletes the target's message; its row is dropped


class Delivery(NamedTuple):
    """One message on its way to one chat, as claimed by a sender. Text is rendered from the
    records when it is sent, never before.

    A tuple, since one is made for each message: a frozen dataclass takes three times as long.
    """

    id: DeliveryId
    kind: DeliveryKind
    content: Content | Unreadable
    """Of an edit: the content of the message that it changes."""
    chat_id: ChatId
    to: Destination
    language: str
    attempts: int = 0
    article_id: ArticleId | None = None
    comment_id: CommentId | None = None
    target_id: DeliveryId | None = None
    """The delivery whose message is edited or answered."""
    target_message_id: int | None = None
    """The message to edit, or to answer."""
    reply_to: int | None = None
    """Somebody else's message in the same chat that it answers."""
    removes: bool = False
    """Of an edit: the message has to be deleted, or emptied."""
    album: tuple[int, ...] = ()
    """Of an edit: all messages of the target, if it has several."""
    shown: int = 0
    """The revision of the article that the message to edit shows."""
    photo: bool = False
    """The message to edit is a picture with a caption."""
    text_only: bool = False
    """The chat takes no photos."""
    refusals: int = 0
    """How often the chat has refused us since it last accepted something."""
    silent: bool = False
    """It comes without sound."""
    threaded: bool = False
    """Telegram shows a thread of comments under the post if that has no buttons."""
    broadcast_id: BroadcastId | None = None
    doubts: int = 0
    """How often the result was unknown."""
    sponsor_id: int | None = None
    """The advertisement that it carries."""
    urgency: int = 2
    """`bot.core.posts.rate_limit.Urgency`."""
