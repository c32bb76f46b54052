"""The loop that hears Telegram. Knows numbers of updates and chats, never what a person said.

    getUpdates -> inbox (one transaction) -> only then the next offset confirms them at Telegram
    inbox -> one queue per chat: in order within a chat, chats side by side -> handler -> done

python-telegram-bot's own polling confirms before handling: a crash loses what was in memory. Here
a crash at any moment leaves the update at Telegram or in the inbox; handlers are idempotent.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict, deque
from collections.abc import Awaitable, Callable, Sequence
from itertools import count
from typing import Any

import orjson
import structlog

from bot.core.errors import StorageError
from bot.health import Beat, no_beat
from storage import Database, inbox

log = structlog.get_logger("updates")

Update = dict[str, Any]
Fetch = Callable[[int | None, int], Awaitable[Sequence[Update]]]
"""(offset, timeout in seconds) -> updates as JSON; raises NetworkTrouble or OperatorError."""
Handle = Callable[[Update], Awaitable[None]]

POLL_SECONDS = 30
ALLOWED_UPDATES = [
    "message",
    "edited_message",
    "channel_post",
    "callback_query",
    "inline_query",
    "my_chat_member",
    "chat_member",
]
"""What Telegram is asked for, by long polling and by web hook."""
_PARALLEL = 64
_AHEAD = 1000
_DAY = 86_400
_DONE_EVERY = 0.05
_PAUSE, _LONGEST = 1.0, 30
"""Seconds before a second try; each further one waits twice as long, up to so many times that."""


class NetworkTrouble(Exception):  # noqa: N818 - it is weather, not a mistake
    """Telegram could not be asked now; ask again after `wait` seconds."""

    def __init__(self, reason: str, wait: float | None = None) -> None:
        super().__init__(reason)
        self.wait = wait


class Inbox:
    """From Telegram into the inbox, from the inbox to the handlers."""

    def __init__(
        self,
        db: Database,
        handle: Handle,
        *,
        clock: Callable[[], int],
        parallel: int = _PARALLEL,
        beat: Beat = no_beat,
    ) -> None:
        self._db = db
        self._handle = handle
        self._clock = clock
        self._beat = beat
        self._places = asyncio.Semaphore(parallel)
        self._queues: dict[int, deque[tuple[int, Update]]] = defaultdict(deque)
        self._workers: dict[int, asyncio.Task[None]] = {}
        self._taken = 0
        self._open = 0
        self._arrived = asyncio.Event()
        self._finished: list[int] = []

    async def keep(self, updates: Sequence[Update]) -> None:
        """Store what Telegram sent (long polling or web hook). After this it may be confirmed."""
        if updates:
            rows = [(int(one["update_id"]), orjson.dumps(one).decode()) for one in updates]
            async with self._db.transaction() as tx:
                await inbox.keep(tx, rows, now=self._clock())
            self._arrived.set()

    async def poll(self, fetch: Fetch) -> None:
        """Long polling, for ever. A lost network is waited out; OperatorError ends the program."""
        offset: int | None = None
        pause = _PAUSE
        while True:
            try:
                updates = await fetch(offset, POLL_SECONDS)
                await self.keep(updates)
            except (NetworkTrouble, StorageError) as trouble:
                wait = getattr(trouble, "wait", None) or pause
                log.warning("updates.trouble", reason=str(trouble), again_in=wait)
                await asyncio.sleep(wait)
                pause = min(pause * 2, _PAUSE * _LONGEST)
                continue
            pause = _PAUSE
            if updates:
                offset = max(int(one["update_id"]) for one in updates) + 1

    async def work(self) -> None:
        """Hand the inbox to the handlers, for ever."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._mark_done())
            while True:
                self._arrived.clear()
                await self._take(group)
                await self._arrived.wait()

    async def drain(self) -> None:
        """Wait until everything that was kept has been handled (for a clean stop and for tests)."""
        while self._open or self._finished or await self._waiting():
            self._arrived.set()
            await asyncio.sleep(0.01)

    async def _waiting(self) -> bool:
        async with self._db.reading() as cx:
            return bool(await inbox.waiting(cx, above=self._taken, limit=1))

    async def _take(self, group: asyncio.TaskGroup) -> None:
        while self._open < _AHEAD:
            async with self._db.reading() as cx:
                rows = await inbox.waiting(cx, above=self._taken)
            for row in rows:
                self._taken = max(self._taken, row["place"])
                self._queue(group, row["place"], orjson.loads(row["payload"]))
            if not rows:
                return

    def _queue(self, group: asyncio.TaskGroup, place: int, update: Update) -> None:
        key = chat_of(update)
        self._queues[key].append((place, update))
        self._open += 1
        if key not in self._workers:
            self._workers[key] = group.create_task(self._serve(key))

    async def _serve(self, key: int) -> None:
        """One chat's updates, one after the other."""
        queue = self._queues[key]
        while queue:
            place, update = queue.popleft()
            async with self._places:
                await self._handle_one(update)
            self._open -= 1
            self._finished.append(place)
            self._arrived.set()
        del self._workers[key], self._queues[key]

    async def _handle_one(self, update: Update) -> None:
        """Handle it, again after a while when the database cannot do it now, for as long as that
        lasts: to end the program would forget which messages have arrived and are not recorded."""
        for attempt in count(1):
            try:
                await self._handle(update)
            except StorageError as error:
                log.warning("update.postponed", attempt=attempt, reason=str(error))
                await asyncio.sleep(_PAUSE * min(2**attempt, _LONGEST))
            else:
                return

    async def _mark_done(self) -> None:
        """Record what was handled, in batches."""
        purged_at = 0
        while True:
            self._beat()
            await asyncio.sleep(_DONE_EVERY)
            places, self._finished = self._finished, []
            now = self._clock()
            if not places and now - purged_at < _DAY:
                continue
            try:
                async with self._db.transaction() as tx:
                    await inbox.done(tx, places, now=now)
                    if now - purged_at >= _DAY:
                        await inbox.forget_old(tx, before=now - 2 * _DAY)
                        purged_at = now
            except StorageError as error:
                self._finished = places + self._finished
                log.warning("updates.not_recorded", reason=str(error), waiting=len(self._finished))
                await asyncio.sleep(_PAUSE)


def chat_of(update: Update) -> int:
    """What keeps its order: the chat of an update, or the person of one without a chat."""
    for kind, content in update.items():
        if kind == "update_id" or not isinstance(content, dict):
            continue
        message = content.get("message") if kind == "callback_query" else content
        for holder in (message, content):
            if isinstance(holder, dict) and isinstance(holder.get("chat"), dict):
                return int(holder["chat"]["id"])
        for name in ("from", "user", "voter_chat", "actor_chat"):
            if isinstance(content.get(name), dict):
                return int(content[name]["id"])
    return 0
