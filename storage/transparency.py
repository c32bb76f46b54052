"""Figures of one month for the transparency report: counts and times, no people, no words."""

from __future__ import annotations

from collections.abc import Mapping

from bot.core.editorial.transparency import Month, Tickets, Times
from bot.core.model import CorrectionKind
from storage.database import Connection

_NO_COMPLAINT = "comment_id NOT IN (SELECT comment_id FROM complaint)"
_STANDING = (  # the last decision about each comment of the month; undone ones do not count
    "SELECT action, reason, COUNT(*) AS n FROM decision WHERE id IN (SELECT MAX(id) FROM decision"
    f" WHERE comment_id IS NOT NULL AND {_NO_COMPLAINT} AND action IN ('approve', 'auto',"
    " 'reject', 'ban', 'undo', 'reopen') GROUP BY comment_id) AND at >= :begin AND at < :end"
    " AND action IN ('approve', 'auto', 'reject', 'ban') GROUP BY action, reason"
)
_WAITS = (
    "SELECT MIN(decision.at) - comment.due_at AS wait FROM decision"
    " JOIN comment ON comment.id = comment_id WHERE action IN ('approve', 'reject', 'ban')"
    f" AND {_NO_COMPLAINT} AND decision.at >= :begin AND decision.at < :end"
    " GROUP BY comment.id, comment.due_at ORDER BY wait"
)
_REPORTS = (
    "SELECT MIN(report.at) AS at, (SELECT MIN(decision.at) FROM decision"
    " WHERE decision.comment_id = report.comment_id AND decision.at >= MIN(report.at)"
    " AND action IN ('approve', 'reject', 'ban')) AS dealt, CASE WHEN comment.state = 'pending'"
    " THEN 0 ELSE 1 END AS over FROM report JOIN comment ON comment.id = report.comment_id"
    " WHERE report.at >= :begin AND report.at < :end GROUP BY report.comment_id, comment.state"
)
_COMPLAINTS = (
    "SELECT opened_at AS at, answered_at AS dealt, CASE WHEN state IN ('withdrawn', 'erased')"
    " THEN 1 ELSE 0 END AS over FROM complaint JOIN comment ON comment.id = comment_id"
    " WHERE opened_at >= :begin AND opened_at < :end"
)
_CORRECTIONS = (
    "SELECT correction.at, kind, COALESCE(NULLIF(own_headline, ''), headline) AS headline,"
    " reason FROM correction"
    " JOIN article ON article.id = article_id WHERE correction.at >= :begin"
    " AND correction.at < :end AND kind <> 'restored'"
    " ORDER BY correction.at, correction.id LIMIT :limit"
)
_MOST = 500


async def month(cx: Connection, begin: int, end: int, *, now: int) -> Month:
    """What was decided, reported, complained about, corrected and withdrawn from `begin` to before
    `end`."""
    reach = {"begin": begin, "end": end}
    standing = await cx.rows(_STANDING, **reach)
    waits = [max(0, row["wait"]) for row in await cx.rows(_WAITS, **reach)]
    received = await cx.value(
        "SELECT COUNT(*) FROM comment WHERE state <> 'draft' AND created_at >= :begin"
        " AND created_at < :end AND id NOT IN (SELECT comment_id FROM complaint)",
        **reach,
    )
    return Month(
        begin=begin,
        received=int(received),
        approved=sum(row["n"] for row in standing if row["action"] in {"approve", "auto"}),
        rejected={
            row["reason"] or "-": row["n"]
            for row in sorted(standing, key=lambda row: (-row["n"], row["reason"]))
            if row["action"] in {"reject", "ban"}
        },
        waits=Times.of(waits),
        reports=await _tickets(cx, _REPORTS, reach, now),
        complaints=await _tickets(cx, _COMPLAINTS, reach, now),
        corrections=tuple(await _corrections(cx, reach)),
    )


async def _tickets(cx: Connection, sql: str, reach: Mapping[str, int], now: int) -> Tickets:
    rows = await cx.rows(sql, **reach)
    return Tickets.of([(row["at"], row["dealt"], bool(row["over"])) for row in rows], now=now)


async def _corrections(
    cx: Connection, reach: Mapping[str, int]
) -> list[tuple[int, CorrectionKind, str, str]]:
    rows = await cx.rows(_CORRECTIONS, **reach, limit=_MOST)
    return [
        (row["at"], CorrectionKind(row["kind"]), row["headline"], row["reason"]) for row in rows
    ]
