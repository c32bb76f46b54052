"""A server that sends bytes as a test wrote them: for answers that no proper server gives."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field


@dataclass
class RawSite:
    """`answers` by path; what was asked, whole heads, in `heads`."""

    answers: dict[str, bytes] = field(default_factory=dict)
    heads: list[str] = field(default_factory=list)
    address: str = ""

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            self.heads.append(head)
            writer.write(self.answers.get(head.split(" ")[1], b"HTTP/1.1 404 No\r\n\r\n"))
            await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    def put(self, path: str, body: bytes, *lines: str, status: str = "200 OK") -> None:
        """An answer with these header lines; its length is named."""
        head = [f"HTTP/1.1 {status}", *lines, f"Content-Length: {len(body)}", "Connection: close"]
        self.answers[path] = "\r\n".join([*head, "", ""]).encode("latin-1") + body


@asynccontextmanager
async def open_raw_site() -> AsyncIterator[RawSite]:
    site = RawSite()
    server = await asyncio.start_server(site.serve, "127.0.0.1", 0)
    site.address = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    async with server:
        yield site
