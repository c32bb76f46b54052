"""Articles that are withdrawn: by an editor's word, or because they vanished from the site.

entry left the feed while older ones stayed -> its page answers 404 or 410, at two looks
  -> ONE transaction: article marked, every post of it to be edited. Nothing is deleted.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import structlog

from bot.core.errors import FeedError
from bot.core.model import ArticleId, FeedId, Story
from bot.fetch import Fetcher
from storage import Connection, Database, Row, articles, deliveries, feeds

log = structlog.get_logger("retracting")

_LOOKS = 2
_AT_ONCE = 5


async def retract(tx: Connection, article_id: ArticleId, *, now: int) -> bool:
    """Mark an article and its posts as withdrawn. False when it was already."""
    if not await articles.retract(tx, article_id, now=now):
        return False
    await deliveries.announce_edit(tx, article_id, now=now, correction=True)
    return True


class Vanished:
    """Finds articles that the newsroom took off its site."""

    def __init__(self, db: Database, fetcher: Fetcher, *, clock: Callable[[], int]) -> None:
        self._db = db
        self._fetcher = fetcher
        self._clock = clock

    async def after(self, feed_id: FeedId, stories: Sequence[Story]) -> bool:
        """After a look that found the feed changed. Returns whether something was withdrawn."""
        dates = [story.published for story in stories if story.published is not None]
        if not dates:
            return False
        async with self._db.reading() as cx:
            rows = await feeds.left(cx, feed_id, after=min(dates), limit=_AT_ONCE)
        return await self._check(rows)

    async def again(self, feed_ids: Sequence[FeedId]) -> bool:
        """After looks that found these feeds as they were: what was missing is looked for again."""
        async with self._db.reading() as cx:
            rows = await feeds.missing(cx)
        return await self._check([row for row in rows if row["feed_id"] in feed_ids][:_AT_ONCE])

    async def _check(self, rows: Sequence[Row]) -> bool:
        withdrawn = False
        for row in rows:
            gone = await self._gone(row["link"])
            if gone is not None:
                missing = row["missing"] + 1 if gone else -1
                withdrawn |= await self._note(ArticleId(row["id"]), missing)
        return withdrawn

    async def _gone(self, link: str) -> bool | None:
        """None when nobody can tell now."""
        try:
            await self._fetcher.get(link, accept="text/html")
        except FeedError as error:
            return True if error.gone else None
        return False

    async def _note(self, article_id: ArticleId, missing: int) -> bool:
        now = self._clock()
        async with self._db.transaction() as tx:
            await articles.set_missing(tx, article_id, missing)
            withdrawn = missing >= _LOOKS and await retract(tx, article_id, now=now)
        if withdrawn:
            log.info("article.vanished", article=article_id)
        return withdrawn
