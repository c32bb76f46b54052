"""Who is told when something changes: listeners with a queue each, and waiters for a condition.

Knows nothing of what changed. A listener that does not read loses its oldest events.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import suppress
from typing import Any, TypeVar

Event = dict[str, Any]
T = TypeVar("T")
BACKLOG = 10_000
"""Events kept for one slow listener."""


class Events:
    """The one place where changes are announced."""

    def __init__(self) -> None:
        self._listeners: set[asyncio.Queue[Event | None]] = set()
        self._waiters: set[asyncio.Event] = set()
        self.serial = 0
        """Counts the events; a reader of /control/snapshot can tell what it has seen."""

    @property
    def heard(self) -> bool:
        """Is anybody listening? Saves describing events to nobody."""
        return bool(self._listeners)

    def emit(self, kind: str, **details: Any) -> None:
        """Announce a change to every listener and wake every waiter."""
        self.serial += 1
        for waiter in self._waiters:
            waiter.set()
        if not self._listeners:
            return
        event: Event = {"type": kind, "serial": self.serial, **details}
        for queue in self._listeners:
            if queue.full():
                queue.get_nowait()
            queue.put_nowait(event)

    async def listen(self) -> AsyncGenerator[Event, None]:
        """Every event from now on, until `close`."""
        queue: asyncio.Queue[Event | None] = asyncio.Queue(BACKLOG)
        self._listeners.add(queue)
        try:
            while (event := await queue.get()) is not None:
                yield event
        finally:
            self._listeners.discard(queue)

    def close(self) -> None:
        """End every `listen`."""
        for queue in self._listeners:
            if queue.full():
                queue.get_nowait()
            queue.put_nowait(None)

    async def wait_for(self, predicate: Callable[[], T | None], timeout_s: float) -> T:
        """The first true value of `predicate`, evaluated now and after every event.

        Raises TimeoutError after `timeout_s` seconds.
        """
        woken = asyncio.Event()
        self._waiters.add(woken)
        try:
            async with asyncio.timeout(timeout_s):
                while True:
                    woken.clear()
                    if value := predicate():
                        return value
                    await woken.wait()
        finally:
            with suppress(KeyError):
                self._waiters.remove(woken)
