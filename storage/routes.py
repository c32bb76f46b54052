"""Which channels and groups an article reaches: their subscriptions, and what became of its
posts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from zoneinfo import ZoneInfo

from bot.core.editorial.routes import ChannelRoute
from bot.core.model import ChatKind
from bot.core.readers.schedule import midnight
from storage import preferences
from storage.database import Connection, Row, in_both, numbers
from storage.deliveries import as_json

_ON_TOPIC = (
    "EXISTS (SELECT 1 FROM subscription_topic AS st JOIN article_topic AS at"
    " ON at.topic_id = st.topic_id WHERE st.subscription_id = s.id AND at.article_id = :article)"
)
_ROUTES = (
    "SELECT s.*, c.kind, c.title, c.username, c.gone_at,"
    f" CASE WHEN {_ON_TOPIC} THEN 1 ELSE 0 END AS on_topic,"
    " COALESCE((SELECT MAX(d.state) FROM delivery AS d WHERE d.kind = 'post'"
    "  AND d.article_id = :article AND d.chat_id = s.chat_id AND d.thread = s.thread), '')"
    " AS delivery FROM subscription AS s JOIN chat AS c ON c.id = s.chat_id"
    " WHERE c.kind <> 'private' ORDER BY c.kind, c.title, s.thread LIMIT :limit"
)


async def of_article(
    cx: Connection, article_id: int, *, default: ZoneInfo, now: int, limit: int = 100
) -> list[ChannelRoute]:
    """The routes of an article, channels first."""
    rows = await cx.rows(_ROUTES, article=article_id, limit=limit)
    named = await cx.rows(_TOPICS, ids=as_json([row["id"] for row in rows])) if rows else []
    topics: dict[int, list[str]] = defaultdict(list)
    for one in named:
        topics[one["subscription_id"]].append(one["name"])
    return [_route(row, topics[row["id"]], default, now) for row in rows]


_TOPICS = in_both(
    "SELECT subscription_id, name FROM subscription_topic JOIN topic ON topic.id = topic_id"
    " WHERE subscription_id IN {ids} ORDER BY subscription_id, name",
    ids=numbers("ids"),
)


def _route(row: Row, topics: Sequence[str], default: ZoneInfo, now: int) -> ChannelRoute:
    wants = preferences.of_row(row, default)
    return ChannelRoute(
        row["title"],
        row["username"],
        ChatKind(row["kind"]),
        row["thread"],
        wants,
        everything=bool(row["everything"]),
        topics=tuple(topics),
        on_topic=bool(row["on_topic"]),
        active=bool(row["active"]),
        gone=row["gone_at"] is not None,
        delivery=row["delivery"],
        rests=row["rests_until"] > now,
        posted_today=row["posted"] if row["day"] == midnight(now, wants.zone) else 0,
    )


_READS = "(:all = 1 OR c.kind = 'private') AND c.gone_at IS NULL AND s.active = 1"
_NAMED = in_both(
    "SELECT hit.article_id, SUM(CASE s.everything WHEN 1 THEN -1 ELSE 1 END) AS more"
    " FROM (SELECT DISTINCT at.article_id, st.subscription_id FROM article_topic AS at"
    "  JOIN subscription_topic AS st ON st.topic_id = at.topic_id WHERE at.article_id IN {ids})"
    " AS hit JOIN subscription AS s ON s.id = hit.subscription_id"
    " JOIN chat AS c ON c.id = s.chat_id"
    f" WHERE {_READS} GROUP BY hit.article_id",
    ids=numbers("ids"),
)


async def private(cx: Connection, articles: Sequence[int]) -> dict[int, int]:
    """How many private chats are subscribed to each article's topics. The audience is walked once,
    however many articles there are."""
    return await _count(cx, articles, everybody=False)


async def audience(cx: Connection, article_id: int) -> int:
    """How many chats of any kind are subscribed to an article's topics."""
    return (await _count(cx, [article_id], everybody=True))[article_id]


async def _count(cx: Connection, articles: Sequence[int], *, everybody: bool) -> dict[int, int]:
    whole = await cx.value(
        "SELECT COUNT(*) FROM subscription AS s JOIN chat AS c ON c.id = s.chat_id"
        f" WHERE s.everything = 1 AND {_READS}",
        all=int(everybody),
    )
    rows = await cx.rows(_NAMED, ids=as_json(list(articles)), all=int(everybody))
    more = {row["article_id"]: row["more"] for row in rows}
    return {one: int(whole) + int(more.get(one, 0)) for one in articles}
