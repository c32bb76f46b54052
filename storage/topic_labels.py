"""Topics: the labels of the newsroom's feeds, one row a name whatever its case and spacing."""

from __future__ import annotations

from collections.abc import Sequence

from storage.database import Connection


def topic_key(name: str) -> str:
    """What makes two spellings one topic."""
    return " ".join(name.casefold().replace("_", " ").lstrip("#").split())


async def ensure_topics(tx: Connection, names: Sequence[str]) -> list[int]:
    """The numbers of these topics, made where missing, in the given order, each once."""
    found: dict[int, None] = {}
    for name in names:
        key = topic_key(name)
        if key:
            topic_id = await tx.value(
                "INSERT INTO topic (key, name) VALUES (:key, :name)"
                " ON CONFLICT (key) DO UPDATE SET key = excluded.key RETURNING id",
                key=key,
                name=" ".join(name.lstrip("#").split()),
            )
            found[topic_id] = None
    return list(found)
