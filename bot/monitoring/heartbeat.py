"""Requests an address each minute while all is well: the service behind it notices silence.

Knows whether the program is well, not why; the alarm itself is up to that service.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence

import aiohttp
import structlog

from bot.health import Beat, no_beat

log = structlog.get_logger("heartbeat")

EVERY = 60.0
_TIMEOUT = aiohttp.ClientTimeout(total=20)


class Heartbeat:
    """GET `address` every `every` seconds as long as `silent` finds no reason not to."""

    def __init__(
        self,
        address: str,
        silent: Callable[[], Awaitable[Sequence[str]]],
        *,
        every: float = EVERY,
        beat: Beat = no_beat,
    ) -> None:
        self._beat = beat
        self._address = address
        self._silent = silent
        self._every = every

    async def run(self) -> None:
        """Run forever. A failure is logged and tried again at the next turn."""
        async with aiohttp.ClientSession(timeout=_TIMEOUT) as session:
            while True:
                self._beat()
                reasons = await self._silent()
                if reasons:
                    log.warning("heartbeat.withheld", reasons=reasons)
                else:
                    await self._ask(session)
                await asyncio.sleep(self._every)

    async def _ask(self, session: aiohttp.ClientSession) -> None:
        try:
            async with session.get(self._address) as answer:
                if answer.status >= 400:
                    log.warning("heartbeat.refused", status=answer.status)
        except (aiohttp.ClientError, OSError, TimeoutError, ValueError) as error:
            log.warning("heartbeat.failed", reason=type(error).__name__)
