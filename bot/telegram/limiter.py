"""Where messages wait for their turn: the asyncio shell around the pace. Decides nothing itself.

    submit / turn -> ready (chat is free; by urgency, then order) -> the pace says go -> go()
                     parked (chat is busy or held; by time) -------^

One timer for everybody: what waits costs memory, not CPU.
"""

from __future__ import annotations

import asyncio
import heapq
from collections import deque
from collections.abc import Callable

from bot.core.model import ChatKind, Destination, SendResult, SendStatus
from bot.core.posts.rate_limit import RateLimit, Urgency

_TICK = 0.01
"""The event loop wakes no finer than this."""
_FAILURES = 3
"""So many in a row that could not leave: the network is away, so nobody tries for a while."""
_LONGEST_WAIT = 15.0
_NOBODY = len(Urgency)


class Waiter:
    """One message in the queue. `cancel()` gives its place away."""

    __slots__ = ("cancelled", "chat", "go", "gone", "group", "urgency")

    def __init__(self, to: Destination, urgency: Urgency, go: Callable[[], object]) -> None:
        self.chat = to.telegram_id
        self.group = to.kind is not ChatKind.PRIVATE
        self.urgency = urgency
        self.go = go
        self.cancelled = False
        self.gone = False
        """Its turn has come."""

    def cancel(self) -> None:
        self.cancelled = True


class Limiter:
    """Turns are given out in order of urgency; within one, first come, first served."""

    def __init__(self, rate_limit: RateLimit) -> None:
        self.rate_limit = rate_limit
        self._ready: tuple[deque[Waiter], ...] = tuple(deque() for _ in Urgency)
        self._in_order = tuple(zip(Urgency, self._ready, strict=True))
        self._parked: list[tuple[float, int, Waiter]] = []
        self._serial = 0
        self._failures = 0
        self._silences = 0
        self._timer: asyncio.TimerHandle | None = None
        self._wake_at = float("inf")
        self._closed_to = _NOBODY
        """Whoever is no more urgent than this waits for the timer: no need to ask the pace."""

    def submit(self, to: Destination, urgency: Urgency, go: Callable[[], object]) -> Waiter:
        """Call `go` when the message may leave; at once, if that is now."""
        waiter = Waiter(to, urgency, go)
        self._ready[urgency].append(waiter)
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
        try:
            await come
        finally:
            if not come.done() or come.cancelled():
                waiter.cancel()

    def told(self, to: Destination, result: SendResult) -> None:
        """What became of a message that left: Telegram's haste, a network that is away, or none."""
        now = asyncio.get_running_loop().time()
        if result.status in {SendStatus.UNSENT, SendStatus.UNKNOWN}:
            self._silences += 1
        else:
            self._silences = 0
        if result.status is SendStatus.UNSENT:
            self._failures += 1
            if self._failures >= _FAILURES:
                wait = min(_LONGEST_WAIT, 2.0 ** (self._failures - _FAILURES))
                self.rate_limit.hold_everything(now + wait)
            return
        self._failures = 0
        if result.status is SendStatus.FLOOD:
            self.rate_limit.refused(to.telegram_id, result.retry_after or 1, now)
            return
        group = to.kind is not ChatKind.PRIVATE
        self.rate_limit.arrived(to.telegram_id, now, group=group)
        for _ in result.message_ids[1:]:  # an album counts as many messages as it has pictures
            self.rate_limit.take(to.telegram_id, now, group=group)

    @property
    def away(self) -> bool:
        """Nobody answers any more, whoever is written to: that is no message's fault."""
        return self._silences >= _FAILURES

    def chat_at(self, to: Destination) -> float:
        """From when the loop's clock allows a message to this chat."""
        return self.rate_limit.chat_at(to.telegram_id, group=to.kind is not ChatKind.PRIVATE)

    def waiting(self) -> int:
        """How many messages wait."""
        return sum(map(len, self._ready)) + len(self._parked)

    def _pump(self) -> None:
        loop = asyncio.get_running_loop()
        now = loop.time()
        while self._parked and self._parked[0][0] <= now:
            waiter = heapq.heappop(self._parked)[2]
            self._ready[waiter.urgency].append(waiter)
        wake_at = self._drain(now)
        if self._parked:
            wake_at = min(wake_at, self._parked[0][0])
        self._set_timer(loop, max(wake_at, now + _TICK))

    def _drain(self, now: float) -> float:
        """Give out the turns that are free; returns when the next one will be."""
        for urgency, ready in self._in_order:
            while ready:
                free_at = self.rate_limit.overall_at(urgency)
                if free_at > now:
                    self._closed_to = urgency
                    return free_at
                self._admit(ready.popleft(), now)
        self._closed_to = _NOBODY
        return float("inf")

    def _admit(self, waiter: Waiter, now: float) -> None:
        if waiter.cancelled:
            return
        chat_at = self.rate_limit.chat_at(waiter.chat, group=waiter.group)
        if chat_at > now:
            self._serial += 1
            heapq.heappush(self._parked, (chat_at, self._serial, waiter))
            return
        self.rate_limit.take(waiter.chat, now, group=waiter.group)
        waiter.gone = True
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
