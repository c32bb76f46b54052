"""What a reader's chat shows about a comment: notices, and the receipt that says what became of
it."""

from __future__ import annotations

from bot.core.comments.model import Comment
from bot.core.comments.notices import MOST_TOGETHER
from bot.core.posts.content import DecisionNotice
from bot.discussion.context import CommentContext
from storage import Connection, comment_messages, deliveries, readers


async def notify(
    context: CommentContext, tx: Connection, comment: Comment, decision_id: int, *, now: int
) -> None:
    """Tell a reader what became of a comment, after the grace time. Several notices become one."""
    reader = await readers.get(tx, comment.reader_id)
    if reader is None or reader.chat_id is None or reader.blocked_at is not None:
        return
    waiting = await comment_messages.waiting_notice(tx, reader.chat_id)
    if waiting is not None and len(waiting[1]) < MOST_TOGETHER:
        number, told = waiting
        await comment_messages.set_notice(tx, number, DecisionNotice((*told, decision_id)))
        return
    await deliveries.enqueue(
        tx,
        DecisionNotice((decision_id,)),
        reader.chat_id,
        comment_id=comment.id,
        reply_to=await answers_to(tx, comment),
        due_at=now + context.grace,
        now=now,
    )


async def answers_to(cx: Connection, comment: Comment) -> int | None:
    """The reader's own message that messages about the comment reply to."""
    source = await comment_messages.source(cx, comment.id)
    return source["message_id"] if source else None


async def refresh_receipt(
    tx: Connection, comment_id: int, *, due_at: int | None = None, now: int
) -> None:
    """Update the receipt of a comment so that it says what became of it."""
    receipt = await deliveries.receipt_of(tx, comment_id)
    if receipt is not None:
        await deliveries.enqueue_edit(tx, receipt, due_at=due_at, now=now)
