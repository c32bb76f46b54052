"""Tickers: a pinned message with the 7 newest headlines, edited in place as news comes.

the newest articles -> what tickers should show -> those that show something else
      -> a new message, or an edit of the old one, at most once a minute -> pinned
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import structlog

from bot.attempts import for_ever
from bot.core.model import Destination
from bot.core.posts.content import NewsTicker
from bot.health import Beat, no_beat
from storage import Connection, Database, articles, deliveries, sponsors, tickers
from storage.tickers import KeptTicker

log = structlog.get_logger("readers")

SHOWN = 7
_EVERY = 60
"""Seconds between two edits of one ticker."""
_AT_ONCE = 200
_IDLE = 2.0
_AD = "ad:"
_LOST = frozenset({"", "dead", "gone"})

Pin = Callable[[Destination, int, bool], Awaitable[None]]
"""Pin (True) or unpin a message; failing is no harm."""


class Tickers:
    """The loop that keeps tickers up to date."""

    def __init__(
        self,
        db: Database,
        *,
        clock: Callable[[], int],
        wake: Callable[[], None],
        pin: Pin,
        idle: float = _IDLE,
        beat: Beat = no_beat,
    ) -> None:
        self._db = db
        self._clock = clock
        self._wake = wake
        self._pin = pin
        self._idle = idle
        self._beat = beat

    async def run(self) -> None:
        """Run forever. An unavailable database is tried again."""
        await for_ever(self.tick, name="tickers", beat=self._beat, every=self._idle)

    async def tick(self) -> int:
        """Update those that may be changed now; returns how many."""
        now = self._clock()
        async with self._db.reading() as cx:
            shows = await _shows(cx, now=now)
            if not shows:  # they wait for the first article
                return 0
            found = await tickers.due(cx, shows, now=now, limit=_AT_ONCE)
        for one in found:
            there = one.state == "sent" and one.message_id is not None
            if one.shown == shows and there and not one.pinned:
                await self._fix(one)
                continue
            async with self._db.transaction() as tx:
                await _refresh(tx, one, shows, now=now)
        if found:
            self._wake()
        return len(found)

    async def _fix(self, one: KeptTicker) -> None:
        async with self._db.transaction() as tx:
            await tickers.set_pinned(tx, one)  # tried once: without the right nothing is lost
        if one.message_id is not None:
            await self._pin(one.to, one.message_id, True)

    async def unpin(self, one: KeptTicker | None) -> None:
        """Unpin a ticker that was switched off."""
        if one is not None and one.message_id is not None:
            await self._pin(one.to, one.message_id, False)


async def _shows(cx: Connection, *, now: int) -> str:
    found = await articles.newest(cx, limit=SHOWN)
    if not found:
        return ""
    sponsor = await sponsors.of_the_day(cx, now=now)
    said = [f"{one.id}:{one.revision}" for one in found]
    return " ".join([*said, *([f"{_AD}{sponsor.id}"] if sponsor else [])])


def _advertised(shows: str) -> int | None:
    """The advertisement among what a ticker shows."""
    last = shows.rpartition(" ")[2]
    return int(last.removeprefix(_AD)) if last.startswith(_AD) else None


async def _refresh(tx: Connection, one: KeptTicker, shows: str, *, now: int) -> None:
    if not await tickers.claim(tx, one, due_at=now + _EVERY):
        return
    if (
        one.delivery_id is None
        or one.state in _LOST
        or (one.state == "sent" and not one.message_id)
    ):
        number = await deliveries.enqueue(tx, NewsTicker(), one.chat_id, thread=one.thread, now=now)
        await tickers.set_message(tx, one, number, shows)
    else:
        await deliveries.enqueue_edit(tx, one.delivery_id, now=now)
        await tickers.set_shown(tx, one, shows)
    advertised = _advertised(shows)
    if advertised is not None and advertised != _advertised(one.shown):  # once in each message
        await tx.batch(*sponsors.shown({advertised: 1}))
