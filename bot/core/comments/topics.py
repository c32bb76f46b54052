"""The moderators' forum: which topic a message belongs in, and what that topic needs. Pure.

    comment, reports      -> TopicKind
    topic, right, moment  -> the thread to write to, or a Step that has to be taken before

wanted -> open -> closed -> reopening -> open (once; the second time people mean it) -> shut
   '-> refused      '-> lost (deleted: the next one is wanted anew)

Whenever something does not work, messages go to General, after a while at most: no card waits for a
topic for long.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from bot.core.comments.model import Comment
from bot.core.language import Translator
from bot.core.posts.content_kinds import TopicKind

GENERAL = 0
"""Telegram takes no topic id for the General topic."""
PATIENCE = 30
"""Seconds that messages wait for their topic to be created or reopened."""
AGAIN = 3600
"""Seconds after which a topic that could not be created is tried again."""


class TopicState(StrEnum):
    WANTED = "wanted"  # being created
    OPEN = "open"
    CLOSED = "closed"  # closed by people
    REOPENING = "reopening"
    SHUT = "shut"  # closed for good: by people a second time, or we may not reopen it
    LOST = "lost"  # deleted
    REFUSED = "refused"  # could not be created


class Step(StrEnum):
    """What has to happen before a topic can be written to."""

    WAIT = "wait"
    CREATE = "create"
    REOPEN = "reopen"


@dataclass(frozen=True, slots=True)
class Standing:
    """What a chat is, and what we may do there."""

    forum: bool
    manages: bool
    """We may create topics."""


@dataclass(frozen=True, slots=True)
class ForumTopic:
    """One topic of ours, as we know it."""

    id: int
    kind: TopicKind
    state: TopicState
    thread: int | None
    """Telegram's number; None until it is created."""
    since: int
    """When it came into this state."""
    reopened: bool = False
    """We have reopened it once."""


def kind_of(comment: Comment, *, reports: int) -> TopicKind:
    """Where a comment's card belongs. `reports`: readers' reports that nobody has dealt with
    yet."""
    if reports:
        return TopicKind.REPORTS
    return TopicKind.LETTERS if comment.article_id is None else TopicKind.QUEUE


def name_of(kind: TopicKind, tr: Translator) -> str:
    """What a topic is called when it is created; people may rename it (Telegram: at most 128)."""
    return {
        TopicKind.QUEUE: tr.gettext("📥 Queue"),
        TopicKind.REPORTS: tr.gettext("⚑ Reports"),
        TopicKind.LETTERS: tr.gettext("✉️ Letters"),
        TopicKind.LOG: tr.gettext("🕘 Log"),
    }[kind]


def way(topic: ForumTopic | None, *, manages: bool, now: int) -> int | Step:
    """The thread to write to now, or the step to take first. `topic`: the newest of its kind."""
    create = Step.CREATE if manages else GENERAL
    if topic is None or topic.state is TopicState.LOST:
        return create
    waited = now - topic.since
    match topic.state:
        case TopicState.OPEN:
            return topic.thread or GENERAL
        case TopicState.WANTED | TopicState.REOPENING:
            return Step.WAIT if waited < PATIENCE else GENERAL
        case TopicState.CLOSED:
            return Step.REOPEN
        case TopicState.REFUSED:
            return create if waited >= AGAIN else GENERAL
        case TopicState.SHUT:
            return GENERAL


def refused_there(topic: ForumTopic, reason: str, *, now: int) -> ForumTopic:
    """The topic's state after it refused a message; `reason` is Telegram's sentence, in lower
    case."""
    if topic.state is not TopicState.OPEN:
        return topic  # already known
    state = closed_state(topic) if "topic_closed" in reason else TopicState.LOST
    return replace(topic, state=state, since=now)


def closed_state(topic: ForumTopic) -> TopicState:
    """The state after people closed it: the first time may be a slip, the second time they mean
    it."""
    return TopicState.SHUT if topic.reopened else TopicState.CLOSED


def after(topic: ForumTopic, fate: str, reason: str, number: int | None, *, now: int) -> ForumTopic:
    """The topic after an attempt to create or reopen it: `fate` is the state of the delivery that
    tried, `number` Telegram's id of the new topic."""
    if topic.state is TopicState.WANTED:
        if fate == "sent" and number is not None:
            return replace(topic, state=TopicState.OPEN, thread=number, since=now)
        return replace(topic, state=TopicState.REFUSED, since=now)
    if fate == "sent" or "topic_not_modified" in reason:
        return replace(topic, state=TopicState.OPEN, reopened=True, since=now)
    gone = "not found" in reason or "topic_deleted" in reason or "topic_id_invalid" in reason
    return replace(topic, state=TopicState.LOST if gone else TopicState.SHUT, since=now)
