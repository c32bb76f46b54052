"""The rules at work: gathers the facts, asks `bot.core.rules`, keeps what they said.

A refusal is told to the reader and nothing of the text is kept; what holds is shown on the card.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.core import rules
from bot.core.comments import Comment, Reader
from bot.core.model import CommentId
from bot.core.rules import Blocked, Facts, Finding
from bot.discussion.office import Office
from storage import Connection, comments, decisions, moderators, reading

NOBODY = CommentId(0)
"""The number of a comment that is not stored yet."""
_DAY = 86_400


@dataclass(frozen=True, slots=True)
class Refused:
    """A rule does not let it through; nothing of it is kept."""

    finding: Finding


async def judge(
    office: Office, tx: Connection, reader: Reader, comment: Comment, *, now: int
) -> tuple[rules.Judgement, Facts]:
    """What the rules say about a revision that goes to the moderators; kept for its card."""
    facts = await _facts(office, tx, reader, comment, now=now)
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
    office: Office, tx: Connection, reader: Reader, comment: Comment, *, now: int
) -> Refused | None:
    """Why a text is not let through, if so."""
    facts = await _facts(office, tx, reader, comment, now=now)
    if comment.id != NOBODY:  # it was counted when it came
        facts = replace(facts, recent=0)
    found = rules.judge(facts).refusal
    if found is None:
        return None
    await decisions.add_findings(
        tx, [found], comment_id=None, reader_id=reader.id, revision=None, now=now
    )
    return Refused(found)


async def _facts(
    office: Office, tx: Connection, reader: Reader, comment: Comment, *, now: int
) -> Facts:
    words = await moderators.blocked_words(tx)
    article = comment.article_id
    return Facts(
        text=comment.text,
        media=tuple(part.media for part in comment.parts if part.media),
        links=tuple(link for part in comment.parts for link in part.links),
        closed=article is not None and await reading.closed(tx, article),
        banned=reader.banned_at is not None,
        muted_until=reader.muted_until,
        approved=reader.approved,
        rejected=reader.rejected,
        recent=await comments.recent(tx, reader.id, since=now - rules.FLOOD_SECONDS),
        blocked=tuple(Blocked(row["word"], bool(row["hard"]), row["language"]) for row in words),
        tongues=office.languages.tongues,
        others=tuple(await comments.recent_keys(tx, since=now - _DAY, but=comment.id)),
        own_hosts=office.own_hosts,
        now=now,
    )
