"""The loop that completes articles of short feeds from their pages, after they were stored.

    page is due -> claimed (an attempt is counted) -> read (no transaction)
      -> ONE transaction: article, search row, page; an edit, if a chat shows the article

These are the articles of a feed's quiet first poll, and news whose page was too slow to wait for.
Nothing is ever broadcast from here. A page that is due stays due until it is read or given up, so a
restart resumes where it stopped.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress

import structlog

from bot.attempts import log_fault
from bot.core.articles import likeness
from bot.core.articles.merging import merge
from bot.core.errors import StorageError
from bot.core.model import ArticleId, Story
from bot.health import Beat, no_beat
from bot.news.page_reader import Pages, Reading
from storage import Connection, Database, articles, deliveries, due_pages, indexing
from storage.due_pages import DuePage, Validators

log = structlog.get_logger("completing")

_SITES = 8
_PAUSE = 1.0
"""Seconds between two pages of a site: a first poll asks for many."""
_ATTEMPTS = 4
_LEASE = 60
"""Seconds until the second attempt; each further one waits five times as long: 5 and 25 minutes."""
_IDLE = 30.0
_TROUBLE = 5.0


class Completer:
    """Reads the pages that are due: concurrently across sites, one after the other for each
    site."""

    def __init__(
        self,
        db: Database,
        reader: Pages,
        *,
        clock: Callable[[], int],
        on_edit: Callable[[], None],
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        beat: Beat = no_beat,
    ) -> None:
        self._db = db
        self._reader = reader
        self._beat = beat
        self._clock = clock
        self._on_edit = on_edit
        self._sleep = sleep
        self._under_way: set[str] = set()
        self._awake = asyncio.Event()

    def wake(self) -> None:
        """Tell the loop that something is due."""
        self._awake.set()

    async def run(self) -> None:
        """Run forever; idle while nothing is due."""
        async with asyncio.TaskGroup() as group:
            while True:
                self._beat()
                self._awake.clear()
                try:
                    await self._begin(group)
                    wait = await self._idle()
                except StorageError as error:
                    log.warning("completing.postponed", reason=str(error))
                    wait = _TROUBLE
                with suppress(TimeoutError):
                    async with asyncio.timeout(wait):
                        await self._awake.wait()

    async def tick(self) -> None:
        """Read what is due now (for tests)."""
        async with asyncio.TaskGroup() as group:
            await self._begin(group)

    async def _begin(self, group: asyncio.TaskGroup) -> None:
        async with self._db.reading() as cx:
            due = await due_pages.hosts(cx, now=self._clock())
        for host in due:
            if host not in self._under_way and len(self._under_way) < _SITES:
                self._under_way.add(host)
                group.create_task(self._walk(host))

    async def _idle(self) -> float:
        if self._under_way:
            return _IDLE  # each one that ends wakes us
        async with self._db.reading() as cx:
            soonest = await due_pages.next_due(cx)
        return _IDLE if soonest is None else min(max(soonest - self._clock(), 0.0), _IDLE)

    async def _walk(self, host: str) -> None:
        """All pages of a site that are due, the newest article first."""
        try:
            while (due := await self._claim(host)) is not None:
                known = Validators(due.link, due.etag, due.last_modified)
                reading = await self._reader.read(due.link, known)
                if await self._store(due, reading):
                    self._on_edit()
                await self._sleep(_PAUSE)
        except StorageError as error:
            # What was read is due again when its lease ends.
            log.warning("completing.postponed", reason=str(error))
            await self._sleep(_TROUBLE)
        except Exception as error:  # noqa: BLE001 - that page is due again when its lease ends
            log_fault("page.broken", error, host=host)
            await self._sleep(_TROUBLE)
        finally:
            self._under_way.discard(host)
            self.wake()

    async def _claim(self, host: str) -> DuePage | None:
        async with self._db.transaction() as tx:
            return await due_pages.claim(tx, host, now=self._clock(), lease=_LEASE)

    async def _store(self, due: DuePage, reading: Reading) -> bool:
        """Store what a page added. Returns whether posts have to be edited."""
        now = self._clock()
        async with self._db.transaction() as tx:
            if reading.again_in is not None:
                await self._again(tx, due, reading, now)
                return False
            known = await due_pages.still_due(tx, due.article_id)
            if known is None or known.link != due.link:
                return False  # the feed changed it in the meantime
            await due_pages.was_read(
                tx, due.article_id, host=due.host, validators=reading.validators
            )
            if reading.story is None:
                return False
            whole = merge(known.told, reading.story)
            edited = await complete(tx, due.article_id, whole, told=known.told, now=now)
        log.info("article.completed", article=due.article_id, edited=edited)
        return edited

    async def _again(self, tx: Connection, due: DuePage, reading: Reading, now: int) -> None:
        assert reading.again_in is not None  # asked before
        if reading.site:
            await due_pages.put_off(tx, due.host, until=now + reading.again_in)
        if due.attempts >= _ATTEMPTS:
            await due_pages.give_up(tx, due.article_id)
            log.info("page.given_up", article=due.article_id, link=due.link)
            return
        wait = max(reading.again_in, _LEASE * 5 ** (due.attempts - 1))
        await due_pages.later(tx, due.article_id, due_at=now + wait)


async def complete(
    tx: Connection, article_id: ArticleId, whole: Story, *, told: Story, now: int
) -> bool:
    """Store what an article's page added. Returns whether there are posts to be edited."""
    before = await articles.get(tx, article_id)
    if before is None or before.retracted_at is not None:
        return False
    seen = likeness.shown(articles.as_story(before)) != likeness.shown(whole)
    await articles.correct(tx, article_id, whole, of=told, now=now, seen=seen)
    await indexing.index(tx, article_id)
    if not seen or not await deliveries.is_out(tx, article_id):
        return False
    await deliveries.announce_edit(tx, article_id, now=now, correction=True)
    return True
