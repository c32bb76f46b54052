"""Figures of one month for the transparency report: counts and times, no person and no words."""

from __future__ import annotations

from bot.core.editorial.transparency import Month, Times
from bot.core.model import CorrectionKind
from storage.corrections import LoggedCorrection, listed
from storage.database import Connection

_STANDING = (  # the last word about each comment of the month; what was undone is none
    "SELECT action, reason, COUNT(*) AS n FROM decision WHERE id IN (SELECT MAX(id) FROM decision"
    " WHERE comment_id IS NOT NULL AND action IN ('approve', 'auto', 'reject', 'ban', 'undo',"
    " 'reopen') GROUP BY comment_id) AND at >= :begin AND at < :end"
    " AND action IN ('approve', 'auto', 'reject', 'ban') GROUP BY action, reason"
)
_WAITS = (
    "SELECT MIN(decision.at) - comment.due_at AS wait FROM decision"
    " JOIN comment ON comment.id = comment_id WHERE action IN ('approve', 'reject', 'ban')"
    " AND decision.at >= :begin AND decision.at < :end GROUP BY comment.id, comment.due_at"
    " ORDER BY wait"
)
_REPORTS = (
    "SELECT MIN(report.at) AS at, MIN(report.settled) AS settled, (SELECT MIN(decision.at)"
    " FROM decision WHERE decision.comment_id = report.comment_id AND decision.at >="
    " MIN(report.at) AND action IN ('approve', 'reject', 'ban')) AS decided FROM report"
    " WHERE report.at >= :begin AND report.at < :end GROUP BY report.comment_id"
)
_MOST = 500


async def month(cx: Connection, begin: int, end: int) -> Month:
    """What was decided, reported, corrected and withdrawn from `begin` to before `end`."""
    reach = {"begin": begin, "end": end}
    standing = await cx.rows(_STANDING, **reach)
    waits = [max(0, row["wait"]) for row in await cx.rows(_WAITS, **reach)]
    reports = await cx.rows(_REPORTS, **reach)
    took = sorted(
        max(0, row["decided"] - row["at"]) for row in reports if row["decided"] is not None
    )
    received = await cx.value(
        "SELECT COUNT(*) FROM comment WHERE state <> 'draft' AND created_at >= :begin"
        " AND created_at < :end",
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
        reports=len(reports),
        report_times=Times.of(took),
        corrections=tuple(await _corrections(cx, begin, end)),
    )


async def _corrections(
    cx: Connection, begin: int, end: int
) -> list[tuple[int, CorrectionKind, str, str]]:
    found: list[LoggedCorrection] = (await listed(cx, since=begin, limit=_MOST))[0]
    return [(one.at, one.kind, one.headline, one.reason) for one in reversed(found) if one.at < end]
