"""Reads articles' pages if a feed is too short. Polite: robots.txt, one at a time per host.

at_once   news, before it is posted: slower pages are left to `bot.news.full_text`
read      one page, with all the time that a page may take

Any failure becomes a Reading that says when to try again, never an exception.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, tzinfo
from urllib.parse import urlsplit

import structlog

from bot.core.articles import robots
from bot.core.articles.merging import needs_page
from bot.core.errors import FeedError
from bot.core.model import Story
from bot.fetch import Fetched, Fetcher
from bot.reading.reader import BytesReader, InThread
from storage.due_pages import NO_VALIDATORS, Validators

log = structlog.get_logger("pages")

_MAX_BYTES = 3 * 1024 * 1024
_ROBOTS_BYTES = 512 * 1024
_ROBOTS_SECONDS = 86_400
_HOSTS = 1000
PATIENCE = 0.8
"""Seconds that news waits for its pages: it reaches its first chat within a second."""
_REST_SECONDS = 600
"""Seconds for which a site in trouble is left alone, and for which news does not wait for a slow
site."""
_LONGEST_REST = 86_400


@dataclass(frozen=True, slots=True)
class Reading:
    """The result of requesting a page. `story` is what it says; if both `story` and `again_in` are
    None, there is nothing and trying again is pointless (forbidden to us, or not an article)."""

    story: Story | None = None
    validators: Validators = NO_VALIDATORS
    unchanged: bool = False
    """The page is unchanged since it was last read."""
    again_in: int | None = None
    """Seconds after which it is worth trying again."""
    site: bool = False
    """The whole site is in trouble, not just the page: its other pages may wait as well."""


class _Host:
    """What is known about one site: its rules, and whose turn it is. Times are the clock's
    seconds."""

    def __init__(self) -> None:
        self.turn = asyncio.Lock()
        self.robots = robots.NOTHING
        self.good_until = 0
        """When the rules expire."""
        self.rests_until = 0
        """Nothing is requested from it before this time."""
        self.slow_until = 0
        """News does not wait for it before this time."""
        self.free_at = 0.0
        """By the loop's clock: when its Crawl-delay is over."""


class Pages:
    """Reads pages, one at a time from each site."""

    def __init__(
        self,
        fetcher: Fetcher,
        reader: BytesReader | None = None,
        *,
        clock: Callable[[], int],
        zone: tzinfo = UTC,
        patience: float = PATIENCE,
    ) -> None:
        self._fetcher = fetcher
        self._name = fetcher.agent.partition(" ")[0].partition("/")[0]
        """The name by which a site's rules may refer to us."""
        self._reader = reader or InThread()
        self._clock = clock
        self._patience = patience
        self._zone = zone
        self._hosts: OrderedDict[str, _Host] = OrderedDict()

    async def at_once(
        self, stories: Iterable[Story], known: Mapping[str, Validators] | None = None
    ) -> dict[str, Reading]:
        """The results of reading the pages of short stories, by key, concurrently across hosts;
        missing ones were too slow. `known`: validators of pages read before, by key."""
        now = self._clock()
        wanted = [
            story
            for story in stories
            if needs_page(story) and self._host(origin(story.link)).slow_until <= now
        ]
        tasks = {
            asyncio.create_task(self.read(story.link, (known or {}).get(story.key))): story
            for story in wanted
        }
        if not tasks:
            return {}
        done, late = await asyncio.wait(tasks, timeout=self._patience)
        quick = {origin(tasks[task].link) for task in done}
        for task in late:
            task.cancel()
            if (site := origin(tasks[task].link)) not in quick:  # otherwise there were many
                self._host(site).slow_until = self._clock() + _REST_SECONDS
        await asyncio.gather(*late, return_exceptions=True)
        if late:
            log.warning("pages.late", missed=len(late), read=len(done))
        return {tasks[task].key: task.result() for task in done}

    async def read(self, link: str, known: Validators | None = None) -> Reading:
        """Read one page, when it is its turn. With `known` it is only requested if it changed."""
        host = self._host(origin(link))
        async with host.turn:
            if (rest := host.rests_until - self._clock()) > 0:
                return Reading(again_in=rest, site=True)
            try:
                await self._obey(host, origin(link))
                if not host.robots.allow(link):
                    log.info("page.forbidden", link=link)
                    return Reading()
                return await self._read(host, link, known)
            except FeedError as error:
                return self._trouble(host, link, error)
            except Exception:
                # A bug of ours in reading an untrusted page costs this page, not the newsroom.
                log.exception("page.unreadable", link=link)
                return Reading()

    async def _read(self, host: _Host, link: str, known: Validators | None) -> Reading:
        loop = asyncio.get_running_loop()
        await asyncio.sleep(host.free_at - loop.time())
        same = known if known is not None and known.link == link else NO_VALIDATORS
        try:
            got = await self._fetcher.get(
                link,
                etag=same.etag,
                last_modified=same.last_modified,
                max_bytes=_MAX_BYTES,
                accept="text/html",
            )
        finally:
            host.free_at = loop.time() + host.robots.delay
        if got.not_modified:
            return Reading(validators=same, unchanged=True)
        return await self._said(got, link)

    async def _said(self, got: Fetched, link: str) -> Reading:
        validators = Validators(link, got.etag, got.last_modified)
        try:
            story = await self._reader.page(
                got.body,
                address=got.address,
                content_type=got.content_type,
                now=self._clock(),
                zone=self._zone,
            )
        except FeedError as error:
            log.info("page.unread", link=link, reason=str(error))
            return Reading(validators=validators)
        return Reading(story, validators)

    def _trouble(self, host: _Host, link: str, error: FeedError) -> Reading:
        """The Reading for a failure. A missing page may still appear (a stale cache); a site in
        trouble, or one that asks us to wait, is left alone with all its pages."""
        log.info("page.unread", link=link, reason=str(error))
        if error.status == 200:  # too large
            return Reading()
        if 300 <= error.status < 500 and error.status != 429 and error.retry_after is None:
            return Reading(again_in=0)
        rest = int(min(error.retry_after or _REST_SECONDS, _LONGEST_REST))
        host.rests_until = self._clock() + rest
        return Reading(again_in=rest, site=True)

    async def _obey(self, host: _Host, site: str) -> None:
        """Read the site's robots.txt once a day. A site that refuses us that file, or has none,
        allows everything; one that is in trouble allows nothing (RFC 9309, 2.3.1)."""
        if self._clock() < host.good_until:
            return
        try:
            got = await self._fetcher.get(f"{site}/robots.txt", max_bytes=_ROBOTS_BYTES)
            host.robots = robots.read_robots(got.body.decode("utf-8", "replace"), self._name)
        except FeedError as error:
            if not 400 <= error.status < 500 or error.status == 429:
                raise
            host.robots = robots.ALL
        host.good_until = self._clock() + _ROBOTS_SECONDS

    def _host(self, site: str) -> _Host:
        host = self._hosts.setdefault(site, _Host())
        self._hosts.move_to_end(site)
        while len(self._hosts) > _HOSTS:
            self._hosts.popitem(last=False)
        return host


def origin(link: str) -> str:
    """The site that an address belongs to: scheme and host."""
    parts = urlsplit(link)
    return f"{parts.scheme}://{parts.netloc}"
