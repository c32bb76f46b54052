"""What can be read from untrusted bytes, and the plain way to do it: in a thread."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from datetime import UTC, tzinfo
from importlib import import_module
from typing import Any, Protocol

from bot.chart import Panel
from bot.core.model import ParsedFeed, Story

TASKS = {
    "feed": "bot.core.feeds.parse:parse",
    "feed_links": "bot.core.articles.page:feed_links",
    "page": "bot.core.articles.page:read_page",
    "pictures": "bot.core.articles.page:pictures",
    "jpeg": "bot.reading.jpeg:as_jpeg",
    "chart": "bot.reading.drawing:draw",
}
"""Each task and the pure function that does it, imported when first needed."""


class BytesReader(Protocol):
    """Reads untrusted bytes. Each method raises FeedError, in one sentence, for what cannot be
    read; other exceptions are our own bugs."""

    async def feed(
        self,
        body: bytes,
        *,
        address: str,
        content_type: str = "",
        now: int,
        zone: tzinfo = UTC,
        before: str = "",
        partial: bool = False,
    ) -> ParsedFeed:
        """What a feed carries now (see `bot.core.feeds.parse`)."""

    async def feed_links(self, body: bytes, *, address: str) -> tuple[str, ...]:
        """Where a page's feed can be (see `bot.core.articles.page`)."""

    async def page(
        self, body: bytes, *, address: str, content_type: str = "", now: int, zone: tzinfo = UTC
    ) -> Story:
        """What an article's page says (see `bot.core.articles.page`)."""

    async def pictures(
        self, body: bytes, *, address: str, content_type: str = ""
    ) -> tuple[str, ...]:
        """The pictures on a page (see `bot.core.articles.page`)."""

    async def jpeg(self, content: bytes) -> bytes | None:
        """A picture as a JPEG within Telegram's limits; None if it is not a picture, empty if it is
        too small to be shown."""

    async def chart(self, title: str, panels: Sequence[Panel], *, first: str, last: str) -> bytes:
        """Figures as a picture: not untrusted, but Pillow's work (see `bot.reading.drawing`)."""


class Tasks:
    """The methods of a BytesReader in terms of `_ask`."""

    async def _ask(self, task: str, body: bytes | str, **more: Any) -> Any:
        raise NotImplementedError

    async def feed(
        self,
        body: bytes,
        *,
        address: str,
        content_type: str = "",
        now: int,
        zone: tzinfo = UTC,
        before: str = "",
        partial: bool = False,
    ) -> ParsedFeed:
        read: ParsedFeed = await self._ask(
            "feed",
            body,
            address=address,
            content_type=content_type,
            now=now,
            zone=zone,
            before=before,
            partial=partial,
        )
        return read

    async def feed_links(self, body: bytes, *, address: str) -> tuple[str, ...]:
        return tuple(await self._ask("feed_links", body, address=address))

    async def page(
        self, body: bytes, *, address: str, content_type: str = "", now: int, zone: tzinfo = UTC
    ) -> Story:
        read: Story = await self._ask(
            "page", body, address=address, content_type=content_type, now=now, zone=zone
        )
        return read

    async def pictures(
        self, body: bytes, *, address: str, content_type: str = ""
    ) -> tuple[str, ...]:
        return tuple(await self._ask("pictures", body, address=address, content_type=content_type))

    async def jpeg(self, content: bytes) -> bytes | None:
        found: bytes | None = await self._ask("jpeg", content)
        return found

    async def chart(self, title: str, panels: Sequence[Panel], *, first: str, last: str) -> bytes:
        drawn: bytes = await self._ask("chart", title, panels=panels, first=first, last=last)
        return drawn


class InThread(Tasks):
    """Reads in a thread of this process: no limits, no second process."""

    async def _ask(self, task: str, body: bytes | str, **more: Any) -> Any:
        return await asyncio.to_thread(function(task), body, **more)


def function(task: str) -> Callable[..., Any]:
    """The pure function behind a task."""
    module, _, name = TASKS[task].partition(":")
    found: Callable[..., Any] = getattr(import_module(module), name)
    return found
