"""Feeds and their keys for articles. Knows rows, no formats, no network."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, cast

from bot.core.feeds.plan import FeedState, Sighting
from bot.core.model import ArticleId, FeedId
from storage import known_articles
from storage.database import Connection, Row


@dataclass(frozen=True, slots=True)
class FeedRow:
    """A feed that is due for a poll."""

    id: FeedId
    address: str
    found: str
    name: str
    title: str
    etag: str
    last_modified: str
    body_hash: str
    first_poll: bool
    failures: int
    next_page: str
    push_until: int = 0
    asked_at: int | None = None
    whole_at: int = 0
    read_at: int = 0
    habit: int | None = None
    oldest_at: int | None = None
    own_parts: str = ""


_COLUMNS = (
    "id, address, found, name, title, etag, last_modified, body_hash, first_look_at IS NULL,"
    " failures, next_page, COALESCE(push_until, 0), asked_at, whole_at, read_at, habit, oldest_at,"
    " own_parts"
)
"""The fields of `FeedRow`, in their order: naming them in each row would double the cost of finding
what is due, which every poll pays."""


def _feed(row: Row) -> FeedRow:
    return FeedRow(*cast("Iterable[Any]", row))


async def configure(tx: Connection, feeds: Iterable[tuple[str, str]]) -> None:
    """The feeds of the settings (address, name); others keep their articles but are not polled."""
    await tx.run("UPDATE feed SET active = 0")
    for address, name in feeds:
        await tx.run(
            "INSERT INTO feed (address, name) VALUES (:address, :name) ON CONFLICT (address)"
            " DO UPDATE SET name = excluded.name, active = 1",
            address=address,
            name=name,
        )


async def due(cx: Connection, now: int) -> list[FeedRow]:
    """Feeds that are due."""
    rows = await cx.rows(
        f"SELECT {_COLUMNS} FROM feed WHERE active = 1 AND due_at <= :now ORDER BY due_at, id",
        now=now,
    )
    return [_feed(row) for row in rows]


async def active(cx: Connection) -> list[FeedRow]:
    rows = await cx.rows(f"SELECT {_COLUMNS} FROM feed WHERE active = 1 ORDER BY id")
    return [_feed(row) for row in rows]


async def get(cx: Connection, feed_id: FeedId) -> FeedRow | None:
    row = await cx.row(f"SELECT {_COLUMNS} FROM feed WHERE id = :id AND active = 1", id=feed_id)
    return None if row is None else _feed(row)


async def brought_news(tx: Connection, feed_id: FeedId, *, now: int) -> None:
    """Note that its hub pushed something new."""
    await tx.run("UPDATE feed SET news_at = :now WHERE id = :id", id=feed_id, now=now)


async def begin(tx: Connection, feed_id: FeedId, *, title: str, language: str) -> None:
    """What a feed says about itself, for articles that come before its poll is stored completely
    (`looked`)."""
    await tx.run(
        "UPDATE feed SET title = :title, language = :language WHERE id = :id",
        id=feed_id,
        title=title,
        language=language,
    )


async def next_due(cx: Connection) -> int | None:
    """When the next feed is due, if there is any."""
    moment = await cx.value("SELECT min(due_at) FROM feed WHERE active = 1")
    return None if moment is None else int(moment)


async def state(cx: Connection, feed: FeedRow, *, partial: bool = False) -> FeedState:
    """What is known of a feed before a poll; before a push (`partial`), which says nothing about
    entries that it leaves out."""
    oldest = feed.oldest_at
    if oldest is None:
        oldest = await cx.value(
            "SELECT min(published_at) FROM entry WHERE feed_id = :feed AND walked = 0",
            feed=feed.id,
        )
    return FeedState(
        first_poll=feed.first_poll,
        oldest=oldest,
        asked_at=feed.asked_at,
        last=() if partial else await known_articles.last_seen(cx, feed.id),
    )


async def saw(
    tx: Connection,
    feed_id: FeedId,
    sightings: Iterable[tuple[Sighting, ArticleId]],
    *,
    now: int,
    walked: bool = False,
    partial: bool = False,
    unfinished: bool = False,
) -> None:
    """Store entries as this poll found them, with the articles that they are about. `walked`: not a
    poll, but the walk through the archive; what a poll has seen stays as it is. `partial`: a push,
    which says nothing about positions. `unfinished`: of a poll that is not stored completely, so
    that the next one has still to find them."""
    rows = [
        {
            "feed": feed_id,
            "key": one.story.key,
            "article": article_id,
            "published": one.story.published,
            "now": now,
            "fingerprint": one.fingerprint,
            "link": one.story.link,
            "updated": one.story.updated,
            "place": one.place,
            "walked": int(walked or unfinished),
        }
        for one, article_id in sightings
    ]
    await tx.run_many(_WALKED if walked else _PUSHED if partial else _SAW, rows)


_WALKED = (
    "INSERT INTO entry (feed_id, key, article_id, published_at, seen_at, told, told_link,"
    " told_at, place, walked) VALUES (:feed, :key, :article, :published, :now, :fingerprint,"
    " :link, :updated, :place, :walked) ON CONFLICT (feed_id, key) DO NOTHING"
)
_PUSHED = _WALKED.replace(
    "DO NOTHING",
    "DO UPDATE SET article_id = excluded.article_id, published_at = excluded.published_at,"
    " seen_at = excluded.seen_at, told = excluded.told, told_link = excluded.told_link,"
    " told_at = excluded.told_at, walked = excluded.walked",
)
_SAW = _PUSHED + ", place = excluded.place"


async def told(
    tx: Connection, feed_id: FeedId, sightings: Iterable[tuple[Sighting, ArticleId]]
) -> None:
    """Note what a feed says about articles that it had, whether a poll counts as having found them
    or not."""
    rows = [
        {
            "feed": feed_id,
            "key": one.story.key,
            "article": article_id,
            "renewed": int(one.renewed),
            "fingerprint": one.fingerprint,
            "link": one.story.link,
            "updated": one.story.updated,
        }
        for one, article_id in sightings
    ]
    await tx.run_many(
        "UPDATE entry SET told = :fingerprint, told_link = :link, told_at = :updated"
        " WHERE feed_id = :feed AND article_id = :article AND (key = :key OR :renewed = 1)",
        rows,
    )


_IN_NO_FEED = (
    " AND NOT EXISTS (SELECT 1 FROM entry AS here JOIN feed AS its ON its.id = here.feed_id"
    " WHERE here.article_id = article.id AND its.active = 1 AND here.seen_at >= its.read_at)"
)
"""The last body of no feed had the article, under any key."""


async def left(
    cx: Connection, feed_id: FeedId, *, after: int, patience: int, limit: int
) -> list[Row]:
    """Articles that left a feed though they are newer than `after`, the oldest that it still
    carries, and that no other feed carries: id, link, headline, missing, feed_id. Those whose page
    was found still there `patience` times are left out."""
    return await cx.rows(
        "SELECT DISTINCT article.id, article.link, article.headline, article.missing,"
        " entry.feed_id, entry.published_at FROM entry"
        " JOIN article ON article.id = entry.article_id JOIN feed ON feed.id = entry.feed_id"
        " WHERE entry.feed_id = :feed AND origin = 'feed' AND retracted_at IS NULL AND link <> ''"
        " AND missing > :least AND entry.seen_at < feed.read_at AND entry.published_at > :after"
        f"{_IN_NO_FEED} ORDER BY entry.published_at DESC LIMIT :limit",
        feed=feed_id,
        after=after,
        least=-patience,
        limit=limit,
    )


async def missing(cx: Connection) -> list[Row]:
    """Articles in no feed whose page was gone at the last check: id, link, headline, missing,
    feed_id."""
    return await cx.rows(
        "SELECT id, link, headline, missing, feed_id FROM article"
        f" WHERE missing > 0 AND retracted_at IS NULL{_IN_NO_FEED}"
    )


async def came_back(cx: Connection, feed_id: FeedId, *, now: int) -> list[int]:
    """Articles that were withdrawn because they vanished, and that the poll of `now` found in a
    feed again."""
    rows = await cx.rows(
        "SELECT id FROM article WHERE missing > 0 AND retracted_at IS NOT NULL AND EXISTS"
        " (SELECT 1 FROM entry WHERE article_id = article.id AND feed_id = :feed"
        " AND seen_at >= :now)",
        feed=feed_id,
        now=now,
    )
    return [row["id"] for row in rows]


async def patient_again(tx: Connection, feed_id: FeedId, *, now: int) -> None:
    """Reset the checks of articles that the poll of `now` found in a feed."""
    await tx.run(
        "UPDATE article SET missing = 0 WHERE missing <> 0 AND retracted_at IS NULL AND id IN"
        " (SELECT article_id FROM entry WHERE feed_id = :feed AND seen_at >= :now)",
        feed=feed_id,
        now=now,
    )


async def carried(cx: Connection, feed_id: FeedId, *, limit: int) -> list[Row]:
    """The newest articles that a feed carries now: link, headline."""
    return await cx.rows(
        "SELECT link, headline FROM entry JOIN article ON article.id = entry.article_id"
        " JOIN feed ON feed.id = entry.feed_id WHERE entry.feed_id = :feed AND link <> ''"
        " AND entry.seen_at >= feed.read_at AND retracted_at IS NULL"
        " ORDER BY entry.published_at DESC LIMIT :limit",
        feed=feed_id,
        limit=limit,
    )


async def looked(
    tx: Connection,
    feed_id: FeedId,
    *,
    now: int,
    due_at: int,
    title: str,
    language: str,
    etag: str,
    last_modified: str,
    body_hash: str,
    found: str,
    oldest_at: int | None = None,
    habit: int | None = None,
    own_parts: str = "",
    empty: bool = False,
    news: bool = False,
) -> None:
    """Store a successful poll with its validators, in the transaction that stores its articles. One
    that found the feed `empty` does not count as the first."""
    await tx.run(
        "UPDATE feed SET looked_at = :now, read_at = :now, whole_at = :now, due_at = :due_at,"
        " title = :title, language = :language, oldest_at = COALESCE(:oldest_at, oldest_at),"
        " habit = COALESCE(:habit, habit), own_parts = :own_parts,"
        " asked_at = COALESCE(asked_at, :now), etag = :etag, last_modified = :last_modified,"
        " body_hash = :body_hash, found = :found,"
        " first_look_at = CASE WHEN :empty = 1 THEN first_look_at"
        " ELSE COALESCE(first_look_at, :now) END, failures = 0, trouble = '',"
        " failing_since = NULL, news_at = CASE WHEN :news = 1 THEN :now ELSE news_at END"
        " WHERE id = :id",
        id=feed_id,
        now=now,
        due_at=due_at,
        title=title,
        language=language,
        etag=etag,
        last_modified=last_modified,
        body_hash=body_hash,
        found=found,
        oldest_at=oldest_at,
        habit=habit,
        own_parts=own_parts,
        empty=int(empty),
        news=int(news),
    )


async def asked_whole(tx: Connection, feed_ids: Sequence[FeedId], *, now: int) -> None:
    """Note unconditional polls that found nothing new."""
    await tx.run_many(
        "UPDATE feed SET whole_at = :now WHERE id = :id",
        [{"id": feed_id, "now": now} for feed_id in feed_ids],
    )


async def unchanged(tx: Connection, looks: Iterable[tuple[FeedId, int]], *, now: int) -> None:
    """Note polls that found nothing new (feed, when to poll again)."""
    await tx.run_many(
        "UPDATE feed SET looked_at = :now, due_at = :due_at, failures = 0, trouble = '',"
        " failing_since = NULL WHERE id = :id",
        [{"id": feed_id, "due_at": due_at, "now": now} for feed_id, due_at in looks],
    )


async def failed(tx: Connection, feed_id: FeedId, *, now: int, due_at: int, trouble: str) -> None:
    """Note a failed poll: when to try again, and why, in one sentence."""
    await tx.run(
        "UPDATE feed SET looked_at = :now, due_at = :due_at, failures = failures + 1,"
        " trouble = :trouble, failing_since = COALESCE(failing_since, :now),"
        " asked_at = COALESCE(asked_at, :now) WHERE id = :id",
        id=feed_id,
        now=now,
        due_at=due_at,
        trouble=trouble,
    )


async def go_on_at(tx: Connection, feed_id: FeedId, page: str) -> None:
    """Note where a walk through the feed's archive resumes."""
    await tx.run("UPDATE feed SET next_page = :page WHERE id = :id", page=page, id=feed_id)


async def walk_anew(tx: Connection, *, done: str) -> None:
    """Once every walk is complete, let the next ones start over."""
    await tx.run(
        "UPDATE feed SET next_page = '' WHERE active = 1 AND NOT EXISTS"
        " (SELECT 1 FROM feed WHERE active = 1 AND next_page <> :done)",
        done=done,
    )


async def titles(cx: Connection) -> list[str]:
    """The names of the newsroom's feeds, each once: the operator's, else their own titles."""
    rows = await cx.rows("SELECT name, title FROM feed ORDER BY id LIMIT 20")
    names = (row["name"] or row["title"] for row in rows)
    return list(dict.fromkeys(name for name in names if name))
