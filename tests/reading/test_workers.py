"""Strangers' bytes in a process of their own: the same answers, and nothing that can hurt."""

from __future__ import annotations

import asyncio
import pickle
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager, suppress
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.chart import Panel, Series
from bot.core.errors import FeedError
from bot.reading.frames import HEAD, packed, unpacked
from bot.reading.reader import InThread
from bot.reading.workers import InWorker
from tests.support.program import ROOT

NOW = 1_693_458_000
PATIENCE = 60.0
"""Seconds: on a busy machine a worker takes its time to start."""
JAKARTA = ZoneInfo("Asia/Jakarta")
FEED = b"""<rss version="2.0"><channel><title>Koran</title><item><title>Harga beras turun</title>
<link>https://koran.example/beras</link><description>Harga beras turun di pasar.</description>
</item></channel></rss>"""
PAGE = b"""<html><head><title>Beras</title><link rel="alternate" type="application/rss+xml"
href="/feed.xml"></head><body><article><h1>Harga beras turun</h1><p>Harga beras turun di pasar induk
hari ini, kata pedagang.</p></article></body></html>"""
PICTURES = b"".join(b'&lt;img src="/%d.jpg"&gt;' % n for n in range(100))
HOSTILE = b"<rss version='2.0'><channel>" + 2000 * (
    b"<item><title>Gambar</title><description>" + PICTURES + b"</description></item>"
)


@pytest.fixture
async def reader() -> AsyncIterator[InWorker]:
    async with InWorker(seconds=PATIENCE, most=1) as workers:
        yield workers


async def test_a_worker_reads_as_a_thread_does(reader: InWorker) -> None:
    address = "https://koran.example/feed.xml"
    plain = InThread()
    asked: dict[str, Any] = {"address": address, "now": NOW, "zone": JAKARTA}
    assert await reader.feed(FEED, **asked) == await plain.feed(FEED, **asked)
    assert await reader.page(PAGE, **asked) == await plain.page(PAGE, **asked)
    links = await plain.feed_links(PAGE, address=address)
    assert await reader.feed_links(PAGE, address=address) == links
    assert await reader.jpeg(b"no picture") is None
    figures = (Panel("Artikel", (Series("", "#2f7ed8", (1, 2, 3)),), line=True),)
    drawn = await reader.chart("30 hari", figures, first="1 Agu", last="3 Agu")
    assert drawn == await plain.chart("30 hari", figures, first="1 Agu", last="3 Agu")
    assert reader.started == 1


def test_the_program_itself_imports_nothing_that_it_never_needs() -> None:
    """In a process of its own: here it is all imported already. Neither what only reading needs,
    nor libraries of libraries; whoever wants these later gets them."""
    reading = ["lxml", "trafilatura", "justext", "htmldate", "dateparser", "feedparser", "PIL"]
    reading += ["lxml_html_clean", "courlan", "tld", "charset_normalizer", "tzlocal"]
    unused = ["httpx", "httpcore", "anyio", "rich", "pygments", "click", "psycopg", "aiohttp_socks"]
    code = (
        "import sys\nfrom bot import runtime\n"
        "with runtime.hastening(): import bot.app, bot.cli.operate, bot.settings\n"
        f"found = [name for name in {reading + unused} if name in sys.modules]\n"
        "import httpx, rich.console\n"
        "assert httpx.AsyncClient.__module__.startswith('httpx'), httpx\n"
        "sys.exit(', '.join(found) or 0)"
    )
    found = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=False
    )
    assert (found.returncode, found.stderr) == (0, "")


async def test_what_cannot_be_read_is_one_sentence(reader: InWorker) -> None:
    with pytest.raises(FeedError, match=r"https://koran.example/ is no feed"):
        await reader.feed(b"halo", address="https://koran.example/", now=NOW)
    assert (await reader.feed(FEED, address="https://koran.example/", now=NOW)).title == "Koran"
    assert reader.started == 1


async def test_a_reading_without_end_is_ended_and_told_as_that_feeds_trouble() -> None:
    async with InWorker(seconds=3.0, most=1) as reader:
        with pytest.raises(FeedError, match=r"could not be read within 3 s\.$"):
            await reader.feed(HOSTILE, address="https://jahat.example/feed.xml", now=NOW)
        async with asyncio.timeout(PATIENCE):
            while not await answered(reader):
                pass
        assert reader.started >= 2


async def answered(reader: InWorker) -> bool:
    """On a busy machine a fresh worker may need longer than those seconds to start."""
    with suppress(FeedError):
        return bool(await reader.feed_links(PAGE, address="https://koran.example/"))
    return False


async def test_the_loop_goes_on_meanwhile(reader: InWorker) -> None:
    """However long the reading takes: what ten megabytes of a feed cost is not the loop's."""
    await reader.feed_links(b"", address="https://koran.example/")  # it is there
    large = FEED.replace(b"pasar.", b"pasar. " * 1_500_000)
    lags = []
    async with asyncio.TaskGroup() as group:
        reading = group.create_task(reader.feed(large, address="https://a.example/", now=NOW))
        while not reading.done():
            before = time.thread_time()  # what the loop itself works, however busy the machine
            await asyncio.sleep(0.005)
            lags.append(time.thread_time() - before)
    assert len(lags) > 3
    assert sorted(lags)[len(lags) // 2] < 0.05


async def test_a_worker_that_dies_costs_one_reading(reader: InWorker) -> None:
    await reader.feed(FEED, address="https://koran.example/", now=NOW)
    reader.kill_idle()
    assert (await reader.feed(FEED, address="https://koran.example/", now=NOW)).title == "Koran"
    assert reader.started == 2


async def test_memory_is_bounded() -> None:
    async with InWorker(seconds=PATIENCE, memory=300 * 1024 * 1024, most=1) as reader:
        bomb = b"<rss version='2.0'><channel>" + b"<item><a/><b/><c/></item>" * 600_000
        with pytest.raises(FeedError):  # libxml2 says so, or Python does
            await reader.feed(bomb, address="https://besar.example/", now=NOW)


async def test_idle_workers_end() -> None:
    async with InWorker(seconds=PATIENCE, idle=0.0, most=1) as reader:
        await reader.feed_links(PAGE, address="https://koran.example/")
        await asyncio.sleep(0.01)  # the loop looks after its timers
        assert reader.alive == 0
        assert await reader.feed_links(PAGE, address="https://koran.example/")
        assert reader.started == 2


async def test_a_warm_worker_takes_the_place_of_idle_ones() -> None:
    async with InWorker(seconds=PATIENCE, idle=0.0, most=2, warm=True) as reader:
        await reader.feed_links(PAGE, address="https://koran.example/")
        first = reader.pids
        async with asyncio.timeout(PATIENCE):
            while reader.pids == first or reader.alive != 1:  # noqa: ASYNC110 - another process
                await asyncio.sleep(0.01)
        assert reader.started == 2
        [waiting] = reader.pids
        assert (await reader.feed(FEED, address="https://koran.example/", now=NOW)).title == "Koran"
        assert waiting in reader.pids


class _Evil:
    def __reduce__(self) -> tuple[object, tuple[str]]:
        return eval, ("1/0",)


@contextmanager
def refused() -> Iterator[None]:
    with pytest.raises(pickle.UnpicklingError):
        yield


def test_answers_name_our_own_values_only() -> None:
    with refused():
        unpacked(packed(_Evil())[HEAD.size :])
    with refused():
        unpacked(packed(InThread)[HEAD.size :])
    assert unpacked(packed(("read", {1, 2}, b"x"))[HEAD.size :]) == ("read", {1, 2}, b"x")
