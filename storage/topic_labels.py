"""Topics: the labels of the newsroom's feeds, one row per name however a feed spells it."""

from __future__ import annotations

from collections.abc import Sequence

from bot.core.readers.topics import TopicLabel, key_of
from storage.database import Connection

_NEWEST = 5_000
"""A label is in use if it is on one of so many newest articles."""


async def known(cx: Connection) -> list[str]:
    """The labels that articles have, in order of name."""
    rows = await cx.rows(
        "SELECT name FROM topic WHERE EXISTS (SELECT 1 FROM article_topic"
        " WHERE topic_id = topic.id) ORDER BY key LIMIT 5000"
    )
    return [row["name"] for row in rows]


async def most_used(cx: Connection, subscription_id: int | None = None) -> list[TopicLabel]:
    """The labels of the newest articles, and all those that a subscription has chosen."""
    rows = await cx.rows(
        "SELECT topic.id, name, COUNT(article_id) AS n FROM topic LEFT JOIN article_topic"
        " ON topic_id = topic.id AND article_id > (SELECT COALESCE(MAX(id), 0) FROM article) - :new"
        " GROUP BY topic.id, name HAVING COUNT(article_id) > 0 OR topic.id IN (SELECT topic_id"
        " FROM subscription_topic WHERE subscription_id = :id)",
        new=_NEWEST,
        id=subscription_id,
    )
    return [TopicLabel(row["id"], row["name"], row["n"]) for row in rows]


async def numbers(cx: Connection, names: Sequence[str]) -> dict[str, int]:
    """The numbers of these topics by their keys, as far as they are known."""
    found = {}
    for name in names:
        number = await cx.value("SELECT id FROM topic WHERE key = :key", key=key_of(name))
        if number is not None:
            found[key_of(name)] = number
    return found


async def names(cx: Connection, numbers: Sequence[int]) -> list[str]:
    """The names of topics by number; unknown numbers are left out."""
    found = [await cx.value("SELECT name FROM topic WHERE id = :id", id=one) for one in numbers]
    return [name for name in found if name is not None]


async def ensure_topics(tx: Connection, names: Sequence[str]) -> list[int]:
    """The numbers of these topics, created where missing, in the given order, each once."""
    found: dict[int, None] = {}
    for name in names:
        key = key_of(name)
        if key:
            topic_id = await tx.value(
                "INSERT INTO topic (key, name) VALUES (:key, :name)"
                " ON CONFLICT (key) DO UPDATE SET key = excluded.key RETURNING id",
                key=key,
                name=" ".join(name.lstrip("#").split()),
            )
            found[topic_id] = None
    return list(found)


async def forget_unused(tx: Connection) -> None:
    """Delete the labels that no article has and no chat chose: somebody typed them once."""
    await tx.run(
        "DELETE FROM topic WHERE NOT EXISTS (SELECT 1 FROM article_topic WHERE topic_id = topic.id)"
        " AND id NOT IN (SELECT topic_id FROM subscription_topic)"
    )
