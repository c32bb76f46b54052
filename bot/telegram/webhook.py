"""Updates by web hook: Telegram calls us. Knows HTTP and the secret, not what people said.

    call -> secret? -> readable? -> queue (bounded) -> inbox, many in one transaction -> 200

An update is answered with 200 only after it is in the inbox. With a full queue or a full disk, and
while the program ends, Telegram gets 503 and calls again.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
from collections.abc import Awaitable, Callable, Sequence
from typing import Any
from urllib.parse import urlsplit

import structlog
from aiohttp import web

from bot.core.errors import StorageError
from bot.health import Beat, next_of, no_beat

log = structlog.get_logger("webhook")

MOST_BYTES = 4 * 1024 * 1024
"""Bytes of one update; Telegram's are far smaller. More is answered with 413."""
_SECRET = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - the header's name, no secret
_QUEUE = 1000
_BATCH = 100
_LARGEST = 2**63 - 1
_AGAIN = {"Retry-After": "2"}
Keep = Callable[[Sequence[dict[str, Any]]], Awaitable[None]]
_Waiting = tuple[dict[str, Any], "asyncio.Future[None]"]


def derived_secret(token: str) -> str:
    """The secret if the operator sets none: the same for all processes and after a restart, so that
    Telegram need not be told again. It does not reveal the token."""
    return hmac.new(token.encode(), b"kabar web hook", hashlib.sha256).hexdigest()


class WebHook:
    """Answers calls to the path of `url` that know the secret; `run` stores their updates.

    `public_url` is the address at which a proxy answers for us: it may pass on the path with or
    without that address's own path. At most `most` updates wait to be stored.
    """

    def __init__(
        self,
        keep: Keep,
        *,
        url: str,
        secret: str,
        public_url: str = "",
        most: int = _QUEUE,
        beat: Beat = no_beat,
    ) -> None:
        self._beat = beat
        self._keep = keep
        self._secret = secret.encode()
        path = urlsplit(url).path or "/"
        self._paths = {path, path.removeprefix(urlsplit(public_url).path.rstrip("/")) or "/"}
        self._queue: asyncio.Queue[_Waiting] = asyncio.Queue(most)
        self._open = False

    def routes(self) -> list[web.RouteDef]:
        return [web.post(path, self._receive) for path in sorted(self._paths)]

    async def run(self) -> None:
        """Store what comes, forever; several updates that wait share one transaction."""
        self._open = True
        batch: list[_Waiting] = []
        try:
            while True:
                batch = [await next_of(self._queue, self._beat)]
                while len(batch) < _BATCH and not self._queue.empty():
                    batch.append(self._queue.get_nowait())
                await self._store(batch)
        finally:
            self._open = False
            while not self._queue.empty():
                batch.append(self._queue.get_nowait())
            _answer(batch, StorageError("The program ends."))

    async def _store(self, batch: list[_Waiting]) -> None:
        try:
            await self._keep([update for update, _ in batch])
        except StorageError as error:
            log.warning("webhook.postponed", reason=str(error), updates=len(batch))
            _answer(batch, error)
        else:
            _answer(batch)

    async def _receive(self, request: web.Request) -> web.Response:
        told = request.headers.get(_SECRET, "").encode()
        if not hmac.compare_digest(told, self._secret):
            return web.Response(status=403)
        try:
            body = await request.clone(client_max_size=MOST_BYTES).read()
            update = json.loads(body)  # which accepts numbers of any size
        except (ValueError, RecursionError):  # broken in transit: Telegram sends it again
            return web.Response(status=400)
        if not _is_update(update):
            # Every repetition would be the same.
            log.warning("webhook.nonsense", kind=type(update).__name__)
            return web.Response()
        if not self._open or self._queue.full():
            return web.Response(status=503, headers=_AGAIN)
        stored: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._queue.put_nowait((update, stored))
        try:
            await stored
        except StorageError:
            return web.Response(status=503, headers=_AGAIN)
        return web.Response()


def _is_update(update: object) -> bool:
    number = update.get("update_id") if isinstance(update, dict) else None
    return type(number) is int and 0 <= number <= _LARGEST


def _answer(batch: Sequence[_Waiting], error: StorageError | None = None) -> None:
    for _, stored in batch:
        if stored.done():
            continue  # Telegram hung up, or was answered
        if error is None:
            stored.set_result(None)
        else:
            stored.set_exception(error)
