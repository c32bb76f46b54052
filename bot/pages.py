"""Reads articles' pages where a feed is too short. Polite: robots.txt, one at a time per host.

story without picture or text -> its page, once -> merged story;  any trouble -> the story as it is
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Iterable
from datetime import UTC, tzinfo
from urllib.parse import urlsplit
from urllib.robotparser import RobotFileParser

import structlog

from bot.core import article, page
from bot.core.errors import FeedError
from bot.core.model import Story
from bot.fetch import AGENT, Fetcher

log = structlog.get_logger("pages")

_MAX_BYTES = 3 * 1024 * 1024
_ROBOTS_BYTES = 512 * 1024
_ROBOTS_SECONDS = 86_400
_HOSTS = 256
_PATIENCE = 3.0
"""Seconds that one look waits for pages: news is not held back by a slow site."""
_REST_SECONDS = 600
"""How long a site that did not answer in time, or not at all, is left alone."""


class _Host:
    """What is known of one site: its rules, and whose turn it is."""

    def __init__(self) -> None:
        self.turn = asyncio.Lock()
        self.rules: RobotFileParser | None = None
        self.good_until = 0
        """Until when the rules hold."""


class Pages:
    """Completes stories from their pages."""

    def __init__(self, fetcher: Fetcher, *, clock: Callable[[], int], zone: tzinfo = UTC) -> None:
        self._fetcher = fetcher
        self._clock = clock
        self._zone = zone
        self._hosts: OrderedDict[str, _Host] = OrderedDict()

    async def complete(self, stories: Iterable[Story]) -> dict[str, Story]:
        """By key, the stories whose page had something to add, side by side across hosts."""
        wanted = [story for story in stories if story.link and page.needs_page(story)]
        tasks = {asyncio.create_task(self._complete(story)): story for story in wanted}
        if not tasks:
            return {}
        done, late = await asyncio.wait(tasks, timeout=_PATIENCE)
        for task in late:
            task.cancel()
            self._leave_alone(self._host(_origin(tasks[task].link)))
        await asyncio.gather(*late, return_exceptions=True)
        if late:
            log.warning("pages.late", missed=len(late), read=len(done))
        return {story.key: story for story in (task.result() for task in done) if story}

    async def _complete(self, story: Story) -> Story | None:
        origin = _origin(story.link)
        host = self._host(origin)
        async with host.turn:
            try:
                if not (await self._rules(host, origin)).can_fetch(AGENT, story.link):
                    log.info("page.forbidden", link=story.link)
                    return None
                got = await self._fetcher.get(story.link, max_bytes=_MAX_BYTES, accept="text/html")
                read = await asyncio.to_thread(
                    page.read,
                    got.body,
                    address=got.address,
                    content_type=got.content_type,
                    now=self._clock(),
                    zone=self._zone,
                )
            except FeedError as error:
                log.info("page.unread", link=story.link, reason=str(error))
                return None
            except Exception:
                # A bug of ours in reading a stranger's page costs this page, not the newsroom.
                log.exception("page.unreadable", link=story.link)
                return None
        return article.merge(story, read)

    def _host(self, origin: str) -> _Host:
        host = self._hosts.setdefault(origin, _Host())
        self._hosts.move_to_end(origin)
        while len(self._hosts) > _HOSTS:
            self._hosts.popitem(last=False)
        return host

    def _leave_alone(self, host: _Host) -> None:
        host.rules = RobotFileParser()
        host.rules.parse(["User-agent: *", "Disallow: /"])
        host.good_until = self._clock() + _REST_SECONDS

    async def _rules(self, host: _Host, origin: str) -> RobotFileParser:
        """The site's robots.txt; a site without one allows everything (RFC 9309)."""
        if host.rules is None or self._clock() >= host.good_until:
            rules = RobotFileParser()
            try:
                got = await self._fetcher.get(f"{origin}/robots.txt", max_bytes=_ROBOTS_BYTES)
                rules.parse(got.body.decode("utf-8", "replace").splitlines())
            except FeedError as error:
                if not error.gone:
                    self._leave_alone(host)
                    assert host.rules is not None  # just set
                    return host.rules
                rules.parse([])
            host.rules, host.good_until = rules, self._clock() + _ROBOTS_SECONDS
        return host.rules


def _origin(link: str) -> str:
    parts = urlsplit(link)
    return f"{parts.scheme}://{parts.netloc}"
