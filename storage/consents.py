"""Which rules for comments readers accepted, and when."""

from __future__ import annotations

from storage.database import Connection


async def accepted(cx: Connection, reader_id: int, version: str) -> int | None:
    """When a reader accepted this version; None for not yet."""
    at = await cx.value(
        "SELECT accepted_at FROM consent WHERE reader_id = :reader AND version = :version",
        reader=reader_id,
        version=version,
    )
    return None if at is None else int(at)


async def any_accepted(cx: Connection, reader_id: int) -> bool:
    """Whether a reader has accepted any version."""
    found = await cx.value("SELECT 1 FROM consent WHERE reader_id = :id LIMIT 1", id=reader_id)
    return found is not None


async def accept(tx: Connection, reader_id: int, version: str, *, now: int) -> None:
    """Once: the first time counts."""
    await tx.run(
        "INSERT INTO consent (reader_id, version, accepted_at) VALUES (:reader, :version, :now)"
        " ON CONFLICT (reader_id, version) DO NOTHING",
        reader=reader_id,
        version=version,
        now=now,
    )
