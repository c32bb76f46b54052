"""What Telegram told us, kept from before it is confirmed there until its effect is stored here."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from storage.database import Connection, Row


async def keep(tx: Connection, updates: Iterable[tuple[int, str]], *, now: int) -> None:
    """Updates (number, JSON) as they came; one that is known already changes nothing."""
    await tx.run_many(
        "INSERT INTO inbox (update_id, payload, received_at) VALUES (:id, :payload, :now)"
        " ON CONFLICT (update_id) DO NOTHING",
        [{"id": number, "payload": payload, "now": now} for number, payload in updates],
    )


async def waiting(cx: Connection, *, above: int = 0, limit: int = 100) -> list[Row]:
    """Updates not handled yet, in order of arrival: place, payload."""
    return await cx.rows(
        "SELECT place, payload FROM inbox WHERE done_at IS NULL AND place > :above"
        " ORDER BY place LIMIT :limit",
        above=above,
        limit=limit,
    )


async def payload(cx: Connection, place: int) -> str:
    """The JSON of an update that waits."""
    return str(await cx.value("SELECT payload FROM inbox WHERE place = :place", place=place))


async def done(tx: Connection, places: Sequence[int], *, now: int) -> None:
    """Handled: the number stays for a while (it may come again), the words go."""
    await tx.run_many(
        "UPDATE inbox SET done_at = :now, payload = '' WHERE place = :place",
        [{"place": place, "now": now} for place in places],
    )


async def forget_old(tx: Connection, *, before: int) -> int:
    """Telegram keeps an update for 24 hours; what was done before that cannot come again."""
    return await tx.run("DELETE FROM inbox WHERE done_at < :before", before=before)
