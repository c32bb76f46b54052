"""A picture server in memory."""

from __future__ import annotations

import asyncio
import io
from dataclasses import dataclass

from PIL import Image

from bot.core.errors import FeedError

PICTURE = "https://kabar.example/picture.png"


@dataclass
class Found:
    body: bytes


class Downloads:
    """Counts who asks; `hangs` until its event is set."""

    def __init__(self, body: bytes | None = None, hangs: asyncio.Event | None = None) -> None:
        self.body = body
        self.hangs = hangs
        self.asked = 0

    async def get(self, address: str, *, max_bytes: int = 0, accept: str = "") -> Found:
        self.asked += 1
        if self.hangs is not None:
            await self.hangs.wait()
        if self.body is None:
            raise FeedError(f"{address} is not there", gone=True)
        return Found(self.body)


def png(size: tuple[int, int] = (1600, 900)) -> bytes:
    """A picture with some transparency."""
    out = io.BytesIO()
    Image.new("RGBA", size, (200, 30, 30, 128)).save(out, "PNG")
    return out.getvalue()
