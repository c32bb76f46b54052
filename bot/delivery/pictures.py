"""Untrusted pictures as JPEGs that Telegram accepts. Knows downloads, no articles, no chats.

    address -> own download (capped, no private network) -> checked -> at most 1,280 px -> JPEG

Decoding is left to the reading workers (`bot.reading`): a large picture takes longer than the loop
may be blocked. Requests for an address that is being fetched share its result; a server that hangs
keeps a few downloads busy, not those from others.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Protocol
from urllib.parse import urlsplit

import structlog

from bot.attempts import log_fault
from bot.core.errors import FeedError
from bot.core.posts.pictures import PATIENCE, Look, Sight
from bot.reading.reader import BytesReader, InThread

log = structlog.get_logger(__name__)

_MAX_BYTES = 20 * 1024 * 1024
_DECODED_AT_ONCE = 2
_OF_A_HOST = 2
"""Concurrent downloads from one server: the rest of its connections is for its feeds and pages."""
_KEPT = 8
"""So many fetched pictures are kept, since adding them to posts asks for them again."""
_MISSING = Look(Sight.MISSING)
_LATE = Look(Sight.LATE)


class PictureBytes(Protocol):
    """What a download brings."""

    @property
    def body(self) -> bytes: ...


class Downloads(Protocol):
    """`bot.fetch.Fetcher` fits."""

    async def get(self, address: str, *, max_bytes: int = ..., accept: str = ...) -> PictureBytes:
        """Raises FeedError."""


class Pictures:
    """Downloads and re-encodes. `patience`: seconds that a message waits for its picture."""

    def __init__(
        self,
        downloads: Downloads,
        reader: BytesReader | None = None,
        *,
        patience: float = PATIENCE,
    ) -> None:
        self._downloads = downloads
        self._reader = reader or InThread()
        self._patience = patience
        self._decoding = asyncio.Semaphore(_DECODED_AT_ONCE)
        self._hosts: dict[str, tuple[asyncio.Semaphore, int]] = {}
        self._under_way: dict[str, asyncio.Task[Look]] = {}
        self._found: OrderedDict[str, Look] = OrderedDict()

    async def look(self, address: str) -> Look:
        """What is at an address, if it arrives in time. A slower download continues."""
        try:
            async with asyncio.timeout(self._patience):
                return await self.look_long(address)
        except TimeoutError:
            log.info("picture.late", address=address)
            return _LATE

    async def look_long(self, address: str) -> Look:
        """The same, waiting as long as a download may take (30 s): never LATE."""
        if not address.startswith(("http://", "https://")):
            return _MISSING
        if (found := self._found.get(address)) is not None:
            return found
        task = self._under_way.get(address)
        if task is None:
            task = self._under_way[address] = asyncio.create_task(self._fetch(address))
            task.add_done_callback(lambda _: self._under_way.pop(address, None))
        return await asyncio.shield(task)

    async def content(self, address: str) -> bytes | None:
        """The picture itself, if it arrives in time."""
        return (await self.look(address)).content or None

    async def close(self) -> None:
        """Cancel what is under way."""
        tasks = list(self._under_way.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _fetch(self, address: str) -> Look:
        try:
            async with self._place_at(urlsplit(address).netloc):
                found = await self._downloads.get(address, max_bytes=_MAX_BYTES, accept="image/*")
            async with self._decoding:
                content = await self._reader.jpeg(found.body)
        except FeedError as error:
            log.info("picture.missing", address=address, reason=str(error))
            return _MISSING
        except Exception as error:  # noqa: BLE001 - a fault with one picture keeps no news
            log_fault("picture.broken", error, address=address)
            return _MISSING
        if content is None:
            log.info("picture.unreadable", address=address)
            return _MISSING
        look = Look(Sight.FOUND, content) if content else Look(Sight.SMALL)
        self._found[address] = look
        if len(self._found) > _KEPT:
            self._found.popitem(last=False)
        return look

    @asynccontextmanager
    async def _place_at(self, host: str) -> AsyncIterator[None]:
        """One of the few downloads from a server at a time."""
        places, users = self._hosts.get(host, (asyncio.Semaphore(_OF_A_HOST), 0))
        self._hosts[host] = places, users + 1
        try:
            async with places:
                yield
        finally:
            places, users = self._hosts.pop(host)
            if users > 1:
                self._hosts[host] = places, users - 1
