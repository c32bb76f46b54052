"""What editors' cards say at the moment when they are sent: read from the records, rendered."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping

from bot.core.editorial import cards
from bot.core.model import Post
from bot.core.posts.content_kinds import ContentKind
from bot.core.posts.delivery import Delivery
from bot.i18n import Languages
from storage import Connection, articles, desk

Renderer = Callable[[Connection, Delivery], Awaitable[Post | None]]


class EditorialRendering:
    """The renderers for the sender of deliveries."""

    def __init__(
        self, languages: Languages, *, bot_username: str, clock: Callable[[], int]
    ) -> None:
        self._languages = languages
        self._bot_username = bot_username
        self._clock = clock

    def renderers(self) -> Mapping[ContentKind, Renderer]:
        return {ContentKind.ARTICLE_CARD: self.card}

    async def card(self, cx: Connection, delivery: Delivery) -> Post | None:
        """The post as it will look, its state and what can be done."""
        article = await articles.get(cx, delivery.article_id or 0)
        standing = await desk.get(cx, delivery.article_id or 0)
        if article is None or standing is None:
            return None
        return cards.card(
            article,
            standing,
            self._languages.of(delivery.language),
            bot_username=self._bot_username,
            now=self._clock(),
        )
