"""What digests and tickers say at the moment when they are sent: read from the records,
rendered."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from datetime import tzinfo
from zoneinfo import ZoneInfo

from bot.core.language import Translator
from bot.core.model import ChatId, ChatKind, Post
from bot.core.posts.content import NewsDigest, TopicLost
from bot.core.posts.content_kinds import ContentKind
from bot.core.posts.delivery import Delivery
from bot.core.posts.sponsors import Sponsor
from bot.core.readers import digests, lost_topics
from bot.i18n import Languages
from bot.readers.tickers import SHOWN
from storage import Connection, Row, articles, chats, sponsors

Renderer = Callable[[Connection, Delivery], Awaitable[Post | None]]


class ReaderRendering:
    """The renderers for the sender of deliveries."""

    def __init__(self, languages: Languages, *, clock: Callable[[], int]) -> None:
        self._languages = languages
        self._clock = clock

    def renderers(self) -> Mapping[ContentKind, Renderer]:
        return {
            ContentKind.DIGEST: self.digest,
            ContentKind.TICKER: self.ticker,
            ContentKind.TOPIC_LOST: self.topic_lost,
        }

    async def topic_lost(self, cx: Connection, delivery: Delivery) -> Post | None:
        """Why news stops in a topic; None if it has already resumed."""
        assert isinstance(delivery.content, TopicLost)  # its kind says so
        group = delivery.content.group or delivery.chat_id
        known = await chats.by_id(cx, ChatId(group))
        if known is not None and delivery.to.kind is ChatKind.PRIVATE:
            since = await chats.refuses_since(cx, known.id)
            tr = self._languages.of(delivery.language)
            return None if since is None else lost_topics.moderators_closed(known, since, tr)
        row = await chats.subscription(cx, ChatId(group), delivery.content.thread)
        if known is None or row is None or not row["reason"]:
            return None
        tr = self._languages.of(delivery.language)
        elsewhere = delivery.content.group is not None
        return lost_topics.told(
            known, delivery.content.thread, tr, deleted=delivery.content.deleted, there=elsewhere
        )

    async def digest(self, cx: Connection, delivery: Delivery) -> Post | None:
        """The headlines of articles that are still there; None if all were withdrawn."""
        assert isinstance(delivery.content, NewsDigest)  # its kind says so
        running = await sponsors.running(cx, now=self._clock()) if delivery.sponsor_id else []
        return await digest_page(
            cx,
            delivery.content,
            DigestPlace(delivery.chat_id, delivery.to.thread, delivery.to.kind),
            self._languages.of(delivery.language),
            now=self._clock(),
            sponsor=next((one for one in running if one.id == delivery.sponsor_id), None),
        )

    async def ticker(self, cx: Connection, delivery: Delivery) -> Post | None:
        """The newest headlines at this moment, and the advertisement that runs."""
        tr, now = self._languages.of(delivery.language), self._clock()
        row = await chats.subscription(cx, delivery.chat_id, delivery.to.thread)
        return digests.ticker(
            await articles.newest(cx, limit=SHOWN),
            tr.in_zone(_zone(row, tr)),
            now=now,
            sponsor=await sponsors.of_the_day(cx, now=now),
        )


@dataclass(frozen=True, slots=True)
class DigestPlace:
    """Where a digest is: a chat, or a topic of its forum."""

    chat: ChatId
    thread: int
    kind: ChatKind


async def digest_page(
    cx: Connection,
    content: NewsDigest,
    place: DigestPlace,
    tr: Translator,
    *,
    now: int,
    page: int = 0,
    sponsor: Sponsor | None = None,
) -> Post | None:
    """A page of a digest as its chat wants it: in its own time zone, with or without sound."""
    row = await chats.subscription(cx, place.chat, place.thread)
    found = [await articles.get(cx, one) for one in content.articles]
    post = digests.digest(
        [one for one in found if one is not None and one.retracted_at is None],
        content.why,
        tr.in_zone(_zone(row, tr)),
        now=now,
        private=place.kind is ChatKind.PRIVATE,
        page=page,
        sponsor=sponsor,
    )
    return post and replace(post, silent=bool(row and row["silent"]))


def _zone(row: Row | None, tr: Translator) -> tzinfo:
    return ZoneInfo(row["zone"]) if row and row["zone"] else tr.zone
