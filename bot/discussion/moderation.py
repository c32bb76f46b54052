"""What moderators decide: once, with a line in the log, and undone for ten minutes.

press (comment, revision, version on screen) -> pure step -> one transaction:
the comment, the log, the count on the posts, the notice to the reader, the card
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.core.comments import lifecycle as life
from bot.core.comments import mutes
from bot.core.comments.complaints import ComplaintState
from bot.core.comments.model import Before, Comment, Conflict, Decision, Reader, Reason, State
from bot.core.model import Actor
from bot.core.posts.content import UndoneNotice
from bot.discussion.card_messages import refresh_card
from bot.discussion.context import READER, CommentContext
from bot.discussion.public_changes import recount
from bot.discussion.reader_messages import notify, refresh_receipt
from bot.discussion.reopening import count_decision, look_again
from storage import Connection, Row, comments, complaints, decisions, deliveries, published, readers

_WAITING = 200
_OF_READERS, _OF_ARTICLES = ("ban", mutes.MUTE), ("close", "open")
"""Actions that can be undone."""
_LISTED = 10


@dataclass(frozen=True, slots=True)
class DecisionResult:
    """The result of a press: the comment as it is now, and why nothing was done, if so."""

    comment: Comment | None
    conflict: Conflict | None = None


class Moderation:
    """Decisions about comments and readers."""

    def __init__(self, context: CommentContext) -> None:
        self._context = context

    async def decide(
        self,
        comment_id: int,
        *,
        revision: int,
        version: int,
        by: Actor,
        decision: Decision,
        reason: Reason | None = None,
        own_reason: str = "",
    ) -> DecisionResult:
        """Make exactly one decision, whoever presses at the same time; it covers all comments that
        share the card. A ban also rejects everything else of this reader that waits."""
        now = self._context.clock()
        async with self._context.db.transaction() as tx:
            comment = await comments.get(tx, comment_id)
            if comment is None:
                return DecisionResult(None, Conflict.NOTHING)
            if comment.complaint is not None and decision is Decision.APPROVE:
                return DecisionResult(comment, Conflict.NOTHING)  # it needs an answer
            step = life.decide(
                comment,
                decision,
                by=by,
                revision=revision,
                version=version,
                now=now,
                reason=reason,
                own_reason=own_reason,
            )
            if isinstance(step, Conflict):
                if step is Conflict.CHANGED:
                    await refresh_card(self._context, tx, comment_id, now=now)
                return DecisionResult(comment, step)
            others = await comments.led_by(tx, comment_id)
            done = await self._decided(tx, comment, step, now=now)
            if decision is Decision.BAN:
                await readers.ban(tx, comment.reader_id, at=now)
                others += await self._waiting_of(tx, comment, others)
            for one in others:
                await self._with_it(tx, one, step, now=now)
            await refresh_card(self._context, tx, comment_id, now=now)
            await self._look_at_reported(tx, done, now=now)
            return DecisionResult(done)

    async def reject_in_words(
        self, comment_id: int, words: str, *, asked_at: int, by: Actor
    ) -> DecisionResult:
        """Reject with a reason in the moderator's own words, but not what the reader has written
        since the moderator was prompted (at `asked_at`)."""
        async with self._context.db.reading() as cx:
            comment = await comments.get(cx, comment_id)
            revised_at = await comments.revised_at(cx, comment_id)
        if comment is None or comment.complaint is not None:
            return DecisionResult(None, Conflict.NOTHING)
        if comment.state is State.PENDING and revised_at > asked_at:
            return DecisionResult(comment, Conflict.CHANGED)
        return await self.decide(
            comment_id,
            revision=comment.revision,
            version=comment.version,
            by=by,
            decision=Decision.REJECT,
            reason=Reason.OWN,
            own_reason=words,
        )

    async def _with_it(self, tx: Connection, one: Comment, like: Comment, *, now: int) -> None:
        """The same decision for a comment that shares another's card."""
        assert like.decision is not None  # it was just decided
        assert like.decided_by is not None  # by somebody
        if one.state in {State.DRAFT, State.HELD}:
            one = replace(one, state=State.PENDING)
        step = life.decide(
            one,
            like.decision,
            by=like.decided_by,
            revision=one.revision,
            version=one.version,
            now=now,
            reason=like.reason,
            own_reason=like.own_reason,
        )
        if isinstance(step, Comment):
            await self._decided(tx, one, step, now=now)
            if one.leader_id is None:
                await refresh_card(self._context, tx, one.id, now=now)

    async def _waiting_of(
        self, tx: Connection, comment: Comment, besides: Sequence[Comment]
    ) -> list[Comment]:
        known = {comment.id, *(one.id for one in besides)}
        waiting = await comments.open_of(tx, comment.reader_id)
        return [one for one in waiting if one.id not in known]

    async def _decided(
        self, tx: Connection, before: Comment, step: Comment, *, now: int
    ) -> Comment:
        assert step.decided_by is not None  # a decision has an actor
        assert step.decision is not None  # and an action
        number = await decisions.record(
            tx,
            step.decision.value,
            by=step.decided_by,
            before=before,
            after=step,
            reason=step.reason or "",
            now=now,
        )
        step = replace(step, decision_id=number)
        await comments.save(tx, before, step, now=now)
        await count_decision(tx, step, 1)
        if step.complaint is not None:
            await complaints.close(tx, step.id, ComplaintState.DECLINED, now=now)
        if not _edit_rejected(step):
            await published.close_reports(tx, step.id)
        await recount(tx, before, step, now=now)
        if step.decision is not Decision.BAN and not _public_already(before, step):
            await notify(self._context, tx, step, number, now=now)
            await refresh_receipt(tx, step.id, due_at=now + self._context.grace, now=now)
        return step

    async def _look_at_reported(self, tx: Connection, decided: Comment, *, now: int) -> None:
        """Review what stays public, since that is what readers reported, not the edit that is
        rejected now."""
        fresh, _ = await published.reports(tx, decided.id)
        if fresh and _edit_rejected(decided):
            await look_again(self._context, tx, decided, "report", by=READER, now=now)

    async def undo(self, comment_id: int, *, version: int, by: Actor) -> DecisionResult:
        """Undo a decision, with everything decided by the same press. A press on an outdated card
        is refused by its `version`."""
        now = self._context.clock()
        async with self._context.db.transaction() as tx:
            comment = await comments.get(tx, comment_id)
            if comment is None:
                return DecisionResult(None, Conflict.NOTHING)
            step: Comment | Conflict = Conflict.CHANGED
            if comment.version == version:
                step = await self._undo_one(tx, comment, by=by, now=now)
            if isinstance(step, Conflict):
                await refresh_card(self._context, tx, comment_id, now=now)
                return DecisionResult(comment, step)
            reader = await _reader(tx, comment)
            if comment.decision is Decision.BAN and reader.banned_at == comment.decided_at:
                await self._undo_ban(tx, reader, by=by, now=now)
            for one in await comments.decided_with(tx, comment):
                await self._undo_one(tx, one, by=by, now=now)
                if one.leader_id is None:
                    await refresh_card(self._context, tx, one.id, now=now)
            await refresh_card(self._context, tx, comment_id, now=now)
            return DecisionResult(step)

    async def _undo_one(
        self, tx: Connection, comment: Comment, *, by: Actor, now: int
    ) -> Comment | Conflict:
        line = await decisions.get(tx, comment.decision_id or 0)
        if line is None:
            return life.undo(comment, Before(0, None), now=now)
        step = life.undo(comment, Before(line["id"], line["live_before"]), now=now)
        if isinstance(step, Conflict):
            return step
        await decisions.record(tx, "undo", by=by, before=comment, after=step, now=now)
        await comments.save(tx, comment, step, now=now)
        await count_decision(tx, comment, -1)
        if comment.complaint is not None:
            unanswered = comment.complaint.answered_at == comment.decided_at
            await complaints.reopen(tx, comment.id, unanswered=unanswered)
        await recount(tx, comment, step, now=now)
        await self._correct(tx, comment, line["id"], now=now)
        await refresh_receipt(tx, comment.id, now=now)
        return step

    async def _correct(self, tx: Connection, comment: Comment, decision: int, *, now: int) -> None:
        """Notify again a reader who was already told; what to say is determined when it is sent."""
        reader = await _reader(tx, comment)
        if reader.chat_id is not None and comment.decision is not Decision.BAN:
            await deliveries.enqueue(
                tx,
                UndoneNotice(decision),
                reader.chat_id,
                comment_id=comment.id,
                due_at=now + 3,
                now=now,
            )

    async def reopen(self, comment_id: int, *, by: Actor) -> DecisionResult:
        """Review a decided comment again, with a new card; what is public stays until then."""
        now = self._context.clock()
        async with self._context.db.transaction() as tx:
            comment = await comments.get(tx, comment_id)
            if comment is None:
                return DecisionResult(None, Conflict.NOTHING)
            step = await look_again(self._context, tx, comment, "reopen", by=by, now=now)
            if isinstance(step, Conflict):
                return DecisionResult(comment, step)
            return DecisionResult(step)

    # --- readers ---

    async def ban(self, reader: Reader, *, by: Actor) -> int | None:
        """Accept no more comments from this reader and reject the waiting ones. Returns the
        decision's number, by which it can be undone; None if the reader was already banned."""
        now = self._context.clock()
        async with self._context.db.transaction() as tx:
            if not await readers.ban(tx, reader.id, at=now):
                return None
            number = await decisions.record(tx, "ban", by=by, reader_id=reader.id, now=now)
            for one in await comments.open_of(tx, reader.id):
                banned = replace(one, decision=Decision.BAN, decided_by=by)
                await self._with_it(tx, one, banned, now=now)
        return number

    async def unban(self, reader: Reader, *, by: Actor) -> bool:
        """Lift a ban or a mute; False if there was neither."""
        now = self._context.clock()
        async with self._context.db.transaction() as tx:
            if reader.banned_at is None and reader.muted_until <= now:
                return False
            await readers.unban(tx, reader)
            await readers.mute(tx, reader.id, until=0)
            await decisions.record(tx, mutes.UNBAN, by=by, reader_id=reader.id, now=now)
            return True

    async def _undo_ban(self, tx: Connection, reader: Reader, *, by: Actor, now: int) -> None:
        await readers.unban(tx, reader)
        await decisions.record(tx, "undo ban", by=by, reader_id=reader.id, now=now)

    async def mute(self, reader: Reader, days: int, *, by: Actor) -> tuple[int, int]:
        """Mute a reader for some days; returns until when, and the decision's number."""
        now = self._context.clock()
        reason = mutes.lasting(days)
        until = mutes.until(now, reason)
        async with self._context.db.transaction() as tx:
            await readers.mute(tx, reader.id, until=until)
            number = await decisions.record(
                tx, mutes.MUTE, by=by, reader_id=reader.id, reason=reason, now=now
            )
        return until, number

    async def note(self, comment_id: int, text: str, *, by: Actor) -> Reader | None:
        """Store a note about the comment's reader, for the other moderators."""
        now = self._context.clock()
        async with self._context.db.transaction() as tx:
            comment = await comments.get(tx, comment_id)
            if comment is None:
                return None
            await readers.add_note(
                tx, comment.reader_id, comment_id=comment_id, author=by.name, text=text, now=now
            )
            return await _reader(tx, comment)

    async def close_comments_of(self, comment_id: int, *, closed: bool, by: Actor) -> int | None:
        """Close or open the comments of the article that a comment is about. Returns the decision's
        number; 0 if they already were, None for a letter."""
        now = self._context.clock()
        async with self._context.db.transaction() as tx:
            comment = await comments.get(tx, comment_id)
            article_id = comment.article_id if comment else None
            if article_id is None:
                return None
            if not await published.close(tx, article_id, now=now if closed else None):
                return 0
            action = "close" if closed else "open"
            return await decisions.record(tx, action, by=by, article_id=article_id, now=now)

    # --- taking back ---

    async def take_back(self, number: int, *, by: Actor) -> Row | Conflict:
        """Undo a ban, a mute, or the closing or opening of comments, within ten minutes and if
        nothing has been decided about it since. Returns what was undone."""
        now = self._context.clock()
        async with self._context.db.transaction() as tx:
            line = await decisions.get(tx, number)
            if line is None or line["action"] not in {*_OF_READERS, *_OF_ARTICLES}:
                return Conflict.NOTHING
            if now > line["at"] + life.UNDO_SECONDS:
                return Conflict.LATE
            if line["action"] in _OF_ARTICLES:
                return await self._reopen_or_close(tx, line, by=by, now=now)
            reader = await readers.get(tx, line["reader_id"])
            if reader is None or not _as_decided(reader, line):
                return Conflict.DECIDED
            if line["action"] == mutes.MUTE:
                await self._undo_mute(tx, reader, line, by=by, now=now)
            else:
                await self._undo_ban(tx, reader, by=by, now=now)
                await self._back_to_the_queue(tx, line, by=by, now=now)
            return line

    async def _undo_mute(
        self, tx: Connection, reader: Reader, line: Row, *, by: Actor, now: int
    ) -> None:
        """Restore the mute that was in force before."""
        earlier = await decisions.of_reader(tx, reader.id, before=line["id"])
        rows = [(one["action"], one["at"], one["reason"]) for one in earlier]
        await readers.mute(tx, reader.id, until=mutes.muted_until(rows))
        await decisions.record(tx, mutes.UNDO_MUTE, by=by, reader_id=reader.id, now=now)

    async def _reopen_or_close(
        self, tx: Connection, line: Row, *, by: Actor, now: int
    ) -> Row | Conflict:
        article_id = line["article_id"]
        if line["id"] != await decisions.newest(tx, _OF_ARTICLES, article_id):
            return Conflict.DECIDED
        closed = line["action"] == "open"
        await published.close(tx, article_id, now=now if closed else None)
        action = "close" if closed else "open"
        await decisions.record(tx, action, by=by, article_id=article_id, now=now)
        return line

    async def _back_to_the_queue(self, tx: Connection, line: Row, *, by: Actor, now: int) -> None:
        """Comments that a ban rejected wait again."""
        for one in await comments.all_of(tx, line["reader_id"], limit=_WAITING):
            if one.decision is Decision.BAN and one.decided_at == line["at"]:
                await self._undo_one(tx, one, by=by, now=now)
                await refresh_card(self._context, tx, one.id, now=now)


async def _reader(cx: Connection, comment: Comment) -> Reader:
    reader = await readers.get(cx, comment.reader_id)
    assert reader is not None  # readers are never deleted
    return reader


def _as_decided(reader: Reader, line: Row) -> bool:
    """Whether a ban or a mute is still as it was decided."""
    if line["action"] == "ban":
        return bool(reader.banned_at == line["at"])
    end = mutes.until(line["at"], line["reason"])
    return reader.banned_at is None and reader.muted_until == end


def _edit_rejected(decided: Comment) -> bool:
    return decided.state is State.APPROVED and life.only_an_edit(decided)


def _public_already(before: Comment, decided: Comment) -> bool:
    """Whether moderators reviewed something public and left it there: that is no news."""
    return before.live is not None and before.live == decided.live == decided.revision
