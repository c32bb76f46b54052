"""POSTs of JSON over aiohttp's connections, without the objects of a request and its answer.

    body of a call  ->  one write on a pooled connection  ->  status and body of the answer

aiohttp's connector makes the connections (names, TLS, SOCKS, keeping alive) and its parser reads
the answers; only what a session does for each request is left out: redirects, cookies, tracing, a
task that writes. That was almost half of what a message costs. Knows no Bot API.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import aiohttp
from aiohttp import hdrs
from aiohttp.client_reqrep import ClientRequest
from aiohttp.connector import Connection
from aiohttp.http import HttpProcessingError
from yarl import URL

_CONNECTING = aiohttp.ClientTimeout(sock_connect=10)
_SAID = (hdrs.HOST, hdrs.ACCEPT, hdrs.USER_AGENT, hdrs.AUTHORIZATION)
"""Of what aiohttp would say. Answers are small: they need not be packed."""


class NotSent(Exception):  # noqa: N818 - a fate, as `bot.telegram.transport` tells it
    """Nothing of the request has left."""


class KeptBack(NotSent):
    """This process may not send any more."""


class Posting:
    """Requests to the methods below `base` (an address with a trailing slash). `may` is asked at
    the moment when a request leaves whether it may."""

    def __init__(
        self, connector: aiohttp.BaseConnector, base: str, *, may: Callable[[], bool] | None = None
    ) -> None:
        self._connector = connector
        self._url = URL(base)
        self._may = may
        self._target = ClientRequest(hdrs.METH_POST, self._url)
        self._heads: dict[str, bytes] = {}

    async def post(self, method: str, body: bytes, *, seconds: float) -> tuple[int, bytes]:
        """Status and body of the answer. Raises NotSent, or what aiohttp raises and TimeoutError:
        then nobody knows whether the request arrived."""
        connection = None
        try:
            async with asyncio.timeout(seconds):
                try:
                    connection = await self._connector.connect(self._target, [], _CONNECTING)
                except (aiohttp.ClientError, OSError) as error:
                    raise NotSent(type(error).__name__) from None
                if self._may is not None and not self._may():
                    raise KeptBack
                return await self._exchange(connection, method, body)
        except TimeoutError:
            if connection is None:
                raise NotSent(aiohttp.ConnectionTimeoutError.__name__) from None
            raise
        finally:
            if connection is not None:
                connection.close()  # does nothing to one that was released

    async def _exchange(
        self, connection: Connection, method: str, body: bytes
    ) -> tuple[int, bytes]:
        protocol = connection.protocol
        if protocol is None or protocol.transport is None:
            raise NotSent(aiohttp.ServerDisconnectedError.__name__)
        protocol.set_response_params(read_until_eof=True)
        protocol.transport.write(b"%b%d\r\n\r\n%b" % (self._head(method), len(body), body))
        try:
            message, payload = await protocol.read()
            while 100 <= message.code < 200 and message.code != 101:  # an interim answer
                message, payload = await protocol.read()
            content = await payload.read()
        except HttpProcessingError as error:
            raise aiohttp.ClientPayloadError(type(error).__name__) from None
        connection.release()
        return message.code, content

    def _head(self, method: str) -> bytes:
        """What stands before the length of the body."""
        head = self._heads.get(method)
        if head is None:
            said = {
                name: self._target.headers[name] for name in _SAID if name in self._target.headers
            }
            lines = "".join(f"{name}: {value}\r\n" for name, value in said.items())
            head = self._heads[method] = (
                f"POST {self._url.raw_path}{method} HTTP/1.1\r\n{lines}"
                "Content-Type: application/json\r\nContent-Length: "
            ).encode("ascii")
        return head
