"""What failed by a fault of ours and is tried again later, so that it keeps nothing else from being
done. Knows rows, no policy: how long to wait is the caller's to say (`bot.attempts`).

A row is one thing (`key`) of one concern: an update, a comment whose grace time is over, a card, a
removal ... It goes when the thing succeeds. Deliveries have no row here: their own says how often
they failed, and their urgency that they are set aside.
"""

from __future__ import annotations

from dataclasses import dataclass

from bot.core.posts.rate_limit import Urgency
from storage.database import Connection, Row


@dataclass(frozen=True, slots=True)
class SetAside:
    """One thing that failed. `reason` names the fault and its place, no words of people."""

    concern: str
    key: str
    failures: int
    reason: str
    first_at: int
    retry_at: int


async def put(
    tx: Connection, concern: str, key: str, *, reason: str, retry_at: int, now: int
) -> SetAside:
    """It failed, perhaps once more; not before `retry_at` again."""
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
        first_at=row["first_at"],
        retry_at=row["retry_at"],
    )


async def of(cx: Connection, concern: str) -> dict[str, SetAside]:
    """What is set aside of one concern, by key."""
    rows = await cx.rows("SELECT * FROM set_aside WHERE concern = :concern", concern=concern)
    return {row["key"]: _set_aside(row) for row in rows}


async def done(tx: Connection, concern: str, key: str) -> None:
    """It succeeded, or there is nothing to do any more."""
    await tx.run(
        "DELETE FROM set_aside WHERE concern = :concern AND key = :key", concern=concern, key=key
    )


async def forget(tx: Connection, concern: str, *, before: int) -> None:
    """What was to be tried again before then and was not: it no longer exists."""
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
