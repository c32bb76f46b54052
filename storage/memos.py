"""Small facts about this newsroom, by name. The meaning of a name is up to its user."""

from __future__ import annotations

from storage.database import Connection


async def get(cx: Connection, key: str) -> str:
    """What is noted under this name; empty if nothing is."""
    return str(await cx.value("SELECT value FROM memo WHERE key = :key", key=key) or "")


async def put(tx: Connection, key: str, value: str) -> None:
    """Note it, replacing what was there; an empty text deletes the memo."""
    if not value:
        await tx.run("DELETE FROM memo WHERE key = :key", key=key)
        return
    await tx.run(
        "INSERT INTO memo (key, value) VALUES (:key, :value)"
        " ON CONFLICT (key) DO UPDATE SET value = excluded.value",
        key=key,
        value=value,
    )
