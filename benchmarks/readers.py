"""What every reader's own paper costs: a broadcast with filters, and a great many alerts.

    python -m benchmarks readers       (KABAR_BENCH_CHATS=20000, KABAR_BENCH_ALERTS=100000,1000000)

Cost of a broadcast: CPU and wall time of claiming and recording, per chat, without a network, with
0, 10 and 100 % of the chats on filters (all match, so that the same number of posts goes out), and
with all of them on "all news but one topic". Alerts: CPU of finding those that a new article
matches, in a made-up language (with word frequencies by Zipf's law; people follow words that are
neither in every article nor in none), and with articles of the corpus, where it lies beside the
checkout: of finding, of the whole transaction that stores an article (with its search rows), and of
telling each chat in slices afterwards. There people follow one to three words, picked as often as
the news uses them, none of which is in more than a tenth of it.
"""

from __future__ import annotations

import asyncio
import os
import random
import re
import statistics
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Sequence
from itertools import accumulate
from zoneinfo import ZoneInfo

from benchmarks.archive import corpus
from bot.core.model import ArticleId
from bot.core.posts.outcome import Judged, Sent
from bot.core.search.words import stem
from storage import (
    Database,
    alerts,
    articles,
    deliveries,
    indexing,
    open_database,
    outbox,
    outcomes,
)
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
_BODY = 4_000
_TOLD = 10
"""Articles whose chats are told, beyond storing them."""
_ARTICLE = """INSERT INTO article (content_key, fingerprint, headline, body, link, source,
    first_seen_at, sort_at, origin)
  SELECT CAST(COUNT(*) AS text), '', :headline, :body, 'https://kabar.example/1', 'Kantor', :now,
    :now, 'feed' FROM article RETURNING id"""


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
    """Milliseconds per chat, of this process and on the clock."""
    number = await add_article(db, now=_NOW, lead="Harga beras turun.")
    async with db.transaction() as tx:
        await articles.add_topics(tx, ArticleId(number), ("Ekonomi",))
        await deliveries.announce(tx, number, now=_NOW)
    cpu, wall = time.process_time(), time.perf_counter()
    sent = await _deliver(db)
    if sent != CHATS:
        raise AssertionError(f"{sent} of {CHATS} chats got it")
    return (
        1000 * (time.process_time() - cpu) / CHATS,
        1000 * (time.perf_counter() - wall) / CHATS,
    )


async def _deliver(db: Database) -> int:
    """Claim and record until nothing waits; returns how many messages there were."""
    sent = 0
    while True:
        async with db.transaction(durable=False) as tx:
            taken = await outbox.claim(tx, _BATCH, now=_NOW, lease=60, zone=_ZONE)
        if not taken:
            async with db.reading() as cx:
                if not await outbox.waits(cx, now=_NOW):
                    return sent
        done = [Judged(one, Sent(sent + place), revision=1) for place, one in enumerate(taken, 1)]
        async with db.transaction(durable=False) as tx:
            await outcomes.record(tx, done, now=_NOW)
        sent += len(taken)


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

    def follow() -> tuple[str, str]:
        picked = dice.choices(range(_FIRST, _WORDS), cum_weights=followed, k=dice.randint(1, 3))
        return " ".join(language[one] for one in picked), language[max(picked)]

    await _subscribe(db, count)
    await _follow(db, count, follow)
    news = [
        (f"Berita {n}", " ".join(dice.choices(language, cum_weights=weights, k=_LENGTH)))
        for n in range(_NEWS)
    ]
    await _tell(f"{name:10}  {count:9,} alerts", db, news)
    if texts := [one for one in corpus() if one.titled]:
        dice.shuffle(texts)
        spread = Counter(word for one in texts for word in set(_plain(one.title, one.body)))
        rare = [word for word, n in spread.items() if 2 <= n <= len(texts) / 10]
        often = list(accumulate(spread[word] for word in rare))

        def follow_news() -> tuple[str, str]:
            picked = dice.choices(rare, cum_weights=often, k=dice.randint(1, 3))
            return " ".join(dict.fromkeys(picked)), min(picked, key=spread.__getitem__)

        await _follow(db, count, follow_news)
        await _tell("", db, [("", texts[-1].body)])  # the first pays for what was loaded
        real = [(one.title, one.body[:_BODY]) for one in texts[:_NEWS]]
        await _tell(f"{name:10}  {count:9,} of the news", db, real)


def _plain(*texts: str) -> list[str]:
    return re.findall("[a-z]{4,}", " ".join(texts)[:_BODY].lower())


async def _follow(db: Database, count: int, follow: Callable[[], tuple[str, str]]) -> None:
    """What each chat follows: words, and the rarest of them."""

    async def rows() -> AsyncIterator[Sequence[Sequence[object]]]:
        for first in range(1, count + 1, _PAGE):
            page = []
            for number in range(first, min(first + _PAGE, count + 1)):
                text, rarest = follow()
                page.append((number, number, text, stem(rarest), _NOW))
            yield page

    async with db.transaction() as tx:
        await tx.run("DELETE FROM alert")
        await tx.load("alert", ("id", "chat_id", "text", "stem", "created_at"), rows())
        if db.dialect == "postgresql":
            await tx.run("ANALYZE alert")


async def _tell(label: str, db: Database, news: Sequence[tuple[str, str]]) -> None:
    found, stored, each, told = [], [], [], []
    for headline, body in news:
        begun = time.process_time()
        async with db.transaction() as tx:
            number = await tx.value(_ARTICLE, headline=headline, body=body, now=_NOW)
            await indexing.index(tx, number)
            matching = time.process_time()
            told.append(await alerts.match(tx, number, zone=_ZONE))
            found.append(1000 * (time.process_time() - matching))
            await deliveries.announce(tx, number, now=_NOW)
        stored.append(1000 * (time.process_time() - begun))
        if told[-1] and len(told) <= _TOLD:
            begun = time.process_time()
            await _deliver(db)
            each.append(1000 * (time.process_time() - begun) / told[-1])
    if not label:
        return
    print(
        f"{label}  match {_of(found)}, stored {_of(stored)} ms CPU (median, worst of {len(news)});"
        f" told to {statistics.mean(told):,.0f} chats (most {max(told):,}),"
        f" {statistics.median(each or [0]):.3f} ms CPU each",
        flush=True,
    )


def _of(times: Sequence[float]) -> str:
    return f"{statistics.median(times):.1f}, {max(times):.1f}"


def _word(number: int) -> str:
    """A word of its own, as long as words are."""
    letters = ("bdgklmnprstwyjch"[number >> shift & 15] for shift in (12, 8, 4, 0))
    return "a".join(letters) + "ox"
