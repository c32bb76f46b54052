"""A Bot API server that costs almost nothing, so that a benchmark measures the client.

Answers every POST with what Telegram answers to sendPhoto (about 1 kB). One process of its own.
"""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import cast

import orjson

_MESSAGE = {
    "message_id": 4711,
    "from": {"id": 1, "is_bot": True, "first_name": "Kabar", "username": "kabar_bot"},
    "chat": {"id": 123456789, "first_name": "Siti", "username": "siti", "type": "private"},
    "date": 1_700_000_000,
    "photo": [
        {
            "file_id": "AgACAgQAAx0CTm" + size * 4,
            "file_unique_id": "AQADsb8xG" + size,
            "file_size": 40_000,
            "width": 1280,
            "height": 720,
        }
        for size in ("s" * 10, "m" * 10, "x" * 10)
    ],
    "caption": "Berita utama hari ini. " * 12,
    "caption_entities": [{"offset": 0, "length": 20, "type": "bold"}],
}


_ME = {"id": 1, "is_bot": True, "first_name": "Kabar", "username": "kabar_bot"}
Answer = Callable[[bytes, bytes], "bytes | asyncio.Future[bytes]"]
"""Method (lower case) and body of a request -> the whole answer, now or later."""


def packed(result: object) -> bytes:
    """A success as HTTP."""
    body = orjson.dumps({"ok": True, "result": result})
    head = (
        "HTTP/1.1 200 OK\r\nServer: nginx/1.18.0\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\nConnection: keep-alive\r\n\r\n"
    )
    return head.encode() + body


MESSAGE, ME, TRUE = packed(_MESSAGE), packed(_ME), packed(True)
NO_HOOK = packed({"url": "", "has_custom_certificate": False, "pending_update_count": 0})


def plainly(method: bytes, _: bytes) -> bytes:
    """A message, without who we are."""
    return ME if method == b"getme" else MESSAGE


class _Connection(asyncio.Protocol):
    """HTTP/1.1 with Content-Length, one request after the other."""

    def __init__(self, answer: Answer) -> None:
        self._answer = answer
        self._pending = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        self._pending += data
        while (end := self._pending.find(b"\r\n\r\n")) >= 0:
            head = self._pending[:end].lower()
            at = head.find(b"content-length:")
            size = int(head[at + 15 :].split(b"\r\n", 1)[0]) if at >= 0 else 0
            if len(self._pending) < end + 4 + size:
                return
            body = self._pending[end + 4 : end + 4 + size]
            self._pending = self._pending[end + 4 + size :]
            answer = self._answer(head.split(b" ", 2)[1].rsplit(b"/", 1)[1], body)
            if isinstance(answer, bytes):
                self._transport.write(answer)
            else:
                answer.add_done_callback(lambda late: self._transport.write(late.result()))


async def listen(answer: Answer) -> str:
    """Serve from now on; returns the root."""
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: _Connection(answer), "127.0.0.1", 0)
    await server.start_serving()
    return f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"


async def _serve() -> None:
    print(await listen(plainly), flush=True)
    await asyncio.Event().wait()


@contextmanager
def running() -> Iterator[str]:
    """The server in a process of its own (on another core, where there is one); its root."""
    process = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.wire"], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    try:
        yield process.stdout.readline().strip()
    finally:
        process.terminate()
        process.wait()


def pin(core: int) -> None:
    """Keep this process on one core, so that the figures are those of one core.

    Whatever core its parent keeps to: a child inherits that, and would share it.
    """
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, range(os.cpu_count() or 1))
        cores = sorted(os.sched_getaffinity(0))
        os.sched_setaffinity(0, {cores[core % len(cores)]})


if __name__ == "__main__":
    pin(1)
    asyncio.run(_serve())
