"""Listens for HTTP on one address and port. Knows sockets and routes, not what they answer."""

from __future__ import annotations

import errno
import socket
from collections.abc import Iterable
from typing import Self

import structlog
from aiohttp import web

from bot.core.errors import OperatorError

log = structlog.get_logger("http")

_MOST_BYTES = 1024 * 1024


class HttpServer:
    """Serves `routes` on `listen` (address:port). Use as an async context manager.

    `setting` names the setting to change if the port is taken. `max_bytes` is the
    largest body that is read; a larger one is answered with 413.
    """

    def __init__(
        self,
        listen: str,
        routes: Iterable[web.RouteDef],
        *,
        setting: str,
        max_bytes: int = _MOST_BYTES,
    ) -> None:
        host, _, port = listen.rpartition(":")
        self._host, self._port = host.strip("[]"), int(port)
        self._setting = setting
        app = web.Application(client_max_size=max_bytes)
        app.router.add_routes(routes)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=5)

    async def __aenter__(self) -> Self:
        """Start listening. Raises OperatorError if the port is taken."""
        await self._runner.setup()
        try:
            await web.TCPSite(self._runner, self._host, self._port).start()
        except OSError as error:
            await self._runner.cleanup()
            raise OperatorError(
                f"{self._setting}: {self._host}:{self._port} cannot be listened on: {_why(error)}."
            ) from error
        log.info("http.listening", setting=self._setting, host=self._host, port=self.port)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._runner.cleanup()

    @property
    def port(self) -> int:
        """The port it listens on; for port 0 the one that the system chose."""
        return int(self._runner.addresses[0][1])


def _why(error: OSError) -> str:
    known = {
        errno.EADDRINUSE: "another program listens there",
        errno.EACCES: "this user may not",
        errno.EADDRNOTAVAIL: "this machine has no such address",
    }
    if isinstance(error, socket.gaierror):
        return "there is no host of that name"
    return known.get(error.errno or 0, str(error.strerror))
