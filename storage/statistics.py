"""Figures of the last days for the newsroom: counts a day, nobody's words and nobody's name."""

from __future__ import annotations

from dataclasses import dataclass

from storage.database import Connection

DAY = 86_400


@dataclass(frozen=True, slots=True)
class Figures:
    """One number for each day, oldest first; `waits` are seconds until comments were decided."""

    subscribers: tuple[int, ...]
    articles: tuple[int, ...]
    deliveries: tuple[int, ...]
    received: tuple[int, ...]
    approved: tuple[int, ...]
    rejected: tuple[int, ...]
    waits: tuple[int, ...] = ()
    """Sorted."""

    @property
    def median_wait(self) -> int | None:
        """The median of the waits."""
        return self.waits[len(self.waits) // 2] if self.waits else None


_STANDING = (  # the last decision about each comment; undone or reopened ones do not count
    "SELECT at, 1 AS n FROM decision WHERE id IN (SELECT max(id) FROM decision"
    " WHERE comment_id IS NOT NULL AND comment_id NOT IN (SELECT comment_id FROM complaint)"
    " AND action IN ('approve', 'auto', 'reject', 'ban', 'undo', 'reopen', 'report')"
    " GROUP BY comment_id) AND action"
)
_BY_DAY = {
    "articles": "SELECT first_seen_at AS at, 1 AS n FROM article WHERE origin = 'feed'",
    "deliveries": "SELECT created_at AS at, delivered AS n FROM broadcast WHERE kind = 'news'",
    "received": "SELECT created_at AS at, 1 AS n FROM comment WHERE state <> 'draft'"
    " AND id NOT IN (SELECT comment_id FROM complaint)",
    "approved": f"{_STANDING} IN ('approve', 'auto')",
    "rejected": f"{_STANDING} IN ('reject', 'ban')",
}


async def figures(cx: Connection, *, today: int, days: int = 30) -> Figures:
    """The figures of the last days, up to the one that begins at `today` (seconds since the
    epoch)."""
    begin = today - (days - 1) * DAY
    found = {name: await _by_day(cx, sql, begin, days) for name, sql in _BY_DAY.items()}
    return Figures(
        subscribers=await _subscribers(cx, begin, days),
        waits=await _waits(cx, begin),
        **found,
    )


async def _by_day(cx: Connection, sql: str, begin: int, days: int) -> tuple[int, ...]:
    rows = await cx.rows(
        f"SELECT (at - :begin) / {DAY} AS day, sum(n) AS n FROM ({sql}) AS counted"
        " WHERE at >= :begin AND at < :end GROUP BY day",
        begin=begin,
        end=begin + days * DAY,
    )
    by_day = {row["day"]: int(row["n"]) for row in rows}
    return tuple(by_day.get(day, 0) for day in range(days))


async def _subscribers(cx: Connection, begin: int, days: int) -> tuple[int, ...]:
    """How many of today's subscribers there were on each day."""
    reading = (
        "SELECT subscription.created_at AS at, 1 AS n FROM subscription"
        " JOIN chat ON chat.id = chat_id WHERE active = 1 AND gone_at IS NULL"
    )
    before = await cx.value(
        f"SELECT count(*) FROM ({reading}) AS counted WHERE at < :begin", begin=begin
    )
    total, found = int(before), []
    for fresh in await _by_day(cx, reading, begin, days):
        total += fresh
        found.append(total)
    return tuple(found)


async def _waits(cx: Connection, begin: int) -> tuple[int, ...]:
    rows = await cx.rows(
        "SELECT min(decision.at) - comment.due_at AS wait FROM decision"
        " JOIN comment ON comment.id = comment_id"
        " WHERE action IN ('approve', 'reject', 'ban') AND decision.at >= :begin"
        " GROUP BY comment.id ORDER BY wait",
        begin=begin,
    )
    return tuple(max(0, row["wait"]) for row in rows)
