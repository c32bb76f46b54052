"""Requests over bare connections: every form that an answer may have, and what has left by when."""

from __future__ import annotations

import asyncio
import gzip
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import aiohttp
import pytest

from bot.core.model import SendStatus
from bot.telegram.posting import NotSent, Posting
from bot.telegram.transport import Transport

TOKEN = "1:secret"
SENT = b'{"ok":true,"result":{"message_id":5}}'
LENGTH = b"Content-Length: %d\r\n\r\n" % len(SENT)
OK = b"HTTP/1.1 200 OK\r\n" + LENGTH + SENT


@dataclass
class Talk:
    """A server that says to each request what the test wrote, in the pieces that it wrote."""

    answers: list[tuple[bytes, ...]] = field(default_factory=list)
    asked: list[bytes] = field(default_factory=list)
    connections: int = 0
    root: str = ""
    silent: bool = False
    heard: asyncio.Event = field(default_factory=asyncio.Event)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                size = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
                self.asked.append(head + await reader.readexactly(size))
                self.heard.set()
                if self.silent:
                    await reader.read()
                    return
                for piece in self.answers.pop(0) if self.answers else (OK,):
                    writer.write(piece)
                    await writer.drain()
                    await asyncio.sleep(0)
                    if piece == b"":
                        return
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()


@asynccontextmanager
async def talking() -> AsyncIterator[Talk]:
    talk = Talk()
    server = await asyncio.start_server(talk.serve, "127.0.0.1", 0)
    talk.root = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    async with server:
        yield talk


@pytest.fixture
async def talk() -> AsyncIterator[Talk]:
    async with talking() as running:
        yield running


CLOSED = b""
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
PACKED = gzip.compress(SENT)
ANSWERS: dict[str, tuple[bytes, ...]] = {
    "a byte at a time": tuple(OK[n : n + 1] for n in range(len(OK))),
    "chunks": (CHUNKED, b"5\r\n" + SENT[:5] + b"\r\n", b"%x\r\n" % 32 + SENT[5:], b"\r\n0\r\n\r\n"),
    "no length": (b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n", SENT, CLOSED),
    "an old protocol": (b"HTTP/1.0 200 OK\r\n" + LENGTH + SENT, CLOSED),
    "interim answers": (b"HTTP/1.1 100 Continue\r\n\r\n", b"HTTP/1.1 102 So\r\n\r\n", OK),
    "packed": (
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(PACKED),
        PACKED,
    ),
    "a length that closes": (b"HTTP/1.1 200 OK\r\nConnection: close\r\n" + LENGTH + SENT, CLOSED),
}
assert len(SENT) == 5 + 32


@pytest.mark.parametrize("pieces", ANSWERS.values(), ids=ANSWERS)
async def test_an_answer_may_have_any_form(talk: Talk, pieces: tuple[bytes, ...]) -> None:
    talk.answers.append(pieces)
    async with Transport(talk.root, TOKEN) as transport:
        for _ in range(2):  # and the next one is not disturbed
            result = await transport.call("sendMessage", b'{"chat_id":5}')
            assert (result.status, result.message_id) == (SendStatus.OK, 5)


BROKEN: dict[str, tuple[bytes, ...]] = {
    "nothing": (CLOSED,),
    "half a head": (b"HTTP/1.1 20", CLOSED),
    "half a body": (b"HTTP/1.1 200 OK\r\n" + LENGTH, SENT[:9], CLOSED),
    "half a chunk": (CHUNKED, b"50\r\n{", CLOSED),
    "no HTTP": (b"SSH-2.0-OpenSSH_9.6\r\n\r\n", CLOSED),
    "a wrong chunk": (CHUNKED, b"zz\r\n\r\n", CLOSED),
    "a wrong packing": (
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 3\r\n\r\nabc",
        CLOSED,
    ),
    "another protocol": (
        b"HTTP/1.1 101 Go on\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n",
        CLOSED,
    ),
}


@pytest.mark.parametrize("pieces", BROKEN.values(), ids=BROKEN)
async def test_what_breaks_may_have_arrived(talk: Talk, pieces: tuple[bytes, ...]) -> None:
    talk.answers.append(pieces)
    async with Transport(talk.root, TOKEN) as transport:
        result = await transport.call("sendMessage", b"{}")
        assert result.status is SendStatus.UNKNOWN
        assert TOKEN not in repr(result)
        assert (await transport.call("sendMessage", b"{}")).message_id == 5


async def test_one_connection_after_another_is_used_again(talk: Talk) -> None:
    counted: list[int] = []
    async with Transport(talk.root, TOKEN, count=counted.append) as transport:
        for _ in range(3):
            await transport.call("sendMessage", b"{}")
        await transport.call("editMessageText", b'{"a":"\xc3\xa9"}')
    assert talk.connections == 1
    assert counted == [200] * 4
    first, *_, last = talk.asked
    host = talk.root.removeprefix("http://").encode()
    assert first.startswith(b"POST /bot1:secret/sendMessage HTTP/1.1\r\nHost: %b\r\n" % host)
    assert b"\r\nContent-Type: application/json\r\n" in first
    assert last.endswith(b'\r\nContent-Length: 10\r\n\r\n{"a":"\xc3\xa9"}')


async def test_a_connection_that_the_server_closed_is_not_used_again(talk: Talk) -> None:
    talk.answers.append((OK, CLOSED))  # without a word about it
    async with Transport(talk.root, TOKEN) as transport:
        await transport.call("sendMessage", b"{}")
        result = await transport.call("sendMessage", b"{}")
        if result.status is not SendStatus.OK:  # its end came while we were asking
            assert result.status is SendStatus.UNKNOWN
            result = await transport.call("sendMessage", b"{}")
        assert result.status is SendStatus.OK
    assert talk.connections == 2


async def test_nobody_answers_in_time(talk: Talk) -> None:
    talk.silent = True
    async with Transport(talk.root, TOKEN, connections=1) as transport:
        first = asyncio.create_task(transport.call("sendMessage", b"{}"))
        await talk.heard.wait()
        second = await transport.call("sendMessage", b"{}", patience=0.01)
        assert second.status is SendStatus.UNSENT  # it waited for a connection
        first.cancel()
        await asyncio.gather(first, return_exceptions=True)
        third = await transport.call("sendMessage", b"{}", patience=0.01)
        assert third.status is SendStatus.UNKNOWN


async def test_who_waits_gets_the_connection_that_another_gives_back(talk: Talk) -> None:
    async with Transport(talk.root, TOKEN, connections=1) as transport:
        found = await asyncio.gather(*(transport.call("sendMessage", b"{}") for _ in range(5)))
        assert [one.message_id for one in found] == [5] * 5
        assert talk.connections == 1
        talk.answers.append((b"HTTP/1.1 20", CLOSED))  # or its place, where it broke
        found = await asyncio.gather(*(transport.call("sendMessage", b"{}") for _ in range(3)))
    assert sorted(one.status for one in found) == [SendStatus.OK, SendStatus.OK, SendStatus.UNKNOWN]
    assert talk.connections == 2


async def test_who_does_not_wait_any_more_takes_no_connection_along(talk: Talk) -> None:
    async with Transport(talk.root, TOKEN, connections=1) as transport:
        first, second, third = (
            asyncio.create_task(transport.call("sendMessage", b"{}")) for _ in range(3)
        )
        await talk.heard.wait()
        second.cancel()
        assert (await first).message_id == (await third).message_id == 5
    assert talk.connections == 1


async def test_a_connection_that_cannot_be_made_keeps_no_other_from_it() -> None:
    async with aiohttp.TCPConnector() as connector:
        posting = Posting(connector, "http://127.0.0.1:1/", limit=1, keep=1)
        for _ in range(3):  # the place of a connection that was not made is free again
            with pytest.raises(NotSent):
                await posting.post("getMe", b"{}", seconds=5)
        posting.close()


async def test_a_connection_that_nobody_needs_is_closed(talk: Talk) -> None:
    async with aiohttp.TCPConnector() as connector:
        posting = Posting(connector, f"{talk.root}/", limit=1, keep=0)
        for number in (1, 2):
            assert (await posting.post("getMe", b"{}", seconds=5))[1] == SENT
            await asyncio.sleep(0)
            await asyncio.sleep(0)
            assert talk.connections == number
        posting.close()


async def test_what_may_not_leave_stays(talk: Talk) -> None:
    allowed = [True, False, True]
    async with Transport(talk.root, TOKEN, may=lambda: allowed.pop(0)) as transport:
        found = [await transport.call("sendMessage", b"{}") for _ in range(3)]
    assert [one.status for one in found] == [SendStatus.OK, SendStatus.UNSENT, SendStatus.OK]
    assert len(talk.asked) == 2


async def test_a_name_in_the_address_of_the_server_is_said(talk: Talk) -> None:
    root = talk.root.replace("http://", "http://siti:rahasia@")
    async with Transport(root, TOKEN) as transport:
        assert (await transport.call("sendMessage", b"{}")).status is SendStatus.OK
    assert b"\r\nAuthorization: Basic c2l0aTpyYWhhc2lh\r\n" in talk.asked[0]
