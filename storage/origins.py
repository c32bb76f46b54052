"""Where readers came from: counts of links with a code, by day. Knows no people."""

from __future__ import annotations

from storage.database import Connection


async def count(tx: Connection, code: str, *, day: int) -> None:
    """Count one more reader by this code on the day that began then."""
    await tx.run(
        "INSERT INTO origin (code, day, n) VALUES (:code, :day, 1)"
        " ON CONFLICT (code, day) DO UPDATE SET n = origin.n + 1",
        code=code,
        day=day,
    )


async def since(cx: Connection, day: int, *, limit: int) -> list[tuple[str, int]]:
    """Codes and how many came by each since then, most first."""
    rows = await cx.rows(
        "SELECT code, SUM(n) AS n FROM origin WHERE day >= :day GROUP BY code"
        " ORDER BY n DESC, code LIMIT :limit",
        day=day,
        limit=limit,
    )
    return [(row["code"], int(row["n"])) for row in rows]
