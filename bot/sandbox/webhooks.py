"""The web hook: updates sent to an address, one after the other, until it says 2xx.

A failure is tried again after a delay that doubles up to 60 s; a Retry-After header is honoured
(Bot API server, WebhookActor.cpp 493-650). Knows no chat.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable
from typing import Any

import aiohttp
import orjson

from bot.sandbox import links
from bot.sandbox.errors import bad_request
from bot.sandbox.updates import DEFAULT, Update, UpdateQueue

PORTS = frozenset({443, 80, 88, 8443})
SECRET = re.compile(r"[A-Za-z0-9_-]*\Z")
LONGEST_DELAY_S = 60.0
REFUSED_IN_ANSWERS = ("get", "setwebhook", "deletewebhook", "close", "logout")

Run = Callable[[str, dict[str, Any]], Awaitable[object]]


class WebHookCaller:
    """The one web hook of a bot. `local` allows http and any port, as `--local` does."""

    def __init__(
        self, updates: UpdateQueue, run: Run, clock: Callable[[], float], *, local: bool
    ) -> None:
        self._updates = updates
        self._run = run
        self._clock = clock
        self._local = local
        self._url = ""
        self._secret = ""
        self._most = 40
        self._first_delay_s = 0.1
        self._error: tuple[int, str] | None = None
        self._task: asyncio.Task[None] | None = None

    def set(self, url: str, *, secret: str, most: int, allowed: list[str] | None) -> None:
        """Begin to send to an address. Raises ApiError."""
        try:
            address = links.parse(url)
        except links.LinkError as error:
            raise bad_request(f"bad webhook: invalid HTTP URL specified: {error}") from error
        if not self._local and address.protocol != "https":
            raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
        if not self._local and (address.port or 443) not in PORTS:
            raise bad_request(
                "bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443"
            )
        if len(secret) > 256:
            raise bad_request("secret token is too long")
        if not SECRET.match(secret):
            raise bad_request("secret token contains unallowed characters")
        self._updates.allow(allowed)
        self._url, self._secret, self._most, self._error = url, secret, most, None
        self._updates.webhook = True
        if self._task is None:
            self._task = asyncio.get_running_loop().create_task(self._send_all())

    def remove(self) -> None:
        """Stop sending."""
        self._url = ""
        self._updates.webhook = False
        if self._task is not None:
            self._task.cancel()
            self._task = None

    async def close(self) -> None:
        """Stop sending and wait until it has stopped."""
        task = self._task
        self.remove()
        if task is not None:
            await asyncio.gather(task, return_exceptions=True)

    def json(self) -> dict[str, Any]:
        """As WebhookInfo."""
        data: dict[str, Any] = {
            "url": self._url,
            "has_custom_certificate": False,
            "pending_update_count": len(self._updates),
        }
        if self._url:
            data["max_connections"] = self._most
        if self._error is not None:
            data["last_error_date"], data["last_error_message"] = self._error
        if self._updates.allowed != DEFAULT:
            data["allowed_updates"] = sorted(self._updates.allowed)
        return data

    async def _send_all(self) -> None:
        delay_s = self._first_delay_s
        async with aiohttp.ClientSession() as session:
            while True:
                await self._updates.arrival()
                update = self._updates.first()
                if update is None:
                    continue
                wait_s = await self._send(session, update)
                if wait_s is None:
                    self._updates.confirm(update.id + 1)
                    delay_s = self._first_delay_s
                else:
                    await asyncio.sleep(wait_s or delay_s)
                    delay_s = min(2 * delay_s, LONGEST_DELAY_S)

    async def _send(self, session: aiohttp.ClientSession, update: Update) -> float | None:
        """None when it arrived, else the seconds to wait that the other side asked for, or 0."""
        headers = {"Content-Type": "application/json"}
        if self._secret:
            headers["X-Telegram-Bot-Api-Secret-Token"] = self._secret
        try:
            async with session.post(
                self._url, data=orjson.dumps(update.json()), headers=headers, ssl=not self._local
            ) as response:
                if 200 <= response.status < 300:
                    await self._act_on(await response.read())
                    return None
                self._complain(f"Wrong response from the webhook: {response.status}")
                pause = response.headers.get("Retry-After", "")
                return min(float(pause), 3600.0) if pause.isdecimal() else 0.0
        except (aiohttp.ClientError, OSError, TimeoutError) as error:
            self._complain(f"Connection failed: {type(error).__name__}")
            return 0.0

    def _complain(self, text: str) -> None:
        self._error = (int(self._clock()), text)

    async def _act_on(self, body: bytes) -> None:
        """The answer to an update may carry one method call; nobody learns its result."""
        try:
            wanted = orjson.loads(body) if body else None
        except orjson.JSONDecodeError:
            return
        if isinstance(wanted, dict) and isinstance(wanted.get("method"), str):
            name = wanted.pop("method").lower()
            if not name.startswith(REFUSED_IN_ANSWERS):
                await self._run(name, wanted)
