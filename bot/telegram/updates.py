"""The loop that receives updates. Knows ids of updates and chats, not what people said.

    getUpdates -> inbox (one transaction) -> only then the next offset confirms them at Telegram
    inbox -> one backlog per chat: in order within a chat -> a place is free -> handler -> done

python-telegram-bot's own polling confirms before handling: a crash loses what was in memory. Here
a crash at any moment leaves the update at Telegram or in the inbox; handlers are idempotent.

Chats take turns, one update each, so that nobody who asks a lot holds up others. An update that
cannot be handled at all is set aside and counted; it stops neither the program nor other updates.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from itertools import count
from typing import Any

import orjson
import structlog

from bot.attempts import log_fault, reason
from bot.core.errors import OperatorError, StorageError, Unanswered
from bot.core.text import storable
from bot.health import Beat, no_beat
from bot.telegram.backlog import (
    LARGEST_ID,
    Backlogs,
    Item,
    Update,
    chat_of,
    named,
    number_of,
    numbers_of,
)
from bot.telegram.places import Places, away
from storage import Database, inbox, set_aside

log = structlog.get_logger("updates")

Fetch = Callable[[int | None, int], Awaitable[Sequence[Any]]]
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
"""The kinds of updates requested, by long polling and by web hook."""
_WORKING, _WAITING = 8, 256
"""Handlers that work or wait at once: those that work share one processor, so more of them would
only slow down each other and the loop that receives updates."""
_FULL, _FEW = 100, 2
"""Telegram returns at most so many updates at once; a full page means that more wait there: they
are fetched first, with only so few handlers at once."""
_CALM = 0.5
"""A fetch that takes longer than so many seconds means that nothing waits at Telegram."""
_TO_DISK = 0.25
"""Seconds after which stored updates are flushed to disk even in a flood. A power cut (not a crash)
may lose that much of a flood, before anybody was answered."""
_AHEAD = 100_000
"""Updates known to wait; no more are read from the inbox. The content of so many is in memory:"""
_IN_MEMORY = 2000
_PAGE = 500
CONCERN = "update"
"""The concern of set-aside updates (`storage.set_aside`); these are not tried again, but left for
inspection."""
_DAY = 86_400
_DONE_EVERY = 0.05
_IDLE = 20.0
_PAUSE, _LONGEST = 1.0, 30
"""Seconds before a second try; the pause doubles each time, up to so many times the first."""
_QUICK_TRIES, _TRIES = 3, 16
"""For so many tries an update with a question that Telegram does not answer keeps its chat waiting;
after that the chat continues, and it is tried now and then, at most so often (an hour and a
half)."""
_SELDOM = 600.0


class NetworkTrouble(Exception):  # noqa: N818 - it is weather, not a mistake
    """Telegram could not be asked now; ask again after `wait` seconds."""

    def __init__(self, reason: str, wait: float | None = None) -> None:
        super().__init__(reason)
        self.wait = wait


class Inbox:
    """Takes updates from Telegram into the inbox, and from the inbox to the handlers.

    `process` is the number of this process among those that share the inbox; if there are others,
    it looks every `look_every` seconds for what they have received or left behind. `left_out` is
    called with updates that are not handled because their chat asks too much, to tell the person.
    """

    def __init__(
        self,
        db: Database,
        handle: Handle,
        *,
        clock: Callable[[], int],
        process: int = 0,
        look_every: float | None = None,
        left_out: Handle | None = None,
        working: int = _WORKING,
        in_memory: int = _IN_MEMORY,
        pause: float = _PAUSE,
        beat: Beat = no_beat,
        beat_inbox: Beat = no_beat,
    ) -> None:
        self._beat_inbox = beat_inbox
        self._db = db
        self._handle = handle
        self._left_out = left_out
        self._clock = clock
        self._process = process
        self._look_every = look_every
        self._beat = beat
        self._pause = pause
        self._places = Places(working, _WAITING, self._dispatch)
        self._backlogs = Backlogs()
        self._group: asyncio.TaskGroup | None = None
        self._open = 0
        self._closing = False
        self._taking = False
        self._in_memory = in_memory
        self._caught_up = False
        """Everything in the inbox is known here: nothing has to be read from there."""
        self._storing = 0
        self._flooded = False
        """Telegram has more than it could give at once."""
        self._on_disk_at = 0.0
        self._behind = False
        """More waits in the inbox than is known here."""
        self._arrived = asyncio.Event()
        self._finished: list[int] = []
        self._failed: list[tuple[str, str]] = []
        """Updates that could not be handled, not recorded yet: kind and id, reason."""

    async def keep(self, updates: Sequence[Any]) -> None:
        """Store what Telegram sent (long polling or web hook). After this it may be confirmed."""
        rows, known = [], {}
        for one in updates:
            try:
                update = storable(one)
                payload = orjson.dumps(update).decode()
                rows.append(inbox.Received(number_of(update), chat_of(update), payload))
                known[number_of(update)] = update
            except (TypeError, ValueError, KeyError, RecursionError) as error:
                self._put_aside(one, error)
        if not rows:
            return
        if not self._nothing_waits():
            await self._store(rows)
            return
        async with self._db.transaction(durable=self._to_disk(len(rows))) as tx:
            fresh = await inbox.keep_and_claim(tx, rows, self._process, now=self._clock())
        for number, place in fresh.items():  # nothing yields between the commit and this
            self._queue(place, known[number])
        self._dispatch()

    def _calm_down(self) -> None:
        """Telegram has no more, or does not answer: handlers may use all places again."""
        self._flooded = False
        self._dispatch()

    def _to_disk(self, count: int) -> bool:
        now = asyncio.get_running_loop().time()
        if count >= _FULL and now - self._on_disk_at < _TO_DISK:
            return False
        self._on_disk_at = now
        return True

    async def _store(self, rows: Sequence[inbox.Received]) -> None:
        """Store rows in the inbox, for any process that takes them, this one included."""
        self._caught_up = False
        self._storing += 1
        try:
            async with self._db.transaction() as tx:
                await inbox.keep(tx, rows, now=self._clock())
            self._arrived.set()
        finally:
            self._storing -= 1

    def _nothing_waits(self) -> bool:
        """Whether new updates may be handled without reading the inbox: everything in it is known
        here, and nobody else adds to it."""
        alone = self._look_every is None and self._group is not None
        return alone and self._caught_up and not self._taking and self._open < _AHEAD

    async def poll(self, fetch: Fetch) -> None:
        """Long polling, forever. A lost network is waited out; OperatorError ends the program."""
        offset: int | None = None
        pause = self._pause
        while True:
            calm = asyncio.get_running_loop().call_later(_CALM, self._calm_down)
            try:
                updates = await fetch(offset, POLL_SECONDS)
                await self.keep(updates)
            except (NetworkTrouble, StorageError) as trouble:
                wait = getattr(trouble, "wait", None) or pause
                log.warning("updates.trouble", reason=str(trouble), again_in=wait)
                self._calm_down()
                await asyncio.sleep(wait)
                pause = min(pause * 2, self._pause * _LONGEST)
                continue
            finally:
                calm.cancel()
            self._flooded = len(updates) >= _FULL
            self._dispatch()
            ids = numbers_of(updates)
            if ids:
                offset = max(ids) + 1
            elif updates:  # nothing that could be confirmed: the same updates would come again
                await asyncio.sleep(pause)
                pause = min(pause * 2, self._pause * _LONGEST)
                continue
            pause = self._pause

    async def work(self) -> None:
        """Hand the inbox to the handlers, forever."""
        async with asyncio.TaskGroup() as group:
            self._group = group
            group.create_task(self._mark_done())
            try:
                while True:
                    self._beat_inbox()
                    self._arrived.clear()
                    await self._take()
                    with suppress(TimeoutError):
                        async with asyncio.timeout(self._look_every or _IDLE):
                            await self._arrived.wait()
            finally:
                self._group = None

    async def drain(self) -> None:
        """Wait until everything that was kept has been handled (for a clean stop and for tests).
        Updates not yet begun are left to other processes, if there are any."""
        self._closing = self._look_every is not None
        while await self._waits() or self._taking or self._open or self._finished or self._failed:
            self._arrived.set()
            await asyncio.sleep(0.01)

    async def _waits(self) -> bool:
        if self._closing:
            return False
        async with self._db.reading() as cx:
            return await inbox.waits(cx, self._process)

    async def _take(self) -> None:
        """Claim everything that waits and that no other process has."""
        while not (behind := self._open >= _AHEAD):
            try:
                if not await self._waits():
                    self._caught_up = not (self._storing or self._arrived.is_set())
                    break
                self._taking = True
                async with self._db.transaction(durable=False) as tx:
                    rows = await inbox.claim(tx, self._process, limit=_PAGE)
            except StorageError as error:
                log.warning("updates.unread", reason=str(error))
                self._taking = False
                await asyncio.sleep(self._pause)
                continue
            for row in rows:
                self._queue(row["place"], orjson.loads(row["payload"]))
            self._taking = False
            self._dispatch()
            if len(rows) < _PAGE:
                self._caught_up = not (self._storing or self._arrived.is_set())
                break
        self._behind = behind

    def _queue(self, place: int, update: Update) -> None:
        more, left_out = self._backlogs.add(place, update)
        self._finished += left_out
        self._open += more
        if self._open > self._in_memory:
            self._backlogs.forget(place, update)

    def _dispatch(self) -> None:
        """Let chats begin as long as there are places. Each has one update handled, and then waits
        for its next turn."""
        if self._group is None:
            return
        while self._backlogs and self._places.free:
            if self._flooded and self._places.working >= _FEW:
                break
            self._group.create_task(self._serve(*self._backlogs.take()))

    async def _serve(self, key: int, item: Item) -> None:
        with self._places.taken():
            done = await self._handle_one(item)
        self._open -= 1
        if done:
            self._finished.append(item.place)
        else:
            wait = min(_SELDOM, self._pause * 2**item.tries)
            asyncio.get_running_loop().call_later(wait, self._retry, key, item)
        self._backlogs.served(key)
        if self._behind:
            self._arrived.set()
        self._dispatch()

    def _retry(self, key: int, item: Item) -> None:
        self._open += 1
        self._backlogs.put_back(key, item)
        self._dispatch()

    async def _handle_one(self, item: Item) -> bool:
        """Handle an update; returns False if it has to be tried later. While the database is
        unavailable it is repeated, for as long as that lasts: ending the program would forget which
        messages have arrived but are not recorded.
        """
        update: Update = {}
        for attempt in count(1):
            try:
                update = item.update or await self._read(item.place)
                await self._run(item, update)
            except StorageError as error:
                log.warning("update.postponed", attempt=attempt, reason=str(error))
                await asyncio.sleep(self._pause * min(2**attempt, _LONGEST))
            except Unanswered as error:
                item.tries += 1
                log.warning("update.unanswered", tries=item.tries, reason=str(error))
                if item.tries >= _TRIES:
                    self._put_aside(update, error)
                    return True
                if item.tries >= _QUICK_TRIES:
                    return False
                with away():
                    await asyncio.sleep(self._pause * 2 ** (item.tries - 1))
            except OperatorError:
                raise
            except Exception as error:  # noqa: BLE001 - one bad update must not stop the others
                self._put_aside(update, error)
                return True
            else:
                return True
        raise AssertionError  # the loop has no other exit

    async def _run(self, item: Item, update: Update) -> None:
        if not item.left_out:
            await self._handle(update)
        elif self._left_out is not None:
            await self._left_out(update)

    async def _read(self, place: int) -> Update:
        async with self._db.reading() as cx:
            found = orjson.loads(await inbox.payload(cx, place))
        assert isinstance(found, dict)  # `keep` accepts nothing else
        return found

    def _put_aside(self, update: Any, error: Exception) -> None:
        """Log, count and record it, without any of its content."""
        known = isinstance(update, dict)
        kind = named(update)[0][:40] if known else type(update).__name__
        number = update.get("update_id") if known else None
        number = number if isinstance(number, int) and abs(number) < LARGEST_ID else "?"
        log_fault("update.set_aside", error, kind=kind, update=number)
        self._failed.append((f"{kind} {number}", reason(error)))

    async def _mark_done(self) -> None:
        """Record what was handled, in batches."""
        purged_at = 0
        while True:
            self._beat()
            await asyncio.sleep(_DONE_EVERY)
            places, failed = self._finished[:], self._failed[:]
            now = self._clock()
            if not places and not failed and now - purged_at < _DAY:
                continue
            try:
                # A power cut may undo this: then it is handled again, which changes nothing.
                async with self._db.transaction(durable=False) as tx:
                    await inbox.done(tx, places, now=now)
                    for key, why in failed:
                        await set_aside.put(tx, CONCERN, key, reason=why, retry_at=now, now=now)
                    if now - purged_at >= _DAY:
                        await inbox.forget_old(tx, before=now - 2 * _DAY)
                        await set_aside.forget(tx, CONCERN, before=now - 30 * _DAY)
                        purged_at = now
            except StorageError as error:
                log.warning("updates.not_recorded", reason=str(error), waiting=len(self._finished))
                await asyncio.sleep(self._pause)
            else:
                del self._finished[: len(places)], self._failed[: len(failed)]
