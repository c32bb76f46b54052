"""Complaints and other things with a deadline, as rows: what is open, and who was reminded when.

A complaint is a letter (`storage.comments` joins it to its comment) with a record of its own.
"""

from __future__ import annotations

from dataclasses import dataclass

from bot.core.comments.complaints import ComplaintKind, ComplaintState
from bot.core.deadlines import DEADLINE_SECONDS, REMINDERS
from bot.core.model import CommentId
from storage.database import Connection


@dataclass(frozen=True, slots=True)
class WaitingTicket:
    """Something that waits for the moderators and has a deadline."""

    comment_id: CommentId
    since: int
    reminded: int
    """The highest age at which moderators were reminded of it, in seconds; 0: not yet."""
    report: bool
    """Readers reported it; else it is a complaint."""

    @property
    def deadline(self) -> int:
        return self.since + DEADLINE_SECONDS


async def add(
    tx: Connection, comment_id: int, kind: ComplaintKind, *, article_id: int | None, now: int
) -> None:
    """Turn a letter into a complaint; a second time changes nothing."""
    await tx.run(
        "INSERT INTO complaint (comment_id, complaint_kind, complains_of, opened_at)"
        " VALUES (:id, :kind, :article, :now) ON CONFLICT (comment_id) DO NOTHING",
        id=comment_id,
        kind=kind.value,
        article=article_id,
        now=now,
    )


async def close(
    tx: Connection,
    comment_id: int,
    state: ComplaintState,
    *,
    correction_id: int | None = None,
    now: int,
) -> bool:
    """Store its outcome; the first one stops its clock. False if it already had this one."""
    return bool(
        await tx.run(
            "UPDATE complaint SET complaint_state = :state,"
            " answered_at = COALESCE(answered_at, :now),"
            " correction_id = COALESCE(:correction, correction_id)"
            " WHERE comment_id = :id AND complaint_state <> :state",
            state=state.value,
            correction=correction_id,
            now=now,
            id=comment_id,
        )
    )


async def reopen(tx: Connection, comment_id: int, *, unanswered: bool = False) -> None:
    """Let it wait again; `unanswered`: its answer was not sent, so its clock runs on."""
    await tx.run(
        "UPDATE complaint SET complaint_state = 'open',"
        " answered_at = CASE WHEN :unanswered = 1 THEN NULL ELSE answered_at END"
        " WHERE comment_id = :id",
        unanswered=int(unanswered),
        id=comment_id,
    )


async def open_about(cx: Connection, article_id: int) -> list[CommentId]:
    """Complaints about an article that wait for their answer, oldest first."""
    rows = await cx.rows(
        "SELECT complaint.comment_id FROM complaint JOIN comment ON comment.id = comment_id"
        " WHERE complains_of = :article AND complaint_state = 'open' AND state = 'pending'"
        " ORDER BY opened_at, complaint.comment_id LIMIT 5",
        article=article_id,
    )
    return [CommentId(row["comment_id"]) for row in rows]


# --- clocks ---------------------------------------------------------------------------------------

_COMPLAINTS = (
    "SELECT comment.id AS number, opened_at AS since, 0 AS report FROM complaint"
    " JOIN comment ON comment.id = comment_id"
    " WHERE complaint_state = 'open' AND answered_at IS NULL AND state = 'pending'"
)
_REPORTS = (  # a comment that waited already, and one reported again later: from its last queueing
    "SELECT comment.id AS number, CASE WHEN MIN(report.at) > pending_at THEN MIN(report.at)"
    " ELSE pending_at END AS since, 1 AS report FROM report JOIN comment ON comment.id = comment_id"
    " WHERE settled = 0 AND state = 'pending' GROUP BY comment.id, pending_at"
)


async def clocks(cx: Connection, *, now: int, limit: int) -> list[WaitingTicket]:
    """What has waited long enough for a reminder and has not had the last one, oldest first."""
    rows = await cx.rows(
        f"SELECT number, clock.since, report, COALESCE(age, 0) AS reminded FROM ({_COMPLAINTS}"
        f" UNION ALL {_REPORTS}) AS clock LEFT JOIN deadline ON deadline.comment_id = number"
        " AND deadline.since = clock.since WHERE clock.since <= :ripe AND COALESCE(age, 0) < :last"
        " ORDER BY clock.since, number LIMIT :limit",
        ripe=now - REMINDERS[0],
        last=REMINDERS[-1],
        limit=limit,
    )
    return [
        WaitingTicket(CommentId(row["number"]), row["since"], row["reminded"], bool(row["report"]))
        for row in rows
    ]


async def clock(cx: Connection, comment_id: int) -> WaitingTicket | None:
    """The clock of a comment, if one runs."""
    row = await cx.row(
        f"SELECT * FROM ({_COMPLAINTS} UNION ALL {_REPORTS}) AS clock WHERE number = :id"
        " ORDER BY since LIMIT 1",
        id=comment_id,
    )
    return (
        WaitingTicket(CommentId(row["number"]), row["since"], 0, bool(row["report"]))
        if row
        else None
    )


async def reminded(tx: Connection, one: WaitingTicket, age: int) -> bool:
    """Note that moderators are reminded at this age; False if they already were."""
    return bool(
        await tx.run(
            "INSERT INTO deadline (comment_id, since, age) VALUES (:comment, :since, :age)"
            " ON CONFLICT (comment_id, since) DO UPDATE SET age = excluded.age"
            " WHERE deadline.age < excluded.age",
            comment=one.comment_id,
            since=one.since,
            age=age,
        )
    )
