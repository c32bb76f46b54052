"""Whether the program stays at its size: feeds that change each second, chats, comments.

Twenty feeds of 25 entries bring a new article each minute and one that was corrected each second;
200 chats subscribe; two comments a second are written, and decided by a moderator. The whole
program runs as a process of its own; its resident memory and open files, and those of its reading
workers, are read from /proc. SOAK_MINUTES says for how long (by default 8).
"""

from __future__ import annotations

import asyncio
import os
import random
import sys
import tempfile
import time
from collections import deque
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import orjson
from aiohttp import web

from benchmarks import process, wire

_FEEDS, _CHATS, _READERS, _MODERATOR = 20, 200, 600, 7
_EDITORS = -1_001_500_000_000
_ENTRIES = 25
_EACH = 60.0
"""Seconds between two articles of a feed."""
_COMMENTING = 2
_WORDS = (
    "harga", "beras", "pasar", "kabar", "banjir", "sungai", "warga", "kota", "pemilu", "gempa",
    "sekolah", "guru", "petani", "sawah", "jalan", "jembatan", "kereta", "laut", "nelayan",
    "kapal", "hutan", "asap", "hujan", "cuaca",
)  # fmt: skip


def _person(number: int) -> dict[str, Any]:
    return {"id": number, "is_bot": False, "first_name": f"Siti {number}"}


_ANSWERS = {
    b"getme": wire.ME,
    b"getwebhookinfo": wire.NO_HOOK,
    b"getchat": wire.packed({"id": _EDITORS, "type": "supergroup", "title": "Editors"}),
    b"getchatmember": wire.packed({"status": "administrator", "user": _person(_MODERATOR)}),
}


class _Newsroom:
    """The feeds, as they are at any second."""

    def __init__(self) -> None:
        self._began = time.time()
        self.articles = 0

    def feed(self, number: int) -> str:
        """Newest first; the third article is corrected each second."""
        passed = time.time() - self._began
        newest = _ENTRIES + int(passed / _EACH + number / _FEEDS)
        self.articles = max(self.articles, newest * _FEEDS)
        items = "".join(
            self._item(number, one, int(passed) if one == newest - 2 else 0)
            for one in range(newest, newest - _ENTRIES, -1)
        )
        return (
            f"<rss version='2.0'><channel><title>Koran {number}</title>{items}"
            f"<lastBuildDate>{int(passed)}</lastBuildDate></channel></rss>"
        )

    def _item(self, feed: int, number: int, revision: int) -> str:
        words = random.Random(feed * 100_000 + number)
        text = [" ".join(words.choices(_WORDS, k=60)).capitalize() for _ in range(6)]
        headline = f"{' '.join(words.choices(_WORDS, k=6)).capitalize()} {number}"
        added = f" Sampai kini {revision} orang datang." if revision else ""
        body = "".join(f"<p>{escape(one)}.{added}</p>" for one in text)
        moment = time.gmtime(self._began - 86_400 * 30 + (number * _FEEDS + feed) * 60)
        date = time.strftime("%a, %d %b %Y %H:%M:%S +0000", moment)
        link = f"http://127.0.0.1:9/{feed}/{number}"
        return (
            f"<item><title>{headline}</title><link>{link}</link><guid>{link}</guid>"
            f"<pubDate>{date}</pubDate><category>{words.choice(_WORDS)}</category>"
            f"<description>{escape(body)}</description></item>"
        )

    async def serve(self) -> str:
        async def answer(request: web.Request) -> web.Response:
            text = self.feed(int(request.match_info["number"]))
            return web.Response(text=text, content_type="application/rss+xml")

        application = web.Application()
        application.router.add_get("/{number}", answer)
        runner = web.AppRunner(application)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        return f"http://127.0.0.1:{runner.addresses[0][1]}"


class _Telegram:
    """Takes messages, hands out updates, and presses the first button of every card."""

    def __init__(self) -> None:
        self.counts = {"messages": 0, "edits": 0, "comments": 0, "decided": 0}
        self.polled = asyncio.Event()
        self._updates: deque[dict[str, Any]] = deque()
        self._number = 0
        self._poll: asyncio.Future[bytes] | None = None

    def answer(self, method: bytes, body: bytes) -> bytes | asyncio.Future[bytes]:
        if method.startswith(b"send"):
            return self._sent(body)
        if method.startswith(b"edit"):
            self.counts["edits"] += 1
            return wire.MESSAGE
        if method == b"getupdates":
            return self._get_updates(int(orjson.loads(body).get("offset") or 0))
        return _ANSWERS.get(method, wire.TRUE)

    def _sent(self, body: bytes) -> bytes:
        self.counts["messages"] += 1
        self._number += 1
        chat = int(body[11:32].split(b",")[0]) if body.startswith(b'{"chat_id":') else 0
        if chat == _EDITORS:
            self._decide(orjson.loads(body), self._number)
        where = {"id": chat, "type": "private" if chat > 0 else "supergroup"}
        return wire.packed(
            {"message_id": self._number, "date": int(time.time()), "chat": where, "text": "x"}
        )

    def _decide(self, card: dict[str, Any], message: int) -> None:
        rows = (card.get("reply_markup") or {}).get("inline_keyboard") or [[{}]]
        data = rows[0][0].get("callback_data", "")
        if not data.startswith("d:"):
            return
        self.counts["decided"] += 1
        chat = {"id": _EDITORS, "type": "supergroup", "title": "Editors"}
        shown = {"message_id": message, "date": int(time.time()), "chat": chat, "text": "x"}
        pressed = {"id": str(message), "from": _person(_MODERATOR), "chat_instance": "1"}
        self._tell({"callback_query": pressed | {"data": data, "message": shown}})

    def comment(self, reader: int, article: int, text: str) -> None:
        self.counts["comments"] += 1
        for said in (f"/start c_{article}", text):
            self._number += 1
            command = said.startswith("/")
            entities = [{"type": "bot_command", "offset": 0, "length": 6}] if command else []
            message = {
                "message_id": self._number,
                "date": int(time.time()),
                "chat": {"id": reader, "type": "private", "first_name": "Siti"},
                "from": _person(reader),
                "text": said,
            }
            self._tell({"message": message | ({"entities": entities} if entities else {})})

    def _tell(self, update: dict[str, Any]) -> None:
        self._number += 1
        self._updates.append({"update_id": self._number, **update})
        if self._poll is not None and not self._poll.done():
            self._poll.set_result(self._hand_out())

    def _hand_out(self) -> bytes:
        return wire.packed([self._updates[n] for n in range(min(100, len(self._updates)))])

    def _get_updates(self, offset: int) -> bytes | asyncio.Future[bytes]:
        while self._updates and self._updates[0]["update_id"] < offset:
            self._updates.popleft()
        self.polled.set()
        if self._updates:
            return self._hand_out()
        self._poll = asyncio.get_running_loop().create_future()
        return self._poll


def _children(pid: int) -> list[int]:
    found = []
    for task in Path(f"/proc/{pid}/task").iterdir():
        found += [int(one) for one in (task / "children").read_text("ascii").split()]
    return found + [deeper for one in found for deeper in _children(one)]


def _state(pid: int) -> tuple[float, int, float]:
    """Memory and open files of the program, memory of its workers."""
    workers = 0.0
    for one in _children(pid):
        try:
            workers += process.resident(one)
        except OSError:
            continue
    return process.resident(pid), sum(1 for _ in Path(f"/proc/{pid}/fd").iterdir()), workers


async def _run(path: Path, minutes: int) -> list[float]:
    newsroom, telegram = _Newsroom(), _Telegram()
    site, root = await newsroom.serve(), await wire.listen(telegram.answer)
    settings = {
        "KABAR_TOKEN": "1:bench",
        "KABAR_FEEDS": " ".join(f"{site}/{number}" for number in range(_FEEDS)),
        "KABAR_ALLOW_PRIVATE_ADDRESSES": "true",
        "KABAR_FETCH_PAGES": "false",
        "KABAR_POLL_SECONDS": "1",
        "KABAR_MODERATORS_CHAT": str(_EDITORS),
        "KABAR_GRACE_SECONDS": "0",
        "KABAR_TELEGRAM_URL": root,
        "KABAR_DATABASE_URL": f"sqlite:///{path}",
        "KABAR_RATE": "300",
        "KABAR_PAID_BROADCAST": "true",
        "KABAR_LOG_LEVEL": "error",
    }
    kabar = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "benchmarks.soak", env=os.environ | settings
    )
    sizes = []
    try:
        await asyncio.wait_for(telegram.polled.wait(), 120)
        began = time.perf_counter()
        for second in range(minutes * 60 * _COMMENTING):
            words = " ".join(random.choices(_WORDS, k=12))
            telegram.comment(2_000_000 + second % _READERS, 1 + second % (_ENTRIES * 4), words)
            await asyncio.sleep(max(0.0, began + second / _COMMENTING - time.perf_counter()))
            if second % (60 * _COMMENTING) == 0:
                memory, files, workers = _state(kabar.pid)
                sizes.append(memory)
                told = ", ".join(f"{name} {n}" for name, n in telegram.counts.items())
                print(
                    f"{second // 60 // _COMMENTING:>6}{memory:>10.1f}{files:>8}{workers:>10.1f}"
                    f"   {told}",
                    flush=True,
                )
    finally:
        kabar.terminate()
        await kabar.wait()
    return sizes


def main() -> None:
    """Print a line per minute, and how much it grew after the first two."""
    minutes = int(os.environ.get("SOAK_MINUTES", "8"))
    print(f"{'minute':>6}{'MiB':>10}{'files':>8}{'workers':>10}")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "kabar.db"
        asyncio.run(process.populate(path, _CHATS))
        sizes = asyncio.run(_run(path, minutes))
    if len(sizes) > 2:
        print(f"grown after two minutes: {sizes[-1] - sizes[2]:+.1f} MiB")


if __name__ == "__main__":
    from bot.__main__ import main as kabar

    sys.argv = ["kabar", "run"]
    kabar()
