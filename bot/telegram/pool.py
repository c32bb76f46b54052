"""Connections to one server, used again and again. Knows aiohttp's connector, no request.

    take ->  the one used last, if it still lives   ->  give back -> whoever waits longest, or kept
             a new one by aiohttp's connector (names, TLS, SOCKS), while there are less than `limit`
             else wait for one

The connector could do this too; with its bookkeeping for many servers it took a sixth of what a
message costs.
"""

from __future__ import annotations

import asyncio
from collections import deque
from functools import cache

import aiohttp
from aiohttp.client_reqrep import ClientRequest
from aiohttp.connector import Connection


@cache
def _connecting(seconds: float) -> aiohttp.ClientTimeout:
    return aiohttp.ClientTimeout(connect=seconds, sock_connect=min(10.0, seconds))


class Pool:
    """At most `limit` connections to where `target` leads; an idle one lasts `keep` seconds. To be
    closed before its connector."""

    def __init__(
        self,
        connector: aiohttp.BaseConnector,
        target: ClientRequest,
        *,
        limit: int,
        keep: float,
    ) -> None:
        self._connector = connector
        self._target = target
        self._free = limit
        """Connections that may still be made."""
        self._keep = keep
        self._idle: deque[tuple[Connection, float]] = deque()
        self._waiting: deque[asyncio.Future[Connection | None]] = deque()
        self._sweep: asyncio.TimerHandle | None = None

    async def take(self, seconds: float) -> Connection:
        """A connection, to be given back. Raises aiohttp.ClientError, OSError, and TimeoutError
        when there is none after so many seconds."""
        while self._idle:
            connection, _ = self._idle.pop()
            if not connection.closed:
                return connection
            self._drop(connection)
        if self._free:
            self._free -= 1
            return await self._new(seconds)
        async with asyncio.timeout(seconds):
            return await self._wait() or await self._new(seconds)

    async def _new(self, seconds: float) -> Connection:
        try:
            return await self._connector.connect(self._target, [], _connecting(seconds))
        except BaseException:
            self._hand_on(None)
            raise

    async def _wait(self) -> Connection | None:
        """One that another gives back; None when its place was given."""
        coming: asyncio.Future[Connection | None] = asyncio.get_running_loop().create_future()
        self._waiting.append(coming)
        try:
            return await coming
        except asyncio.CancelledError:
            if not coming.cancelled():  # it came too late
                self._hand_on(coming.result())
            raise

    def give_back(self, connection: Connection) -> None:
        """It is not needed any more; one on which something is left to read is closed."""
        protocol = connection.protocol
        if protocol is None or protocol.should_close or not protocol.is_connected():
            self._drop(connection)
        else:
            self._hand_on(connection)

    def _drop(self, connection: Connection) -> None:
        connection.close()
        self._hand_on(None)

    def _hand_on(self, connection: Connection | None) -> None:
        """A connection, or only its place."""
        while self._waiting:
            waiting = self._waiting.popleft()
            if not waiting.done():
                waiting.set_result(connection)
                return
        if connection is None:
            self._free += 1
            return
        loop = asyncio.get_running_loop()
        self._idle.append((connection, loop.time()))
        if self._sweep is None:
            self._sweep = loop.call_later(self._keep, self._close_old)

    def _close_old(self) -> None:
        """The first ones are idle for longest."""
        loop, self._sweep = asyncio.get_running_loop(), None
        while self._idle:
            connection, since = self._idle[0]
            if since + self._keep > loop.time():
                self._sweep = loop.call_at(since + self._keep, self._close_old)
                return
            self._idle.popleft()
            self._drop(connection)

    def close(self) -> None:
        """Close those that are idle; those in use are closed with the connector."""
        if self._sweep is not None:
            self._sweep.cancel()
        while self._idle:
            self._idle.pop()[0].close()
