"""What time does to comments: the end of grace times, drafts never placed, withdrawn words.

held --grace over, rules--> card, or published at once (trusted readers)
"""

from __future__ import annotations

from dataclasses import replace

from bot.attempts import Attempts
from bot.core.comments import lifecycle as life
from bot.core.comments import rules
from bot.core.comments.model import Comment, Decision, State
from bot.core.comments.rules import RuleFinding
from bot.core.model import CommentId
from bot.discussion import screening
from bot.discussion.card_messages import refresh_card, show_card
from bot.discussion.context import RULE, CommentContext
from bot.discussion.public_changes import recount
from bot.discussion.reader_messages import notify, refresh_receipt
from storage import Connection, comments, decisions, readers

_AT_ONCE = 100


class CommentReleases:
    """Moves comments on when their time is over, each by itself."""

    def __init__(self, context: CommentContext) -> None:
        self._context = context
        self._due = Attempts(context.db, "comment", clock=context.clock)
        self._drafts = Attempts(context.db, "draft", clock=context.clock)
        self._withdrawn = Attempts(context.db, "withdrawn comment", clock=context.clock)

    async def release_due(self) -> int:
        """Show the moderators every comment whose grace time is over; returns how many."""
        limit = _AT_ONCE + await self._due.known()
        async with self._context.db.reading() as cx:
            found = await comments.due(cx, now=self._context.clock(), limit=limit)
        return await self._due.each(found, self._release_one)

    async def _release_one(self, number: CommentId) -> None:
        now = self._context.clock()
        async with self._context.db.transaction() as tx:
            comment = await comments.get(tx, number)
            if comment is not None and comment.state is State.HELD and comment.due_at <= now:
                await self.release(tx, comment, now=now)

    async def wipe_withdrawn(self) -> None:
        """Erase from the database what was withdrawn and not restored in time."""
        limit = _AT_ONCE + await self._withdrawn.known()
        async with self._context.db.reading() as cx:
            found = await comments.withdrawn_until(cx, self._context.clock(), limit=limit)
        await self._withdrawn.each(found, self._wipe)

    async def _wipe(self, number: CommentId) -> None:
        async with self._context.db.transaction() as tx:
            await comments.wipe_words(tx, number)
            await comments.wiped(tx, number)

    async def drop_stale_drafts(self) -> None:
        """Erase texts for which the reader has not named an article within a day."""
        before = self._context.clock() - life.DRAFT_SECONDS
        limit = _AT_ONCE + await self._drafts.known()
        async with self._context.db.reading() as cx:
            found = await comments.stale_drafts(cx, before=before, limit=limit)
        await self._drafts.each(found, self._drop)

    async def _drop(self, number: CommentId) -> None:
        async with self._context.db.transaction() as tx:
            draft = await comments.get(tx, number)
            if draft is None or draft.state is not State.DRAFT:
                return
            now = self._context.clock()
            step = life.withdraw(draft, now=now)
            if isinstance(step, Comment) and await comments.save(tx, draft, step, now=now):
                await comments.wipe_words(tx, number)

    async def release(self, tx: Connection, comment: Comment, *, now: int) -> Comment:
        """Its grace time is over: the rules decide who sees it now."""
        step = life.release(comment, now=now)
        reader = await readers.get(tx, comment.reader_id)
        assert isinstance(step, Comment)  # the callers have looked
        assert reader is not None  # readers are never deleted
        judgement, facts = await screening.judge(self._context, tx, reader, step, now=now)
        step = replace(step, leader_id=await self._leader(tx, step, judgement.findings))
        await comments.save(tx, comment, step, now=now)
        trusted = rules.may_publish(facts, judgement, trusted_after=self._context.trusted_after)
        if trusted and step.article_id is not None:  # letters are read by people
            step = await self._publish(tx, step, now=now)
        if step.leader_id is not None:
            await refresh_card(self._context, tx, step.id, now=now)
        else:
            await show_card(self._context, tx, step, now=now)
        wait = 0 if step.live is None else self._context.grace
        await refresh_receipt(tx, step.id, due_at=now + wait, now=now)
        return step

    async def _publish(self, tx: Connection, comment: Comment, *, now: int) -> Comment:
        """Publish by the rule for trusted readers; the card comes afterwards and offers to undo
        it."""
        step = life.decide(
            comment,
            Decision.AUTO,
            by=RULE,
            revision=comment.revision,
            version=comment.version,
            now=now,
        )
        assert isinstance(step, Comment)  # it was released in this transaction
        number = await decisions.record(tx, "auto", by=RULE, before=comment, after=step, now=now)
        step = replace(step, decision_id=number)
        await comments.save(tx, comment, step, now=now)
        await recount(tx, comment, step, now=now)
        await notify(self._context, tx, step, number, now=now)
        return step

    async def _leader(
        self, tx: Connection, comment: Comment, found: tuple[RuleFinding, ...]
    ) -> CommentId | None:
        """A waiting comment that says the same: one card for both."""
        same = next((one.detail for one in found if one.rule == "duplicate"), "")
        if comment.complaint is not None or any(part.media for part in comment.parts):
            return None
        for number in same.split():
            other = await comments.get(tx, int(number))
            if other is None or other.complaint is not None:
                continue
            if other.state is State.PENDING and other.live is None:
                return other.leader_id or other.id
        return None
