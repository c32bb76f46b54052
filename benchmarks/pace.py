"""A minute at Telegram's limits: how much of the rate is used, and how many requests are refused.

The server (a process of its own) counts in exact windows and refuses without mercy: 30 in any
second, 1 a second to a chat, 20 a minute to a group. Half of the chats are groups.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from bot import logs
from storage import open_database
from tests.support.sending import add_article, add_chats, announce, context
from tests.support.strict_server import Limits, Server

_RATE, _SECONDS = 30, 60


def main() -> None:
    """Print the table."""
    logs.configure("json", "critical")
    print(f"{'limit':>10}{'seconds':>9}{'sent':>8}{'a second':>10}{'of limit':>10}{'429':>6}")
    told = asyncio.run(_minute(_RATE, _SECONDS))
    each = told["sent"] / _SECONDS
    print(
        f"{_RATE:>8}/s{_SECONDS:>9}{told['sent']:>8.0f}{each:>10.2f}{each / _RATE:>10.2%}"
        f"{told['refused']:>6.0f}",
        flush=True,
    )


async def _minute(rate: int, seconds: int) -> dict[str, float]:
    with tempfile.TemporaryDirectory() as folder, _server(rate) as (root, ask):
        db = await open_database(f"sqlite:///{Path(folder) / 'pace.db'}")
        half = rate * seconds
        await add_chats(db, *range(1, half), *range(-half, 0))
        async with context(db, root, clock=lambda: int(time.time()), rate=rate):
            await announce(db, await add_article(db))
            await asyncio.to_thread(ask)  # the first message starts the clock
            await asyncio.sleep(seconds)
            told = await asyncio.to_thread(ask)
        await db.close()
        return told


@contextmanager
def _server(rate: int) -> Iterator[tuple[str, Callable[[], dict[str, float]]]]:
    process = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.pace", str(rate)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    stdin, stdout = process.stdin, process.stdout

    def ask() -> dict[str, float]:
        stdin.write("\n")
        stdin.flush()
        found: dict[str, float] = json.loads(stdout.readline())
        return found

    try:
        yield stdout.readline().strip(), ask
    finally:
        process.terminate()
        process.wait()


async def _serve(rate: int) -> None:
    limits = Limits(overall=rate, per_chat_seconds=1.0, per_group_minute=20)
    async with Server(limits) as server:
        print(server.root, flush=True)
        await asyncio.to_thread(sys.stdin.readline)
        while not server.arrived:  # noqa: ASYNC110 - the server rings no bell
            await asyncio.sleep(0.001)
        began = len(server.arrived)
        print(json.dumps({"began": began}), flush=True)
        await asyncio.to_thread(sys.stdin.readline)
        told = {"sent": len(server.arrived) - began, "refused": server.refused.total()}
        print(json.dumps(told), flush=True)
        await asyncio.sleep(60)


if __name__ == "__main__":
    asyncio.run(_serve(int(sys.argv[1])))
