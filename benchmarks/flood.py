"""How long a reader waits beside people who ask without end: the whole program at the free rate.

One person sends 1,500 /start and seventy groups 120 commands each: some 10,000 updates at once.
Meanwhile readers ask for /latest, 4 a second. Then the program is killed, the same flood waits for
it, and the readers ask again. A stand-in on loopback measures the time until an answer arrives.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import statistics
import sys
import tempfile
import time
from collections import deque
from itertools import islice
from pathlib import Path
from typing import Any

import orjson

from benchmarks import wire
from bot.core.model import Story
from storage import articles, open_database

_TOKEN = "1:bench"
_GROUPS, _EACH, _STARTS = 70, 120, 1500
_READERS, _SECONDS, _ASKING = 40, 40, 4
_FLOODER = 900_001
_LATEST = ("/latest", "/help", "/search pasar", "/start")


class _Telegram:
    """Hands out updates in order, a hundred at a time, and notes when readers' answers come."""

    def __init__(self) -> None:
        self.waits: list[float] = []
        self.answers: dict[str, int] = {"readers": 0, "flooder": 0, "groups": 0}
        self.polled = asyncio.Event()
        self.fetched = 0.0
        """When the last update was confirmed."""
        self._asked: dict[int, float] = {}
        self._updates: deque[dict[str, Any]] = deque()
        self._number = 0
        self._poll: asyncio.Future[bytes] | None = None

    def answer(self, method: bytes, body: bytes) -> bytes | asyncio.Future[bytes]:
        if method.startswith(b"send"):
            self._note(int(body[11:32].split(b",")[0]))
            return wire.MESSAGE
        if method == b"getupdates":
            return self._get_updates(int(orjson.loads(body).get("offset") or 0))
        if method == b"getwebhookinfo":
            return wire.NO_HOOK
        return wire.ME if method == b"getme" else wire.TRUE

    def _note(self, chat: int) -> None:
        who = "groups" if chat < 0 else "flooder" if chat == _FLOODER else "readers"
        self.answers[who] += 1
        if (asked := self._asked.pop(chat, None)) is not None:
            self.waits.append(time.perf_counter() - asked)

    def _get_updates(self, offset: int) -> bytes | asyncio.Future[bytes]:
        while self._updates and self._updates[0]["update_id"] < offset:
            self._updates.popleft()
        self.polled.set()
        if self._updates:
            return wire.packed(list(islice(self._updates, 100)))
        self.fetched = time.perf_counter()
        self._poll = asyncio.get_running_loop().create_future()
        return self._poll

    def say(self, chat: int, text: str, *, sender: int | None = None) -> None:
        self._number += 1
        kind = "private" if chat > 0 else "supergroup"
        where = {"id": chat, "type": kind, "first_name": "Siti", "title": "Warung"}
        person = {"id": sender or chat, "is_bot": False, "first_name": "Siti"}
        length = len(text.split(maxsplit=1)[0])
        message = {
            "message_id": self._number,
            "date": int(time.time()),
            "chat": where,
            "from": person,
            "text": text,
            "entities": [{"type": "bot_command", "offset": 0, "length": length}],
        }
        self._updates.append({"update_id": self._number, "message": message})
        if self._poll is not None and not self._poll.done():
            self._poll.set_result(wire.packed(list(islice(self._updates, 100))))

    def flood(self) -> None:
        for _ in range(_STARTS):
            self.say(_FLOODER, "/start")
        for turn in range(_EACH):
            for group in range(_GROUPS):
                text = _LATEST[turn % len(_LATEST)]
                self.say(-1_001_000_000_000 - group, text, sender=910_000 + group * 200 + turn)

    def ask(self, reader: int) -> None:
        if reader not in self._asked:  # else the last answer has not come: it counts as it is
            self._asked[reader] = time.perf_counter()
            self.say(reader, "/latest")

    def unanswered(self) -> list[float]:
        now = time.perf_counter()
        found = [now - asked for asked in self._asked.values()]
        self._asked.clear()
        return found


async def _populate(path: Path) -> None:
    db = await open_database(f"sqlite:///{path}")
    async with db.transaction() as tx:
        for number in range(500):
            story = Story(
                key=str(number),
                headline=f"Kabar pasar nomor {number}",
                link=f"https://kabar.example/{number}",
                body=f"ekonomi pasar negosiasi {number} " * 20,
                published=1_600_000_000 + number * 3600,
            )
            await articles.add(tx, story, feed_id=None, origin="import", now=1_700_000_000)
    await db.close()


async def _start(path: Path, root: str) -> asyncio.subprocess.Process:
    settings = {
        "KABAR_TOKEN": _TOKEN,
        "KABAR_FEEDS": "http://127.0.0.1:9/feed.xml",
        "KABAR_TELEGRAM_URL": root,
        "KABAR_DATABASE_URL": f"sqlite:///{path}",
        "KABAR_LOG_LEVEL": "error",
    }
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", "benchmarks.flood", env=os.environ | settings
    )


async def _readers(telegram: _Telegram) -> list[float]:
    """How long readers who ask meanwhile wait; one without an answer waits until the end."""
    telegram.waits = []
    began = time.perf_counter()
    for number in range(_SECONDS * _ASKING):
        telegram.ask(1_000 + number % _READERS)
        await asyncio.sleep(max(0.0, began + number / _ASKING - time.perf_counter()))
    await asyncio.sleep(1)
    return telegram.waits + telegram.unanswered()


async def _measure(path: Path) -> None:
    telegram = _Telegram()
    root = await wire.listen(telegram.answer)
    kabar = await _start(path, root)
    try:
        await asyncio.wait_for(telegram.polled.wait(), 120)
        _show("alone", await _readers(telegram), telegram)
        telegram.flood()
        _show("in a flood", await _readers(telegram), telegram)
        telegram.flood()
        await asyncio.sleep(2)
        await _kill(kabar)
        kabar = await _start(path, root)
        telegram.polled.clear()
        await asyncio.wait_for(telegram.polled.wait(), 120)
        _show("after a restart", await _readers(telegram), telegram)
    finally:
        await _kill(kabar)


async def _kill(kabar: asyncio.subprocess.Process) -> None:
    """A program that has ended by itself was not measured: that is said."""
    if kabar.returncode is not None:
        print(f"The program had ended by itself, with {kabar.returncode}.", flush=True)
        return
    with contextlib.suppress(ProcessLookupError):
        kabar.kill()
    await kabar.wait()


def _show(name: str, waits: list[float], telegram: _Telegram) -> None:
    each = [1000 * one for one in waits]
    steps = statistics.quantiles(each, n=100)
    told = ", ".join(f"{who} {n}" for who, n in telegram.answers.items())
    print(
        f"{name:<17}{len(each):>7}{steps[49]:>9.0f}{steps[89]:>9.0f}{steps[98]:>9.0f}"
        f"{max(each):>9.0f}   messages: {told}",
        flush=True,
    )
    telegram.answers = dict.fromkeys(telegram.answers, 0)


def main() -> None:
    """Print the distributions."""
    wire.pin(1)
    print(f"{'':<17}{'asked':>7}{'p50 ms':>9}{'p90':>9}{'p99':>9}{'longest':>9}")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "kabar.db"
        asyncio.run(_populate(path))
        asyncio.run(_measure(path))


if __name__ == "__main__":
    wire.pin(0)
    from bot.__main__ import main as kabar

    sys.argv = ["kabar", "run"]
    kabar()
