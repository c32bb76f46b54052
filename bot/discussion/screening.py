"""Applies the rules: gathers the facts, asks `bot.core.comments.rules`, stores the findings.

After a refusal the reader is told, and nothing of the text is kept; findings that hold a comment
are shown on its card.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.core.comments import rules
from bot.core.comments.model import Comment, Reader
from bot.core.comments.rules import Blocked, CommentFacts, RuleFinding
from bot.core.model import CommentId
from bot.discussion.context import CommentContext
from storage import Connection, comments, consents, decisions, moderators, published

NOBODY = CommentId(0)
"""The number of a comment that is not stored yet."""
_DAY = 86_400


@dataclass(frozen=True, slots=True)
class Refused:
    """A rule refused it; nothing of it is kept."""

    finding: RuleFinding
    told: bool = False
    """The writer already knows: a ban is stated once."""


async def judge(
    context: CommentContext, tx: Connection, reader: Reader, comment: Comment, *, now: int
) -> tuple[rules.Judgement, CommentFacts]:
    """Judge a revision that goes to the moderators; the findings are stored for its card."""
    facts = await _facts(context, tx, reader, comment, now=now)
    judgement = rules.judge(replace(facts, recent=0, closed=False))
    await decisions.add_findings(
        tx,
        judgement.findings,
        comment_id=comment.id,
        reader_id=reader.id,
        revision=comment.revision,
        now=now,
    )
    return judgement, facts


async def refusal(
    context: CommentContext, tx: Connection, reader: Reader, comment: Comment, *, now: int
) -> Refused | None:
    """Why a text is refused, if it is."""
    facts = await _facts(context, tx, reader, comment, now=now)
    if comment.id != NOBODY:  # it was counted when it came
        facts = replace(facts, recent=0)
    found = rules.judge(facts).refusal
    return await refused(tx, reader, found, now=now) if found is not None else None


async def asks_for_terms(
    context: CommentContext, cx: Connection, reader: Reader, article_id: int | None
) -> bool:
    """Whether a comment waits until its reader has accepted the rules; a letter never does."""
    if context.terms is None or article_id is None:
        return False
    return await consents.accepted(cx, reader.id, context.terms.version) is None


async def refused(tx: Connection, reader: Reader, found: RuleFinding, *, now: int) -> Refused:
    """Count a refusal by its rule; nothing of the text is kept."""
    banned = reader.banned_at if found.rule == "banned" else None
    told = banned is not None and await decisions.refused_since(
        tx, reader.id, found.rule, since=banned
    )
    await decisions.add_findings(
        tx, [found], comment_id=None, reader_id=reader.id, revision=None, now=now
    )
    return Refused(found, told)


def barred(reader: Reader | None, *, closed: bool, now: int) -> RuleFinding | None:
    """Why somebody may not comment at all now, if so."""
    facts = CommentFacts(
        "?",
        closed=closed,
        banned=reader is not None and reader.banned_at is not None,
        muted_until=reader.muted_until if reader is not None else 0,
        now=now,
    )
    return rules.judge(facts).refusal


async def _facts(
    context: CommentContext, tx: Connection, reader: Reader, comment: Comment, *, now: int
) -> CommentFacts:
    words = await moderators.blocked_words(tx)
    article = comment.article_id
    return CommentFacts(
        text=comment.text,
        media=tuple(part.media for part in comment.parts if part.media),
        links=tuple(link for part in comment.parts for link in part.links),
        closed=article is not None and await published.closed(tx, article),
        banned=reader.banned_at is not None,
        muted_until=reader.muted_until,
        approved=reader.approved,
        rejected=reader.rejected,
        recent=await comments.recent(tx, reader.id, since=now - rules.FLOOD_SECONDS),
        blocked=tuple(Blocked(row["word"], bool(row["hard"]), row["language"]) for row in words),
        common_words=context.languages.common_words,
        others=tuple(await comments.recent_keys(tx, since=now - _DAY, but=comment.id)),
        own_hosts=context.own_hosts,
        now=now,
    )
