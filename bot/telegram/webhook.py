"""Updates by web hook: Telegram calls us. Knows HTTP and the secret, never what a person said.

An update is answered with 200 only after it is in the inbox; with a full disk Telegram gets 503 and
calls again.
"""

from __future__ import annotations

import asyncio
import hmac
from collections.abc import Awaitable, Callable, Sequence
from typing import Any
from urllib.parse import urlsplit

import orjson
import structlog
from aiohttp import web

from bot.core.errors import OperatorError, StorageError

log = structlog.get_logger("webhook")

_MOST_BYTES = 4 * 1024 * 1024
_SECRET = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - the header's name, no secret
Keep = Callable[[Sequence[dict[str, Any]]], Awaitable[None]]


class WebHookServer:
    """Listens on `listen` (address:port) for calls to the path of `url` that know the secret."""

    def __init__(self, keep: Keep, *, url: str, listen: str, secret: str) -> None:
        self._keep = keep
        self._secret = secret.encode()
        self._host, _, port = listen.rpartition(":")
        self._port = int(port)
        self._path = urlsplit(url).path or "/"

    async def run(self) -> None:
        """Serve until cancelled. Raises OperatorError when the port is taken."""
        app = web.Application(client_max_size=_MOST_BYTES)
        app.router.add_post(self._path, self._receive)
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        try:
            await web.TCPSite(runner, self._host, self._port).start()
            log.info("webhook.listening", host=self._host, port=self._port)
            await asyncio.Event().wait()
        except OSError as error:
            raise OperatorError(
                f"KABAR_LISTEN: {self._host}:{self._port} cannot be listened on: {error.strerror}."
            ) from error
        finally:
            await runner.cleanup()

    async def _receive(self, request: web.Request) -> web.Response:
        told = request.headers.get(_SECRET, "").encode()
        if not hmac.compare_digest(told, self._secret):
            return web.Response(status=403)
        try:
            update = orjson.loads(await request.read())
            int(update["update_id"])
        except (orjson.JSONDecodeError, KeyError, TypeError, ValueError):
            return web.Response(status=400)
        try:
            await self._keep([update])
        except StorageError as error:
            log.warning("webhook.postponed", reason=str(error))
            return web.Response(status=503)
        return web.Response()
