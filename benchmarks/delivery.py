"""What a delivery costs, its outcome stored, beside a bare HTTP client and PTB's default path.

CPU is the sender's whole process (threads too) for each delivery; the server is another process.
An article goes to a stretch in the middle of the audience, then the bare client sends as many in
the same process, and so on in turn: whatever else the machine does affects both alike. Printed are
the medians of all turns. At 1,000 a second the process sleeps and wakes for each few messages: the
bare client pays for that, too. KABAR_BENCH_SHORT=1: one size and no PostgreSQL, for a quick look
(half a minute). KABAR_BENCH_FULL=1: one article to all of a million chats at 1,000 a second as well
(17 minutes).
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
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from statistics import median
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
_SIZES = (1_000, 100_000, 1_000_000)
_FAST, _PACED = 100_000.0, 1_000.0
"""Messages a second."""
_TURNS = {_FAST: (20, 1_000), _PACED: (4, 5_000)}
"""How many articles, and chats that each goes to: the same at all sizes."""
_CAPTION = "<b>Judul berita utama hari ini</b>\n\n" + "Kalimat pembuka yang cukup panjang. " * 12


class _NoDownloads:
    async def get(self, address: str, **_: Any) -> Any:
        raise FeedError(f"{address} cannot be reached.")


def main() -> None:
    """Print the tables."""
    short, full = (bool(os.environ.get(f"KABAR_BENCH_{one}")) for one in ("SHORT", "FULL"))
    with wire.running() as root, tempfile.TemporaryDirectory() as folder:
        print("one core; server in another process; sendPhoto with caption and buttons\n")
        print(
            f"{'path':<46}{'messages':>9}{'CPU ms each':>13}{'bare client':>13}{'times':>7}"
            f"{'a second':>10}{'RSS MB':>8}"
        )
        _print("PTB 22.8, default (httpx), 30 at once", _child("ptb", root))
        _print("bare aiohttp post, 30 at once", _child("bare", root, str(_FAST)))
        _print("bare aiohttp post, at 1,000 a second", _child("bare", root, str(_PACED)))
        for chats in _SIZES[1:2] if short else _SIZES:
            url = f"sqlite:///{Path(folder) / f'{chats}.db'}"
            asyncio.run(_populate(url, chats))
            told = _child("kabar", root, url, str(_FAST))
            _print(f"Kabar, {chats:>9,} chats, as fast as it can", told)
            if chats == _SIZES[1]:
                told = _child("kabar", root, url, str(_PACED))
                _print(f"Kabar, {chats:>9,} chats, at 1,000 a second", told)
        if full:
            _print("Kabar, all of these, at 1,000 a second", _child("all", root, url, str(_PACED)))
        if not short:
            with postgres.running() as server:
                url = server.create()
                asyncio.run(_populate(url, 100_000))
                for rate, how in ((_FAST, "as fast as it can"), (_PACED, "at 1,000 a second")):
                    told = _child("kabar", root, url, str(rate))
                    _print(f"Kabar on PostgreSQL, 100,000, {how}", told)


def _print(name: str, told: dict[str, float]) -> None:
    beside = f"{told['bare']:>13.3f}{told['times']:>7.2f}" if told.get("bare") else " " * 20
    print(
        f"{name:<46}{told['n']:>9,.0f}{told['each']:>13.3f}{beside}"
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
    """A new article for a stretch of the audience. Its picture is known to Telegram: finding that
    out is for the first chat of all, and the others wait for it."""
    async with db.transaction() as tx:
        number = await tx.value(
            "INSERT INTO article (content_key, fingerprint, headline, lead, link, source, picture,"
            " file_id, first_seen_at, sort_at, origin) VALUES ('', '', 'Judul berita utama', :lead,"
            " 'https://kabar.example/1', 'Kantor', 'https://kabar.example/1.jpg', :file, 1, 1,"
            " 'feed') RETURNING id",
            file="AgACAgQAAx0CTm" * 4,
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


async def _kabar(root: str, url: str, rate: float, *, whole: bool = False) -> None:
    """Articles to a stretch of the audience each, and the bare client in turn; or, if `whole`, one
    article to all of them."""
    db = await open_database(url)
    async with db.reading() as cx:
        chats = await cx.value("SELECT MAX(id) FROM subscription")
    async with db.transaction() as tx:
        for table in ("delivery", "broadcast", "article"):
            await tx.run(f"DELETE FROM {table}")
    turns, share = (1, chats) if whole else _TURNS[rate]
    async with Transport(root, _TOKEN) as transport, _session() as session:
        composer = Composer(
            Languages.load("id", ZoneInfo("Asia/Jakarta")),
            bot_username="kabar_bot",
            commenting=True,
            clock=lambda: int(time.time()),
        )
        pictures = Pictures(_NoDownloads())
        delivery = Sender(db, transport, Limiter(RateLimit(rate)), composer, pictures)
        runtime.freeze_garbage()
        stop = asyncio.Event()
        sending = asyncio.create_task(delivery.run(stop))
        spent: list[_Spent] = []
        beside: list[_Spent] = []
        first = max(0, chats - share * turns) // 2
        for turn in range(turns):
            if chats < 2 * share and turn:
                await asyncio.sleep(1.1)  # a chat takes one message a second; not counted
            await _article(db, first, share)
            first = (first + share) % max(share, chats - share)
            with _counting(spent, share):
                delivery.wake()
                await _done(db, sending, 0.25 if rate == _PACED else 0.05)
            if not whole:
                with _counting(beside, share):
                    await _post(session, root, share, rate)
        _tell(spent, beside)
        stop.set()
        await sending
    await db.close()


_Spent = tuple[int, float, float]
"""Messages, and the seconds of CPU and of the clock that they took."""


@contextmanager
def _counting(spent: list[_Spent], messages: int) -> Iterator[None]:
    before, began = time.process_time(), time.perf_counter()
    yield
    spent.append((messages, time.process_time() - before, time.perf_counter() - began))


def _session() -> aiohttp.ClientSession:
    return aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar())


async def _bare(root: str, rate: float) -> None:
    turns, share = _TURNS[rate]
    spent: list[_Spent] = []
    async with _session() as session:
        runtime.freeze_garbage()
        for _ in range(turns):
            with _counting(spent, share):
                await _post(session, root, share, rate)
    _tell(spent)


async def _post(session: aiohttp.ClientSession, root: str, count: int, rate: float) -> None:
    """As fast as 30 senders can, or spread over the second as Kabar's limiter spreads a
    broadcast."""
    body = json.dumps({"chat_id": 1, "photo": "x", "caption": _CAPTION}).encode()
    headers = {"Content-Type": "application/json"}
    left = count

    async def post() -> None:
        async with session.post(
            f"{root}/bot{_TOKEN}/sendPhoto", data=body, headers=headers
        ) as answer:
            await answer.read()

    async def send() -> None:
        nonlocal left
        while left:
            left -= 1
            await post()

    began = time.perf_counter()
    async with asyncio.TaskGroup() as group:
        if rate == _FAST:
            for _ in range(30):
                group.create_task(send())
            return
        while left:
            due = min(left, int((time.perf_counter() - began) * rate) - count + left)
            left -= due
            for _ in range(due):
                group.create_task(post())
            await asyncio.sleep(_TICK)


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

        spent: list[_Spent] = []
        with _counting(spent, count // 30 * 30):
            await asyncio.gather(*(send() for _ in range(30)))
        _tell(spent)


def _tell(spent: Sequence[_Spent], beside: Sequence[_Spent] = ()) -> None:
    each, bare = ([1000 * cpu / n for n, cpu, _ in turns] for turns in (spent, beside))
    told = {
        "n": sum(n for n, _, _ in spent),
        "each": median(each),
        "wall": sum(wall for _, _, wall in spent),
        "rss": _resident(),
    }
    if beside:
        told["bare"] = median(bare)
        told["times"] = median(ours / its for ours, its in zip(each, bare, strict=True))
    print(json.dumps(told), flush=True)


def _resident() -> float:
    """The most memory that this process has had, in MB. (Linux includes in `ru_maxrss` what the
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
    if what == "ptb":
        asyncio.run(_ptb(root))
    elif what == "bare":
        asyncio.run(_bare(root, float(more[0])))
    else:
        asyncio.run(_kabar(root, more[0], float(more[1]), whole=what == "all"))
