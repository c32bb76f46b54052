"""Withdraws articles: on an editor's word, or because they vanished from the site.

entry left its feed while older ones stayed -> its page is gone, at two checks,
while the site is well -> ONE transaction: article marked, every post of it to be edited
a feed carries it again -> the mark is removed the same way. Nothing is ever deleted.

A page is gone if the site answers 404, 410 or 451, or shows what it shows for an address that never
existed, or redirects to its front page. A site that does so for everything (an outage, a redesign)
withdraws nothing: another page, which has to exist, is requested as well. What an editor withdrew
stays withdrawn.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import structlog

from bot.core.articles import missing, urls
from bot.core.errors import FeedError
from bot.core.feeds import order
from bot.core.model import ArticleId, CorrectionKind, FeedId, Story
from bot.fetch import Fetcher
from bot.news.page_reader import origin
from storage import Connection, Database, Row, articles, corrections, deliveries, feeds, indexing

log = structlog.get_logger("retracting")

_CHECKS = 2
"""So many checks in a row have to find the page gone."""
_AT_ONCE = 5
_PATIENCE = 3
"""After so many checks that found the page still there, an article that left its feed is no longer
checked. More than one, since a cache may be stale.
"""
_WITNESSES = 2
_ON_PURPOSE = (410, 451)
"""Gone; unavailable for legal reasons: statuses that are not sent by mistake."""
_PAGE_BYTES = 3 * 1024 * 1024


async def retract(
    tx: Connection,
    article_id: ArticleId,
    *,
    reason: str = "",
    actor: str = "",
    actor_id: int = 0,
    now: int,
) -> bool:
    """Mark an article and its posts as withdrawn. False if it already was. Without a `reason` it
    was the site that dropped it."""
    if not await articles.retract(tx, article_id, now=now):
        return False
    await corrections.add(
        tx,
        article_id,
        CorrectionKind.WITHDRAWN,
        reason=reason,
        actor=actor,
        actor_id=actor_id,
        now=now,
    )
    await _show(tx, article_id, now=now)
    return True


async def restore(
    tx: Connection, article_id: ArticleId, *, actor: str = "", actor_id: int = 0, now: int
) -> None:
    """Undo the withdrawal of an article; its posts show it again, and say so."""
    await articles.restore(tx, article_id)
    await corrections.add(
        tx, article_id, CorrectionKind.RESTORED, actor=actor, actor_id=actor_id, now=now
    )
    await _show(tx, article_id, now=now)


async def take_back(tx: Connection, feed_id: FeedId, *, now: int) -> bool:
    """Articles that had vanished are no longer withdrawn once the poll of `now` finds them again,
    and checked anew should they leave again. Returns whether posts have to say so.
    """
    await feeds.patient_again(tx, feed_id, now=now)
    found = await feeds.came_back(tx, feed_id, now=now)
    for article_id in found:
        await restore(tx, ArticleId(article_id), now=now)
        log.info("article.came_back", article=article_id)
    return bool(found)


async def _show(tx: Connection, article_id: ArticleId, *, now: int) -> None:
    await indexing.index(tx, article_id)
    await deliveries.announce_edit(tx, article_id, now=now, correction=True)


@dataclass(frozen=True, slots=True)
class _Page:
    """What a site shows at an address; `address` is where it sent us."""

    status: int
    address: str = ""
    body: bytes = b""
    content_type: str = ""

    def shows(self, headline: str) -> bool:
        return missing.shows(self.body, self.content_type, headline)

    def is_headed(self, headline: str) -> bool:
        return missing.is_headed(self.body, self.content_type, headline)

    def is_like(self, other: _Page) -> bool:
        """Whether both are the same page, or say the same."""
        if self.status != 200 or other.status != 200:
            return False
        return self.address == other.address or missing.are_alike(
            self.body, other.body, self.content_type
        )

    def is_front_page_for(self, link: str) -> bool:
        """Whether a request for that article was redirected to the site's front page."""
        return urls.is_front_page(self.address) and not urls.is_front_page(link)


_NOTHING = _Page(404)


class Vanished:
    """Finds articles that the newsroom took off its site. Checks of a page are at least `apart`
    seconds apart, however many feeds have lost it."""

    def __init__(
        self, db: Database, fetcher: Fetcher, *, clock: Callable[[], int], apart: int = 1
    ) -> None:
        self._db = db
        self._fetcher = fetcher
        self._clock = clock
        self._apart = apart
        self._looked: dict[int, int] = {}
        """When each article's page was last checked, if less than `apart` seconds ago."""

    async def after(self, feed_id: FeedId, stories: Sequence[Story]) -> bool:
        """To be called after a poll that found the feed changed. Returns whether something was
        withdrawn."""
        oldest = order.reaches_back_to(stories)
        if oldest is None:
            return False
        async with self._db.reading() as cx:
            rows = await feeds.left(cx, feed_id, after=oldest, patience=_PATIENCE, limit=_AT_ONCE)
        return await self._check(rows)

    async def again(self, feed_ids: Sequence[FeedId]) -> bool:
        """To be called after polls that found these feeds unchanged: missing articles are checked
        again."""
        async with self._db.reading() as cx:
            rows = await feeds.missing(cx)
        return await self._check([row for row in rows if row["feed_id"] in feed_ids][:_AT_ONCE])

    async def _check(self, rows: Sequence[Row]) -> bool:
        withdrawn = False
        for row in [row for row in rows if self._is_due(row["id"])]:
            gone = await self._gone(row)
            if gone is not None:
                looks = max(row["missing"], 0) + 1 if gone else min(row["missing"], 0) - 1
                withdrawn |= await self._note(ArticleId(row["id"]), looks)
        return withdrawn

    def _is_due(self, article_id: int) -> bool:
        now = self._clock()
        self._looked = {one: at for one, at in self._looked.items() if now - at < self._apart}
        if article_id in self._looked:
            return False
        self._looked[article_id] = now
        return True

    async def _gone(self, row: Row) -> bool | None:
        """Whether the page of an article is gone; None if that cannot be told now."""
        page = await self._ask(row["link"])
        if page.status in _ON_PURPOSE:
            return True
        if page.status == 404:
            return True if await self._is_well(row, _NOTHING) else None
        if page.status != 200:
            return None
        sent_home = page.is_front_page_for(row["link"])
        if page.is_headed(row["headline"]) and not sent_home:
            return False
        nothing = await self._ask(missing.made_up(row["link"]))
        if not (page.is_like(nothing) or sent_home):
            return False
        return await self._is_well(row, nothing)

    async def _is_well(self, row: Row, nothing: _Page) -> bool:
        """Whether the site still shows what has to be there: articles that the feed carries, or its
        front page if the feed carries none from that site. `nothing` is what it shows for an
        address that never existed."""
        site = origin(row["link"])
        async with self._db.reading() as cx:
            others = await feeds.carried(cx, row["feed_id"], limit=_AT_ONCE)
        there = [
            (one["link"], one["headline"])
            for one in others
            if origin(one["link"]) == site and one["link"] != row["link"]
        ]
        for link, headline in there[:_WITNESSES] or [(f"{site}/", "")]:
            page = await self._ask(link)
            if page.status != 200:
                continue
            fine = not page.is_like(nothing) and not page.is_front_page_for(link)
            if page.shows(headline) or fine:
                return True
        log.info("article.missing_site", site=site, link=row["link"])
        return False

    async def _ask(self, link: str) -> _Page:
        """The server's answer; status 0 if there is none."""
        try:
            got = await self._fetcher.get(link, accept="text/html", max_bytes=_PAGE_BYTES)
        except FeedError as error:
            return _Page(error.status, link)
        return _Page(200, got.address, got.body, got.content_type)

    async def _note(self, article_id: ArticleId, looks: int) -> bool:
        now = self._clock()
        async with self._db.transaction() as tx:
            withdrawn = looks >= _CHECKS and await retract(tx, article_id, now=now)
            await articles.set_missing(tx, article_id, looks)
        if withdrawn:
            log.info("article.vanished", article=article_id)
        return withdrawn
