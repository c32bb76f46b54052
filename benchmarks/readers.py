"""What every reader's own paper costs: a broadcast with filters, and a great many alerts.

    python -m benchmarks readers       (KABAR_BENCH_CHATS=20000, KABAR_BENCH_ALERTS=100000,1000000)

Cost of a broadcast: CPU and wall time of claiming and recording, a chat, without a network, with
0, 10 and 100 % of the chats on filters (all match, so that the same number of posts goes out), and
with all of them on "all news but one topic". Alerts: the time of the transaction that puts a new
article on its way to those who follow its words; words are as frequent as in a language (Zipf), and
people follow what is neither in every article nor in none.
"""

from __future__ import annotations

import asyncio
import os
import random
import statistics
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from itertools import accumulate
from zoneinfo import ZoneInfo

from bot.core.model import ArticleId
from bot.core.posts.outcome import Judged, Sent
from bot.core.search.words import stem
from storage import Database, alerts, articles, deliveries, open_database, outbox, outcomes
from tests.support import postgres
from tests.support.sending import add_article

CHATS = int(os.environ.get("KABAR_BENCH_CHATS", "20000"))
ALERTS = [int(one) for one in os.environ.get("KABAR_BENCH_ALERTS", "100000,1000000").split(",")]
_DATABASES = 1 + len(ALERTS)
_ZONE = ZoneInfo("Asia/Jakarta")
_NOW = 1_700_000_000
_BATCH, _PAGE = 100, 10_000
_WORDS = 30_000
_FIRST = 3_000
"""People follow no word that is more frequent than so many others."""
_NEWS = 40
_LENGTH = 250


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(_engine("sqlite", [f"sqlite:///{folder}/{n}.db" for n in range(_DATABASES)]))
    with postgres.running() as server:
        asyncio.run(_engine("postgresql", [server.create() for _ in range(_DATABASES)]))


async def _engine(name: str, urls: Sequence[str]) -> None:
    db = await open_database(urls[0])
    await _broadcasts(name, db)
    await db.close()
    for count, url in zip(ALERTS, urls[1:], strict=True):
        db = await open_database(url)
        await _alerts(name, db, count)
        await db.close()


# --- broadcasts -----------------------------------------------------------------------------------


async def _broadcasts(name: str, db: Database) -> None:
    await _subscribe(db, CHATS)
    await _cost(db)  # the first pays for what is read from disk
    for label, special in (
        ("no filters", "id < 0"),
        ("10 % on filters", "id % 10 = 0"),
        ("100 % on filters", "id > 0"),
        ("all but one topic", "id < 0"),
    ):
        sql = f"plain = CASE WHEN {special} THEN 0 ELSE 1 END"
        sql += f", filter = CASE WHEN {special} THEN 'beras -gula' ELSE '' END"
        async with db.transaction() as tx:
            await tx.run(f"UPDATE subscription SET {sql}")
            if label == "all but one topic":
                await tx.run("INSERT INTO topic (key, name) VALUES ('bola', 'Bola')")
                await tx.run(
                    "INSERT INTO subscription_topic SELECT subscription.id, topic.id"
                    " FROM subscription CROSS JOIN topic WHERE key = 'bola'"
                )
        found = [await _cost(db) for _ in range(3)]
        cpu, wall = (statistics.median(times) for times in zip(*found, strict=True))
        print(f"{name:10}  {label:18}  {cpu:.3f} ms CPU, {wall:.3f} ms a chat", flush=True)


async def _cost(db: Database) -> tuple[float, float]:
    """Milliseconds a chat, of this process and on the clock."""
    number = await add_article(db, now=_NOW, lead="Harga beras turun.")
    async with db.transaction() as tx:
        await articles.add_topics(tx, ArticleId(number), ("Ekonomi",))
        await deliveries.announce(tx, number, now=_NOW)
    cpu, wall, sent = time.process_time(), time.perf_counter(), 0
    while True:
        async with db.transaction(durable=False) as tx:
            taken = await outbox.claim(tx, _BATCH, now=_NOW, lease=60, zone=_ZONE)
        if not taken:
            async with db.reading() as cx:
                if not await outbox.waits(cx, now=_NOW):
                    break
        done = [Judged(one, Sent(sent + place), revision=1) for place, one in enumerate(taken, 1)]
        async with db.transaction(durable=False) as tx:
            await outcomes.record(tx, done, now=_NOW)
        sent += len(taken)
    if sent != CHATS:
        raise AssertionError(f"{sent} of {CHATS} chats got it")
    return (
        1000 * (time.process_time() - cpu) / CHATS,
        1000 * (time.perf_counter() - wall) / CHATS,
    )


async def _subscribe(db: Database, count: int) -> None:
    async def rows(subscribed: bool) -> AsyncIterator[Sequence[Sequence[object]]]:
        for first in range(1, count + 1, _PAGE):
            page = range(first, min(first + _PAGE, count + 1))
            yield [(n, n, _NOW) if subscribed else (n, n, "private", _NOW) for n in page]

    async with db.transaction() as tx:
        await tx.load("chat", ("id", "telegram_id", "kind", "created_at"), rows(subscribed=False))
        if count == CHATS:
            await tx.load("subscription", ("id", "chat_id", "created_at"), rows(subscribed=True))


# --- alerts ---------------------------------------------------------------------------------------


async def _alerts(name: str, db: Database, count: int) -> None:
    dice = random.Random(14)
    language = [_word(n) for n in range(_WORDS)]
    weights = list(accumulate(1 / (n + 2) for n in range(_WORDS)))
    followed = list(accumulate(1 / (n + 2) for n in range(_FIRST, _WORDS)))

    async def rows() -> AsyncIterator[Sequence[Sequence[object]]]:
        for first in range(1, count + 1, _PAGE):
            page = []
            for number in range(first, min(first + _PAGE, count + 1)):
                picked = dice.choices(
                    range(_FIRST, _WORDS), cum_weights=followed, k=dice.randint(1, 3)
                )
                text = " ".join(language[one] for one in picked)
                page.append((number, number, text, stem(language[max(picked)]), _NOW))
            yield page

    await _subscribe(db, count)
    async with db.transaction() as tx:
        await tx.load("alert", ("id", "chat_id", "text", "stem", "created_at"), rows())
    if name == "postgresql":
        async with db.transaction() as tx:
            await tx.run("ANALYZE alert")
    times, cpu, told = [], 0.0, 0
    for _ in range(_NEWS):
        body = " ".join(dice.choices(language, cum_weights=weights, k=_LENGTH))
        number = await add_article(db, now=_NOW, lead=body)
        begun, cpu = time.perf_counter(), cpu - time.process_time()
        async with db.transaction() as tx:
            told += await alerts.announce(tx, number, zone=_ZONE, now=_NOW)
        times.append(1000 * (time.perf_counter() - begun))
        cpu += time.process_time()
    times.sort()
    print(
        f"{name:10}  {count:9,} alerts  {1000 * cpu / _NEWS:.1f} ms CPU, median"
        f" {statistics.median(times):.1f} ms, worst of {_NEWS} {times[-1]:.1f} ms an article, which"
        f" goes to {told / _NEWS:.0f} chats",
        flush=True,
    )


def _word(number: int) -> str:
    """A word of its own, as long as words are."""
    letters = ("bdgklmnprstwyjch"[number >> shift & 15] for shift in (12, 8, 4, 0))
    return "a".join(letters) + "ox"
