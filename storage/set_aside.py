"""What failed by a fault of ours and is tried again later, so that it holds up nothing else. Knows
rows, no policy: the caller decides how long to wait (`bot.attempts`).

A row is one item (`key`) of one concern: an update, a comment whose grace time is over, a card, a
removal ... It is deleted when the item succeeds. Deliveries have no row here: their own rows say
how often they failed and, by their urgency, that they are set aside.
"""

from __future__ import annotations

from dataclasses import dataclass

from bot.core.posts.rate_limit import Urgency
from storage.database import Connection, Row


@dataclass(frozen=True, slots=True)
class SetAside:
    """One item that failed. `reason` names the fault and its place, without people's words."""

    concern: str
    key: str
    failures: int
    reason: str
    retry_at: int


async def put(
    tx: Connection, concern: str, key: str, *, reason: str, retry_at: int, now: int
) -> SetAside:
    """Set an item aside after a failure; it is not tried before `retry_at`."""
    row = await tx.row(
        "INSERT INTO set_aside (concern, key, failures, reason, first_at, retry_at)"
        " VALUES (:concern, :key, 1, :reason, :now, :retry_at)"
        " ON CONFLICT (concern, key) DO UPDATE SET failures = set_aside.failures + 1,"
        " reason = excluded.reason, retry_at = excluded.retry_at RETURNING *",
        concern=concern,
        key=key,
        reason=reason,
        now=now,
        retry_at=retry_at,
    )
    assert row is not None  # an upsert always returns its row
    return _set_aside(row)


def _set_aside(row: Row) -> SetAside:
    return SetAside(
        concern=row["concern"],
        key=row["key"],
        failures=row["failures"],
        reason=row["reason"],
        retry_at=row["retry_at"],
    )


async def of(cx: Connection, concern: str) -> dict[str, SetAside]:
    """The set-aside items of one concern, by key."""
    rows = await cx.rows("SELECT * FROM set_aside WHERE concern = :concern", concern=concern)
    return {row["key"]: _set_aside(row) for row in rows}


async def done(tx: Connection, concern: str, key: str) -> None:
    """Remove an item that succeeded, or needs nothing done any longer."""
    await tx.run(
        "DELETE FROM set_aside WHERE concern = :concern AND key = :key", concern=concern, key=key
    )


async def forget(tx: Connection, concern: str, *, before: int) -> None:
    """Remove items that were due before then and were not tried: they no longer exist."""
    await tx.run(
        "DELETE FROM set_aside WHERE concern = :concern AND retry_at < :before",
        concern=concern,
        before=before,
    )


async def counts(cx: Connection) -> dict[str, int]:
    """How much is set aside, by concern; deliveries among them."""
    rows = await cx.rows("SELECT concern, COUNT(*) AS n FROM set_aside GROUP BY concern")
    found = {row["concern"]: int(row["n"]) for row in rows}
    deliveries = await cx.value(
        "SELECT COUNT(*) FROM delivery WHERE state IN ('due', 'unknown') AND urgency = :urgency",
        urgency=int(Urgency.ASIDE),
    )
    return found | ({"delivery": int(deliveries)} if deliveries else {})
