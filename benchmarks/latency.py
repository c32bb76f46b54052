"""How long people wait in the middle of a broadcast: the whole program, 1,000 messages a second.

`kabar run` is a process of its own on one core; a stand-in on loopback hands out updates and
measures the time until the request with the answer arrives. 5,000 articles, 60,000 chats, 30
questions a second.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import orjson

from benchmarks import wire
from bot.core.callbacks import Press, PressKind, encode
from bot.core.model import ArticleId, Story
from storage import articles, deliveries, open_database
from tests.support import postgres

_TOKEN = "1:bench"
_CHATS, _ARTICLES, _PEOPLE = 60_000, 5_000, 300
_SECONDS, _ASKING = 30, 30
_WORDS = ("ekonomi", "pasar", "negosiasi", "senjata", "banjir", "pemilu", "gempa", "harga", "beras")


class _Updates:
    """Hands out questions and notes when their answers come."""

    def __init__(self) -> None:
        self.messages = 0
        self.polled = asyncio.Event()
        self.waits: dict[str, list[float]] = {"/latest": [], "/search": [], "press": []}
        self._asked: dict[int, tuple[str, float]] = {}
        self._pressed: dict[str, float] = {}
        self._updates: list[dict[str, Any]] = []
        self._number = 0
        self._poll: asyncio.Future[bytes] | None = None

    def answer(self, method: bytes, body: bytes) -> bytes | asyncio.Future[bytes]:
        if method.startswith((b"send", b"edit")):
            self.messages += 1
            chat = int(body[11:24].split(b",")[0])
            if chat <= _PEOPLE and (asked := self._asked.pop(chat, None)):
                self.waits[asked[0]].append(time.perf_counter() - asked[1])
            return wire.MESSAGE
        if method == b"getupdates":
            return self._get_updates(orjson.loads(body))
        if method == b"answercallbackquery":
            began = self._pressed.pop(orjson.loads(body)["callback_query_id"])
            self.waits["press"].append(time.perf_counter() - began)
        if method == b"getwebhookinfo":
            return wire.NO_HOOK
        return wire.ME if method == b"getme" else wire.TRUE

    def _get_updates(self, values: dict[str, Any]) -> bytes | asyncio.Future[bytes]:
        offset = int(values.get("offset") or 0)
        self._updates = [one for one in self._updates if one["update_id"] >= offset]
        self.polled.set()
        if self._updates:
            return self._hand_out()
        self._poll = asyncio.get_running_loop().create_future()
        return self._poll

    def _hand_out(self) -> bytes:
        now = time.perf_counter()
        for one in self._updates:
            if "message" in one:
                text = one["message"]["text"]
                self._asked[one["message"]["chat"]["id"]] = (text.split()[0], now)
            else:
                self._pressed[one["callback_query"]["id"]] = now
        return wire.packed(self._updates)

    def ask(self, person: int, what: int) -> None:
        """One person's command or press."""
        self._number += 1
        chat = {"id": person, "type": "private", "first_name": "Siti"}
        user = {"id": person, "is_bot": False, "first_name": "Siti"}
        word = _WORDS[self._number % len(_WORDS)]
        message = {"message_id": self._number, "date": int(time.time()), "chat": chat}
        update: dict[str, Any] = {"update_id": self._number}
        if what == 2:
            update["callback_query"] = {
                "id": str(self._number),
                "from": user,
                "chat_instance": "1",
                "data": encode(Press(PressKind.SEARCH, (1,), word)),
                "message": message | {"from": user, "text": "hasil"},
            }
        else:
            text = "/latest" if what == 0 else f"/search {word}"
            entity = {"type": "bot_command", "offset": 0, "length": 7}
            update["message"] = message | {"from": user, "text": text, "entities": [entity]}
        self._updates.append(update)
        if self._poll is not None and not self._poll.done():
            self._poll.set_result(self._hand_out())


async def _populate(url: str) -> None:
    db = await open_database(url)
    async with db.transaction() as tx:
        numbers = (
            f"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i < {_CHATS})"
        )
        await tx.run(
            "INSERT INTO chat (telegram_id, kind, language, created_at)"
            f" {numbers} SELECT 1000000000 + i, 'private', 'id', 1 FROM n"
        )
        await tx.run("INSERT INTO subscription (chat_id, created_at) SELECT id, 1 FROM chat")
        for number in range(_ARTICLES):
            word = _WORDS[number % len(_WORDS)]
            story = Story(
                key=str(number),
                headline=f"Kabar {word} nomor {number}",
                link=f"https://kabar.example/{number}",
                body=f"{' '.join(_WORDS)} {word} {number} " * 20,
                published=1_600_000_000 + number * 3600,
            )
            await articles.add(tx, story, feed_id=None, origin="import", now=1_700_000_000)
    if db.dialect == "postgresql":  # this server counts no rows by itself
        async with db.transaction() as tx:
            await tx.run("ANALYZE")
    await db.close()


async def _announce(url: str) -> None:
    db = await open_database(url)
    async with db.transaction() as tx:
        await deliveries.announce(tx, ArticleId(_ARTICLES), now=int(time.time()))
    await db.close()


async def _measure(url: str) -> tuple[_Updates, float]:
    updates = _Updates()
    root = await wire.listen(updates.answer)
    settings = {
        "KABAR_TOKEN": _TOKEN,
        "KABAR_FEEDS": "http://127.0.0.1:9/feed.xml",
        "KABAR_TELEGRAM_URL": root,
        "KABAR_DATABASE_URL": url,
        "KABAR_RATE": "1000",
        "KABAR_PAID_BROADCAST": "true",
        "KABAR_LOG_LEVEL": "error",
    }
    kabar = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "benchmarks.latency", env=os.environ | settings
    )
    try:
        await asyncio.wait_for(updates.polled.wait(), 120)
        await _announce(url)
        while updates.messages < 2_000:  # noqa: ASYNC110 - the wire rings no bell
            await asyncio.sleep(0.05)
        before, began = updates.messages, time.perf_counter()
        for number in range(_SECONDS * _ASKING):
            updates.ask(number % _PEOPLE + 1, number // 7 % 3)
            await asyncio.sleep(max(0.0, began + number / _ASKING - time.perf_counter()))
        rate = (updates.messages - before) / (time.perf_counter() - began)
        await asyncio.sleep(1)
    finally:
        kabar.terminate()
        await kabar.wait()
    return updates, rate


def main() -> None:
    """Print the distribution, on PostgreSQL too where its server is installed."""
    wire.pin(1)
    with tempfile.TemporaryDirectory() as folder, contextlib.ExitStack() as stack:
        _print("SQLite", f"sqlite:///{Path(folder) / 'kabar.db'}")
        with contextlib.suppress(ImportError):
            _print("PostgreSQL", stack.enter_context(postgres.running()).create())


def _print(name: str, url: str) -> None:
    asyncio.run(_populate(url))
    updates, rate = asyncio.run(_measure(url))
    print(f"on {name}; broadcast meanwhile: {rate:,.0f} messages a second\n")
    print(f"{'':<10}{'asked':>7}{'p50 ms':>9}{'p90':>8}{'p99':>8}{'longest':>9}")
    for kind, waits in updates.waits.items():
        each = [1000 * one for one in waits]
        steps = statistics.quantiles(each, n=100) if len(each) > 1 else each * 100
        print(
            f"{kind:<10}{len(each):>7}{steps[49]:>9.1f}{steps[89]:>8.1f}{steps[98]:>8.1f}"
            f"{max(each):>9.1f}",
            flush=True,
        )


if __name__ == "__main__":
    wire.pin(0)
    from bot.__main__ import main as kabar

    sys.argv = ["kabar", "run"]
    kabar()
