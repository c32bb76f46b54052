"""Sends a decided comment back to the moderators."""

from __future__ import annotations

from dataclasses import replace

from bot.core.comments import lifecycle as life
from bot.core.comments.model import Comment, Conflict, Decision
from bot.core.model import Actor
from bot.discussion.card_messages import show_card
from bot.discussion.context import CommentContext
from bot.discussion.reader_messages import refresh_receipt
from storage import (
    Connection,
    comments,
    complaints,
    decisions,
    readers,
)


async def look_again(
    context: CommentContext, tx: Connection, comment: Comment, action: str, *, by: Actor, now: int
) -> Comment | Conflict:
    """Send a decided comment back to the moderators, with a new card; what is public stays."""
    public = None
    if comment.live is not None and life.only_an_edit(comment):
        public = await comments.words(tx, comment.id, comment.live)
    step = life.reopen(comment, public)
    if isinstance(step, Conflict):
        return step
    step = replace(step, leader_id=None)
    await comments.save(tx, comment, step, now=now)
    await count_decision(tx, comment, -1)
    if comment.complaint is not None:
        await complaints.reopen(tx, comment.id)
    await decisions.record(tx, action, by=by, before=comment, after=step, now=now)
    await show_card(context, tx, step, now=now)
    if step.live is None:
        await refresh_receipt(tx, step.id, now=now)
    return step


async def count_decision(tx: Connection, decided: Comment, by: int) -> None:
    """Count a decision in the reader's history: only those made by people, and none about
    complaints, which are a right."""
    if decided.complaint is not None:
        return
    approved = decided.decision is Decision.APPROVE
    rejected = decided.decision in {Decision.REJECT, Decision.BAN}
    await readers.count(tx, decided.reader_id, approved=by * approved, rejected=by * rejected)
