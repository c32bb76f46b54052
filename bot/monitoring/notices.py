"""Tells the moderators' chat about troubles of the program, once each. Decides nothing itself.

    each minute: measures, disk -> bot.core.troubles -> sent -> noted as told

A notice goes straight to the wire: it may be about the queue of messages, or the disk that holds
it. If we die between sending and noting it, it comes once more.
"""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from pathlib import Path

import orjson
import structlog

from bot.core import troubles
from bot.core.errors import StorageError
from bot.core.language import Translator
from bot.core.model import Post
from bot.core.networks import without_credentials
from bot.core.troubles import FeedHealth, ProgramState
from bot.health import Beat, no_beat
from storage import Database, measures, memos
from storage.measures import MeasuredFeed

log = structlog.get_logger("notices")

_TOLD, _SCHEMA = "notices.told", "notices.schema"
_EVERY = 60.0
Keys = list[tuple[str, str]]


class Notices:
    """`tell` sends a message to the moderators' chat and says whether it arrived; `words` are in
    that chat's language; `messages` counts those sent; `folder` holds the database file (None: it
    is on a server); `version` is ours."""

    def __init__(
        self,
        db: Database,
        tell: Callable[[Post], Awaitable[bool]],
        *,
        words: Callable[[], Awaitable[Translator]],
        messages: Callable[[], int],
        clock: Callable[[], int],
        folder: Path | None,
        version: str,
        beat: Beat = no_beat,
    ) -> None:
        self._beat = beat
        self._db = db
        self._tell = tell
        self._words = words
        self._messages = messages
        self._clock = clock
        self._folder = folder
        self._version = version
        self._left = -1
        self._left_at = 0
        self._told: Keys | None = None

    async def run(self) -> None:
        """Run forever, each minute. An unavailable database is reported elsewhere (/readyz)."""
        while True:
            self._beat()
            try:
                await self.tell_of_upgrade()
                await self.tick()
            except StorageError as error:
                log.warning("notices.postponed", reason=str(error))
            await asyncio.sleep(_EVERY)

    async def tick(self) -> None:
        """Tell what is new and what is over."""
        now = self._clock()
        stand = await self._stand(now)
        async with self._db.reading() as cx:
            told = await self._known(await memos.get(cx, _TOLD))
        found = troubles.troubles(stand, told, now=now)
        keys = [one.key for one in found]
        names = {one.address: one.name for one in stand.feeds}
        post = troubles.notice(found, told, names, await self._words(), now=now)
        if keys == told or (post is not None and not await self._tell(post)):
            return
        if post is not None:
            log.info("notices.told", troubles=[one.kind.value for one in found])
        self._told = keys
        async with self._db.transaction() as tx:
            await memos.put(tx, _TOLD, orjson.dumps(self._told).decode())

    async def _known(self, noted: str) -> Keys:
        """What was reported: as noted, or as remembered if that could not be written."""
        if self._told is None:
            self._told = [(kind, subject) for kind, subject in orjson.loads(noted or "[]")]
        return self._told

    async def tell_of_upgrade(self) -> None:
        """Once after the database was brought up to date by a newer Kabar."""
        async with self._db.reading() as cx:
            noted = await memos.get(cx, _SCHEMA)
            number = str(await measures.schema(cx))
        if noted == number:
            return
        if noted and not await self._tell(troubles.upgraded(self._version, await self._words())):
            return
        async with self._db.transaction() as tx:
            await memos.put(tx, _SCHEMA, number)

    async def _stand(self, now: int) -> ProgramState:
        async with self._db.reading() as cx:
            found = await measures.measure(cx, now=now)
        left = self._messages()
        if left != self._left:
            self._left, self._left_at = left, now
        free, size = await asyncio.to_thread(_disk, self._folder)
        return ProgramState(
            feeds=_feeds(found.feeds),
            due_since=found.head_since,
            left_at=self._left_at,
            free=free,
            size=size,
        )


def _disk(folder: Path | None) -> tuple[int, int]:
    """Free and total bytes beside the database; 0 of 0 if it is not ours, or gone: /readyz says
    that."""
    with suppress(OSError):
        if folder is not None:
            usage = shutil.disk_usage(folder)
            return usage.free, usage.total
    return 0, 0


def _feeds(rows: Sequence[MeasuredFeed]) -> list[FeedHealth]:
    return [
        FeedHealth(
            address=(address := without_credentials(one.address)),
            name=one.name or address,
            news_at=one.news_at,
            failing_since=one.failing_since,
            reason=one.trouble,
        )
        for one in rows
    ]
