"""Two small proxies over real sockets: SOCKS5 (RFC 1928, 1929) and HTTP. `seen` is what went by."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

Streams = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@dataclass
class Relay:
    """A proxy: where it listens, whom it was asked for, and who may ask."""

    address: str = ""
    seen: list[str] = field(default_factory=list)
    password: str = ""


async def _pipe(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
    while data := await source.read(65_536):
        target.write(data)
        await target.drain()
    target.close()


async def _join(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, host: str, port: int, hello: bytes
) -> None:
    far_reader, far_writer = await asyncio.open_connection(host, port)
    far_writer.write(hello)
    await asyncio.gather(_pipe(reader, far_writer), _pipe(far_reader, writer))


@asynccontextmanager
async def _serving(relay: Relay, scheme: str, serve: Streams) -> AsyncIterator[Relay]:
    async def safely(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await serve(reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(safely, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    user = f"kabar:{relay.password}@" if relay.password else ""
    relay.address = f"{scheme}://{user}127.0.0.1:{port}"
    try:
        yield relay
    finally:
        server.close()


@asynccontextmanager
async def open_socks(password: str = "") -> AsyncIterator[Relay]:
    """A SOCKS5 proxy that resolves names itself."""
    relay = Relay(password=password)

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        _, methods = await reader.readexactly(2)
        await reader.readexactly(methods)
        writer.write(bytes([5, 2 if password else 0]))
        if password:
            _, length = await reader.readexactly(2)
            name = await reader.readexactly(length)
            [length] = await reader.readexactly(1)
            good = (name, await reader.readexactly(length)) == (b"kabar", password.encode())
            writer.write(bytes([1, 0 if good else 1]))
            if not good:
                return
        _, _, _, kind = await reader.readexactly(4)
        if kind == 3:
            [length] = await reader.readexactly(1)
            host = (await reader.readexactly(length)).decode()
        else:
            host = ".".join(map(str, await reader.readexactly(4)))
        port = int.from_bytes(await reader.readexactly(2), "big")
        relay.seen.append(f"{host}:{port}")
        writer.write(b"\x05\x00\x00\x01\x00\x00\x00\x00\x00\x00")
        await _join(reader, writer, "127.0.0.1", port, b"")

    async with _serving(relay, "socks5", serve):
        yield relay


@asynccontextmanager
async def open_http_proxy(password: str = "") -> AsyncIterator[Relay]:
    """A forwarding HTTP proxy."""
    relay = Relay(password=password)
    wanted = base64.b64encode(f"kabar:{password}".encode())

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        if password and b"Proxy-Authorization: Basic " + wanted not in head:
            writer.write(b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n")
            return
        method, target, _ = head.split(b"\r\n", 1)[0].decode().split(" ")
        host = target.removeprefix("http://").partition("/")[0]
        relay.seen.append(host)
        path = target.removeprefix(f"http://{host}")
        rest = head.partition(b"\r\n")[2]
        hello = f"{method} {path} HTTP/1.1\r\n".encode() + rest
        await _join(reader, writer, "127.0.0.1", int(host.rpartition(":")[2]), hello)

    async with _serving(relay, "http", serve):
        yield relay
