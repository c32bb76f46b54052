"""Advertisements, as rows: which ones run, which is next, how often each was shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.core.posts.sponsors import A_DAY, Sponsor
from storage.database import Connection, Row, Statement

_DAY = 86_400
RUNNING = (
    "SELECT id FROM sponsor WHERE stopped_at IS NULL AND begins_at <= :now AND ends_at > :now"
    " ORDER BY shown, id LIMIT 1"
)
"""Of several current ones, the one shown least."""


def _sponsor(row: Row) -> Sponsor:
    return Sponsor(**{name: row[name] for name in Sponsor.__dataclass_fields__})


async def add(tx: Connection, new: Sponsor, *, now: int) -> int:
    """Add an advertisement; returns its number (its own is ignored). One with the same words and
    days is not added twice."""
    known = await tx.value(
        "SELECT id FROM sponsor WHERE address = :address AND text = :text AND begins_at = :begin"
        " AND ends_at = :end AND every = :every AND stopped_at IS NULL",
        address=new.address,
        text=new.text,
        begin=new.begins_at,
        end=new.ends_at,
        every=new.every,
    )
    if known is not None:
        return int(known)
    return int(
        await tx.value(
            "INSERT INTO sponsor (address, text, begins_at, ends_at, every, created_at)"
            " VALUES (:address, :text, :begin, :end, :every, :now) RETURNING id",
            address=new.address,
            text=new.text,
            begin=new.begins_at,
            end=new.ends_at,
            every=new.every,
            now=now,
        )
    )


async def stop(tx: Connection, number: int, *, now: int) -> bool:
    """Stop an advertisement; False if it has ended, or never existed."""
    return bool(
        await tx.run(
            "UPDATE sponsor SET stopped_at = :now"
            " WHERE id = :id AND stopped_at IS NULL AND ends_at > :now",
            id=number,
            now=now,
        )
    )


async def newest(cx: Connection, *, limit: int) -> list[Sponsor]:
    rows = await cx.rows("SELECT * FROM sponsor ORDER BY id DESC LIMIT :limit", limit=limit)
    return [_sponsor(row) for row in rows]


async def running(cx: Connection, *, now: int) -> list[Sponsor]:
    """All current ones, the one shown least first."""
    rows = await cx.rows(
        "SELECT * FROM sponsor WHERE stopped_at IS NULL AND begins_at <= :now AND ends_at > :now"
        " ORDER BY shown, id",
        now=now,
    )
    return [_sponsor(row) for row in rows]


async def of_the_day(cx: Connection, *, now: int) -> Sponsor | None:
    """The one that pinned messages show: several take turns day by day, so that messages are not
    edited more often."""
    found = sorted(await running(cx, now=now), key=lambda one: one.id)
    return found[now // _DAY % len(found)] if found else None


async def put_on(tx: Connection, delivery_id: int, sponsor_id: int) -> None:
    """Note that this message carries it."""
    await tx.run(
        "UPDATE delivery SET sponsor_id = :sponsor WHERE id = :id",
        sponsor=sponsor_id,
        id=delivery_id,
    )


async def under_posts(cx: Connection, number: int, *, before: int, day: int) -> Sequence[Statement]:
    """Put the advertisement on new posts (deliveries with a number above `before`): one for each
    chat that is due for it. `day`: today's midnight."""
    every = await cx.value("SELECT every FROM sponsor WHERE id = :id", id=number)
    turns = {"sponsor": number, "every": every, "most": A_DAY}
    return [
        (_COUNT, {"before": before, "day": day}),
        (_CARRY, {"before": before, **turns}),
        (_HAD, {"before": before}),
    ]


_COUNT = """INSERT INTO sponsor_turn (chat_id, posts, day, shown)
  SELECT chat_id, COUNT(*), :day, 0 FROM delivery WHERE id > :before GROUP BY chat_id
  ON CONFLICT (chat_id) DO UPDATE SET posts = sponsor_turn.posts + excluded.posts,
    shown = CASE WHEN sponsor_turn.day = :day THEN sponsor_turn.shown ELSE 0 END, day = :day"""
_CARRY = """UPDATE delivery SET sponsor_id = :sponsor WHERE id IN (SELECT MIN(d.id)
  FROM delivery AS d JOIN sponsor_turn AS t ON t.chat_id = d.chat_id
  WHERE d.id > :before AND t.posts >= :every AND t.shown < :most GROUP BY d.chat_id)"""
_HAD = """UPDATE sponsor_turn SET posts = 0, shown = shown + 1 WHERE chat_id IN
  (SELECT chat_id FROM delivery WHERE id > :before AND sponsor_id IS NOT NULL)"""


def shown(counts: Mapping[int, int]) -> list[Statement]:
    """Count messages sent with them."""
    return [
        ("UPDATE sponsor SET shown = shown + :n WHERE id = :id", {"id": number, "n": n})
        for number, n in counts.items()
    ]


async def tickers(cx: Connection) -> int:
    """How many pinned messages show the one that runs."""
    return int(await cx.value("SELECT COUNT(*) FROM ticker WHERE delivery_id IS NOT NULL"))
