"""The program's present state, for metrics and notices. Counts and moments only, nobody's words.

Every figure comes from an index or a few rows: they are read every quarter of a minute.
"""

from __future__ import annotations

from dataclasses import dataclass

from storage import chats as chats_of
from storage import moderators
from storage.database import Connection, Row


@dataclass(frozen=True, slots=True)
class MeasuredFeed:
    """The state of a feed. `well_at`: when it was last read, None for never; `news_at`: when it
    last brought something new; `push_until`: until when its hub pushes."""

    address: str
    name: str
    failures: int
    failing_since: int | None
    trouble: str
    well_at: int | None
    news_at: int | None
    push_until: int | None


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many wait, and since when the oldest does (epoch seconds; None when none waits)."""

    count: int
    since: int | None


@dataclass(frozen=True, slots=True)
class Measures:
    """All measures. `queue`: messages that are due, by urgency; `remaining`: at most how many
    subscriptions open broadcasts have yet to reach (their numbers have gaps); `set_aside`: what
    failed by a fault of ours, by concern."""

    feeds: tuple[MeasuredFeed, ...]
    queue: dict[int, Waiting]
    broadcasts: Waiting
    remaining: int
    comments: Waiting
    updates: Waiting
    articles: int
    restless: int
    """Articles that change so often that their posts wait."""
    chats: int
    set_aside: dict[str, int]
    moderators_closed: int | None
    """Since when the moderators' chat has accepted no messages."""

    @property
    def head_since(self) -> int | None:
        """Since when the oldest message is due."""
        return min(
            (one.since for one in self.queue.values() if one.since is not None), default=None
        )


_QUEUE = """SELECT urgency, COUNT(*) AS n, MIN(due_at) AS since FROM delivery
  WHERE state IN ('due', 'unknown') AND due_at <= :now GROUP BY urgency"""
_BROADCASTS = """SELECT COUNT(*) AS n, MIN(created_at) AS since,
    COALESCE(SUM(CASE WHEN kind = 'news' THEN last - cursor ELSE 0 END), 0) AS remaining
  FROM broadcast WHERE taken_at IS NULL"""


async def measure(cx: Connection, *, now: int) -> Measures:
    """Read all measures."""
    (
        feeds,
        queue,
        [broadcasts],
        [comments],
        [updates],
        [articles],
        [rest],
        [chats],
        aside,
    ) = await cx.batch(
        ("SELECT * FROM feed WHERE active = 1 ORDER BY id", {}),
        (_QUEUE, {"now": now}),
        (_BROADCASTS, {}),
        ("SELECT COUNT(*) AS n, MIN(pending_at) AS since FROM comment WHERE state = 'pending'", {}),
        ("SELECT COUNT(*) AS n, MIN(received_at) AS since FROM inbox WHERE done_at IS NULL", {}),
        ("SELECT COUNT(*) AS n FROM article", {}),
        ("SELECT COUNT(*) AS n FROM article WHERE settle_at IS NOT NULL", {}),
        ("SELECT COUNT(*) AS n FROM chat WHERE gone_at IS NULL", {}),
        ("SELECT concern, COUNT(*) AS n FROM set_aside GROUP BY concern", {}),
    )
    chat_id = await moderators.current(cx)
    return Measures(
        feeds=tuple(_feed(row) for row in feeds),
        queue={row["urgency"]: _waiting(row) for row in queue},
        broadcasts=_waiting(broadcasts),
        remaining=int(broadcasts["remaining"]),
        comments=_waiting(comments),
        updates=_waiting(updates),
        articles=articles["n"],
        restless=rest["n"],
        chats=chats["n"],
        set_aside={row["concern"]: row["n"] for row in aside},
        moderators_closed=await chats_of.refuses_since(cx, chat_id) if chat_id else None,
    )


async def schema(cx: Connection) -> int:
    """The number of the latest migration applied."""
    return int(await cx.value("SELECT MAX(number) FROM migration"))


def _waiting(row: Row) -> Waiting:
    return Waiting(row["n"], row["since"])


def _feed(row: Row) -> MeasuredFeed:
    failing_since = None if row["first_look_at"] is None else row["failing_since"]
    return MeasuredFeed(
        address=row["address"],
        name=row["name"] or row["title"],
        failures=row["failures"],
        failing_since=row["failing_since"],
        trouble=row["trouble"],
        well_at=failing_since if row["failures"] else row["looked_at"],
        news_at=row["news_at"],
        push_until=row["push_until"],
    )
