"""The feed at an address that somebody gave: the address itself, or the one behind a site's page.

bytes -> a feed? -> read            a page? -> the feeds it names, then the usual places
"""

from __future__ import annotations

from datetime import UTC, tzinfo

import structlog

from bot import fetch
from bot.core.errors import FeedError
from bot.core.model import ParsedFeed
from bot.fetch import Fetched, Fetcher
from bot.reading.reader import BytesReader

log = structlog.get_logger("finding")

_MOST = 10
"""The most addresses tried for the feed of a site."""


async def feed_at(
    fetcher: Fetcher, reader: BytesReader, address: str, *, now: int, zone: tzinfo = UTC
) -> tuple[Fetched, ParsedFeed]:
    """The feed at an address, or the one behind the page there. Raises FeedError."""
    return await feed_behind(
        fetcher, reader, await fetcher.get(address, accept=fetch.FEED), now=now, zone=zone
    )


async def feed_behind(
    fetcher: Fetcher, reader: BytesReader, got: Fetched, *, now: int, zone: tzinfo = UTC
) -> tuple[Fetched, ParsedFeed]:
    """An answer read as a feed; if it is a page, the feed behind it and where that came from
    (`Fetched.address`). Raises FeedError with one sentence about what was asked for."""
    try:
        return got, await read_feed(reader, got, now=now, zone=zone)
    except FeedError as error:
        links = await reader.feed_links(got.body, address=got.address)
        for link in links[:_MOST]:
            try:
                behind = await fetcher.get(link, accept=fetch.FEED)
                return behind, await read_feed(reader, behind, now=now, zone=zone)
            except FeedError as reason:
                if reason.status == 429:
                    raise
        if not links:
            raise
        sentence = f"{str(error).rstrip('.')}, and no feed was found behind it."
        raise FeedError(sentence) from None


async def read_feed(
    reader: BytesReader,
    got: Fetched,
    *,
    now: int,
    zone: tzinfo = UTC,
    before: str = "",
    partial: bool = False,
) -> ParsedFeed:
    """An answer read as a feed, `before` and `partial` as in `bot.core.feeds.parse`. Raises
    FeedError, and nothing else."""
    try:
        return await reader.feed(
            got.body,
            address=got.address,
            content_type=got.content_type,
            now=now,
            zone=zone,
            before=before,
            partial=partial,
        )
    except FeedError:
        raise
    except Exception as error:
        # A bug of ours in reading untrusted bytes costs this feed, not the newsroom.
        log.exception("feed.unreadable", feed=got.address)
        raise FeedError(f"{got.address} could not be read: {type(error).__name__}.") from error
