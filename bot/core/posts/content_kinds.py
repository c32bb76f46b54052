"""The kinds of content that a delivery can carry, by their names in the database: SQL selects by
them. The fields of each kind are in `bot.core.posts.content`.
"""

from __future__ import annotations

from enum import StrEnum


class ContentKind(StrEnum):
    """Names of contents in the database. The column accepts no others: a new kind needs a
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
"""Content for the moderators' chat, posted in the topics that we created there."""

DELETED = frozenset({ContentKind.CARD_MEDIA, ContentKind.PROMPT, ContentKind.REVIEW_MEDIA})
"""Content that no edit can empty: its messages have to be deleted."""

EMPTIED = frozenset(
    {
        ContentKind.CARD,
        ContentKind.CARD_PART,
        ContentKind.ANSWER_CARD,
        ContentKind.REVIEW,
        ContentKind.THREAD,
    }
)
"""Content that shows a reader's words or name and can be emptied by an edit."""


class TopicKind(StrEnum):
    """What one of our topics in the moderators' forum is for."""

    QUEUE = "queue"  # new comments, the message that stands for many of them, reminders
    REPORTS = "reports"  # published comments that readers have reported
    LETTERS = "letters"  # to the editors, about no article
    LOG = "log"  # who decided what


class KeptFor(StrEnum):
    """Why articles were kept back from a chat, and so when they are sent."""

    DIGEST = "digest"  # with the next digest
    QUIET = "quiet"  # when the quiet hours end
    LIMIT = "limit"  # in the evening's summary
