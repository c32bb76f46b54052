"""Pictures that an editor can choose from: the article's own, as its feed has them, and its page's.

article -> its page (fetched once, when somebody asks) -> addresses, the article's own first
"""

from __future__ import annotations

import asyncio

import structlog

from bot.core.articles.urls import picture_identity
from bot.core.errors import FeedError
from bot.core.model import Article
from bot.fetch import Fetcher
from bot.reading.reader import BytesReader

log = structlog.get_logger("editorial")

MOST = 12
_PATIENCE = 8.0
_MAX_BYTES = 3_000_000


class Gallery:
    """Fetches on request. `patience`: seconds that an editor waits for a slow site."""

    def __init__(
        self, fetcher: Fetcher, reader: BytesReader, *, patience: float = _PATIENCE
    ) -> None:
        self._fetcher = fetcher
        self._reader = reader
        self._patience = patience

    async def of(self, article: Article) -> list[str]:
        """At most twelve addresses, the site's own choice first."""
        own = [article.picture.address] if article.picture else []
        found: dict[str, str] = {}
        for one in (*own, *article.pictures, *await self._on_the_page(article.link)):
            found.setdefault(picture_identity(one), one)
        return list(found.values())[:MOST]

    async def _on_the_page(self, link: str) -> tuple[str, ...]:
        if not link:
            return ()
        try:
            async with asyncio.timeout(self._patience):
                got = await self._fetcher.get(link, max_bytes=_MAX_BYTES, accept="text/html")
                return await self._reader.pictures(
                    got.body, address=got.address, content_type=got.content_type
                )
        except (FeedError, TimeoutError) as error:
            log.info("gallery.unread", link=link, reason=str(error))
            return ()
