"""A stranger's picture as a JPEG that Telegram takes. Knows Pillow and limits, no article, no chat.

    address -> own download (capped, no private network) -> checked -> at most 1,280 px -> JPEG

Telegram's limits for photos: 10 MB, width and height together 10,000, ratio at most 20 (Bot API,
sendPhoto). Decoding runs in a thread: a large picture takes longer than the event loop may rest.
"""

from __future__ import annotations

import asyncio
import io
from typing import Protocol

import structlog
from PIL import Image, ImageOps

from bot.core.errors import FeedError

log = structlog.get_logger(__name__)

LONGEST_SIDE = 1280
_MAX_BYTES = 20 * 1024 * 1024
_MAX_PIXELS = 60_000_000
Image.MAX_IMAGE_PIXELS = None  # ours is lower, and no line of Pillow's own gets into the log
_MAX_RATIO = 20
_FORMATS = ("JPEG", "PNG", "GIF", "WEBP", "BMP", "TIFF", "AVIF", "ICO")
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

    def __init__(self, downloads: Downloads) -> None:
        self._downloads = downloads
        self._room = asyncio.Semaphore(_AT_ONCE)

    async def jpeg(self, address: str) -> bytes | None:
        """The picture behind an http(s) address; None when it cannot be had or is none."""
        if not address.startswith(("http://", "https://")):
            return None
        async with self._room:
            try:
                found = await self._downloads.get(address, max_bytes=_MAX_BYTES, accept="image/*")
            except FeedError as error:
                log.info("picture.missing", address=address, reason=str(error))
                return None
            content = await asyncio.to_thread(as_jpeg, found.body)
        if content is None:
            log.info("picture.unreadable", address=address)
        return content


def as_jpeg(content: bytes) -> bytes | None:
    """Any picture within Telegram's limits as a JPEG; None for what is no picture or a trap."""
    try:
        with Image.open(io.BytesIO(content), formats=_FORMATS) as picture:
            if picture.width * picture.height > _MAX_PIXELS:
                return None
            picture.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
            return _encode(_flat(ImageOps.exif_transpose(picture)))
    except Exception as error:  # noqa: BLE001 - decoders raise anything for a stranger's bytes
        log.debug("picture.refused", kind=type(error).__name__)
        return None


def _flat(picture: Image.Image) -> Image.Image:
    """Without transparency (white shows through), small enough, not too narrow."""
    if picture.mode not in {"RGB", "L"}:
        colours = picture.convert("RGBA")
        paper = Image.new("RGBA", colours.size, "white")
        picture = Image.alpha_composite(paper, colours)
    picture = picture.convert("RGB")
    picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)
    least = -(-max(picture.size) // _MAX_RATIO)
    if min(picture.size) < least:
        wide = (max(picture.width, least), max(picture.height, least))
        picture = ImageOps.pad(picture, wide, color="white")
    return picture


def _encode(picture: Image.Image) -> bytes:
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=88, optimize=True)
    return out.getvalue()
