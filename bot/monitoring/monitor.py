"""Answers /metrics, /healthz and /readyz. Knows the program's state, changes nothing.

/healthz   the process answers: its supervisor may leave it alone
/readyz    all loops turn and the database answers; else 503 and what is wrong
/metrics   Prometheus' text format; what the database knows is read on request
"""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import structlog
from aiohttp import web
from prometheus_client import exposition

from bot.core.errors import StorageError
from bot.core.networks import without_credentials
from bot.core.posts.rate_limit import Urgency
from bot.health import Health
from bot.monitoring.metrics import Metrics
from storage import Database, measures
from storage.measures import Measures

log = structlog.get_logger("monitor")

_DATABASE_SECONDS = 5.0
_LAG_EVERY = 0.5


@dataclass(frozen=True, slots=True)
class Sources:
    """Where the figures come from. `file` is the database, if it is a file, and has to stay in
    place; `messages` counts those sent; `rate` is messages a second; `roles` says which roles this
    process leads."""

    db: Database
    messages: Callable[[], int]
    rate: float
    file: Path | None = None
    roles: Callable[[], dict[str, bool]] = dict

    @property
    def folder(self) -> Path | None:
        """Where the database file lies."""
        return self.file.parent if self.file else None


class Monitor:
    """What an operator's tools ask. Until `watch` is called the program is not ready."""

    def __init__(self, metrics: Metrics, health: Health, *, clock: Callable[[], int]) -> None:
        self._metrics = metrics
        self._health = health
        self._clock = clock
        self._sources: Sources | None = None
        self._inode = 0
        self._messages = 0

    def watch(self, sources: Sources) -> None:
        """The program is built: from now on these sources are used."""
        self._sources = sources
        self._inode = _inode(sources.file)

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/metrics", self._tell_metrics),
            web.get("/healthz", self._tell_health),
            web.get("/readyz", self._tell_readiness),
        ]

    async def run(self) -> None:
        """Measure forever how late the event loop is."""
        loop = asyncio.get_running_loop()
        turned = self._health.beat("monitor", within=60)
        while True:
            turned()
            due = loop.time() + _LAG_EVERY
            await asyncio.sleep(_LAG_EVERY)
            self._metrics.event_loop_lag.observe(max(0.0, loop.time() - due))

    async def amiss(self) -> list[str]:
        """Why the program is not ready: one sentence per reason, none if all is well."""
        if self._sources is None:
            return ["The program is starting."]
        found = [f"The loop of {loop} stands still." for loop in self._health.stalled()]
        try:
            async with asyncio.timeout(_DATABASE_SECONDS), self._sources.db.reading() as cx:
                await cx.value("SELECT 1")
        except TimeoutError:
            found.append("The database does not answer.")
        except StorageError as error:
            found.append(str(error))
        if _inode(self._sources.file) != self._inode:  # what is written now is lost
            found.append("The database file is not where it was: put it back, and start anew.")
        return found

    async def silent(self) -> list[str]:
        """Why somebody outside should be alarmed: what is wrong, and who does not answer us."""
        away = self._health.stalled(outside=True)
        return [*await self.amiss(), *(f"No word from {one}." for one in away)]

    async def _tell_health(self, request: web.Request) -> web.Response:  # noqa: ARG002
        return web.Response(text="ok\n")

    async def _tell_readiness(self, request: web.Request) -> web.Response:  # noqa: ARG002
        amiss = await self.amiss()
        return web.Response(status=503 if amiss else 200, text="\n".join(amiss or ["ok"]) + "\n")

    async def _tell_metrics(self, request: web.Request) -> web.Response:
        await self._refresh()
        encode, kind = exposition.choose_encoder(request.headers.get("Accept", ""))
        body = encode(self._metrics.registry)
        return web.Response(body=body, headers={"Content-Type": kind})

    async def _refresh(self) -> None:
        metrics, sources = self._metrics, self._sources
        metrics.ready.set(not await self.amiss())
        metrics.loop_age.clear()
        for loop, age in self._health.ages().items():
            metrics.loop_age.labels(loop).set(age)
        if sources is None:
            return
        for role, ours in sources.roles().items():
            metrics.leader.labels(role).set(ours)
        metrics.rate_allowed.set(sources.rate)
        left = sources.messages()
        metrics.messages.inc(left - self._messages)
        self._messages = left
        if sources.folder is not None:
            with suppress(OSError):  # /readyz says that it is gone
                disk = await asyncio.to_thread(shutil.disk_usage, sources.folder)
                metrics.disk_free.set(disk.free)
                metrics.disk_size.set(disk.total)
        try:
            async with sources.db.reading() as cx:
                found = await measures.measure(cx, now=self._clock())
        except StorageError as error:
            log.warning("metrics.without_database", reason=str(error))
        else:
            self._set(found)

    def _set(self, found: Measures) -> None:
        metrics, now = self._metrics, self._clock()

        def age(since: int | None) -> int:
            return 0 if since is None else max(0, now - since)

        for gauge in (metrics.feed_success, metrics.feed_newest, metrics.feed_failures):
            gauge.clear()
        metrics.feed_pushed.clear()
        for feed in found.feeds:
            name = without_credentials(feed.address)
            metrics.feed_failures.labels(name).set(feed.failures)
            metrics.feed_pushed.labels(name).set((feed.push_until or 0) > now)
            if feed.well_at is not None:
                metrics.feed_success.labels(name).set(feed.well_at)
            if feed.news_at is not None:
                metrics.feed_newest.labels(name).set(feed.news_at)
        for urgency in Urgency:
            waiting = found.queue.get(urgency)
            metrics.queue.labels(urgency.name.lower()).set(waiting.count if waiting else 0)
        metrics.queue_age.set(age(found.head_since))
        metrics.broadcasts.set(found.broadcasts.count)
        metrics.remaining.set(found.remaining)
        metrics.comments.set(found.comments.count)
        metrics.comments_age.set(age(found.comments.since))
        metrics.moderators_closed.set(age(found.moderators_closed))
        metrics.updates.set(found.updates.count)
        metrics.updates_age.set(age(found.updates.since))
        metrics.set_aside.clear()
        for concern, count in found.set_aside.items():
            metrics.set_aside.labels(concern).set(count)
        metrics.articles.set(found.articles)
        metrics.restless.set(found.restless)
        metrics.chats.set(found.chats)


def _inode(file: Path | None) -> int:
    """The inode of a file; 0 if there is none."""
    try:
        return file.stat().st_ino if file is not None else 0
    except OSError:
        return 0
