"""Stored articles that an entry may be about, for `bot.core.feeds.recognition`. Reads rows only.

by_key       articles by this feed's own keys
last_seen    what the last poll found in it
candidates   articles of any feed that have a link, a headline or a text in common with a story,
             and those of its own that have its date
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bot.core.articles import urls
from bot.core.articles.likeness import content_key, headline_key
from bot.core.feeds.recognition import KnownArticle
from bot.core.model import ArticleId, FeedId, Story
from storage.database import Connection, Row

_CHUNK = 400
_EDITIONS = 20
"""Articles of one headline that are compared: the newest."""
_READ = (
    "SELECT article.id, article.headline, article.lead, SUBSTR(article.body, 1, 4000) AS body,"
    " article.link_key, article.headline_key, article.published_at, article.origin,"
    " article.retracted_at, article.earlier, article.posted, article.edited,"
    " article.feed_id, owner.active AS owner_active,"
    " CASE WHEN article.hold <> '' THEN 1 ELSE"
    " (SELECT COUNT(*) FROM broadcast WHERE article_id = article.id AND kind = 'news')"
    " END AS announced,"
    " entry.key, entry.told, entry.told_link, entry.told_at, entry.place, entry.seen_at,"
    " entry.walked FROM article"
    " LEFT JOIN feed AS owner ON owner.id = article.feed_id"
)
_CALLED = " LEFT JOIN entry ON entry.article_id = article.id AND entry.feed_id = :feed"
_ENTRIES = " JOIN entry ON entry.article_id = article.id AND entry.feed_id = :feed"


async def by_key(cx: Connection, feed_id: FeedId, keys: Sequence[str]) -> dict[str, KnownArticle]:
    """What this feed's entries with these keys stand for."""
    found: dict[str, KnownArticle] = {}
    for start in range(0, len(keys), _CHUNK):
        part = keys[start : start + _CHUNK]
        marks = ",".join(f":k{n}" for n in range(len(part)))
        rows = await cx.rows(
            f"{_READ}{_ENTRIES} WHERE entry.key IN ({marks})",
            feed=feed_id,
            **{f"k{n}": key for n, key in enumerate(part)},
        )
        found |= {row["key"]: _known(row, feed_id) for row in rows}
    return found


async def last_seen(cx: Connection, feed_id: FeedId) -> tuple[KnownArticle, ...]:
    """What the last poll found in this feed, in its order."""
    rows = await cx.rows(
        f"{_READ}{_ENTRIES} JOIN feed AS here ON here.id = entry.feed_id"
        " WHERE entry.seen_at >= here.read_at AND here.read_at > 0 AND entry.walked = 0"
        " ORDER BY entry.place",
        feed=feed_id,
    )
    return tuple(_known(row, feed_id) for row in rows)


async def candidates(
    cx: Connection, feed_id: FeedId | None, stories: Iterable[Story]
) -> dict[str, list[KnownArticle]]:
    """The articles that each story may be about, by its key."""
    return {story.key: await _candidates(cx, feed_id, story) for story in stories}


async def _candidates(cx: Connection, feed_id: FeedId | None, story: Story) -> list[KnownArticle]:
    link = urls.identity(story.link)
    rows = await cx.rows(
        f"{_READ}{_CALLED} WHERE article.id IN"
        " (SELECT id FROM (SELECT id FROM article WHERE link_key = :link AND link_key <> ''"
        "   ORDER BY id DESC LIMIT :most) AS linked"
        "  UNION SELECT id FROM (SELECT id FROM article WHERE content_key = :content"
        "   ORDER BY id DESC LIMIT :most) AS told"
        "  UNION SELECT id FROM (SELECT id FROM article WHERE headline_key = :head"
        "   AND headline_key <> '' ORDER BY id DESC LIMIT :most) AS headed"
        "  UNION SELECT id FROM (SELECT article_id AS id FROM entry WHERE feed_id = :feed"
        "   AND published_at = :published ORDER BY article_id DESC LIMIT :most) AS dated)"
        " ORDER BY article.id, entry.seen_at",
        feed=feed_id or 0,
        link="" if urls.is_front_page(story.link) else link,
        content=content_key(story),
        head=headline_key(story),
        published=-1 if story.published is None else story.published,
        most=_EDITIONS,
    )
    # If this feed has several keys for one, the last used counts.
    return list({row["id"]: _known(row, feed_id) for row in rows}.values())


def _known(row: Row, feed_id: FeedId | None) -> KnownArticle:
    owner = row["feed_id"]
    return KnownArticle(
        id=ArticleId(row["id"]),
        headline=row["headline"],
        lead=row["lead"],
        body=row["body"],
        link_key=row["link_key"],
        headline_key=row["headline_key"] or "",
        published=row["published_at"],
        imported=row["origin"] == "import",
        announced=bool(row["announced"]),
        retracted=row["retracted_at"] is not None,
        ours=owner is None or owner == feed_id or not row["owner_active"],
        earlier=tuple(row["earlier"].split()),
        posted=row["posted"],
        edited=row["edited"],
        key=row["key"] or "",
        fingerprint=row["told"] or "",
        link=row["told_link"] or "",
        updated=row["told_at"],
        place=row["place"] or 0,
        seen=row["seen_at"] or 0,
        walked=bool(row["walked"]),
    )
