"""What stands between Kabar and a PostgreSQL in the field, over real sockets.

Relay      a network: it can be away, cut a connection, lose the answer to a commit, speak TLS
Pooler     PgBouncer in transaction mode: a connection to the server for each transaction; or in
           statement mode: for each statement, and none may begin a transaction
Greeter    a server that says who it is, and no more
"""

from __future__ import annotations

import asyncio
import ssl
import struct
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import TypeVar

from psycopg.conninfo import conninfo_to_dict

_SSL, _GSS = 80877103, 80877104
_SOCKET = ".s.PGSQL.5432"
_Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class _Listener:
    """Takes connections on a port of its own, which stays the same when it is closed and
    reopened."""

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        self.port = 0
        self._tls = tls
        self._server: asyncio.Server | None = None
        self._serving: set[asyncio.Task[None]] = set()

    async def open(self) -> None:
        self._server = await asyncio.start_server(self._take, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def close(self) -> None:
        """Nobody listens there any more, and all connections are lost."""
        if self._server is not None:
            self._server.close()
        await self.cut()

    async def cut(self) -> None:
        """All connections are lost."""
        tasks = list(self._serving)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def url(self, database: str, *, host: str = "127.0.0.1", more: str = "") -> str:
        """A database of the server behind it; `database` is its address there."""
        name = conninfo_to_dict(database)["dbname"]
        return f"postgresql://postgres@{host}:{self.port}/{name}?{more}"

    async def _take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._serving.add(task)
        try:
            while True:
                hello = await reader.readexactly(4)
                hello += await reader.readexactly(int.from_bytes(hello) - 4)
                code = int.from_bytes(hello[4:8])
                if code not in {_SSL, _GSS}:
                    break
                secret = self._tls is not None and code == _SSL
                writer.write(b"S" if secret else b"N")
                if secret:
                    assert self._tls is not None
                    await writer.start_tls(self._tls)
            await self.serve(hello, reader, writer)
        except (OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass
        finally:
            self._serving.discard(task)
            writer.transport.abort()

    async def serve(
        self, hello: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        raise NotImplementedError


class Relay(_Listener):
    """A way to a real server. `lose` is shown each statement that a client runs; if it says yes,
    the server gets the statement, and its answer is lost together with the connection."""

    def __init__(self, database: str, tls: ssl.SSLContext | None = None) -> None:
        super().__init__(tls)
        self._path = Path(str(conninfo_to_dict(database)["host"])) / _SOCKET
        self.lose: Callable[[bytes], bool] = lambda _: False
        self.lost = asyncio.Event()
        """Something was."""

    async def serve(
        self, hello: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        far_reader, far_writer = await asyncio.open_unix_connection(self._path)
        far_writer.write(hello)
        back = asyncio.create_task(_pipe(far_reader, writer))
        prepared: dict[bytes, bytes] = {}
        try:
            losing = False
            while not losing:
                message = await _message(reader)
                if self.lose(_statement(message, prepared)):
                    losing = True
                    back.cancel()
                    await asyncio.gather(back, return_exceptions=True)
                    while message[:1] not in b"SQ":
                        far_writer.write(message)
                        message = await _message(reader)
                far_writer.write(message)
            while (await _message(far_reader))[:1] != b"Z":
                pass
            self.lost.set()  # it is done there
        finally:
            back.cancel()
            far_writer.transport.abort()


def _statement(message: bytes, prepared: dict[bytes, bytes]) -> bytes:
    """The statement that a client runs by this message; `prepared` are its statements by their
    names."""
    kind, body = message[:1], message[5:]
    if kind == b"P":
        name, text = body.split(b"\0")[:2]
        prepared[name] = text
    if kind == b"B":
        return prepared.get(body.split(b"\0")[1], b"")
    return body if kind == b"Q" else b""


async def _pipe(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while data := await source.read(65_536):
            target.write(data)
            await target.drain()
        target.close()


class Pooler(_Listener):
    """Lends a connection to the server for one transaction, the one returned last first; at most
    `most` of them. `statements`: for one statement, as PgBouncer 1.18 was seen to do it."""

    def __init__(self, database: str, most: int = 10, *, statements: bool = False) -> None:
        super().__init__()
        self._statements = statements
        self._path = Path(str(conninfo_to_dict(database)["host"])) / _SOCKET
        self._idle: list[_Streams] = []
        self._free = asyncio.Semaphore(most)

    async def serve(
        self, hello: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        async with self._free:
            server, greeting = await self._connect(hello)
            self._idle.append(server)
        writer.write(greeting)
        while True:
            message = await _message(reader)
            async with self._free:
                server = self._idle.pop() if self._idle else (await self._connect(hello))[0]
                try:
                    while True:
                        server[1].write(message)
                        if message[:1] in b"SQ":
                            state, ready = await _answer(server[0], writer)
                            if state != b"I" and self._statements:
                                await _hang_up(writer)
                            writer.write(ready)
                            if state == b"I":
                                break
                        message = await _message(reader)
                except BaseException:
                    server[1].transport.abort()
                    raise
                self._idle.append(server)

    async def close(self) -> None:
        await super().close()
        for _, writer in self._idle:
            writer.transport.abort()

    async def _connect(self, hello: bytes) -> tuple[_Streams, bytes]:
        reader, writer = await asyncio.open_unix_connection(self._path)
        writer.write(hello)
        greeting = b""
        try:
            while greeting[-6:-5] != b"Z":
                greeting += await _message(reader)
        except BaseException:  # it was asked to cancel something, which gets no answer
            writer.transport.abort()
            raise
        return (reader, writer), greeting


async def _hang_up(client: asyncio.StreamWriter) -> None:
    """Raises OSError when it is said."""
    text = "transaction blocks not allowed in statement pooling mode"
    client.write(_fault("08P01", text))
    await client.drain()
    raise OSError(text)


async def _answer(
    server: asyncio.StreamReader, client: asyncio.StreamWriter
) -> tuple[bytes, bytes]:
    """Pass everything on until the server is ready; returns the state of its transaction, and that
    last message."""
    while True:
        message = await _message(server)
        if message[:1] == b"Z":
            return message[5:], message
        client.write(message)


async def _message(reader: asyncio.StreamReader) -> bytes:
    head = await reader.readexactly(5)
    return head + await reader.readexactly(int.from_bytes(head[1:]) - 4)


class Greeter(_Listener):
    """A server of some version, or one that reports a fault: (SQLSTATE, sentence)."""

    def __init__(
        self, version: str, fault: tuple[str, str] | None = None, severity: str = "FATAL"
    ) -> None:
        super().__init__()
        told = {"server_version": version, "server_encoding": "UTF8", "client_encoding": "UTF8"}
        if fault is None:
            self._says = _packed(b"R", struct.pack("!I", 0))
            for name, value in told.items():
                self._says += _packed(b"S", f"{name}\0{value}\0".encode())
            self._says += _packed(b"K", struct.pack("!II", 1, 1)) + _packed(b"Z", b"I")
        else:
            self._says = _fault(*fault, severity)

    async def serve(
        self, hello: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        writer.write(self._says)
        await writer.drain()
        await reader.read()


def _fault(state: str, sentence: str, severity: str = "FATAL") -> bytes:
    return _packed(b"E", f"S{severity}\0VFATAL\0C{state}\0M{sentence}\0\0".encode())


def _packed(kind: bytes, body: bytes) -> bytes:
    return kind + struct.pack("!I", len(body) + 4) + body


_T = TypeVar("_T", Relay, Pooler, Greeter)


@asynccontextmanager
async def listening(one: _T) -> AsyncIterator[_T]:
    """Open until the end of the block."""
    await one.open()
    try:
        yield one
    finally:
        await one.close()
