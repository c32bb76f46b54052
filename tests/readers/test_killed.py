"""Killed at every single commit and on the wire, and started again: what digests, quiet hours,
limits and tickers owe comes once.

    news at night -> morning: what was quiet -> the digest -> evening: what was over the limit

The program dies at one boundary: before a commit (all of it is undone), after it (all of it is
done), or between a message and its record (nobody knows: that message may come again, once). The
wire keeps what it got. Then a new program, which remembers nothing, goes on.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import cast

import pytest

from bot.core.hours import Hours
from bot.core.model import Destination, SendResult, SendStatus
from bot.core.posts.content import NewsDigest, NewsTicker
from bot.core.posts.delivery import Delivery, DeliveryKind
from bot.core.posts.outcome import Judged, judge
from bot.core.readers.preferences import Digest, Preferences
from bot.readers.releases import Releases
from bot.readers.tickers import Tickers
from storage import Connection, Database, outbox, outcomes, preferences, tickers
from tests.conftest import JAKARTA, Clock
from tests.support.sending import add_article, add_chats, add_followers, announce

PLAIN = Preferences(JAKARTA)
NIGHT = Hours(22 * 60, 6 * 60)
DIGEST, QUIET, BUNDLE, LIMIT, BOTH, TICKER = range(1, 7)
WANTS = {
    DIGEST: replace(PLAIN, digest=Digest(7 * 60)),
    QUIET: replace(PLAIN, quiet=NIGHT, filter="beras"),
    BUNDLE: replace(PLAIN, quiet=NIGHT),
    LIMIT: replace(PLAIN, limit=2),
    BOTH: replace(PLAIN, quiet=NIGHT, filter="beras", limit=1),
}
ARTICLES = 6
SQLITE, POSTGRESQL = (1, 1) if "KABAR_CRASH_KILLS" in os.environ else (3, 11)
"""Every boundary if that many deaths are asked for, otherwise each third or eleventh."""


def at(day: int, hour: int) -> int:
    return int(datetime(2026, 11, day, hour, tzinfo=JAKARTA).timestamp())


MOMENTS = (at(26, 23), at(27, 6), at(27, 7), at(27, 20))
LATER = (at(28, 8), at(28, 20), at(29, 7))
"""For a program that is started again a day later: what is news only then has its digest, too."""


class KilledError(Exception):
    """The program has been killed."""


@dataclass
class Fate:
    """Counts boundaries; at one of them the program ends."""

    dies_at: int | None = None
    passed: int = 0

    def boundary(self) -> None:
        self.passed += 1
        if self.passed - 1 == self.dies_at:
            raise KilledError


class MortalDatabase:
    """A real database whose program may die just before or just after a commit."""

    def __init__(self, real: Database, fate: Fate) -> None:
        self._real = real
        self._fate = fate
        self.dialect = real.dialect
        self.reading = real.reading

    @asynccontextmanager
    async def transaction(self, *, durable: bool = True) -> AsyncIterator[Connection]:
        async with self._real.transaction(durable=durable) as tx:
            yield tx
            self._fate.boundary()
        self._fate.boundary()


@dataclass
class Wire:
    """Telegram: it keeps what it gets."""

    got: Counter[tuple[int, object]] = field(default_factory=Counter)
    doubted: Counter[tuple[int, object]] = field(default_factory=Counter)
    messages: int = 0

    def take(self, one: Delivery) -> SendResult:
        if one.kind is not DeliveryKind.EDIT:
            self.messages += 1
            for what in _told(one):
                self.got[one.to.telegram_id, what] += 1
        return SendResult(SendStatus.OK, message_id=self.messages)


def _told(one: Delivery) -> tuple[object, ...]:
    if isinstance(one.content, NewsDigest):
        return one.content.articles
    return ("ticker",) if isinstance(one.content, NewsTicker) else (one.article_id,)


@dataclass
class Program:
    """One life of it, from its start."""

    db: Database
    clock: Clock
    wire: Wire
    fate: Fate
    room: int = 50
    """Deliveries that it claims at once."""

    async def live(self) -> None:
        """Everything that is to do, from now on."""
        async with self.db.transaction() as tx:
            await outbox.recover(tx, now=self.clock(), alone=True)
        for moment in (*MOMENTS, *LATER):
            if self.clock() <= moment:
                self.clock.now = moment
                await self._settle()

    async def _settle(self) -> None:
        releases = Releases(self.db, clock=self.clock, zone=JAKARTA, wake=_nothing)
        pinned = Tickers(self.db, clock=self.clock, wake=_nothing, pin=_pin)
        while True:
            worked = await releases.tick() + await pinned.tick()
            while await self._send():
                worked += 1
            if not worked:
                return

    async def _send(self) -> bool:
        async with self.db.transaction() as tx:
            claimed = await outbox.claim(tx, self.room, now=self.clock(), lease=60, zone=JAKARTA)
        for one in claimed:
            result = self.wire.take(one)
            self.wire.doubted.update((one.to.telegram_id, what) for what in _told(one))
            self.fate.boundary()
            outcome = judge(one, result, self.clock(), with_picture=False)
            async with self.db.transaction() as tx:
                await outcomes.record(tx, [Judged(one, outcome, revision=1)], now=self.clock())
                await outbox.finish(tx, now=self.clock())
            self.wire.doubted.subtract((one.to.telegram_id, what) for what in _told(one))
        return bool(claimed)


def _nothing() -> None:
    pass


async def _pin(to: Destination, message: int, on: bool) -> None:
    pass


async def newsroom(db: Database) -> None:
    """Readers of every kind, and articles to announce; what was there of another run is gone."""
    async with db.transaction() as tx:
        for table in ("kept_back", "ticker", "delivery", "broadcast", "subscription", "chat"):
            await tx.run(f"DELETE FROM {table}")
    await add_chats(db, *WANTS, TICKER)
    for chat, wants in WANTS.items():
        async with db.transaction() as tx:
            number = await tx.value("SELECT id FROM chat WHERE telegram_id = :id", id=chat)
            await preferences.put(tx, number, 0, wants, default=JAKARTA, now=0)
    await announce(db, *range(1, ARTICLES + 1), now=MOMENTS[0])
    async with db.transaction() as tx:
        number = await tx.value("SELECT id FROM chat WHERE telegram_id = :id", id=TICKER)
        await tickers.switch_on(tx, number, 0, now=MOMENTS[0])


async def story(db: Database, dies_at: int | None, *, later: bool = False) -> Fate:
    """A life that ends at a boundary, and the next one; `later`: only a day after that."""
    fate, wire, clock = Fate(dies_at), Wire(), Clock(MOMENTS[0])
    mortal = cast("Database", MortalDatabase(db, fate))
    try:
        await Program(mortal, clock, wire, fate).live()
    except KilledError:
        if later:
            clock.now = LATER[0]
        await Program(db, clock, wire, Fate()).live()
    chats = dict.fromkeys(WANTS, range(1, ARTICLES + 1))
    chats[QUIET] = chats[BOTH] = range(2, ARTICLES + 1, 2)
    owed: set[tuple[int, object]] = {
        (chat, one) for chat, articles in chats.items() for one in articles
    }
    owed |= {(TICKER, "ticker")} | {(TICKER, one) for one in range(1, ARTICLES + 1)}
    assert set(wire.got) == owed, f"boundary {dies_at}"
    for name, count in wire.got.items():
        assert count <= 1 + wire.doubted[name], f"boundary {dies_at}: {name} came {count} times"
    async with db.reading() as cx:
        assert not await cx.value("SELECT COUNT(*) FROM kept_back WHERE released_at IS NULL")
        assert not await cx.value(
            "SELECT COUNT(*) FROM delivery WHERE state IN ('due', 'claimed', 'unknown')"
        )
    return fate


@pytest.mark.parametrize(("engine", "step"), [("sqlite", SQLITE), ("postgresql", POSTGRESQL)])
@pytest.mark.long
async def test_what_is_owed_comes_once_wherever_the_program_dies(db: Database, step: int) -> None:
    for number in range(ARTICLES):
        lead = "Harga beras turun." if number % 2 else "Harga gula turun."
        await add_article(db, now=MOMENTS[0], lead=lead)
    await newsroom(db)
    whole = await story(db, None)
    assert whole.passed > 50
    for dies_at in range(0, whole.passed, step):
        await newsroom(db)
        await story(db, dies_at, later=bool(dies_at // step % 2))


@pytest.mark.parametrize(("engine", "step"), [("sqlite", SQLITE), ("postgresql", POSTGRESQL)])
@pytest.mark.long
async def test_those_who_follow_words_are_told_once_wherever_the_program_dies(
    db: Database, step: int
) -> None:
    """Two at a time: of those who follow some subscribe too, some follow several words, and one
    sleeps."""
    for number in (1, 2):
        await add_article(db, now=MOMENTS[0], lead=f"Harga beras turun lagi {number}.")
    whole = await telling(db, None)
    assert whole.passed > 30
    for dies_at in range(0, whole.passed, step):
        await telling(db, dies_at)


async def telling(db: Database, dies_at: int | None) -> Fate:
    async with db.transaction() as tx:
        for table in (
            *("kept_back", "ticker", "delivery", "broadcast"),
            *("alert_match", "alert", "subscription", "chat"),
        ):
            await tx.run(f"DELETE FROM {table}")
    await add_chats(db, *range(5, 9))
    await add_followers(db, "beras", *range(1, 7))
    await add_followers(db, "harga turun", *range(2, 5))
    asleep = replace(PLAIN, quiet=NIGHT)
    async with db.transaction() as tx:
        number = await tx.value("SELECT id FROM chat WHERE telegram_id = 6")
        await preferences.put(tx, number, 0, asleep, default=JAKARTA, now=0)
    await announce(db, 1, 2, now=MOMENTS[0])
    fate, wire, clock = Fate(dies_at), Wire(), Clock(MOMENTS[0])
    mortal = cast("Database", MortalDatabase(db, fate))
    try:
        await Program(mortal, clock, wire, fate, room=2).live()
    except KilledError:
        await Program(db, clock, wire, Fate(), room=2).live()
    assert set(wire.got) == {(chat, article) for chat in range(1, 9) for article in (1, 2)}
    for name, count in wire.got.items():
        assert count <= 1 + wire.doubted[name], f"boundary {dies_at}: {name} came {count} times"
    async with db.reading() as cx:
        assert not await cx.value("SELECT COUNT(*) FROM alert_match")
    return fate
