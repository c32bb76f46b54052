"""What a delivery carries, typed: a closed union of frozen values, with one encoder and decoder.

    Content  --kind_of-->  ContentKind (a column: SQL selects by it)
    Content  --encode--->  text (its own fields, as JSON; empty where it has none)
    ContentKind, text  --decode-->  Content

Rendered text is never stored: a content names the records that it is rendered from when it is sent.
The article or comment that it is about, and the message that it answers, are columns of its
delivery.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from functools import cache
from typing import Any, ClassVar, cast, get_args

import orjson
from pydantic import TypeAdapter, ValidationError

from bot.core.model import TelegramId
from bot.core.posts.content_kinds import ContentKind, KeptFor, TopicKind
from bot.core.posts.rate_limit import Urgency


@dataclass(frozen=True, slots=True)
class CopySource:
    """Messages of another chat, to be copied as they are. Albums stay albums."""

    chat: TelegramId
    messages: tuple[int, ...]
    files: tuple[str, ...] = ()
    """Telegram's permanent file ids of their media, where that matters: a message may have another
    picture tomorrow."""


# --- to everybody ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ShownArticle:
    """An article, as the chat sees it."""

    kind: ClassVar = ContentKind.ARTICLE
    urgency: ClassVar = Urgency.POST


@dataclass(frozen=True, slots=True)
class NewsDigest:
    """Several articles in one message, oldest first: those kept back from a chat."""

    kind: ClassVar = ContentKind.DIGEST
    urgency: ClassVar = Urgency.POST
    articles: tuple[int, ...]
    why: KeptFor


@dataclass(frozen=True, slots=True)
class NewsTicker:
    """The newest headlines in a message that is edited as news arrives."""

    kind: ClassVar = ContentKind.TICKER
    urgency: ClassVar = Urgency.POST


@dataclass(frozen=True, slots=True)
class TopicLost:
    """A notice that a forum topic with a subscription is closed, or `deleted`: to the group,
    outside that topic; or to the moderators, if the group `group` (our number) accepts nothing
    there either."""

    kind: ClassVar = ContentKind.TOPIC_LOST
    urgency: ClassVar = Urgency.CARD
    thread: int
    deleted: bool
    group: int | None = None


# --- to the moderators' chat ----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class CommentCard:
    """A comment, or a letter, as moderators see it."""

    kind: ClassVar = ContentKind.CARD
    urgency: ClassVar = Urgency.CARD


@dataclass(frozen=True, slots=True)
class CardPart:
    """The further text of a comment that is too long for its card; `number` from 2 on."""

    kind: ClassVar = ContentKind.CARD_PART
    urgency: ClassVar = Urgency.CARD
    number: int


@dataclass(frozen=True, slots=True)
class CardMedia:
    """Pictures and other media of a comment, or of its reader's answer (`answer`: its number).
    `source` is None once the reader is forgotten: the id of the chat there is the reader's own."""

    kind: ClassVar = ContentKind.CARD_MEDIA
    urgency: ClassVar = Urgency.CARD
    source: CopySource | None
    answer: int | None = None


@dataclass(frozen=True, slots=True)
class ModeratorsPrompt:
    """A prompt to moderators that names a reader. Kept only so that it can be deleted."""

    kind: ClassVar = ContentKind.PROMPT
    urgency: ClassVar = Urgency.CARD


@dataclass(frozen=True, slots=True)
class AnswerCard:
    """Correspondence between editors and a reader, as moderators see it: what became of a
    moderator's answer, or the reader's own answer. `answer` is its number."""

    kind: ClassVar = ContentKind.ANSWER_CARD
    urgency: ClassVar = Urgency.CARD
    answer: int


@dataclass(frozen=True, slots=True)
class QueueSummary:
    """How much waits, when there are more cards than the chat may get."""

    kind: ClassVar = ContentKind.QUEUE
    urgency: ClassVar = Urgency.CARD


@dataclass(frozen=True, slots=True)
class QueueReminder:
    """A reminder that something has waited for long."""

    kind: ClassVar = ContentKind.REMINDER
    urgency: ClassVar = Urgency.CARD


@dataclass(frozen=True, slots=True)
class DeadlineReminder:
    """A reminder that a complaint or a reported comment has waited for so many seconds."""

    kind: ClassVar = ContentKind.DEADLINE
    urgency: ClassVar = Urgency.CARD
    age: int


@dataclass(frozen=True, slots=True)
class DecisionLog:
    """Who decided what: the decisions from number `first` to number `last`."""

    kind: ClassVar = ContentKind.LOG
    urgency: ClassVar = Urgency.COUNT
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class NewTopic:
    """A forum topic to be created. Less urgent than cards: those that wait for it are due again and
    again before it."""

    kind: ClassVar = ContentKind.NEW_TOPIC
    urgency: ClassVar = Urgency.POST
    topic: TopicKind


@dataclass(frozen=True, slots=True)
class TopicReopening:
    """A forum topic (by Telegram's id) to be reopened."""

    kind: ClassVar = ContentKind.REOPEN_TOPIC
    urgency: ClassVar = Urgency.POST
    thread: int


@dataclass(frozen=True, slots=True)
class ArticleCard:
    """An article before the editors: how it will look, its state, what can be done."""

    kind: ClassVar = ContentKind.ARTICLE_CARD
    urgency: ClassVar = Urgency.CARD


# --- to a reader ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class DecisionNotice:
    """What became of a reader's comments, by the numbers of the decisions."""

    kind: ClassVar = ContentKind.DECISIONS
    urgency: ClassVar = Urgency.CARD
    decisions: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class UndoneNotice:
    """A notice that a decision that the reader was told about has been undone."""

    kind: ClassVar = ContentKind.UNDONE
    urgency: ClassVar = Urgency.CARD
    decision: int


@dataclass(frozen=True, slots=True)
class Receipt:
    """The receipt for a comment. Sent in reply to it; kept so that it can be edited to say what
    became of the comment."""

    kind: ClassVar = ContentKind.RECEIPT
    urgency: ClassVar = Urgency.CARD


@dataclass(frozen=True, slots=True)
class AnswerNotice:
    """What the editors answer a reader."""

    kind: ClassVar = ContentKind.ANSWER
    urgency: ClassVar = Urgency.CARD
    answer: int


@dataclass(frozen=True, slots=True)
class ComplaintNotice:
    """A notice that a correction (by its number) answers a reader's complaint."""

    kind: ClassVar = ContentKind.COMPLAINT
    urgency: ClassVar = Urgency.CARD
    correction: int


@dataclass(frozen=True, slots=True)
class AnswerMedia:
    """The picture that goes with what the editors answer."""

    kind: ClassVar = ContentKind.ANSWER_MEDIA
    urgency: ClassVar = Urgency.CARD
    answer: int
    source: CopySource


@dataclass(frozen=True, slots=True)
class CopiedCaption:
    """A new caption for a copy, after the writer edited the original: message `source` among those
    that the delivery `copies` has copied; part of the answer with that number, or of a comment."""

    kind: ClassVar = ContentKind.CAPTION
    urgency: ClassVar = Urgency.CARD
    copies: int
    source: int
    answer: int | None = None


# --- elsewhere ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ThreadMessage:
    """A published comment or answer in a channel's discussion group; `row` of `thread_comment`."""

    kind: ClassVar = ContentKind.THREAD
    urgency: ClassVar = Urgency.POST
    row: int


@dataclass(frozen=True, slots=True)
class ReviewedComment:
    """A message in a moderator's private chat that shows one waiting comment after the other. Sent
    in reply to a press; kept so that it can be emptied."""

    kind: ClassVar = ContentKind.REVIEW
    urgency: ClassVar = Urgency.CARD


@dataclass(frozen=True, slots=True)
class ReviewMedia:
    """What lies beside that message. Kept so that it can be deleted."""

    kind: ClassVar = ContentKind.REVIEW_MEDIA
    urgency: ClassVar = Urgency.CARD


@dataclass(frozen=True, slots=True)
class Nothing:
    """There is nothing left to say: the subject was erased, or another message says it."""

    kind: ClassVar = ContentKind.NOTHING
    urgency: ClassVar = Urgency.CARD


Content = (
    ShownArticle
    | CommentCard
    | CardPart
    | CardMedia
    | ModeratorsPrompt
    | AnswerCard
    | QueueSummary
    | QueueReminder
    | DecisionLog
    | NewTopic
    | TopicReopening
    | DecisionNotice
    | UndoneNotice
    | Receipt
    | AnswerNotice
    | AnswerMedia
    | CopiedCaption
    | ThreadMessage
    | ReviewedComment
    | ReviewMedia
    | Nothing
    | NewsDigest
    | NewsTicker
    | TopicLost
    | ArticleCard
    | DeadlineReminder
    | ComplaintNotice
)

_CLASSES: Mapping[str, type[Content]] = {one.kind.value: one for one in get_args(Content)}
_BARE: Mapping[str, Content] = {
    name: cast("Callable[[], Content]", one)() for name, one in _CLASSES.items() if not fields(one)
}
"""Contents without fields: one shared value each, since posts are decoded by the million."""


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Content that could not be decoded, from a damaged row."""

    kind: ClassVar = ContentKind.NOTHING
    reason: str


def encode(content: Content) -> str:
    """The fields of a content as JSON; empty where it has none."""
    return "" if content.kind.value in _BARE else orjson.dumps(content).decode()


def decode(kind: str, text: str) -> Content:
    """A content by the name of its kind and its encoded fields. Raises ValueError for anything that
    `encode` did not write."""
    bare = _BARE.get(kind)
    if bare is not None:
        return bare
    try:
        found: Content = _reader(kind).validate_json(text, strict=True)
    except (KeyError, ValidationError) as error:
        raise ValueError(f"no content of kind {kind!r}") from error
    return found


@cache
def _reader(kind: str) -> TypeAdapter[Any]:
    return TypeAdapter(_CLASSES[kind])
