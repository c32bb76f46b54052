"""How soon the program listens, and how large it is while nothing happens, with 1,000 chats.

`kabar run` on a database that exists, five times: seconds from the start of the process until its
first getUpdates, and resident memory ten seconds later; beside them a Python that only imports
python-telegram-bot and aiohttp.
"""

from __future__ import annotations

import asyncio
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks import process, wire

_CHATS, _RUNS, _IDLE_SECONDS = 1_000, 5, 10
_LIBRARIES = "import telegram.ext, aiohttp, resource; print(resource.getrusage(0).ru_maxrss)"


class _Telegram:
    """Has no updates, and rings at the first getUpdates."""

    def __init__(self) -> None:
        self.polled = asyncio.Event()

    def answer(self, method: bytes, _: bytes) -> bytes | asyncio.Future[bytes]:
        if method == b"getupdates":
            self.polled.set()
            return asyncio.get_running_loop().create_future()
        if method == b"getwebhookinfo":
            return wire.NO_HOOK
        return wire.ME if method == b"getme" else wire.TRUE


async def _start(path: Path) -> tuple[float, float]:
    telegram = _Telegram()
    settings = {
        "KABAR_TOKEN": "1:bench",
        "KABAR_FEEDS": "http://127.0.0.1:9/feed.xml",
        "KABAR_TELEGRAM_URL": await wire.listen(telegram.answer),
        "KABAR_DATABASE_URL": f"sqlite:///{path}",
        "KABAR_LOG_LEVEL": "error",
    }
    began = time.perf_counter()
    kabar = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", "run", env=os.environ | settings
    )
    try:
        await asyncio.wait_for(telegram.polled.wait(), 120)
        took = time.perf_counter() - began
        await asyncio.sleep(_IDLE_SECONDS)
        return took, process.resident(kabar.pid)
    finally:
        kabar.terminate()
        await kabar.wait()


def main() -> None:
    """Print the medians."""
    bare = subprocess.run(
        [sys.executable, "-c", _LIBRARIES], capture_output=True, text=True, check=True
    )
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "kabar.db"
        asyncio.run(process.populate(path, _CHATS))
        runs = [asyncio.run(_start(path)) for _ in range(_RUNS)]
    print(f"python-telegram-bot and aiohttp alone: {int(bare.stdout) / 1024:.0f} MiB")
    print(f"Kabar: first getUpdates after {statistics.median(one[0] for one in runs):.2f} s")
    print(f"Kabar idle: {statistics.median(one[1] for one in runs):.0f} MiB")


if __name__ == "__main__":
    main()
