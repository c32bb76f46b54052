"""POSTs JSON over aiohttp's connections, without its request and response objects.

    body of a call  ->  one write on a pooled connection  ->  status and body of the answer

aiohttp's connector makes the connections (`bot.telegram.pool` keeps them) and its parser reads the
answers; only what a session does for each request is left out: redirects, cookies, tracing, a task
that writes. That was almost half of the cost of a message. Knows no Bot API.
"""

from __future__ import annotations

import asyncio
import math
from collections.abc import Callable

import aiohttp
from aiohttp import hdrs
from aiohttp.client_reqrep import ClientRequest
from aiohttp.connector import Connection
from aiohttp.http import HttpProcessingError
from yarl import URL

from bot.telegram.pool import Pool

_SAID = (hdrs.HOST, hdrs.ACCEPT, hdrs.USER_AGENT, hdrs.AUTHORIZATION)
"""Headers that aiohttp would send, without Accept-Encoding: answers are small and need no
compression."""


class NotSent(Exception):  # noqa: N818 - a fate, as `bot.telegram.transport` tells it
    """Nothing of the request was sent."""


class KeptBack(NotSent):
    """This process may no longer send."""


class _Watchdog:
    """Ends exchanges that last too long. One timer for all: one for each would be a twentieth of
    the cost of a message."""

    def __init__(self) -> None:
        self._ends: dict[Connection, float] = {}
        self._timer: asyncio.TimerHandle | None = None
        self._fires = math.inf

    def begin(self, connection: Connection, seconds: float) -> None:
        """Watch a connection: it has to `end` within so many seconds, or its socket is closed."""
        loop = asyncio.get_running_loop()
        at = self._ends[connection] = loop.time() + seconds
        if at < self._fires:
            self._set(loop, at)

    def end(self, connection: Connection) -> None:
        """The exchange is over."""
        del self._ends[connection]

    def was_late(self, connection: Connection) -> bool:
        """Whether the watchdog ended it."""
        return self._ends[connection] == math.inf

    def _set(self, loop: asyncio.AbstractEventLoop, at: float) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._fires, self._timer = at, loop.call_at(at, self._look)

    def _look(self) -> None:
        loop = asyncio.get_running_loop()
        now = loop.time()
        for connection in [one for one, at in self._ends.items() if at <= now]:
            self._ends[connection] = math.inf
            if connection.transport is not None:
                connection.transport.abort()
        self._fires, self._timer = math.inf, None
        earliest = min(self._ends.values(), default=math.inf)
        if earliest < math.inf:
            self._set(loop, earliest)

    def close(self) -> None:
        """Stop watching."""
        if self._timer is not None:
            self._timer.cancel()


class Posting:
    """Requests to the methods below `base` (an address with a trailing slash), over at most `limit`
    connections that are kept idle for `keep` seconds. `may` is asked, at the moment when a request
    is sent, whether it may be. To be closed before its connector."""

    def __init__(
        self,
        connector: aiohttp.BaseConnector,
        base: str,
        *,
        limit: int,
        keep: float,
        may: Callable[[], bool] | None = None,
    ) -> None:
        self._url = URL(base)
        self._may = may
        self._target = ClientRequest(hdrs.METH_POST, self._url)
        self._pool = Pool(connector, self._target, limit=limit, keep=keep)
        self._heads: dict[str, bytes] = {}
        self._watchdog = _Watchdog()

    def close(self) -> None:
        """Close what is not in use."""
        self._watchdog.close()
        self._pool.close()

    async def post(self, method: str, body: bytes, *, seconds: float) -> tuple[int, bytes]:
        """Status and body of the answer. Raises NotSent, or what aiohttp raises and TimeoutError:
        then it is unknown whether the request arrived. `seconds`: for the answer, and as many again
        for the connection."""
        try:
            connection = await self._pool.take(seconds)
        except (aiohttp.ClientError, OSError, TimeoutError) as error:
            raise NotSent(type(error).__name__) from None
        self._watchdog.begin(connection, seconds)
        answered = False
        try:
            if self._may is not None and not self._may():
                raise KeptBack
            found = await self._exchange(connection, method, body)
            answered = True
        except aiohttp.ClientError:
            if self._watchdog.was_late(connection):
                raise TimeoutError from None
            raise
        finally:
            self._watchdog.end(connection)
            if not answered:
                connection.close()
            self._pool.give_back(connection)
        return found

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
            # Mostly all of it has already arrived.
            content = payload.read_nowait() if payload.is_eof() else await payload.read()
        except HttpProcessingError as error:
            raise aiohttp.ClientPayloadError(type(error).__name__) from None
        return message.code, content

    def _head(self, method: str) -> bytes:
        """The request's head up to the length of the body."""
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
