"""This process among those that work on one database: what it leads, and whether it still may.

    enter -> number -> keep: each second "I am alive"; a process silent for 6 s is removed, and
                       what it led goes to a live one
    lead(role, work)   runs work as soon as this process leads that role
    holds()            asked just before something is sent

A process that was taken for dead (paused, cut off) finds on waking that nothing it sends may leave
(`holds` goes by the clock alone), that nothing it writes is stored (`Database.fence`), and ends its
loops: `keep` raises Superseded, and the program starts over under another number.
Alone on its database (SQLite) a process leads everything at once. Knows no loop by name.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import structlog

from bot.core.errors import StorageError, Superseded
from bot.core.posts.shares import LEAST, Share
from bot.health import Beat, no_beat
from bot.telegram.limiter import Limiter
from storage import Database, SharedDatabase, processes

log = structlog.get_logger("leader")

SECONDS = 6
"""Seconds for which a process counts as alive after it said so, which allows for a busy machine or
a slow network."""
_EVERY = 1.0
_MARGIN = 1.5
"""Seconds: we stop so much earlier, since the database counts whole seconds and its answer takes a
while."""


class Membership:
    """One process's membership among the others. `shared` is None if it is alone."""

    def __init__(
        self,
        number: int,
        shared: SharedDatabase | None = None,
        *,
        seconds: int = SECONDS,
        every: float = _EVERY,
        clock: Callable[[], float] = time.monotonic,
        beat: Beat = no_beat,
    ) -> None:
        self._beat = beat
        self.number = number
        self._shared = shared
        self._seconds = seconds
        self._every = every
        self._clock = clock
        self._until = clock() + seconds - _MARGIN
        self._wanted: set[str] = set()
        self._led: set[str] = set()
        self._changed = asyncio.Condition()
        self._bell = asyncio.Event()
        self._share: Share | None = None
        self._limiter: Limiter | None = None
        self._counted = (clock(), 0)

    def share(self, limiter: Limiter) -> None:
        """Make this limiter keep to this process's share of its present rate."""
        if self._shared is not None:
            self._share, self._limiter = Share(limiter.rate_limit.rate), limiter
            limiter.change(self._share.rate())

    @property
    def alone(self) -> bool:
        return self._shared is None

    def holds(self) -> bool:
        """Whether nobody can have taken over by now. Costs no more than reading the clock."""
        return self._shared is None or self._clock() < self._until

    def leads(self, role: str) -> bool:
        return role in self._led

    def roles(self) -> dict[str, bool]:
        """The roles that are wanted here, and whether they are led here."""
        return {role: role in self._led for role in sorted(self._wanted)}

    async def lead(self, role: str, work: Callable[[], Awaitable[None]]) -> None:
        """Run work while this process leads the role."""
        self._wanted.add(role)
        if self._shared is None:
            self._led.add(role)
        self._bell.set()
        async with self._changed:
            await self._changed.wait_for(lambda: role in self._led)
        if not self.alone:
            log.info("leader.leads", role=role, process=self.number)
        await work()

    async def keep(self) -> None:
        """Say forever that this process is alive, and take over the roles that fall to it. Raises
        Superseded if another one has taken over in the meantime."""
        if self._shared is None:
            await asyncio.Event().wait()
            return
        trouble = ""
        while True:
            self._beat()
            self._bell.clear()
            try:
                async with asyncio.timeout(self._seconds):
                    await self._say(self._shared)
                trouble = ""
            except Superseded:
                raise
            except (StorageError, TimeoutError) as error:
                if trouble != (trouble := str(error) or "no answer"):
                    log.warning("leader.unheard", reason=trouble)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(self._every):
                    await self._bell.wait()

    async def _say(self, shared: SharedDatabase) -> None:
        """Say that this process is alive; returns which others are."""
        asked_at = self._clock()
        said = self._count(asked_at)
        async with shared.beside() as cx:
            presence = await processes.renew(
                cx, self.number, seconds=self._seconds, share=said or LEAST
            )
        if not presence.alive:
            raise Superseded("This process was silent for too long; another took over.")
        self._until = asked_at + self._seconds - _MARGIN
        if presence.dead or not self._wanted <= presence.led.keys():
            async with shared.transaction() as tx:
                led = set(await processes.succeed(tx, self.number, self._wanted))
            async with self._changed:
                self._led = led
                self._changed.notify_all()
        if self._share is not None and self._limiter is not None:
            self._share.hear(presence.shares, sends="sender" in self._led)
            self._limiter.change(self._share.rate())

    def _count(self, now: float) -> int:
        """What to announce about this process's share, by what it has sent since the last time."""
        if self._share is None or self._limiter is None:
            return 0
        (then, before), left = self._counted, self._limiter.left
        self._counted = now, left
        wanted = (left - before) / max(now - then, 0.1) + self._limiter.waiting()
        return self._share.say(wanted, now)


@asynccontextmanager
async def membership(
    db: Database, *, seconds: int = SECONDS, every: float = _EVERY, beat: Beat = no_beat
) -> AsyncIterator[tuple[Membership, asyncio.Task[None]]]:
    """Join, with the task that keeps the membership; leave at the end, so that others need not wait
    until this process counts as dead."""
    shared = db if isinstance(db, SharedDatabase) else None
    name = f"{socket.gethostname()}:{os.getpid()}"
    async with db.transaction() as tx:
        number = await processes.enter(tx, name, seconds=seconds, alone=shared is None)
    if shared is not None:
        shared.fence(number)
        log.info("leader.entered", process=number, name=name)
    member = Membership(number, shared, seconds=seconds, every=every, beat=beat)
    keeping = asyncio.create_task(member.keep(), name="membership")
    try:
        yield member, keeping
    finally:
        keeping.cancel()
        await asyncio.gather(keeping, return_exceptions=True)
        with contextlib.suppress(StorageError):
            async with db.transaction() as tx:
                await processes.leave(tx, number)
