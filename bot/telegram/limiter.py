"""Where messages wait until the rate limit lets them go: the asyncio shell around its arithmetic.

    submit / wait_turn -> ready (chat is free; by urgency, see below) -> the limit says go -> go()
                          parked (chat is busy or held; by time) -------^

Queues: people; groups and people who ask a lot; cards; news; counts. One timer for all: waiting
costs memory, not CPU.
"""

from __future__ import annotations

import asyncio
import heapq
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from bot.core.model import ChatKind, Destination, SendResult, SendStatus
from bot.core.posts.rate_limit import RateLimit, Urgency
from bot.telegram.places import away

_TICK = 0.01
"""Seconds: the event loop's timers are no finer than this."""
_FAILURES = 3
"""After so many failures in a row the network counts as down, so nobody tries for a while."""
_SILENCES = frozenset({SendStatus.UNSENT, SendStatus.UNKNOWN})
_LONGEST_WAIT = 15.0
_NOBODY = len(Urgency)
_CROWD_SECONDS = 1.0
"""If people wait longer than this, two of three turns go to those who came last: in a crowd the
first are late anyway, and strictly in order everybody would be."""


class Waiter:
    """One message in the queue. `cancel()` gives up its place."""

    __slots__ = ("cancelled", "chat", "go", "gone", "group", "hasty", "urgency")

    def __init__(self, to: Destination, urgency: Urgency, go: Callable[[], object]) -> None:
        self.chat = to.telegram_id
        self.group = to.kind is not ChatKind.PRIVATE
        self.urgency = urgency
        self.go = go
        self.cancelled = False
        self.hasty = False
        self.gone = False
        """Its turn has come."""

    def cancel(self) -> None:
        self.cancelled = True


@dataclass(slots=True)
class _Queue:
    """Those of one urgency that wait for the overall rate."""

    urgency: Urgency
    hasty: bool = False
    """Groups, and people who ask a lot: after the others, and with only a part of the rate."""
    ready: deque[Waiter] = field(default_factory=deque)
    picks: int = 0

    def take(self, crowd: float) -> Waiter:
        """The next one: the first or, if more than `crowd` people wait, now and then the last."""
        if self.urgency is not Urgency.PERSON or len(self.ready) <= crowd:
            return self.ready.popleft()
        self.picks += 1
        return self.ready.pop() if self.picks % 3 else self.ready.popleft()


class Limiter:
    """Turns are given out in order of urgency; within one, first come, first served."""

    def __init__(self, rate_limit: RateLimit) -> None:
        self.rate_limit = rate_limit
        self.whole = rate_limit.rate
        """Messages a second of the whole bot, whatever this process's share is now."""
        self._queues = {one: _Queue(one) for one in Urgency}
        self._hasty = _Queue(Urgency.PERSON, hasty=True)
        person, *others = self._queues.values()
        self._in_order = (person, self._hasty, *others)
        self._crowd = max(1.0, rate_limit.rate * _CROWD_SECONDS)
        self._parked: list[tuple[float, int, Waiter]] = []
        self._serial = 0
        self.left = 0
        """Messages that were let go so far."""
        self._failures = 0
        self._silences = 0
        self._timer: asyncio.TimerHandle | None = None
        self._wake_at = float("inf")
        self._closed_to = _NOBODY
        """Anything no more urgent than this waits for the timer: no need to check the rate."""

    def change(self, rate: float) -> None:
        """Allow so many messages a second from now on (`core.posts.shares`)."""
        self.rate_limit.change(rate)
        self._crowd = max(1.0, rate * _CROWD_SECONDS)
        self._closed_to = _NOBODY
        self._pump()

    def submit(self, to: Destination, urgency: Urgency, go: Callable[[], object]) -> Waiter:
        """Call `go` when the message may leave; at once, if that is now."""
        waiter = Waiter(to, urgency, go)
        self._line_up(waiter, asyncio.get_running_loop().time())
        if urgency < self._closed_to:
            self._pump()
        return waiter

    async def wait_turn(self, to: Destination, urgency: Urgency) -> None:
        """Wait until the message may leave."""
        come: asyncio.Future[None] = asyncio.get_running_loop().create_future()

        def go() -> None:
            if not come.done():
                come.set_result(None)

        waiter = self.submit(to, urgency, go)
        if waiter.gone:
            return
        try:
            with away():
                await come
        finally:
            if not come.done() or come.cancelled():
                waiter.cancel()

    def told(self, to: Destination, result: SendResult) -> None:
        """Learn from the result of a message: a 429, a network that is down, or neither."""
        now = asyncio.get_running_loop().time()
        group = to.kind is not ChatKind.PRIVATE
        self._silences = self._silences + 1 if result.status in _SILENCES else 0
        if result.status is SendStatus.UNSENT:
            self._failures += 1
            if self._failures >= _FAILURES:
                wait = min(_LONGEST_WAIT, 2.0 ** (self._failures - _FAILURES))
                self.rate_limit.hold_everything(now + wait)
            return
        self._failures = 0
        if result.status is SendStatus.FLOOD:
            self.rate_limit.refused(to.telegram_id, result.retry_after or 1, now, group=group)
            return
        self.rate_limit.arrived(to.telegram_id, now, group=group)
        for _ in result.message_ids[1:]:  # an album counts as many messages as it has pictures
            self.rate_limit.take(to.telegram_id, now, group=group)

    @property
    def away(self) -> bool:
        """Whether nobody answers, whatever is sent: then no single message is to blame."""
        return self._silences >= _FAILURES

    def chat_at(self, to: Destination, urgency: Urgency = Urgency.POST) -> float:
        """From when the loop's clock allows a message to this chat."""
        group = to.kind is not ChatKind.PRIVATE
        return self.rate_limit.chat_at(to.telegram_id, group=group, urgency=urgency)

    def busy(self, to: Destination, urgency: Urgency) -> float:
        """Seconds until the limits of this chat allow a message."""
        wait = self.chat_at(to, urgency) - asyncio.get_running_loop().time()
        return max(0.0, wait)

    def waiting(self) -> int:
        """How many messages wait."""
        return sum(len(queue.ready) for queue in self._in_order) + len(self._parked)

    def _line_up(self, waiter: Waiter, now: float) -> None:
        queue = self._queues[waiter.urgency]
        if waiter.urgency is Urgency.PERSON:
            waiter.hasty = self.rate_limit.hasty(waiter.chat, now, group=waiter.group)
            queue = self._hasty if waiter.hasty else queue
        queue.ready.append(waiter)

    def _pump(self) -> None:
        loop = asyncio.get_running_loop()
        now = loop.time()
        while self._parked and self._parked[0][0] <= now:
            self._line_up(heapq.heappop(self._parked)[2], now)
        wake_at = self._drain(now)
        if self._parked:
            wake_at = min(wake_at, self._parked[0][0])
        self._set_timer(loop, max(wake_at, now + _TICK))

    def _drain(self, now: float) -> float:
        """Give out the turns that are free; returns when the next one will be."""
        wake_at = float("inf")
        for queue in self._in_order:
            while queue.ready:
                free_at = self.rate_limit.overall_at(queue.urgency, hasty=queue.hasty)
                if free_at > now:
                    wake_at = min(wake_at, free_at)
                    if queue.hasty:
                        break  # their share is used up: that does not stop the others
                    self._closed_to = queue.urgency
                    return wake_at
                self._admit(queue.take(self._crowd), now)
        self._closed_to = _NOBODY
        return wake_at

    def _admit(self, waiter: Waiter, now: float) -> None:
        if waiter.cancelled:
            return
        chat_at = self.rate_limit.chat_at(waiter.chat, group=waiter.group, urgency=waiter.urgency)
        if chat_at > now:
            self._serial += 1
            heapq.heappush(self._parked, (chat_at, self._serial, waiter))
            return
        self.rate_limit.take(
            waiter.chat, now, group=waiter.group, urgency=waiter.urgency, hasty=waiter.hasty
        )
        waiter.gone = True
        self.left += 1
        waiter.go()

    def _set_timer(self, loop: asyncio.AbstractEventLoop, at: float) -> None:
        if self._timer is not None:
            if at == self._wake_at:
                return
            self._timer.cancel()
            self._timer = None
        self._wake_at = at
        if at < float("inf"):
            self._timer = loop.call_at(at, self._awake)

    def _awake(self) -> None:
        self._timer = None
        self._wake_at = float("inf")
        self._pump()
