"""Removes what a reader withdrew from every chat, including what no edit can empty.

    withdrawn, erased -> a row of `removal` for each message about it, in the same transaction
    it has arrived -> emptied, a copy deleted -> done
    Telegram keeps it (48 hours) -> the card asks a person

The rows survive anything that happens in between: a message still on its way, a chat that removed
the bot for a while, a kill.
"""

from __future__ import annotations

from bot.attempts import Attempts
from bot.core.comments.model import Comment
from bot.discussion.card_messages import refresh_card
from bot.discussion.context import CommentContext
from storage import Connection, Row, deliveries, removals

_AT_ONCE = 100


async def take_back(context: CommentContext, tx: Connection, comment: Comment, *, now: int) -> None:
    """Remove everything that shows it, now or as soon as possible."""
    await removals.ask(tx, comment.id, now=now)
    for row in await removals.waiting(tx, comment.id):
        await _step(context, tx, row, now=now)
    await refresh_card(context, tx, comment.id, now=now)


async def erase(context: CommentContext, tx: Connection, comment: Comment, *, now: int) -> None:
    """The same for a reader who is erased: prompts that name the reader are removed as well."""
    await removals.ask_prompts(tx, comment.id, now=now)
    await removals.wipe_sources(tx, comment.id)
    await take_back(context, tx, comment, now=now)


class Removal:
    """The loop that does it. It works even without a moderators' chat in the settings: what readers
    withdrew is removed from the former one."""

    def __init__(self, context: CommentContext) -> None:
        self._context = context
        self._attempts = Attempts(context.db, "removal", clock=context.clock)

    async def tick(self) -> int:
        """Empty or delete messages that have arrived; returns how many rows made progress."""
        limit = _AT_ONCE + await self._attempts.known()
        async with self._context.db.reading() as cx:
            found = await removals.waiting(cx, limit=limit)
        return await self._attempts.each(found, self._one, key=lambda row: row["delivery_id"])

    async def _one(self, row: Row) -> None:
        async with self._context.db.transaction() as tx:
            await _step(self._context, tx, row, now=self._context.clock())


async def _step(context: CommentContext, tx: Connection, row: Row, *, now: int) -> None:
    number = row["delivery_id"]
    if row["lost"]:
        await removals.done(tx, number)
    elif row["message_id"] is None or row["reason"]:
        # Telegram refuses, or the group moved and its messages have ids unknown to us.
        await removals.by_hand(tx, number, now=now)
        await refresh_card(context, tx, row["comment_id"], now=now)
    else:
        await deliveries.enqueue_edit(tx, number, remove=True, now=now)
