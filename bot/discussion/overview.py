"""What moderators look up, as it is now: a card, what waits, a reader, the log. Changes nothing but
outdated cards."""

from __future__ import annotations

from collections.abc import Sequence

from bot.core.comments.cards import Card
from bot.core.comments.model import Comment, Reader
from bot.discussion.card_messages import refresh_card, view
from bot.discussion.context import CommentContext
from storage import Row, comments, decisions, published, readers

_LISTED = 10


class Overview:
    """Answers moderators' questions."""

    def __init__(self, context: CommentContext) -> None:
        self._context = context

    async def find(self, name: str) -> Reader | None:
        """A reader by alias, @username or Telegram id."""
        async with self._context.db.reading() as cx:
            return await readers.find(cx, name)

    async def view(self, comment_id: int) -> Card | None:
        """All that the card of a comment shows."""
        async with self._context.db.reading() as cx:
            comment = await comments.get(cx, comment_id)
            return await view(cx, comment) if comment else None

    async def refresh(self, comment_id: int) -> None:
        """Update a card that somebody saw in an outdated form."""
        async with self._context.db.transaction() as tx:
            await refresh_card(self._context, tx, comment_id, now=self._context.clock())

    async def closed(self, comment: Comment) -> bool:
        """Whether the article of a comment accepts no more of them."""
        if comment.article_id is None:
            return False
        async with self._context.db.reading() as cx:
            return await published.closed(cx, comment.article_id)

    async def queue(self) -> tuple[int, int | None, list[Comment]]:
        """How many comments wait, since when the oldest does, and the first of them."""
        async with self._context.db.reading() as cx:
            count, oldest = await comments.queue_length(cx)
            return count, oldest, await comments.pending(cx, limit=_LISTED)

    async def about_reader(
        self, comment_id: int
    ) -> tuple[Reader, list[Comment], list[tuple[str, str, int]]] | None:
        """The reader of a comment, with their newest comments and notes about them."""
        async with self._context.db.reading() as cx:
            comment = await comments.get(cx, comment_id)
            if comment is None:
                return None
            reader = await readers.get(cx, comment.reader_id)
            assert reader is not None  # readers are never deleted
            found = await comments.all_of(cx, reader.id, limit=_LISTED)
            notes = await readers.notes(cx, reader.id)
            return reader, found, [(one["author"], one["text"], one["at"]) for one in notes]

    async def rule_totals(self, *, since: int) -> dict[tuple[str, str], int]:
        """How often each rule has held or refused since then."""
        async with self._context.db.reading() as cx:
            return await decisions.rule_totals(cx, since=since)

    async def log(self, comment_id: int) -> Sequence[Row]:
        """Who did what about a comment, in order."""
        async with self._context.db.reading() as cx:
            return await decisions.of_comment(cx, comment_id)
