"""Walks back through the archive behind a feed: stores and indexes, posts nothing.

    page -> entries not known yet -> ONE transaction: articles, entries, index, where to go on

Knows the three ways of paging (Blogger and Atom: rel=next; RFC 5005: rel=prev-archive; WordPress:
?paged=2). Feeds on different hosts are walked concurrently, those on one host one after the other,
with a second between requests. An interrupted walk resumes where it stopped; once all are complete,
the next run starts over, to find what came and went unseen in between.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, tzinfo
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

import structlog
from rich.progress import Progress, TaskID

from bot import fetch
from bot.core.articles.likeness import fingerprint
from bot.core.errors import FeedError
from bot.core.feeds.plan import Sighting
from bot.core.feeds.recognition import recognise
from bot.core.model import ArticleId, ParsedFeed, Story
from bot.core.networks import without_credentials
from bot.core.text import whole_number
from bot.fetch import Fetched, Fetcher
from bot.news import discovery
from bot.reading.reader import BytesReader, InThread
from storage import Connection, Database, articles, feeds, indexing, known_articles
from storage.feeds import FeedRow

log = structlog.get_logger("backfill")

DONE = "-"
"""Stored in place of the next page when there is none."""
_PAUSE = 1.0
TRIES = 4
"""How often a page is requested before giving up."""
_LONGEST_WAIT = 600.0
_HEAD = 4096
_BLOGGER_PAGE = 100
"""Entries requested from Blogger at a time. Its limit has shrunk over the years, and it may return
fewer."""
_BLOGGER = re.compile(r"/feeds/(?:\d+/)?posts/(?:default|full)(?:/-/[^/]+)?/?$")
_TOTAL = re.compile(rb"<(?:[\w-]+:)?totalResults\b[^>]*>\s*(\d{1,8})\s*<", re.IGNORECASE)
_WORDPRESS_FEED = re.compile(r"/feed/?$|/rss2/?$")
_TELL = 10
"""Without a terminal, a line is printed after so many pages."""


@dataclass(slots=True)
class BackfillResult:
    """The result of a run: the number of new articles, and a sentence for each feed that failed."""

    added: int = 0
    faults: list[str] = field(default_factory=list)


@dataclass(slots=True)
class _Walk:
    """The walk back through one feed."""

    row: FeedRow
    task: TaskID
    name: str
    pages: int = 0
    entries: int = 0
    added: int = 0
    total: int | None = None
    keys: set[str] = field(default_factory=set)
    visited: set[str] = field(default_factory=set)


class Backfill:
    """One run over all feeds. `tries`: attempts for each page; `sleep`: asyncio's except in
    tests."""

    def __init__(
        self,
        db: Database,
        fetcher: Fetcher,
        reader: BytesReader | None = None,
        *,
        clock: Callable[[], int],
        zone: tzinfo = UTC,
        tries: int = TRIES,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._db = db
        self._fetcher = fetcher
        self._reader = reader or InThread()
        self._clock = clock
        self._zone = zone
        self._tries = tries
        self._sleep = sleep

    async def run(self, sources: Iterable[tuple[str, str]], bar: Progress) -> BackfillResult:
        """Walk every feed to its end. A feed that fails is named and left for the next run."""
        async with self._db.transaction() as tx:
            await feeds.configure(tx, sources)
            await feeds.walk_anew(tx, done=DONE)
        await articles.ensure_keys(self._db)
        async with self._db.reading() as cx:
            rows = await feeds.active(cx)
        outcome = BackfillResult()
        hosts: dict[str, list[_Walk]] = {}
        for row in rows:
            name = row.name or row.title or without_credentials(row.address)
            walk = _Walk(row, bar.add_task(name, total=None, note=""), name)
            hosts.setdefault(urlsplit(row.found or row.address).netloc, []).append(walk)
        await asyncio.gather(*(self._of_host(walks, bar, outcome) for walks in hosts.values()))
        return outcome

    async def _of_host(
        self, walks: Sequence[_Walk], bar: Progress, outcome: BackfillResult
    ) -> None:
        for number, walk in enumerate(walks):
            if number:
                await self._sleep(_PAUSE)
            try:
                await self._walk(walk, bar)
            except FeedError as error:
                outcome.faults.append(str(error))
                bar.console.print(str(error), style="red", markup=False, highlight=False)
            finally:
                outcome.added += walk.added
            bar.update(walk.task, total=max(walk.entries, 1), completed=max(walk.entries, 1))

    async def _walk(self, walk: _Walk, bar: Progress) -> None:
        page = walk.row.next_page or _larger(walk.row.found or walk.row.address)
        while page not in walk.visited and page != DONE:
            walk.visited.add(page)
            first = walk.pages == 0
            got = await self._get(page, first=first and not walk.row.next_page)
            if got is None:
                break
            got, parsed = await self._read(got, first=first)
            walk.name = walk.row.name or parsed.title or walk.name
            fresh = [story for story in parsed.stories if story.key not in walk.keys]
            walk.keys.update(story.key for story in fresh)
            # A site that does not know ?paged= sends the same page forever.
            page = (next_page(parsed, got) if fresh else "") or DONE
            walk.added += await self._store(walk.row, fresh, page)
            walk.entries += len(fresh)
            walk.pages += 1
            walk.total = walk.total or _total(got)
            _tell(walk, bar)
            if page not in walk.visited and page != DONE:
                await self._sleep(_PAUSE)
        async with self._db.transaction() as tx:
            await feeds.go_on_at(tx, walk.row.id, DONE)
        _tell(walk, bar, last=True)

    async def _read(self, got: Fetched, *, first: bool) -> tuple[Fetched, ParsedFeed]:
        """A page of the feed; at the beginning also the feed behind a site's page."""
        if not first:
            return got, await discovery.read_feed(
                self._reader, got, now=self._clock(), zone=self._zone
            )
        behind, parsed = await discovery.feed_behind(
            self._fetcher, self._reader, got, now=self._clock(), zone=self._zone
        )
        larger = _larger(behind.address)
        if behind is not got and larger != behind.address:
            await self._sleep(_PAUSE)
            behind = await self._fetcher.get(larger, accept=fetch.FEED)
            parsed = await discovery.read_feed(
                self._reader, behind, now=self._clock(), zone=self._zone
            )
        return behind, parsed

    async def _get(self, page: str, *, first: bool) -> Fetched | None:
        """A page, or None if there are no more (a paged feed ends with 404)."""
        for attempt in range(1, self._tries + 1):
            try:
                return await self._fetcher.get(page, accept=fetch.FEED)
            except FeedError as error:
                if error.gone and not first:
                    return None
                if error.gone or attempt == self._tries:
                    raise
                await self._sleep(min(error.retry_after or 5.0 * 2**attempt, _LONGEST_WAIT))
        raise AssertionError("the loop returns or raises")

    async def _store(self, row: FeedRow, stories: Sequence[Story], following: str) -> int:
        now = self._clock()
        async with self._db.transaction() as tx:
            by_key = await known_articles.by_key(tx, row.id, [story.key for story in stories])
            unknown = [story for story in stories if story.key not in by_key]
            among = await known_articles.candidates(tx, row.id, unknown)
            found = recognise(unknown, {}, candidates=among)
            ids = {key: known.id for key, known in found.items()}
            for story in unknown:
                if story.key not in ids:
                    ids[story.key] = await self._add(tx, row, story, now=now)
            seen = [
                (
                    Sighting(story, place, ids[story.key], fingerprint=fingerprint(story)),
                    ids[story.key],
                )
                for place, story in enumerate(unknown)
            ]
            await feeds.saw(tx, row.id, seen, now=now, walked=True)
            await feeds.go_on_at(tx, row.id, following)
        return len(unknown) - len(found)

    async def _add(self, tx: Connection, row: FeedRow, story: Story, *, now: int) -> ArticleId:
        article_id = await articles.add(tx, story, feed_id=row.id, origin="archive", now=now)
        await indexing.index(tx, article_id)
        return article_id


def next_page(parsed: ParsedFeed, got: Fetched) -> str:
    """The address of older entries: as the feed says, or by WordPress's convention; empty at the
    end."""
    if not parsed.stories:
        return ""
    if parsed.next_page:
        return parsed.next_page
    parts = urlsplit(got.address)
    query = dict(parse_qsl(parts.query))
    wordpress = b"wordpress" in got.body[:_HEAD].lower()
    if not wordpress and not _WORDPRESS_FEED.search(parts.path) and "feed" not in query:
        return ""
    query["paged"] = str((whole_number(query.get("paged", "1")) or 1) + 1)
    return urlunsplit(parts._replace(query=urlencode(query)))


def _larger(address: str) -> str:
    """The address of Blogger's feed in larger pages: a quarter of the requests. Its RSS form names
    no next page; there the numbers have to match the request."""
    parts = urlsplit(address)
    if not _BLOGGER.search(parts.path) or re.search("max-results|alt=", parts.query):
        return address
    query = [*parse_qsl(parts.query), ("max-results", str(_BLOGGER_PAGE))]
    return urlunsplit(parts._replace(query=urlencode(query)))


def _total(got: Fetched) -> int | None:
    """How many entries there are, if the feed says so (OpenSearch)."""
    found = _TOTAL.search(got.body[:20_000])
    return int(found[1]) if found else None


def _tell(walk: _Walk, bar: Progress, *, last: bool = False) -> None:
    note = f"{walk.entries:,} entries, {walk.added:,} new"
    total = max(walk.total, walk.entries) if walk.total else None
    bar.update(walk.task, description=walk.name, note=note, completed=walk.entries, total=total)
    if not bar.console.is_terminal and (last or walk.pages % _TELL == 1):
        end = "." if last else " ..."
        bar.console.print(f"{walk.name}: {note}{end}", markup=False, highlight=False)
