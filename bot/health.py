"""The program's health: which loops run, and when each of them last turned.

    beat = health.beat("polling", within=60)      the loop calls it at every turn
    health.stalled()                              loops that have not done so for too long

Knows names and moments, never what a loop does.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from contextlib import suppress
from typing import TypeVar

_T = TypeVar("_T")
_IDLE = 20.0
Beat = Callable[[], None]
"""Called by a loop at every turn; costs nothing."""


def no_beat() -> None:
    """A Beat for loops that are not watched."""


async def next_of(queue: asyncio.Queue[_T], beat: Beat, *, idle: float = _IDLE) -> _T:
    """The next item of the queue, however long that takes; meanwhile the loop reports a turn every
    `idle` seconds."""
    while True:
        beat()
        with suppress(TimeoutError):
            async with asyncio.timeout(idle):
                return await queue.get()


class Health:
    """The loops that run now. `clock` gives seconds that only move forward."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._turned: dict[str, float] = {}
        self._within: dict[str, float] = {}
        self._outside: set[str] = set()

    def beat(self, loop: str, *, within: float, outside: bool = False) -> Beat:
        """The function that the loop has to call; from the first call on, each has to follow within
        so many seconds. `outside`: the loop depends on somebody else (Telegram), so a restart of
        the program would not help."""
        self._within[loop] = within
        if outside:
            self._outside.add(loop)

        def turned() -> None:
            self._turned[loop] = self._clock()

        return turned

    def over(self, loop: str) -> None:
        """The loop has ended as intended: no further turn is expected."""
        self._turned.pop(loop, None)

    def ages(self) -> dict[str, float]:
        """Seconds since each loop turned."""
        now = self._clock()
        return {loop: now - at for loop, at in self._turned.items()}

    def stalled(self, *, outside: bool = False) -> list[str]:
        """Loops whose turn is overdue: our own, or (`outside`) those that depend on somebody
        else."""
        return [
            loop
            for loop, age in self.ages().items()
            if age > self._within[loop] and (loop in self._outside) is outside
        ]
