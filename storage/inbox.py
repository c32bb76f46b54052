"""Updates from Telegram, kept from before they are confirmed there until their effect is stored
here.

Several processes may share the work: each claims updates only of chats of which no other holds an
earlier one, so order within a chat is kept (`storage.processes` knows who is alive).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from storage.database import Connection, Row


@dataclass(frozen=True, slots=True)
class Received:
    """An update as it came. `chat` is the chat within which order is kept (0: no chat in
    particular)."""

    number: int
    chat: int
    payload: str


async def keep(tx: Connection, updates: Iterable[Received], *, now: int) -> None:
    """Store updates; an already known one changes nothing."""
    await tx.run_many(
        "INSERT INTO inbox (update_id, chat, payload, received_at) VALUES (:id, :chat, :payload,"
        " :now) ON CONFLICT (update_id) DO NOTHING",
        [
            {"id": one.number, "chat": one.chat, "payload": one.payload, "now": now}
            for one in updates
        ],
    )


async def keep_and_claim(
    tx: Connection, updates: Iterable[Received], process: int, *, now: int
) -> dict[int, int]:
    """Store updates that a process takes itself, since there is no other and nothing waits before
    them. Returns the places of the new ones by update id, in order of arrival."""
    before = await tx.value("SELECT COALESCE(MAX(place), 0) FROM inbox")
    await tx.run_many(
        "INSERT INTO inbox (update_id, chat, payload, received_at, claimed_by) VALUES (:id, :chat,"
        " :payload, :now, :process) ON CONFLICT (update_id) DO NOTHING",
        [
            {
                "id": one.number,
                "chat": one.chat,
                "payload": one.payload,
                "now": now,
                "process": process,
            }
            for one in updates
        ],
    )
    rows = await tx.rows(
        "SELECT update_id, place FROM inbox WHERE place > :before ORDER BY place", before=before
    )
    return {row["update_id"]: row["place"] for row in rows}


_FREE = """FROM inbox AS free WHERE done_at IS NULL AND claimed_by IS NULL AND NOT EXISTS
  (SELECT 1 FROM inbox AS busy WHERE busy.chat = free.chat AND busy.done_at IS NULL
    AND busy.claimed_by <> :process)"""


async def waits(cx: Connection, process: int) -> bool:
    """Whether there are updates that a process could claim."""
    return bool(await cx.value(f"SELECT EXISTS (SELECT 1 {_FREE})", process=process))


async def claim(tx: Connection, process: int, *, limit: int = 100) -> list[Row]:
    """Updates for a process to handle, in order of arrival: place, payload."""
    rows = await tx.rows(
        "UPDATE inbox SET claimed_by = :process WHERE place IN"
        f" (SELECT place {_FREE} ORDER BY place LIMIT :limit) RETURNING place, payload",
        process=process,
        limit=limit,
    )
    return sorted(rows, key=lambda row: int(row["place"]))


async def payload(cx: Connection, place: int) -> str:
    """The JSON of a waiting update."""
    return str(await cx.value("SELECT payload FROM inbox WHERE place = :place", place=place))


async def done(tx: Connection, places: Sequence[int], *, now: int) -> None:
    """Mark as handled: the id is kept for a while (it may come again), the content is deleted."""
    await tx.run_many(
        "UPDATE inbox SET done_at = :now, payload = '' WHERE place = :place",
        [{"place": place, "now": now} for place in places],
    )


async def forget_old(tx: Connection, *, before: int) -> int:
    """Delete ids of updates handled before a moment: Telegram keeps an update for 24 hours, so
    older ones cannot come again."""
    return await tx.run("DELETE FROM inbox WHERE done_at < :before", before=before)
