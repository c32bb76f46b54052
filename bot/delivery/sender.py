"""The sender: takes deliveries from the database to the wire and writes down what became of them.

    claim (one transaction) -> prepare -> chat queues -> limiter -> request -> judge
      ^                                                                         |
      '---- record, and claim the next ones, in one transaction <---------------'

Nothing is sent that is not claimed in the database, and nothing is forgotten before it is recorded
there. If we die, claimed messages may have arrived, so they are sent again (at least once);
recorded ones are never sent again. Knows the order of things, never what a message says.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Callable, Mapping
from zoneinfo import ZoneInfo

import structlog

from bot.attempts import pause_after
from bot.core.errors import StorageError
from bot.core.model import DeliveryId
from bot.core.posts.delivery import Delivery as Message
from bot.core.posts.outcome import (
    Broken,
    Dead,
    Judged,
    Outcome,
    RetryAt,
    Sent,
)
from bot.core.posts.pictures import PATIENCE
from bot.delivery.chat_queues import ChatQueues, behind
from bot.delivery.content import Composed, Composer
from bot.delivery.pictures import Pictures
from bot.delivery.recording import Recorder
from bot.health import Beat, no_beat
from bot.telegram.limiter import Limiter
from bot.telegram.transport import Transport
from storage import Database, outbox

log = structlog.get_logger(__name__)

STOP_SECONDS = 8.0
"""Seconds to finish what is in flight when stopping; the whole program has 10."""
POLL = 0.5
_UTC = ZoneInfo("UTC")
_LINGER, _BRISK = 0.05, 500
"""Seconds for which results are collected before they are recorded together, once more than so many
arrive a second: that saves a twelfth of the cost of a message. Below that commits are cheap, and
fewer results would be in doubt if we died."""
_PIECES = 8
"""A window is claimed in so many pieces: one large claim would hold up sending while it lasts."""
_LONGEST_TROUBLE = 10.0
_FOLD_EVERY = 3600
_GIVE_UP = 7 * 24
"""Attempts at what fails by a fault of ours: eventually an hour apart, so for about a week."""


class Sender:
    """Runs the loop. Only one at a time may work on a database.

    `lease` (seconds) is how long a claim of ours holds against a sender on another machine; `alone`
    says that there can be none, so that all claims found at the start belong to a dead sender;
    `zone` is the newsroom's, for chats that chose none; `window` is how many messages may be under
    way, else as many as the rate lets through. `count` is called with how many of each kind and
    outcome were recorded.
    """

    def __init__(
        self,
        db: Database,
        transport: Transport,
        limiter: Limiter,
        composer: Composer,
        pictures: Pictures,
        *,
        clock: Callable[[], int] = lambda: int(time.time()),
        lease: int = 60,
        keep: outbox.Keep | None = None,
        alone: bool = True,
        zone: ZoneInfo = _UTC,
        poll: float = POLL,
        scouting: float = PATIENCE,
        window: int | None = None,
        beat: Beat = no_beat,
        count: Callable[[Mapping[tuple[str, str], int]], None] = lambda _: None,
    ) -> None:
        self._db = db
        self._composer = composer
        self._clock = clock
        self._keep = keep or outbox.Keep()
        self._alone = alone
        self._poll = poll
        self._beat = beat
        self._recorder = Recorder(db, lease=lease, keep=self._keep, zone=zone, count=count)
        self._linger = _LINGER if limiter.whole > _BRISK else 0.0
        self._window = window or max(16, min(1000, int(limiter.whole * 2)))
        self._queues = ChatQueues(
            transport,
            limiter,
            pictures,
            clock=clock,
            scouting=scouting,
            report=self._report,
            learn=self._recorder.learn,
            joined=self._recorder.joined,
            refuse_link=self._recorder.refuse_link,
        )
        self._booking: asyncio.Task[list[Message]] | None = None
        self._bell = asyncio.Event()
        self._hungry = True
        self._troubles = 0
        self._fold_at = 0
        self._fold_after = 0

    @property
    def in_trouble(self) -> bool:
        """The database cannot be written, so nothing is sent."""
        return self._troubles > 0

    def wake(self) -> None:
        """Tell the loop that there is something new to send."""
        self._hungry = True
        self._bell.set()

    async def run(self, stop: asyncio.Event) -> None:
        """Send until `stop` is set (or this is cancelled); then finish what is in flight within
        8 s and hand back the rest. Raises OperatorError when Telegram rejects the token."""
        watching = asyncio.create_task(self._watch(stop))
        try:
            await self._recover()
            while not stop.is_set() and self._queues.fault is None:
                self._beat()
                await self._turn_over()
                await self._rest(stop)
        finally:
            watching.cancel()
            await self._wind_up()
        if self._queues.fault is not None:
            raise self._queues.fault

    async def _watch(self, stop: asyncio.Event) -> None:
        await stop.wait()
        self._bell.set()

    def _report(self, judged: Judged) -> None:
        self._recorder.judged.append(judged)
        if not isinstance(judged.outcome, Sent):
            self._hungry = True
        self._bell.set()

    async def _recover(self) -> None:
        """What the last sender had claimed may have arrived: it is sent again first."""
        while True:
            try:
                async with self._db.transaction() as tx:
                    found = await outbox.recover(tx, now=self._clock(), alone=self._alone)
            except StorageError as error:
                self._in_trouble(error)
                await asyncio.sleep(self._patience())
            else:
                break
        self._out_of_trouble()
        if found:
            log.warning("delivery.recovered", in_doubt=found)

    async def _turn_over(self) -> None:
        """Record what happened, claim what fits, and send it."""
        wants = self._room() if self._hungry else 0
        if self._recorder.empty:
            if not wants:
                return
            if not await self._waits():
                self._hungry = False
                await self._housekeep()
                return
        self._booking = asyncio.create_task(self._book(wants))
        claimed = await asyncio.shield(self._booking)
        self._booking = None
        if len(claimed) < wants:
            self._hungry = await self._waits()
        if claimed:
            await self._take_aboard(claimed)

    def _room(self) -> int:
        """How many to claim: a piece worth a statement, small enough to keep no one waiting."""
        room = self._window - self._queues.aboard
        piece = self._window // _PIECES
        return min(room, 2 * piece) if room >= piece else 0

    async def _waits(self) -> bool:
        try:
            async with self._db.reading() as cx:
                return await outbox.waits(cx, now=self._clock())
        except StorageError as error:
            self._in_trouble(error)
            return False

    async def _book(self, wants: int) -> list[Message]:
        """Record what happened and claim the next; nothing, if the database cannot."""
        idle = not self._queues.aboard
        try:
            claimed = await self._recorder.book(wants, now=self._clock(), ending=idle)
        except StorageError as error:
            self._in_trouble(error)
            return []
        self._out_of_trouble()
        return claimed

    async def _take_aboard(self, claimed: list[Message]) -> None:
        try:
            async with self._db.reading() as cx:
                said = await self._composer.prepare(cx, claimed)
        except StorageError as error:
            self._in_trouble(error)
            for one in claimed:
                self._report(Judged(one, RetryAt(self._clock(), "unread", counted=False)))
            return
        able, failed = [], self._recorder.failed()
        for one in claimed:
            words = said[one.id]
            if first := failed.get(one.chat_id):
                late = behind(one, first.delivery, first.outcome, self._clock())
                self._report(Judged(one, late))
            elif words.reason:
                self._report(Judged(one, self._unsayable(one, words)))
            else:
                able.append((one, words))
        self._queues.take(able)

    def _unsayable(self, one: Message, words: Composed) -> Outcome:
        if words.broken and one.attempts < _GIVE_UP:
            return Broken(self._clock() + pause_after(one.attempts), words.reason)
        return Dead(words.reason)

    async def _rest(self, stop: asyncio.Event) -> None:
        """Wait until something happens, or for as long as it is worth waiting."""
        if self._troubles:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), self._patience())
            self._hungry = True
        elif self._recorder.judged:
            await asyncio.sleep(self._linger)
        elif not (self._hungry and self._room()):
            try:
                async with asyncio.timeout(self._poll):
                    await self._bell.wait()
            except TimeoutError:
                self._hungry = True
        self._bell.clear()

    def _in_trouble(self, error: StorageError) -> None:
        """If results cannot be recorded, nothing more is sent; known results are kept."""
        self._troubles += 1
        self._queues.pause()
        log.error("delivery.stopped", reason=str(error), unrecorded=len(self._recorder.judged))

    def _out_of_trouble(self) -> None:
        if self._troubles:
            self._troubles = 0
            log.info("delivery.resumed")
            self._queues.resume()

    def _patience(self) -> float:
        return min(_LONGEST_TROUBLE, 2.0 ** (self._troubles - 1))

    async def _housekeep(self) -> None:
        """When there is nothing else to do: fold a page of old deliveries into their totals."""
        now = self._clock()
        if now < self._fold_at or self._queues.aboard:
            return
        before = now - self._keep.corrections
        try:
            async with self._db.transaction() as tx:
                after = await outbox.fold(tx, self._fold_after, before=before)
        except StorageError as error:
            self._in_trouble(error)
            return
        self._fold_after = after or 0
        if after is None:
            self._fold_at = now + _FOLD_EVERY

    async def _wind_up(self) -> None:
        """Finish what is on the wire, record it, hand back the rest."""
        self._queues.pause()
        ends = time.monotonic() + STOP_SECONDS
        if self._booking is not None:
            await self._booking
        await self._queues.home(STOP_SECONDS)
        flying = self._queues.flying()
        while not await self._record_end(flying):
            if time.monotonic() > ends:
                return
            await asyncio.sleep(self._poll)

    async def _record_end(self, flying: list[DeliveryId]) -> bool:
        try:
            back = await self._recorder.end(flying, now=self._clock())
        except StorageError as error:
            self._in_trouble(error)
            return False
        log.info("delivery.ended", handed_back=back, in_doubt=len(flying))
        return True
