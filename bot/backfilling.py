"""Walks back through the archive behind a feed: stores and indexes, posts nothing.

    page -> entries not known yet -> ONE transaction: articles, entries, index, where to go on

Knows the three ways of paging (Blogger and Atom: rel=next; RFC 5005: rel=prev-archive; WordPress:
?paged=2); a walk that was interrupted goes on where it stopped.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from datetime import UTC, tzinfo
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

import structlog
from rich.progress import Progress, TaskID

from bot import fetch
from bot.core import feed
from bot.core.errors import FeedError
from bot.core.model import ParsedFeed, Story
from bot.fetch import Fetched, Fetcher
from storage import Connection, Database, articles, feeds, indexing
from storage.feeds import FeedRow

log = structlog.get_logger("backfill")

DONE = "-"
"""Stands in the place of the next page when there is none."""
_PAUSE = 1.0
_TRIES = 4
_LONGEST_WAIT = 600.0
_HEAD = 4096


class Backfill:
    """One walk over all feeds. `sleep` is asyncio's, but for tests."""

    def __init__(
        self,
        db: Database,
        fetcher: Fetcher,
        *,
        clock: Callable[[], int],
        zone: tzinfo = UTC,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._db = db
        self._fetcher = fetcher
        self._clock = clock
        self._zone = zone
        self._sleep = sleep

    async def run(self, sources: Iterable[tuple[str, str]], bar: Progress) -> int:
        """Walk every feed to its end; returns how many articles were added. A feed that fails is
        named and left for the next run. Raises FeedError when none could be read."""
        async with self._db.transaction() as tx:
            await feeds.configure(tx, sources)
        await indexing.ensure_index(self._db)
        async with self._db.reading() as cx:
            rows = await feeds.active(cx)
        added, faults = 0, []
        for row in rows:
            task = bar.add_task(row.title or row.address, total=None, note="")
            try:
                added += await self._walk(row, bar, task)
            except FeedError as error:
                faults.append(error)
                bar.console.print(str(error), style="red", markup=False)
        if faults and len(faults) == len(rows):
            raise faults[0]
        return added

    async def _walk(self, row: FeedRow, bar: Progress, task: TaskID) -> int:
        added, seen = 0, 0
        page = row.next_page or row.found or row.address
        visited: set[str] = set()
        while page != DONE and page not in visited:
            visited.add(page)
            got = await self._get(page, first=not row.next_page and len(visited) == 1)
            if got is None:
                page = DONE
                await self._note(row, DONE)
                break
            parsed = await asyncio.to_thread(
                feed.parse,
                got.body,
                address=got.address,
                content_type=got.content_type,
                now=self._clock(),
                zone=self._zone,
            )
            following = next_page(parsed, got) or DONE
            added += await self._store(row, parsed.stories, following)
            seen += len(parsed.stories)
            bar.update(task, note=f"{seen:,} entries, {added:,} new", completed=seen)
            page = following
            if page != DONE:
                await self._sleep(_PAUSE)
        bar.update(task, total=max(seen, 1), completed=max(seen, 1))
        return added

    async def _get(self, page: str, *, first: bool) -> Fetched | None:
        """A page, or None when there are no more (a paged feed ends with 404)."""
        for attempt in range(1, _TRIES + 1):
            try:
                return await self._fetcher.get(page, accept=fetch.FEED)
            except FeedError as error:
                if error.gone and not first:
                    return None
                if error.gone or attempt == _TRIES:
                    raise
                await self._sleep(min(error.retry_after or 5.0 * 2**attempt, _LONGEST_WAIT))
        raise AssertionError("the loop returns or raises")

    async def _store(self, row: FeedRow, stories: Iterable[Story], following: str) -> int:
        now = self._clock()
        added = 0
        async with self._db.transaction() as tx:
            known = await feeds.known_entries(tx, row.id, [story.key for story in stories])
            for story in stories:
                if story.key not in known:
                    added += await self._add(tx, row, story, now)
            await feeds.go_on_at(tx, row.id, following)
        return added

    async def _add(self, tx: Connection, row: FeedRow, story: Story, now: int) -> int:
        alike = await articles.alike(tx, story)
        article_id = alike.id if alike else None
        if article_id is None:
            article_id = await articles.add(tx, story, feed_id=row.id, origin="archive", now=now)
            await indexing.index(tx, article_id)
        await feeds.add_entry(tx, row.id, story.key, article_id, story.published, now=now)
        return int(alike is None)

    async def _note(self, row: FeedRow, following: str) -> None:
        async with self._db.transaction() as tx:
            await feeds.go_on_at(tx, row.id, following)


def next_page(parsed: ParsedFeed, got: Fetched) -> str:
    """Where older entries are: as the feed says, or by WordPress's custom; empty at the end."""
    if not parsed.stories:
        return ""
    if parsed.next_page:
        return parsed.next_page
    if b"wordpress" not in got.body[:_HEAD].lower():
        return ""
    parts = urlsplit(got.address)
    query = dict(parse_qsl(parts.query))
    page = query.get("paged", "1")
    query["paged"] = str((int(page) if page.isdigit() else 1) + 1)
    return urlunsplit(parts._replace(query=urlencode(query)))
