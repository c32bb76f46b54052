"""Scaling on paper: ten million subscribers with the real pure core, on a simulated clock.

Every message asks the real rate limit when it may go; answers to people come in between; a few are
refused, and the real judge says what becomes of them. Nothing is sent and nobody waits: 2 h 47 min
of Telegram's time pass in a minute. Then the table of docs/scaling.md, from figures measured here
and by `delivery`.
"""

from __future__ import annotations

import asyncio
import heapq
import os
import random
import resource
import tempfile
import time
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from bot.core.model import (
    ChatId,
    ChatKind,
    DeliveryId,
    Destination,
    SendResult,
    SendStatus,
    TelegramId,
)
from bot.core.posts.content import ShownArticle
from bot.core.posts.delivery import Delivery, DeliveryKind
from bot.core.posts.outcome import Judged, RetryAt, Sent, judge
from bot.core.posts.rate_limit import RateLimit, Urgency
from storage import Database, open_database, outbox, outcomes
from tests.conftest import NOON
from tests.support.sending import add_article, add_chats, announce

SUBSCRIBERS = 10_000_000
RATE = 1000
_ANSWERS = 5
"""People who are answered per second meanwhile."""
_GONE, _AWAY = 0.02, 0.002
"""Shares: of chats that blocked the bot, and of requests that do not leave at the first try."""
_CPU_MS = 0.21
"""Of a delivery at 1,000 a second, its outcome stored (`delivery`, the higher of its figures)."""
_SAMPLE = 20_000
_FREE = 30
_STARS = 0.1
_WIDTHS = (12, 9, 13, 13, 11, 9, 10, 12)


@dataclass(slots=True)
class Run:
    """What happened on the way to the last subscriber."""

    left: int = 0
    gone: int = 0
    again: int = 0
    took: float = 0.0
    most_in_a_second: int = 0
    answers: list[float] = field(default_factory=list)
    remembered: int = 0
    waiting: int = 0


class Counter:
    """Telegram's own count: how many in any stretch of a second."""

    def __init__(self) -> None:
        self._times: deque[float] = deque()
        self.most = 0

    def count(self, at: float) -> None:
        self._times.append(at)
        while self._times[0] <= at - 1.0:
            self._times.popleft()
        self.most = max(self.most, len(self._times))


class Telegram:
    """The rate limit, and the clock that moves on when a message leaves."""

    def __init__(self, rate: float) -> None:
        self.limit = RateLimit(rate)
        self.counter = Counter()
        self.now = 0.0

    def leave(self, chat: int, urgency: Urgency, since: float) -> float:
        """When a message that has waited since then may go."""
        free = self.limit.chat_at(chat, group=False, urgency=urgency)
        at = max(since, self.limit.overall_at(urgency), free)
        self.limit.take(chat, at, group=False, urgency=urgency)
        self.counter.count(at)
        return at


def simulate(subscribers: int, rate: float, *, seed: int = 1) -> Run:
    """One article to everybody, on a clock that jumps from message to message."""
    telegram, dice, run = Telegram(rate), random.Random(seed), Run()
    again: list[tuple[float, int]] = []
    answers_at = 0.0
    for chat in _order(subscribers, again, telegram):
        while answers_at <= telegram.now:
            person = -1 - int(answers_at * _ANSWERS)
            run.answers.append(telegram.leave(person, Urgency.PERSON, answers_at) - answers_at)
            answers_at += 1 / _ANSWERS
        telegram.now = telegram.leave(chat, Urgency.POST, telegram.now)
        run.left += 1
        chance = dice.random()
        if chance < _GONE:
            run.gone += 1
        elif chance < _GONE + _AWAY:
            result = SendResult(SendStatus.UNSENT)
            outcome = judge(_delivery(chat), result, int(telegram.now), with_picture=False)
            assert isinstance(outcome, RetryAt)
            heapq.heappush(again, (float(outcome.at), chat))
            run.again += 1
        if not run.left % 10_000:
            run.remembered = max(run.remembered, telegram.limit.remembered())
            run.waiting = max(run.waiting, len(again))
    run.took, run.most_in_a_second = telegram.now, telegram.counter.most
    return run


def _order(subscribers: int, again: list[tuple[float, int]], telegram: Telegram) -> Iterator[int]:
    """What is due again goes first, as in the outbox; then the next readers."""
    for chat in range(1, subscribers + 1):
        while again and again[0][0] <= telegram.now:
            yield heapq.heappop(again)[1]
        yield chat
    while again:
        at, chat = heapq.heappop(again)
        telegram.now = max(telegram.now, at)
        yield chat


def _delivery(chat: int) -> Delivery:
    return Delivery(
        id=DeliveryId(chat),
        kind=DeliveryKind.POST,
        chat_id=ChatId(chat),
        to=Destination(TelegramId(chat), 0, ChatKind.PRIVATE),
        language="id",
        content=ShownArticle(),
    )


def main() -> None:
    """Print the simulation and the table."""
    subscribers = int(os.environ.get("KABAR_BENCH_SUBSCRIBERS", SUBSCRIBERS))
    began, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    run = simulate(subscribers, RATE)
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    each = 1e6 * (time.perf_counter() - began) / run.left
    share = (run.left + len(run.answers)) / RATE / run.took
    answers = sorted(run.answers)
    print(f"one article to {subscribers:,} subscribers at {RATE:,} a second, on paper")
    print(f"  messages         {run.left:,}: {run.again:,} tried twice, {run.gone:,} gone")
    print(f"  time             {_span(run.took)}, with answers {share:.2%} of the rate")
    print(f"  in any second    {run.most_in_a_second:,} at most")
    print(f"  a person waits   {1000 * answers[int(0.99 * len(answers))]:.1f} ms (p99)")
    print(
        f"  memory           {run.remembered:,} chats in the limiter, {run.waiting:,} for another"
    )
    print(f"                   try, {grown:.0f} MB more (this table's own list included)")
    print(f"  pure core        {each:.1f} µs a message\n")
    with tempfile.TemporaryDirectory() as folder:
        size = asyncio.run(_bytes_a_delivery(Path(folder) / "size.db"))
    print(f"a delivery in the database: {size:.0f} bytes, indexes included (SQLite)\n")
    _table(size)


async def _bytes_a_delivery(path: Path) -> float:
    """The disk space of an article's posts once they arrived, by the real claim and record."""
    db = await open_database(f"sqlite:///{path}")
    await add_chats(db, *range(1, _SAMPLE + 1))
    await announce(db, await add_article(db))
    before = await _size(db)
    sent = 0
    while sent < _SAMPLE:
        async with db.transaction() as tx:
            claimed = await outbox.claim(tx, 1000, now=NOON, lease=60)
            arrived = [Judged(one, Sent(10**9 + one.id), photo=True) for one in claimed]
            await outcomes.record(tx, arrived, now=NOON)
        sent += len(claimed)
    size = (await _size(db) - before) / sent
    await db.close()
    return size


async def _size(db: Database) -> int:
    async with db.reading() as cx:
        pages = await cx.value("SELECT page_count FROM pragma_page_count")
        return int(pages) * int(await cx.value("SELECT page_size FROM pragma_page_size"))


def _table(size: float) -> None:
    heads = ("", "articles", "one article", "", "a day:", "of a", "kept", "paid:")
    names = (
        "subscribers",
        "a day",
        "at 30/s",
        "at 1,000/s",
        "messages",
        "core",
        "30 days",
        "Stars",
    )
    for row in (heads, names):
        print("".join(f"{word:>{width}}" for word, width in zip(row, _WIDTHS, strict=True)))
    for chats in (1_000, 10_000, 100_000, 1_000_000, 10_000_000):
        for articles in (5, 20):
            messages = chats * articles
            paid = messages * (1 - _FREE / RATE) * _STARS
            fits = messages / RATE < 86_400
            print(
                f"{chats:>12,}{articles:>9}{_span(chats / _FREE):>13}{_span(chats / RATE):>13}"
                f"{messages / 1e6:>9.2f} M{_CPU_MS * messages / 864e5:>8.1%}"
                f"{messages * 30 * size / 1e9:>7.1f} GB{paid:>12,.0f}"
                + ("" if fits else "  more than a day has room for")
            )


def _span(seconds: float) -> str:
    if seconds < 120:
        return f"{seconds:.0f} s"
    if seconds < 7200:
        return f"{seconds / 60:.0f} min"
    return f"{seconds / 3600:.1f} h" if seconds < 172_800 else f"{seconds / 86_400:.1f} days"


if __name__ == "__main__":
    main()
