"""Complaints (right of reply, right of correction): what answers them, and the clock they run on.

a letter is filed as one (bot.discussion.submission) -> card -> answer, correction or refusal
waits for 24 h, for 40 h -> one line to the moderators each; reported comments likewise
"""

from __future__ import annotations

from dataclasses import replace

from bot.attempts import Attempts
from bot.core.comments import lifecycle as life
from bot.core.comments.complaints import ComplaintState
from bot.core.comments.model import Comment, Decision, State
from bot.core.deadlines import reminder_due
from bot.core.model import Actor, Chat, CommentId
from bot.core.posts.content import ComplaintNotice, DeadlineReminder
from bot.core.posts.content_kinds import TopicKind
from bot.discussion.card_messages import refresh_card
from bot.discussion.context import CommentContext
from bot.discussion.reader_messages import answers_to, refresh_receipt
from bot.discussion.reopening import look_again
from bot.discussion.topics import place
from storage import Connection, comments, complaints, decisions, deliveries, readers, topics
from storage.complaints import WaitingTicket

_AT_ONCE = 50


class Complaints:
    """Handles answers to complaints, and the loop that reminds of those that wait."""

    def __init__(self, context: CommentContext) -> None:
        self._context = context
        self._attempts = Attempts(context.db, "deadline", clock=context.clock)

    async def corrected(
        self, tx: Connection, comment: Comment, correction_id: int, *, by: Actor, now: int
    ) -> None:
        """A correction of its article answers a complaint: it is closed and its reader told. In the
        transaction of the correction."""
        fresh = await conclude(
            self._context,
            tx,
            comment,
            ComplaintState.CORRECTED,
            by=by,
            correction_id=correction_id,
            now=now,
        )
        if not fresh:
            return
        reader = await readers.get(tx, comment.reader_id)
        if reader is not None and reader.chat_id is not None and reader.blocked_at is None:
            await deliveries.enqueue(
                tx,
                ComplaintNotice(correction_id),
                reader.chat_id,
                comment_id=comment.id,
                reply_to=await answers_to(tx, comment),
                now=now,
            )

    async def remind(self, chat: Chat) -> None:
        """Send a line for each that has waited for 24 and for 40 hours; not in quiet hours."""
        if chat.gone:
            return
        limit = _AT_ONCE + await self._attempts.known()
        async with self._context.db.reading() as cx:
            found = await complaints.clocks(cx, now=self._context.clock(), limit=limit)
        await self._attempts.each(found, self._remind, key=lambda one: one.comment_id)

    async def _remind(self, one: WaitingTicket) -> None:
        now = self._context.clock()
        quiet, zone = self._context.quiet, self._context.languages.of("").zone
        age = reminder_due(one.since, one.reminded, now, quiet=quiet, zone=zone)
        if age is None:
            return
        async with self._context.db.transaction() as tx:
            chat = await self._context.moderators(tx)
            comment = await comments.get(tx, one.comment_id)
            if chat is None or comment is None:
                return
            thread, card = await _beside_its_card(tx, chat, comment, one, now=now)
            if thread is None or not await complaints.reminded(tx, one, age):
                return
            await deliveries.enqueue(
                tx,
                DeadlineReminder(age),
                chat.id,
                thread=thread,
                comment_id=comment.id,
                target_id=card,
                now=now,
            )


async def _beside_its_card(
    tx: Connection, chat: Chat, comment: Comment, one: WaitingTicket, *, now: int
) -> tuple[int | None, int | None]:
    """Where a reminder goes: under the card, if that is in this chat; else where the card would be.
    No thread while its topic is being created."""
    thread = await topics.thread_of(tx, chat.id, comment.card_id)
    if thread is not None:
        return thread, comment.card_id
    kind = TopicKind.REPORTS if one.report else TopicKind.LETTERS
    return await place(tx, chat.id, kind, now=now), None


async def conclude(
    context: CommentContext,
    tx: Connection,
    comment: Comment,
    state: ComplaintState,
    *,
    by: Actor,
    correction_id: int | None = None,
    now: int,
) -> bool:
    """Close a complaint that has its answer; its reader's receipt says so. False if somebody was
    faster."""
    if not await complaints.close(tx, comment.id, state, correction_id=correction_id, now=now):
        return False
    step = comment
    if comment.state is State.PENDING:
        decided = life.decide(
            comment,
            Decision.APPROVE,
            by=by,
            revision=comment.revision,
            version=comment.version,
            now=now,
        )
        assert isinstance(decided, Comment)  # it waits, and is unchanged since a moment ago
        step = decided
    number = await decisions.record(tx, state.value, by=by, before=comment, after=step, now=now)
    if step is not comment:
        await comments.save(tx, comment, replace(step, decision_id=number), now=now)
    await refresh_receipt(tx, comment.id, due_at=now + context.grace, now=now)
    await refresh_card(context, tx, comment.id, now=now)
    return True


async def answered(
    context: CommentContext, tx: Connection, comment: Comment, *, by: Actor, now: int
) -> None:
    """The editors wrote to its reader."""
    if comment.complaint is not None and comment.complaint.state is ComplaintState.OPEN:
        await conclude(context, tx, comment, ComplaintState.ANSWERED, by=by, now=now)


async def unanswered(
    context: CommentContext, tx: Connection, comment_id: CommentId, at: int, *, by: Actor, now: int
) -> None:
    """The answer written at that moment was cancelled before it was sent."""
    comment = await comments.get(tx, comment_id)
    if comment is None or comment.complaint is None:
        return
    complaint = comment.complaint
    if complaint.state is ComplaintState.ANSWERED and comment.decided_at == at:
        await look_again(context, tx, comment, "reopen", by=by, now=now)
        if complaint.answered_at == at:
            await complaints.reopen(tx, comment_id, unanswered=True)
