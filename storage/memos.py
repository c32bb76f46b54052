"""Small facts about this newsroom, by name. What a name means is its user's."""

from __future__ import annotations

from storage.database import Connection


async def get(cx: Connection, key: str) -> str:
    """What was noted under this name; empty for nothing."""
    return str(await cx.value("SELECT value FROM memo WHERE key = :key", key=key) or "")


async def put(tx: Connection, key: str, value: str) -> None:
    """Note it in place of what was there; an empty text is forgotten."""
    if not value:
        await tx.run("DELETE FROM memo WHERE key = :key", key=key)
        return
    await tx.run(
        "INSERT INTO memo (key, value) VALUES (:key, :value)"
        " ON CONFLICT (key) DO UPDATE SET value = excluded.value",
        key=key,
        value=value,
    )
