"""The loop that reads the feeds. Knows when to poll and what to store, never what a chat sees.

    feeds that are due -> fetch (side by side, no transaction) -> parse (thread) -> decide (pure)
      -> pages of what is news, where the feed is short
      -> ONE transaction: validators, articles, search rows, entries, one broadcast per new article,
         and the pages to be read afterwards (`bot.news.full_text`); several, if there is much
         to store (`bot.news.storing`)

Whatever happens before the last transaction is as if this poll had not been, but for the articles
that are there: the next poll finds the same entries.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from datetime import UTC, tzinfo

import structlog

from bot.attempts import log_fault, reason
from bot.core.errors import FeedError, StorageError
from bot.core.feeds.plan import next_poll
from bot.core.model import FeedId, Story
from bot.fetch import Fetcher
from bot.health import Beat, no_beat
from bot.news import planning
from bot.news.correcting import update_settled
from bot.news.feed_poll import FeedPoll, Unchanged
from bot.news.full_text import Completer
from bot.news.ingest import NO_EDITORS, EditorsPolicy, Ingest, Rules
from bot.news.page_reader import Pages
from bot.news.readings import Readings
from bot.news.retraction import Vanished
from bot.news.storing import PIECE, Storing
from bot.reading.reader import BytesReader, InThread
from storage import Database, due_pages, feeds, restless
from storage.feeds import FeedRow

log = structlog.get_logger("polling")

_MOST_PAGES = 20
"""So many news of one poll have their pages read before they are posted."""
_PUSHED = 900
"""Seconds between two polls of a feed while its hub pushes."""
_BUSY = 0.25
TROUBLE = 5.0
"""Seconds to wait when the disk is full or the database locked."""
_LONGEST = 60
"""Seconds between two checks whether a restless article has settled, if none was known to be."""
_IDLE = 5.0
"""Seconds between two checks of the table of feeds, when none is due earlier."""


class Poller:
    """Keeps the archive in step with the newsroom's feeds.

    `every` is the time between two polls of a healthy feed (seconds); `on_news` is called after a
    poll that stored something to deliver; `zone` is that of dates which name none (the newsroom's);
    without `pages` no article's page is read, without `vanished` articles that left their feed are
    not checked; `mark`: posts say that they were updated. Pages that nothing waits for are read by
    `completer`. `on_failure` is called with the feed and the kind of each failed poll. `pushing`:
    hubs are subscribed to, and feeds that they push are polled less often. `piece`: seconds of
    writing after which others have their turn.
    """

    def __init__(
        self,
        db: Database,
        fetcher: Fetcher,
        reader: BytesReader | None = None,
        *,
        every: int,
        clock: Callable[[], int],
        on_news: Callable[[], None],
        zone: tzinfo = UTC,
        pages: Pages | None = None,
        vanished: Vanished | None = None,
        mark: bool = True,
        editors: EditorsPolicy = NO_EDITORS,
        parallel: int = 16,
        trouble: float = TROUBLE,
        beat: Beat = no_beat,
        beat_pages: Beat = no_beat,
        on_failure: Callable[[str, str], None] = lambda _feed, _kind: None,
        pushing: bool = False,
        piece: float = PIECE,
    ) -> None:
        self._db = db
        self._poll = FeedPoll(fetcher, reader or InThread(), every=every, clock=clock, zone=zone)
        self._every = every
        self._clock = clock
        self._on_news = on_news
        self._pages = pages
        self._vanished = vanished
        self._rules = Rules(every, mark, editors)
        self._storing = Storing(
            db, self._rules, clock=clock, on_news=on_news, pushing=pushing, piece=piece
        )
        self._beat = beat
        self._on_failure = on_failure
        self._pushing = pushing
        self.completer = (
            Completer(db, pages, clock=clock, on_edit=on_news, beat=beat_pages)
            if pages is not None
            else None
        )
        self._trouble = trouble
        self._places = asyncio.Semaphore(parallel)
        self._under_way: set[FeedId] = set()
        self._unchanged: list[FeedRow] = []
        self._asked_whole: list[FeedId] = []
        self._landed = asyncio.Event()
        self._searching = asyncio.Lock()
        self._settles_at = 0
        """When posts of a restless article are due; looked up again after each store."""

    async def run(self) -> None:
        """Poll what is due, forever. A slow feed holds up no other."""
        async with asyncio.TaskGroup() as group:
            if self.completer is not None:
                group.create_task(self.completer.run())
            while True:
                self._beat()
                try:
                    for row in await self._due():
                        group.create_task(self.poll(row))
                    calm = await self._note_unchanged()
                    group.create_task(self._look_again(calm))
                    await self._settle()
                    wait = await self._idle()
                except StorageError as error:
                    log.warning("polling.postponed", reason=str(error))
                    wait = self._trouble
                await asyncio.sleep(wait)

    async def tick(self) -> None:
        """One poll of every feed that is due (for tests and commands)."""
        await asyncio.gather(*(self.poll(row) for row in await self._due()))
        await self._look_again(await self._note_unchanged())
        await self._settle()

    async def settled(self) -> None:
        """Wait until no poll is under way."""
        while self._under_way:
            self._landed.clear()
            await self._landed.wait()

    async def _due(self) -> list[FeedRow]:
        async with self._db.reading() as cx:
            found = await feeds.due(cx, self._clock())
        fresh = [row for row in found if row.id not in self._under_way]
        self._under_way.update(row.id for row in fresh)
        return fresh

    async def _idle(self) -> float:
        """Seconds until there may be something to do."""
        if self._under_way:
            return _BUSY
        async with self._db.reading() as cx:
            soonest = await feeds.next_due(cx)
        wait = _IDLE if soonest is None else soonest - self._clock()
        return min(max(wait, _BUSY), _IDLE)

    async def poll(self, row: FeedRow) -> None:
        """Poll one feed; a failure is remembered and delays the next poll."""
        changed = True
        try:
            async with self._places:
                changed = await self._look(row)
        except StorageError as error:
            # Nothing of the poll was stored: the same entries are new at the next one.
            log.warning("feed.not_stored", feed=row.address, reason=str(error))
            await asyncio.sleep(self._trouble)
        except Exception as error:  # noqa: BLE001 - a fault with this feed ends no poll at another
            log_fault("feed.broken", error, feed=row.address)
            await self._set_aside(row, error)
        finally:
            if changed:
                self._under_way.discard(row.id)
                self._landed.set()
            else:
                self._unchanged.append(row)

    async def _look(self, row: FeedRow) -> bool:
        """Fetch and store a feed; False if it is unchanged."""
        try:
            seen = await self._poll.of(row)
        except FeedError as error:
            await self._failed(row, error)
            return True
        if isinstance(seen, Unchanged):
            if seen.whole:
                self._asked_whole.append(row.id)
            return False
        readings = await self._pages_of(row, seen.feed.stories)
        await self._storing.store(row, seen, readings, pause=self._pause(row, self._clock()))
        self._settles_at = 0
        if self.completer is not None:
            self.completer.wake()
        if self._vanished is not None and await self._vanished.after(row.id, seen.feed.stories):
            self._on_news()
        return True

    async def _note_unchanged(self) -> list[FeedId]:
        """Note all polls that found nothing new, in one transaction: a thousand cost as much as
        one."""
        rows, self._unchanged = self._unchanged, []
        calm = [row.id for row in rows]
        if not calm:
            return calm
        whole, self._asked_whole = self._asked_whole, []
        now = self._clock()
        looks = [(row.id, next_poll(now, self._pause(row, now), 0)) for row in rows]
        try:
            async with self._db.transaction() as tx:
                await feeds.unchanged(tx, looks, now=now)
                if whole:
                    await feeds.asked_whole(tx, whole, now=now)
        finally:
            self._under_way.difference_update(calm)
            self._landed.set()
        return calm

    def _pause(self, row: FeedRow, now: int) -> int:
        """Seconds until the next poll of a healthy feed."""
        return max(self._every, _PUSHED) if self._pushing and row.push_until > now else self._every

    async def _look_again(self, calm: Sequence[FeedId]) -> None:
        """Check the articles that are missing from these feeds, without letting a slow page hold up
        polls."""
        if self._vanished is None or not calm or self._searching.locked():
            return
        async with self._searching:
            try:
                if await self._vanished.again(calm):
                    self._on_news()
            except StorageError as error:
                log.warning("polling.postponed", reason=str(error))
            except Exception as error:  # noqa: BLE001 - the next poll tries again
                log_fault("polling.broken", error)

    async def _pages_of(
        self, row: FeedRow, stories: Sequence[Story], *, partial: bool = False
    ) -> Readings:
        """What the pages of news and corrections say, read before anything is stored."""
        if self._pages is None:
            return None
        async with self._db.reading() as cx:
            plan = await planning.plan(cx, row, stories, now=self._clock(), partial=partial)
            corrected = plan.corrected[-_MOST_PAGES:]
            known = await due_pages.validators(cx, [one.article.id for one in corrected])
        by_key = {
            one.story.key: known[one.article.id] for one in corrected if one.article.id in known
        }
        return await self._pages.at_once(plan.told[-_MOST_PAGES:], by_key)

    async def _settle(self) -> None:
        """Update the posts of articles that changed too often once these have settled."""
        now = self._clock()
        if now < self._settles_at:
            return
        async with self._db.transaction() as tx:
            settled = await update_settled(tx, mark=self._rules.mark, now=now)
            soonest = await restless.next_rest(tx)
        self._settles_at = now + _LONGEST if soonest is None else soonest
        if settled:
            self._on_news()

    async def pushed(self, feed_id: FeedId, body: bytes, content_type: str) -> None:
        """Store what a hub pushed: only some of the feed's entries, so missing ones have not left
        the feed. Raises FeedError if it is not a feed, StorageError."""
        async with self._db.reading() as cx:
            row = await feeds.get(cx, feed_id)
        if row is None or row.first_poll:
            return
        now = self._clock()
        parsed = await self._poll.pushed(row, body, content_type)
        readings = await self._pages_of(row, parsed.stories, partial=True)
        async with self._db.transaction() as tx:
            plan = await planning.plan(tx, row, parsed.stories, now=now, partial=True)
            ingest = Ingest(row, plan, readings, self._rules, now=now, partial=True)
            await ingest.go_on(tx)
            if plan.news:
                await feeds.brought_news(tx, row.id, now=now)
        log.info("feed.pushed", feed=row.address, entries=len(parsed.stories), news=len(plan.news))
        if ingest.changed:
            self._on_news()

    async def _set_aside(self, row: FeedRow, error: Exception) -> None:
        """A fault of ours: the feed counts as failing until that is fixed."""
        try:
            await self._failed(row, FeedError(f"a fault of Kabar: {reason(error)}", kind="fault"))
        except StorageError as trouble:
            log.warning("feed.not_stored", feed=row.address, reason=str(trouble))

    async def _failed(self, row: FeedRow, error: FeedError) -> None:
        now = self._clock()
        due_at = next_poll(now, self._every, row.failures + 1, error.retry_after)
        async with self._db.transaction() as tx:
            await feeds.failed(tx, row.id, now=now, due_at=due_at, trouble=str(error))
        self._on_failure(row.address, error.kind)
        log.warning("feed.failed", feed=row.address, trouble=str(error), again_in=due_at - now)
