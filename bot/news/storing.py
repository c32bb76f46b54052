"""Stores what polls found: in pieces, so that nobody waits long for a feed of thousands.

    plan -> a piece: stories until 0.1 s are over, in one transaction -> others write -> the next
         -> with the last piece: all entries as found, validators, when to poll again

A usual poll is one piece. If the program ends between two, the feed is as before this poll except
that some of its stories are there already (`bot.news.ingest`): the next poll goes on.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Sequence

import structlog

from bot.attempts import Attempts
from bot.core.feeds.plan import next_poll
from bot.core.model import Story
from bot.news import planning, websub
from bot.news.feed_poll import Seen
from bot.news.ingest import Ingest, Rules, StoryFault
from bot.news.readings import Readings
from storage import Connection, Database, feeds
from storage import websub as hubs
from storage.feeds import FeedRow

log = structlog.get_logger("polling")

PIECE = 0.1
"""Seconds of writing after which others have their turn."""
_MOST = 25
"""Stories of a piece."""
_FEW = 200
"""Entries that are compared within the transaction; more are compared before it."""
_CHANCES = 3
"""So often, what others store may make us compare anew, before we do it within a transaction."""


class Storing:
    """Stores polls of feeds. `on_news` is called after each transaction that stored something to
    deliver; `pushing`: hubs are subscribed to; `piece`: see PIECE."""

    def __init__(
        self,
        db: Database,
        rules: Rules,
        *,
        clock: Callable[[], int],
        on_news: Callable[[], None],
        pushing: bool = False,
        piece: float = PIECE,
    ) -> None:
        self._db = db
        self._rules = rules
        self._clock = clock
        self._on_news = on_news
        self._pushing = pushing
        self._piece = piece
        self._stories = Attempts(db, "article", clock=clock)

    async def store(self, row: FeedRow, seen: Seen, readings: Readings, *, pause: int) -> None:
        """Store all that can be stored; a story that cannot is left out and tried again later.
        `pause`: seconds until the next poll. Raises StorageError; what was stored by then stays."""
        stories = [
            one for one in seen.feed.stories if not await self._stories.waits(_key(row, one))
        ]
        most = _MOST
        while True:
            poll = _Poll(row, seen, stories, readings, now=self._clock(), pause=pause)
            try:
                while not await self._store_piece(poll, most):
                    pass
            except StoryFault as fault:
                if fault.key:
                    stories = await self._without(row, stories, fault)
                else:
                    most = 1  # which one it is will be seen
            else:
                break
        for story in stories:
            await self._stories.succeeded(_key(row, story))

    async def _without(
        self, row: FeedRow, stories: Sequence[Story], fault: StoryFault
    ) -> list[Story]:
        bad = next(one for one in stories if one.key == fault.key)
        cause = fault.__cause__
        await self._stories.failed(_key(row, bad), cause if isinstance(cause, Exception) else fault)
        return [one for one in stories if one is not bad]

    async def _store_piece(self, poll: _Poll, most: int) -> bool:
        """Store some of its stories, and if these were the last, that it is over; returns whether
        it is. Raises StoryFault."""
        if poll.ingest is None and len(poll.stories) > _FEW and poll.chances:
            poll.chances -= 1
            async with self._db.reading() as cx:
                poll.ingest = await self._compared(cx, poll)
        async with self._db.transaction() as tx:
            until = time.monotonic() + self._piece
            if poll.ingest is None:
                poll.ingest = await self._compared(tx, poll)
            elif not await poll.ingest.holds(tx, most):
                poll.ingest = None
                return False
            ingest = poll.ingest
            over = await ingest.go_on(tx, most=most, enough=lambda: time.monotonic() >= until)
            poll.stored += ingest.stored
            await (self._end if over else self._begin)(tx, poll)
        poll.chances = _CHANCES
        if ingest.changed:
            self._on_news()
        if not over:
            await asyncio.sleep(self._piece / 10)  # for writers of other processes, too
        else:
            log.info(
                "feed.read",
                feed=poll.row.address,
                entries=len(poll.seen.feed.stories),
                **{kind: poll.stored[kind] for kind in ("news", "quiet", "corrected")},
            )
        return over

    async def _compared(self, cx: Connection, poll: _Poll) -> Ingest:
        about = await planning.known(cx, poll.row, poll.stories)
        plan = await planning.plan(cx, poll.row, poll.stories, about, now=poll.now)
        return Ingest(poll.row, plan, poll.readings, self._rules, now=poll.now, about=about)

    async def _begin(self, tx: Connection, poll: _Poll) -> None:
        parsed = poll.seen.feed
        await feeds.begin(tx, poll.row.id, title=parsed.title, language=parsed.language)
        if poll.has_news:
            await feeds.brought_news(tx, poll.row.id, now=poll.now)

    async def _end(self, tx: Connection, poll: _Poll) -> None:
        assert poll.ingest is not None  # it has just been carried out
        row, seen, plan, now = poll.row, poll.seen, poll.ingest.what, poll.now
        parsed = seen.feed
        whole = len(poll.stories) == len(parsed.stories) and not parsed.torn
        await feeds.looked(
            tx,
            row.id,
            now=now,
            due_at=next_poll(now, poll.pause, 0),
            title=parsed.title,
            language=parsed.language,
            # A body that broke off or was not stored completely is requested again for the rest.
            etag=seen.got.etag if whole else "",
            last_modified=seen.got.last_modified if whole else "",
            body_hash=seen.digest if whole else "",
            found=seen.found,
            news=poll.has_news,
            oldest_at=plan.oldest,
            habit=plan.habit,
            own_parts=parsed.own_parts,
            empty=not parsed.stories,
        )
        if self._pushing:
            await websub.offered(tx, row.id, seen.got, parsed, now=now)
            pushed = row.push_until > now and poll.stored["news"]
            if pushed and await hubs.missed(tx, row.id, now=now):
                log.warning("websub.silent", feed=row.address)


class _Poll:
    """A poll that is being stored, and how many stories of each kind were."""

    def __init__(
        self,
        row: FeedRow,
        seen: Seen,
        stories: Sequence[Story],
        readings: Readings,
        *,
        now: int,
        pause: int,
    ) -> None:
        self.row, self.seen, self.stories, self.readings = row, seen, stories, readings
        self.now, self.pause = now, pause
        self.ingest: Ingest | None = None
        self.chances = _CHANCES
        self.stored = Counter[str]()

    @property
    def has_news(self) -> bool:
        return bool(self.stored["news"] or self.stored["quiet"])


def _key(row: FeedRow, story: Story) -> str:
    """The key of one story among what is set aside."""
    return f"{row.id} {story.key}"
