"""Fetches pictures that posts were sent without, until they arrive. Knows rows, no messages.

    awaited picture --look--> there: its posts are edited (`storage.pictures.came`)
                              not yet: again after 30 s, 1, 2, 4 ... minutes, then it is given up

An awaited picture is a row, written together with the record of the posts sent without it, so a
crash loses none. The sender does the rest; picture edits are sent after all posts.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import structlog

from bot.attempts import for_ever, log_fault
from bot.core.errors import StorageError
from bot.core.posts.pictures import Sight
from bot.delivery.pictures import Pictures
from bot.health import Beat, no_beat
from storage import Database, pictures
from storage.pictures import Awaited

log = structlog.get_logger(__name__)

EVERY = 1.0
"""Seconds between two checks whether one is due."""
_FIRST = 30
"""Seconds until the second attempt; the pause doubles each time."""
_ATTEMPTS = 9
"""This takes some two hours: by then the newsroom's picture server works again, or the news is
old."""
_LEASE = 60
_AT_ONCE = 8


class LatePictures:
    """Runs the loop. `wake` tells the sender that there are posts to edit."""

    def __init__(
        self,
        db: Database,
        looks: Pictures,
        *,
        clock: Callable[[], int],
        wake: Callable[[], None],
        every: float = EVERY,
        beat: Beat = no_beat,
    ) -> None:
        self._db = db
        self._looks = looks
        self._clock = clock
        self._wake = wake
        self._every = every
        self._beat = beat
        self._under_way: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        """Run forever. An unavailable database is tried again."""
        try:
            await for_ever(self.tick, name="late pictures", beat=self._beat, every=self._every)
        finally:
            for task in self._under_way:
                task.cancel()

    async def tick(self) -> None:
        """Start fetching what is due; one that hangs holds up no other."""
        room = _AT_ONCE - len(self._under_way)
        now = self._clock()
        async with self._db.reading() as cx:
            if room < 1 or not await pictures.anything_due(cx, now=now):
                return
        async with self._db.transaction(durable=False) as tx:
            due = await pictures.claim(tx, now=now, lease=_LEASE, limit=room)
        for one in due:
            task = asyncio.create_task(self._try(one))
            self._under_way.add(task)
            task.add_done_callback(self._under_way.discard)

    async def settled(self) -> None:
        """Wait for the downloads under way (for tests)."""
        await asyncio.gather(*self._under_way)

    async def _try(self, one: Awaited) -> None:
        try:
            await self._look(one)
        except StorageError as error:  # its row is due again when the lease ends
            log.warning("picture.postponed", article=one.article_id, reason=str(error))
        except Exception as error:  # noqa: BLE001 - the same
            log_fault("picture.broken", error, article=one.article_id)

    async def _look(self, one: Awaited) -> None:
        look = await self._looks.look_long(one.address)
        now, number = self._clock(), one.article_id
        given_up = look.finding is Sight.MISSING and one.attempts >= _ATTEMPTS
        async with self._db.transaction() as tx:
            if look.finding is Sight.FOUND:
                await pictures.came(tx, number, address=one.address, now=now)
            elif look.finding is Sight.SMALL or given_up:
                await pictures.none(tx, number, address=one.address)
            else:
                wait = _FIRST * 2 ** (one.attempts - 1)
                await pictures.later(tx, number, due_at=now + wait)
        log.info("picture.looked", article=number, found=look.finding.value, attempt=one.attempts)
        if look.finding is Sight.FOUND:
            self._wake()
