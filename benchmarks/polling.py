"""What unchanged feeds cost: a thousand of them, answered 304 or with the same body.

    python -m benchmarks.polling [FEEDS]

Polls alone (`Poller.tick`), and the loop as `kabar run` runs it (`Poller.run`: timers, pages,
vanished articles) with its writes into a real database, `synchronous=FULL`. Beside them, in the
same run, a bare aiohttp client that requests the same addresses: the floor. CPU of this process,
all threads.
"""

from __future__ import annotations

import asyncio
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import aiohttp

from bot.fetch import Fetched, Fetcher
from bot.news.page_reader import Pages
from bot.news.polling import Poller
from bot.news.retraction import Vanished
from storage import Database, feeds, open_database

FEEDS = 1000
ROUNDS = 5
EVERY = 5
"""Seconds between two polls in the measured loop: twelve minutes' worth of polls in one."""
_SERVER = """
import asyncio, sys
BODY = (b'<rss version="2.0"><channel><title>Paper</title>'
        b'<item><title>One</title><link>https://paper.example/1</link></item></channel></rss>')
HEAD = (b'HTTP/1.1 200 OK\\r\\nETag: "a"\\r\\n'
        b'Content-Type: application/rss+xml\\r\\nContent-Length: ')
async def serve(reader, writer):
    try:
        while True:
            head = await reader.readuntil(b'\\r\\n\\r\\n')
            if b'/plain/' not in head and b'If-None-Match' in head:
                writer.write(b'HTTP/1.1 304 Not Modified\\r\\nETag: "a"\\r\\n\\r\\n')
            else:
                tag = HEAD if b'/plain/' not in head else HEAD.replace(b'ETag: "a"\\r\\n', b'')
                writer.write(tag + str(len(BODY)).encode() + b'\\r\\n\\r\\n' + BODY)
    except (asyncio.IncompleteReadError, ConnectionError):
        writer.close()
async def main():
    server = await asyncio.start_server(serve, '127.0.0.1', 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()
asyncio.run(main())
"""


class _Clock:
    now = 1_700_000_000

    def __call__(self) -> int:
        return self.now


class _Counting(Fetcher):
    """Counts its requests."""

    looks = 0

    async def get(self, address: str, **more: Any) -> Fetched:
        self.looks += 1
        return await super().get(address, **more)


async def _cpu(work: Callable[[], Awaitable[object]]) -> float:
    """CPU seconds of this process for one round."""
    before = time.process_time()
    await work()
    return time.process_time() - before


Measure = Callable[[Database, list[str]], Awaitable[list[float]]]


async def _polling(measure: Measure, root: str, kind: str, count: int) -> list[float]:
    """CPU milliseconds per unchanged feed, one value per round."""
    with tempfile.TemporaryDirectory() as folder:
        db = await open_database(f"sqlite:///{Path(folder) / 'kabar.db'}")
        try:
            return await measure(db, [f"{root}/{kind}/{n}" for n in range(count)])
        finally:
            await db.close()


async def _loop(db: Database, addresses: list[str]) -> list[float]:
    """The whole loop for some seconds, by the clock on the wall; one value per round of all
    feeds."""
    async with db.transaction() as tx:
        await feeds.configure(tx, [(one, "") for one in addresses])
    async with _Counting(allow_private=True) as fetcher:
        poller = Poller(
            db,
            fetcher,
            every=EVERY,
            clock=lambda: int(time.time()),
            on_news=lambda: None,
            pages=Pages(fetcher, clock=lambda: int(time.time())),
            vanished=Vanished(db, fetcher, clock=lambda: int(time.time())),
        )
        await poller.tick()
        running = asyncio.create_task(poller.run())
        found = []
        for _ in range(ROUNDS):
            looks = fetcher.looks
            spent = await _cpu(lambda: asyncio.sleep(EVERY))
            found.append(spent / max(fetcher.looks - looks, 1) * 1000)
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
    return found


async def _rounds(db: Database, addresses: list[str]) -> list[float]:
    clock = _Clock()
    async with db.transaction() as tx:
        await feeds.configure(tx, [(one, "") for one in addresses])
    async with Fetcher(allow_private=True) as fetcher:
        poller = Poller(db, fetcher, every=60, clock=clock, on_news=lambda: None)
        await poller.tick()
        found = []
        for _ in range(ROUNDS):
            clock.now += 60
            found.append(await _cpu(poller.tick) / len(addresses) * 1000)
        return found


async def _bare(root: str, count: int) -> list[float]:
    async with aiohttp.ClientSession() as session:

        async def one(number: int) -> None:
            async with session.get(
                f"{root}/tagged/{number}", headers={"If-None-Match": '"a"'}
            ) as answer:
                await answer.read()

        async def everything() -> None:
            await asyncio.gather(*(one(number) for number in range(count)))

        await everything()
        return [await _cpu(everything) / count * 1000 for _ in range(ROUNDS)]


def main() -> None:
    """Print the CPU per feed, and how much of a core a thousand a minute take."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 and sys.argv[1].isdigit() else FEEDS
    with subprocess.Popen([sys.executable, "-c", _SERVER], stdout=subprocess.PIPE) as server:
        assert server.stdout is not None  # asked for
        root = f"http://127.0.0.1:{int(server.stdout.readline())}"
        try:
            rows = (
                ("bare aiohttp client (floor)", asyncio.run(_bare(root, count))),
                ("looks, 304", asyncio.run(_polling(_rounds, root, "tagged", count))),
                ("looks, same body", asyncio.run(_polling(_rounds, root, "plain", count))),
                ("the whole loop, 304", asyncio.run(_polling(_loop, root, "tagged", count))),
                ("the whole loop, same body", asyncio.run(_polling(_loop, root, "plain", count))),
            )
        finally:
            server.kill()
    print(f"{count} feeds, {ROUNDS} rounds; CPU of this process")
    for name, values in rows:
        median = statistics.median(values)
        share = median * 1000 / 60_000 * 100
        print(f"  {name:30} {median:6.3f} ms a feed   1,000 a minute: {share:4.1f} % of a core")


if __name__ == "__main__":
    main()
