"""One poll of one feed: what is requested from its server, and where the feed is. Stores
nothing."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import tzinfo

from bot import fetch
from bot.core.errors import FeedError
from bot.core.feeds.plan import doubts_unchanged
from bot.core.model import ParsedFeed
from bot.fetch import Fetched, Fetcher
from bot.news import discovery
from bot.reading.reader import BytesReader
from bot.runtime import beside_loop
from storage.feeds import FeedRow

_NOT_MODIFIED = 304


@dataclass(frozen=True, slots=True)
class Seen:
    """What a poll brought. `found` is where the feed is if the operator named its site; `digest`
    is by which the same body is recognised."""

    got: Fetched
    feed: ParsedFeed
    found: str
    digest: str


@dataclass(frozen=True, slots=True)
class Unchanged:
    """The feed is unchanged; `whole`: its server had been asked for all of it."""

    whole: bool


class FeedPoll:
    """Polls a feed. `every`: seconds between two polls of a healthy feed; `zone`: for dates that
    name none."""

    def __init__(
        self,
        fetcher: Fetcher,
        reader: BytesReader,
        *,
        every: int,
        clock: Callable[[], int],
        zone: tzinfo,
    ) -> None:
        self._fetcher = fetcher
        self._reader = reader
        self._every = every
        self._clock = clock
        self._zone = zone

    async def of(self, row: FeedRow) -> Seen | Unchanged:
        """What the feed carries. Raises FeedError, in one sentence for the operator."""
        doubtful = doubts_unchanged(
            self._clock(),
            self._every,
            asked_whole_at=row.whole_at,
            read_at=row.read_at,
            habit=row.habit,
        )
        try:
            got = await self._fetcher.get(
                row.found or row.address,
                etag="" if doubtful else row.etag,
                last_modified="" if doubtful else row.last_modified,
                accept=fetch.FEED,
            )
        except FeedError as error:
            if row.found and error.gone:
                return await self._behind(row)
            if error.status == _NOT_MODIFIED and (row.etag or row.last_modified):
                return Unchanged(whole=True)  # it says so whatever is requested
            raise
        digest = await _digest(got)
        if got.not_modified or digest == row.body_hash:
            return Unchanged(whole=doubtful)
        if row.first_poll:
            return await self._behind(row, got)
        try:
            return Seen(got, await self._parsed(row, got), row.found, digest)
        except FeedError:
            if row.found:
                return await self._behind(row)
            if not await self._reader.feed_links(got.body, address=got.address):
                raise
            # The feed that the page names may be another one: that is for the operator to say.
            raise FeedError(
                f"{row.address} was a feed and is a web page now: "
                "KABAR_FEEDS needs the address of the new feed, or the site's."
            ) from None

    async def pushed(self, row: FeedRow, body: bytes, content_type: str) -> ParsedFeed:
        """What a hub sent: some of the feed's entries. Raises FeedError if it is not a feed."""
        got = Fetched(200, row.found or row.address, body, content_type)
        return await self._parsed(row, got, partial=True)

    async def _parsed(self, row: FeedRow, got: Fetched, *, partial: bool = False) -> ParsedFeed:
        return await discovery.read_feed(
            self._reader,
            got,
            now=self._clock(),
            zone=self._zone,
            before=row.own_parts,
            partial=partial,
        )

    async def _behind(self, row: FeedRow, got: Fetched | None = None) -> Seen:
        """The feed at the operator's address, or behind the page there."""
        got = got or await self._fetcher.get(row.address, accept=fetch.FEED)
        behind, parsed = await discovery.feed_behind(
            self._fetcher, self._reader, got, now=self._clock(), zone=self._zone
        )
        found = "" if behind is got else behind.address
        return Seen(behind, parsed, found, await _digest(behind))


async def _digest(got: Fetched) -> str:
    return (await beside_loop(len(got.body), hashlib.sha256, got.body)).hexdigest()
