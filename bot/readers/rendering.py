"""What digests and tickers say at the moment when they are sent: read, rendered."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping

from bot.core.model import ChatKind, Post
from bot.core.posts.content import ContentKind, NewsDigest
from bot.core.posts.delivery import Delivery
from bot.core.readers import digests
from bot.i18n import Languages
from bot.readers.tickers import SHOWN
from storage import Connection, articles

Renderer = Callable[[Connection, Delivery], Awaitable[Post | None]]


class ReaderRendering:
    """The renderers for the sender of deliveries."""

    def __init__(self, languages: Languages, *, clock: Callable[[], int]) -> None:
        self._languages = languages
        self._clock = clock

    def renderers(self) -> Mapping[ContentKind, Renderer]:
        return {ContentKind.DIGEST: self.digest, ContentKind.TICKER: self.ticker}

    async def digest(self, cx: Connection, delivery: Delivery) -> Post | None:
        """Headlines of what is still there; None when all of it was withdrawn."""
        assert isinstance(delivery.content, NewsDigest)  # its kind says so
        found = [await articles.get(cx, one) for one in delivery.content.articles]
        return digests.digest(
            [one for one in found if one is not None and one.retracted_at is None],
            delivery.content.why,
            self._languages.of(delivery.language),
            now=self._clock(),
            buttons=delivery.to.kind is ChatKind.PRIVATE,
        )

    async def ticker(self, cx: Connection, delivery: Delivery) -> Post | None:
        """The newest headlines at this moment."""
        return digests.ticker(
            await articles.newest(cx, limit=SHOWN),
            self._languages.of(delivery.language),
            now=self._clock(),
        )
