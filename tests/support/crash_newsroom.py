"""A sender to be killed: `python -m tests.support.crash_newsroom DATABASE_URL ROOT SPEED`, or
`newsroom`, which starts that.

Each line on standard input starts a new process (a fork, so that a life does not begin with a
second of imports), and its number is printed. `SPEED` makes its clock run faster: waiting for
retries is not what the test is about.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bot import logs
from bot.core.html import Html
from bot.core.model import Post
from bot.core.posts.content_kinds import ContentKind
from bot.core.posts.delivery import Delivery
from bot.core.posts.rate_limit import CHAT_PERIOD
from storage import Connection, open_database
from tests.support.sending import context

SPEED = 20.0


class Newsroom:
    """Starts senders and kills them."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    async def start(self) -> int:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(b"\n")
        return int(await self._process.stdout.readline())


@asynccontextmanager
async def newsroom(
    database_url: str, root: str, *, module: str = "tests.support.crash_newsroom"
) -> AsyncIterator[Newsroom]:
    """Whatever it started ends with it, also when the test fails."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", module, database_url, root, str(SPEED)),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        start_new_session=True,
    )
    try:
        yield Newsroom(process)
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        await process.wait()


async def card(_: Connection, one: Delivery) -> Post | None:
    return Post(Html(f"card {one.comment_id}"))


async def work(database_url: str, root: str, speed: float) -> None:
    begun = time.time()
    db = await open_database(database_url)

    def clock() -> int:
        return int(begun + (time.time() - begun) * speed)

    others = {ContentKind.CARD: card}
    async with context(
        db, root, clock=clock, rate=400, chat_period=CHAT_PERIOD, others=others
    ) as at:
        await at.task


def main() -> None:
    database_url, root, speed = sys.argv[1], sys.argv[2], float(sys.argv[3])
    logs.configure("json", "critical")
    for _ in sys.stdin:
        child = os.fork()
        if child == 0:
            try:
                asyncio.run(work(database_url, root, speed))
            finally:
                os._exit(1)
        sys.stdout.write(f"{child}\n")
        sys.stdout.flush()
        os.waitpid(child, 0)


if __name__ == "__main__":
    main()
