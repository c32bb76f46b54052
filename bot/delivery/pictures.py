"""A stranger's picture as a JPEG that Telegram takes. Knows downloads, no article, no chat.

    address -> own download (capped, no private network) -> checked -> at most 1,280 px -> JPEG

Decoding is the reader's work (`bot.reading`): a large picture takes longer than the loop may rest.
"""

from __future__ import annotations

import asyncio
from typing import Protocol

import structlog

from bot.core.errors import FeedError
from bot.reading.reader import BytesReader, InThread

log = structlog.get_logger(__name__)

_MAX_BYTES = 20 * 1024 * 1024
_AT_ONCE = 2


class PictureBytes(Protocol):
    """What a download brings."""

    @property
    def body(self) -> bytes: ...


class Downloads(Protocol):
    """`bot.fetch.Fetcher` fits."""

    async def get(self, address: str, *, max_bytes: int = ..., accept: str = ...) -> PictureBytes:
        """Raises FeedError."""


class Pictures:
    """Downloads and re-encodes, a few at a time."""

    def __init__(self, downloads: Downloads, reader: BytesReader | None = None) -> None:
        self._downloads = downloads
        self._reader = reader or InThread()
        self._room = asyncio.Semaphore(_AT_ONCE)

    async def jpeg(self, address: str) -> bytes | None:
        """The picture behind an http(s) address; None when it cannot be had or is none."""
        if not address.startswith(("http://", "https://")):
            return None
        async with self._room:
            try:
                found = await self._downloads.get(address, max_bytes=_MAX_BYTES, accept="image/*")
                content = await self._reader.jpeg(found.body)
            except FeedError as error:
                log.info("picture.missing", address=address, reason=str(error))
                return None
        if content is None:
            log.info("picture.unreadable", address=address)
        return content
