"""What a delivery can be about, by the names that the database has for it: SQL selects by them.

What each kind carries beside its name is `content`.
"""

from __future__ import annotations

from enum import StrEnum


class ContentKind(StrEnum):
    """Names of contents in the database. The column takes no others: a new kind needs a
    migration, unless its name is among those reserved there."""

    ARTICLE = "article"
    CARD = "card"
    CARD_PART = "card_part"
    CARD_MEDIA = "card_media"
    PROMPT = "prompt"
    ANSWER_CARD = "answer_card"
    QUEUE = "queue"
    REMINDER = "reminder"
    LOG = "log"
    NEW_TOPIC = "new_topic"
    REOPEN_TOPIC = "reopen_topic"
    DECISIONS = "decisions"
    UNDONE = "undone"
    RECEIPT = "receipt"
    ANSWER = "answer"
    ANSWER_MEDIA = "answer_media"
    CAPTION = "caption"
    TOPIC_LOST = "topic_lost"
    THREAD = "thread"
    REVIEW = "review"
    REVIEW_MEDIA = "review_media"
    NOTHING = "nothing"
    DIGEST = "digest"
    TICKER = "ticker"
    ARTICLE_CARD = "article_card"
    DEADLINE = "deadline"
    COMPLAINT = "complaint"


MODERATORS = frozenset(
    {
        ContentKind.CARD,
        ContentKind.CARD_PART,
        ContentKind.CARD_MEDIA,
        ContentKind.PROMPT,
        ContentKind.ANSWER_CARD,
        ContentKind.QUEUE,
        ContentKind.REMINDER,
        ContentKind.LOG,
        ContentKind.NEW_TOPIC,
        ContentKind.REOPEN_TOPIC,
        ContentKind.DEADLINE,
    }
)
"""What goes to the moderators' chat, into the topics that we made there."""

DELETED = frozenset({ContentKind.CARD_MEDIA, ContentKind.PROMPT, ContentKind.REVIEW_MEDIA})
"""What no edit can empty: when it has to go, its messages are deleted."""

EMPTIED = frozenset(
    {
        ContentKind.CARD,
        ContentKind.CARD_PART,
        ContentKind.ANSWER_CARD,
        ContentKind.REVIEW,
        ContentKind.THREAD,
    }
)
"""What shows a reader's words or name and says something else after an edit."""


class TopicKind(StrEnum):
    """What a topic of ours in the moderators' forum holds."""

    QUEUE = "queue"  # new comments, the message that stands for many of them, reminders
    REPORTS = "reports"  # published comments that readers want to be looked at again
    LETTERS = "letters"  # to the editors, about no article
    LOG = "log"  # who decided what


class KeptFor(StrEnum):
    """Why articles were kept back from a chat; it says when they come."""

    DIGEST = "digest"  # with the next digest
    QUIET = "quiet"  # when the quiet hours end
    LIMIT = "limit"  # in the evening's summary
