"""A comment, its reader and what can be decided about it: the types that the rest of this package
uses."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from bot.core.comments.complaints import Complaint
from bot.core.model import Actor, ArticleId, ChatId, CommentId, DeliveryId, ReaderId, TelegramId


class State(StrEnum):
    DRAFT = "draft"  # its reader has not said which article it is about
    HELD = "held"  # the grace time: nobody has seen it
    PENDING = "pending"  # the newest revision waits for the moderators
    APPROVED = "approved"  # decided; `live` says which revision is public
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"  # by its reader
    ERASED = "erased"  # its reader asked to be forgotten: nothing is left of it


class Signature(StrEnum):
    """How a reader signs in public. Moderators see the name in any case, and readers are told."""

    NAME = "name"
    ALIAS = "alias"
    ANONYMOUS = "anonymous"


class Decision(StrEnum):
    APPROVE = "approve"
    REJECT = "reject"
    BAN = "ban"  # reject, and take no more from this reader
    AUTO = "auto"  # published by the rule for trusted readers, before a moderator saw it


class Reason(StrEnum):
    """Why a comment was rejected, as its reader is told (`SILENTLY`: not at all)."""

    OFF_TOPIC = "off-topic"
    INSULT = "insult"
    ADVERT = "advert"
    SPAM = "spam"
    DUPLICATE = "duplicate"
    OTHER = "other"
    SILENTLY = "silently"
    OWN = "own"  # in the moderator's own words


class Conflict(StrEnum):
    """Why a step was not taken."""

    AGAIN = "again"  # the same person has done the same already
    DECIDED = "decided"  # somebody else was faster
    CHANGED = "changed"  # no longer what was on screen
    WITHDRAWN = "withdrawn"  # taken back or forgotten by its reader
    LATE = "late"  # the time to undo is over
    NOTHING = "nothing"  # there is nothing to undo, to report ...


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody who comments. `telegram_id` and `chat_id` are None once forgotten."""

    id: ReaderId
    telegram_id: TelegramId | None
    chat_id: ChatId | None
    name: str = ""
    username: str = ""
    sign: Signature = Signature.NAME
    approved: int = 0
    rejected: int = 0
    muted_until: int = 0
    banned_at: int | None = None
    blocked_at: int | None = None
    created_at: int = 0


@dataclass(frozen=True, slots=True)
class Part:
    """One message of a comment. `media` is its kind (photo, voice ...), empty for text alone."""

    message_id: int
    text: str = ""
    media: str = ""
    group: str = ""
    """Telegram's name of the album that it belongs to."""
    links: tuple[str, ...] = ()
    """Addresses behind words, which the text does not show."""
    file: str = ""
    """Telegram's lasting name of the file: another one is another picture."""


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment with its newest revision. Without an article it is a letter to the editors."""

    id: CommentId
    article_id: ArticleId | None
    reader_id: ReaderId
    state: State
    text: str = ""
    parts: tuple[Part, ...] = ()
    sign: Signature = Signature.NAME
    version: int = 1
    revision: int = 1
    live: int | None = None
    due_at: int = 0
    """The end of the grace time; for a withdrawn comment, of the time in which it can be
    restored."""
    created_at: int = 0
    decision: Decision | None = None
    """The last decision that stands."""
    reason: Reason | None = None
    own_reason: str = ""
    """The moderator's own words, if none of the reasons was chosen."""
    decided_at: int | None = None
    decided_by: Actor | None = None
    decision_id: int | None = None
    published_at: int | None = None
    likes: int = 0
    leader_id: CommentId | None = None
    """The comment whose card also decides this one, because both say the same."""
    card_id: DeliveryId | None = None
    """The newest card."""
    complaint: Complaint | None = None
    """Set if it is a letter that demands a reply or a correction."""


@dataclass(frozen=True, slots=True)
class CommentWords:
    """The text of one revision."""

    text: str
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Before:
    """The state before a decision: undoing the decision restores it."""

    decision_id: int
    live: int | None
