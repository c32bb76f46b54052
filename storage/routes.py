"""Which channels and groups an article reaches: their subscriptions, what became of its posts."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from bot.core.editorial.routes import ChannelRoute
from bot.core.model import ChatKind
from bot.core.readers.schedule import midnight
from storage import preferences
from storage.database import Connection, Row

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
    """Channels first."""
    rows = await cx.rows(_ROUTES, article=article_id, limit=limit)
    return [await _route(cx, row, default, now) for row in rows]


async def _route(cx: Connection, row: Row, default: ZoneInfo, now: int) -> ChannelRoute:
    wants = preferences.of_row(row, default)
    names = await cx.rows(
        "SELECT name FROM subscription_topic JOIN topic ON topic.id = topic_id"
        " WHERE subscription_id = :id ORDER BY name",
        id=row["id"],
    )
    return ChannelRoute(
        row["title"],
        row["username"],
        ChatKind(row["kind"]),
        row["thread"],
        wants,
        everything=bool(row["everything"]),
        topics=tuple(one["name"] for one in names),
        on_topic=bool(row["on_topic"]),
        active=bool(row["active"]),
        gone=row["gone_at"] is not None,
        delivery=row["delivery"],
        rests=row["rests_until"] > now,
        posted_today=row["posted"] if row["day"] == midnight(now, wants.zone) else 0,
    )


async def private(cx: Connection, article_id: int) -> int:
    """How many private chats have subscribed to topics that an article has."""
    return int(
        await cx.value(
            "SELECT COUNT(*) FROM subscription AS s JOIN chat AS c ON c.id = s.chat_id"
            " WHERE c.kind = 'private' AND c.gone_at IS NULL AND s.active = 1"
            f" AND s.everything <> (CASE WHEN {_ON_TOPIC} THEN 1 ELSE 0 END)",
            article=article_id,
        )
    )
