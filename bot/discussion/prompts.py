"""What the bot's own messages are about and ask for, so that replies can be assigned."""

from __future__ import annotations

from dataclasses import dataclass

from bot.core.comments.model import Comment, State
from bot.core.model import Actor, Chat
from bot.core.posts.content import Receipt
from bot.core.posts.content_kinds import ContentKind
from bot.discussion.context import CommentContext
from bot.discussion.reader_messages import refresh_receipt
from storage import comment_messages, comments, deliveries

PROMPT_SECONDS = 1800
"""How long a prompt waits for its comment."""
_DAY = 86_400
_ASKED = frozenset({"answer", "note", "question"})


@dataclass(frozen=True, slots=True)
class Route:
    """What a reply to a message is about. With a comment: the editors' message was about that
    one."""

    article_id: int | None
    """None: a letter to the editors."""
    comment_id: int | None = None


@dataclass(frozen=True, slots=True)
class Prompt:
    """What one of our messages asks a moderator for: an `answer` to the reader, a `note`; or, with
    `question`, what was wrong in an article or why a comment is rejected. `asked_at`: when."""

    role: str
    comment_id: int
    asked_at: int


class Prompts:
    """Our messages that can be replied to: prompts for readers and moderators, receipts, posts."""

    def __init__(self, context: CommentContext) -> None:
        self._context = context

    async def remember(
        self,
        chat: Chat,
        message_id: int,
        role: str,
        *,
        comment_id: int | None = None,
        article_id: int | None = None,
        by: Actor | None = None,
    ) -> None:
        """Note what one of our messages asks for: a comment on an article, or words of the
        moderator `by` for the reader of a comment (`answer`) or about that reader (`note`)."""
        async with self._context.db.transaction() as tx:
            await comment_messages.remember(
                tx,
                chat.id,
                message_id,
                role,
                comment_id=comment_id,
                article_id=article_id,
                actor_id=by.id if by else None,
                now=self._context.clock(),
            )

    async def confirmed(self, chat: Chat, message_id: int, seen: Comment) -> None:
        """Note that a message told a reader that a comment, as it was then, is stored."""
        now = self._context.clock()
        async with self._context.db.transaction() as tx:
            await comment_messages.remember(
                tx, chat.id, message_id, "confirmation", comment_id=seen.id, now=now
            )
            if await deliveries.receipt_of(tx, seen.id) is not None:
                return
            await deliveries.record(tx, Receipt(), chat.id, message_id, comment_id=seen.id, now=now)
            comment = await comments.get(tx, seen.id)
            if comment is not None and comment.version != seen.version:
                await refresh_receipt(tx, seen.id, now=now)

    async def prompted(self, chat: Chat) -> int | None:
        """The article that this chat's next message is about, because we prompted for it."""
        since = self._context.clock() - PROMPT_SECONDS
        async with self._context.db.reading() as cx:
            row = await comment_messages.prompted(cx, chat.id, since=since)
        return row["article_id"] if row and not row["used"] else None

    async def asked_lately(self, chat: Chat) -> int | None:
        """The article for which this chat was last prompted, whether a comment was written since or
        not."""
        since = self._context.clock() - _DAY
        async with self._context.db.reading() as cx:
            row = await comment_messages.prompted(cx, chat.id, since=since)
        return row["article_id"] if row else None

    async def route(self, chat: Chat, message_id: int) -> Route | None:
        """What a reply to this message is about; None if that is unknown."""
        async with self._context.db.reading() as cx:
            known = await comment_messages.about(cx, chat.id, message_id)
            if known is not None and known["comment_id"] is None:
                return Route(known["article_id"])
            if known is not None:
                comment = await comments.get(cx, known["comment_id"])
                if comment is None or comment.state is State.DRAFT:
                    return None
                return Route(comment.article_id)
            row = await deliveries.at_message(cx, chat.telegram_id, message_id)
            if row is not None and row["content"] == ContentKind.RECEIPT.value:
                comment = await comments.get(cx, row["comment_id"])
                return Route(comment.article_id) if comment is not None else None
        if row is None or (row["article_id"] is None and row["comment_id"] is None):
            return None
        return Route(row["article_id"], row["comment_id"])

    async def prompt(self, chat: Chat, message_id: int) -> Prompt | None:
        """What one of our messages asks for; None if it asks for nothing."""
        async with self._context.db.reading() as cx:
            row = await comment_messages.about(cx, chat.id, message_id)
        if row is None or row["role"] not in _ASKED or row["comment_id"] is None:
            return None
        return Prompt(row["role"], row["comment_id"], row["created_at"])
