"""What a delivery costs, its outcome stored, beside PTB's default path and a bare HTTP client.

CPU is the sender's whole process (threads too) for each delivery; the server is another process.
The price at three sizes is that of 20 articles to 1,000 chats each, taken from the middle of the
audience; the median of five rounds. Then 100,000 chats at 1,000 a second, where the process sleeps
and wakes for each few messages: the bare client pays for that too.
KABAR_BENCH_FULL=1: to all of a million chats as well (17 minutes).
"""

from __future__ import annotations

import asyncio
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import aiohttp
import telegram

from benchmarks import wire
from bot import logs, runtime
from bot.core.errors import FeedError
from bot.core.posts.rate_limit import RateLimit
from bot.delivery.content import Composer
from bot.delivery.pictures import Pictures
from bot.delivery.sender import Sender
from bot.i18n import Languages
from bot.telegram.limiter import _TICK, Limiter
from bot.telegram.transport import Transport
from storage import Database, deliveries, open_database
from tests.support import postgres

_TOKEN = "1:bench"
_SAMPLE = 20_000
_SIZES, _ROUNDS = (1_000, 100_000, 1_000_000), 5
_SHARE = 1_000
"""Chats that an article of the sample goes to: the same at all sizes."""
_CAPTION = "<b>Judul berita utama hari ini</b>\n\n" + "Kalimat pembuka yang cukup panjang. " * 12


class _NoDownloads:
    async def get(self, address: str, **_: Any) -> Any:
        raise FeedError(f"{address} cannot be reached.")


def main() -> None:
    """Print the tables."""
    full = bool(os.environ.get("KABAR_BENCH_FULL"))
    with wire.running() as root, tempfile.TemporaryDirectory() as folder:
        print("one core; server in another process; sendPhoto with caption and buttons\n")
        print(f"{'path':<46}{'messages':>9}{'CPU ms each':>13}{'a second':>10}{'RSS MB':>8}")
        _print("PTB 22.8, default (httpx), 30 at once", _child("ptb", root))
        _print("bare aiohttp post, 30 at once: the loopback limit", _child("bare", root))
        _print("bare aiohttp post, at 1,000 a second", _child("bare-paced", root))
        databases = {chats: f"sqlite:///{Path(folder) / f'{chats}.db'}" for chats in _SIZES}
        for chats, database in databases.items():
            asyncio.run(_populate(database, chats))
        # Round after round, so that what else the machine does meets all sizes alike.
        rounds = [
            {
                chats: _child("kabar", root, database, "100000", str(_SAMPLE))
                for chats, database in databases.items()
            }
            for _ in range(_ROUNDS)
        ]
        for chats in _SIZES:
            told = sorted((one[chats] for one in rounds), key=lambda one: one["cpu"])
            _print(f"Kabar, {chats:>9,} chats, as fast as it can", told[_ROUNDS // 2])
        for chats in (100_000, 1_000_000) if full else (100_000,):
            told = _child("kabar", root, databases[chats], "1000", str(chats))
            _print(f"Kabar, {chats:>9,} chats, at 1,000 a second", told)
        with postgres.running() as server:
            url = server.create()
            asyncio.run(_populate(url, 100_000))
            for rate, how in ((100_000, "as fast as it can"), (1_000, "at 1,000 a second")):
                told = _child("kabar", root, url, str(rate), "100000")
                _print(f"Kabar on PostgreSQL, 100,000 chats, {how}"[:46], told)


def _print(name: str, told: dict[str, float]) -> None:
    print(
        f"{name:<46}{told['n']:>9,.0f}{1000 * told['cpu'] / told['n']:>13.3f}"
        f"{told['n'] / told['wall']:>10,.0f}{told['rss']:>8.0f}",
        flush=True,
    )


def _child(*arguments: str) -> dict[str, float]:
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.delivery", *arguments],
        stdout=subprocess.PIPE,
        check=True,
    )
    found: dict[str, float] = json.loads(done.stdout)
    return found


async def _populate(url: str, chats: int) -> None:
    db = await open_database(url)
    async with db.transaction() as tx:
        numbers = f"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i < {chats})"
        await tx.run(
            "INSERT INTO chat (id, telegram_id, kind, language, created_at)"
            f" {numbers} SELECT i, 1000000000 + i * 7, 'private', 'id', 1 FROM n"
        )
        await tx.run(
            f"INSERT INTO subscription (id, chat_id, created_at) {numbers} SELECT i, i, 1 FROM n"
        )
    await db.close()


async def _article(db: Database, first: int, count: int) -> None:
    """A new article for a stretch of the audience."""
    async with db.transaction() as tx:
        number = await tx.value(
            "INSERT INTO article (content_key, fingerprint, headline, lead, link, source, picture,"
            " first_seen_at, sort_at, origin) VALUES ('', '', 'Judul berita utama', :lead,"
            " 'https://kabar.example/1', 'Kantor', 'https://kabar.example/1.jpg', 1, 1, 'feed')"
            " RETURNING id",
            lead="Kalimat pembuka yang cukup panjang. " * 12,
        )
        broadcast = await deliveries.announce(tx, number, now=1)
        await tx.run(
            "UPDATE broadcast SET cursor = :first, last = :first + :count WHERE id = :id",
            id=broadcast,
            first=first,
            count=count,
        )


async def _done(db: Database, sending: asyncio.Task[None], pause: float) -> None:
    while not sending.done():
        await asyncio.sleep(pause)
        async with db.reading() as cx:
            if not await cx.value("SELECT COUNT(*) FROM broadcast WHERE done_at IS NULL"):
                return
    await sending


async def _kabar(root: str, url: str, rate: float, count: int) -> None:
    db = await open_database(url)
    async with db.reading() as cx:
        chats = await cx.value("SELECT MAX(id) FROM subscription")
    async with db.transaction() as tx:
        for table in ("delivery", "broadcast", "article"):
            await tx.run(f"DELETE FROM {table}")
    async with Transport(root, _TOKEN) as transport:
        composer = Composer(
            Languages.load("id", ZoneInfo("Asia/Jakarta")),
            bot_username="kabar_bot",
            commenting=True,
            clock=lambda: int(time.time()),
        )
        pictures = Pictures(_NoDownloads())
        delivery = Sender(db, transport, Limiter(RateLimit(rate)), composer, pictures)
        runtime.settle()
        stop = asyncio.Event()
        sending = asyncio.create_task(delivery.run(stop))
        cpu = wall = 0.0
        share = min(count, chats) if rate <= 1_000 else _SHARE
        first = (chats - share) // 2
        for turn in range(count // share):
            if chats < count and turn:
                await asyncio.sleep(1.1)  # a chat takes one message a second; not counted
            await _article(db, first, share)
            first = (first + share) % max(share, chats - share)
            before, began = time.process_time(), time.perf_counter()
            delivery.wake()
            await _done(db, sending, 0.5 if share > 50_000 else 0.05)
            cpu += time.process_time() - before
            wall += time.perf_counter() - began
        _tell(count, cpu, wall)
        stop.set()
        await sending
    await db.close()


async def _bare(root: str, count: int = 10_000, *, rate: int = 0) -> None:
    """As fast as 30 senders can, or spread over the second as Kabar's gate spreads a broadcast."""
    body = json.dumps({"chat_id": 1, "photo": "x", "caption": _CAPTION}).encode()
    headers = {"Content-Type": "application/json"}
    async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as session:

        async def post() -> None:
            async with session.post(
                f"{root}/bot{_TOKEN}/sendPhoto", data=body, headers=headers
            ) as answer:
                await answer.read()

        async def send() -> None:
            for _ in range(count // 30):
                await post()

        runtime.settle()
        before, began = time.process_time(), time.perf_counter()
        async with asyncio.TaskGroup() as group:
            if rate:
                left = count
                while left:
                    due = min(left, int((time.perf_counter() - began) * rate) - count + left)
                    left -= due
                    for _ in range(due):
                        group.create_task(post())
                    await asyncio.sleep(_TICK)
            else:
                for _ in range(30):
                    group.create_task(send())
        cpu, wall = time.process_time() - before, time.perf_counter() - began
        _tell(count if rate else count // 30 * 30, cpu, wall)


async def _ptb(root: str, count: int = 1_500) -> None:
    keyboard = telegram.InlineKeyboardMarkup(
        [
            [
                telegram.InlineKeyboardButton(
                    "📖 Baca selengkapnya", url="https://kabar.example/1"
                ),
                telegram.InlineKeyboardButton("💬 Komentar", callback_data="c:1"),
            ]
        ]
    )
    async with telegram.Bot(_TOKEN, base_url=f"{root}/bot") as bot:

        async def send() -> None:
            for chat in range(count // 30):
                await bot.send_photo(
                    chat + 1, "file-id", caption=_CAPTION, parse_mode="HTML", reply_markup=keyboard
                )

        before, began = time.process_time(), time.perf_counter()
        await asyncio.gather(*(send() for _ in range(30)))
        cpu, wall = time.process_time() - before, time.perf_counter() - began
        _tell(count // 30 * 30, cpu, wall)


def _tell(count: int, cpu: float, wall: float) -> None:
    told = {
        "n": count,
        "cpu": cpu,
        "wall": wall,
        "rss": _resident(),
    }
    print(json.dumps(told), flush=True)


def _resident() -> float:
    """The most memory that this process has had, in MB. (Linux counts into `ru_maxrss` what the
    parent had when it forked.)"""
    status = Path("/proc/self/status")
    if not status.exists():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    high = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
    return int(high.split()[1]) / 1024


if __name__ == "__main__":
    logs.configure("json", "critical")
    wire.pin(0)
    what, root, *more = sys.argv[1:]
    if what == "kabar":
        asyncio.run(_kabar(root, more[0], float(more[1]), int(more[2])))
    elif what == "ptb":
        asyncio.run(_ptb(root))
    else:
        asyncio.run(_bare(root, rate=1_000 if what == "bare-paced" else 0))
