"""The program at work: the loops of one task group, for as long as all of them live.

A loop that dies ends the program (its supervisor starts it again); `stop` ends it cleanly.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial

import structlog
from aiohttp.web import RouteDef

from bot.delivery.late_pictures import LatePictures
from bot.delivery.sender import Sender
from bot.discussion import Discussion
from bot.editorial.editing import Editing
from bot.health import Health
from bot.leader import Membership
from bot.monitoring.notices import Notices
from bot.monitoring.watch import Watch
from bot.news.polling import Poller
from bot.news.websub import WebSub
from bot.readers.releases import Releases
from bot.readers.tickers import Tickers
from bot.telegram.registration import Registration
from bot.telegram.updates import Fetch, Inbox
from bot.telegram.webhook import WebHook
from handlers.context import Deps
from handlers.profile import BotProfile
from storage import Database, reindexing

log = structlog.get_logger("kabar")

_STOP_SECONDS = 9.0
_TOLD = 10_000  # articles between two log lines about the index being built


@dataclass(frozen=True, slots=True)
class Kabar:
    """All parts of the program, built and connected."""

    db: Database
    poller: Poller
    sender: Sender
    updates: Inbox
    discussion: Discussion
    releases: Releases
    editing: Editing
    tickers: Tickers
    late_pictures: LatePictures
    deps: Deps
    profile: BotProfile
    watch: Watch
    fetch: Fetch
    registration: Registration
    member: Membership
    keeping: asyncio.Task[None]
    webhook: WebHook | None = None
    websub: WebSub | None = None
    notices: Notices | None = None

    async def run(self, stop: asyncio.Event) -> None:
        """Work until `stop` is set, then finish what is in flight within 10 seconds."""
        listening = asyncio.create_task(self._listen(stop), name="loops")
        stopping = asyncio.create_task(stop.wait())
        await asyncio.wait({listening, stopping}, return_when=asyncio.FIRST_COMPLETED)
        stopping.cancel()
        await listening

    async def _listen(self, stop: asyncio.Event) -> None:
        async with asyncio.TaskGroup() as group:
            hear = group.create_task(self._hear())
            led: dict[str, Callable[[], Awaitable[None]]] = {
                "poller": self._poll,
                "discussion": self.discussion.run,
                "releases": self.releases.run,
                "editing": self.editing.run,
                "tickers": self.tickers.run,
                "profile": self.profile.run,
                "index": partial(_keep_index, self.db, self.watch.health),
            }
            rest = [
                group.create_task(self._keep()),
                group.create_task(self.updates.work()),
                group.create_task(self.watch.run()),
                *(group.create_task(self.member.lead(role, run)) for role, run in led.items()),
            ]
            if self.websub is not None:
                rest.append(group.create_task(self.websub.take_pushes()))
            sending = self.member.lead("sender", partial(self._send, stop))
            delivering = group.create_task(sending)
            await stop.wait()
            log.info("kabar.stopping")
            hear.cancel()
            try:
                async with asyncio.timeout(_STOP_SECONDS):
                    await self.updates.drain()
                    if self.member.leads("sender"):
                        await delivering
            except TimeoutError:
                log.warning("kabar.stopped_early", seconds=_STOP_SECONDS)
            for task in [*rest, delivering]:
                task.cancel()

    async def _keep(self) -> None:
        await asyncio.shield(self.keeping)

    async def _poll(self) -> None:
        async with asyncio.TaskGroup() as group:
            group.create_task(self.poller.run())
            if self.websub is not None:
                group.create_task(self.websub.run())

    async def _send(self, stop: asyncio.Event) -> None:
        async with asyncio.TaskGroup() as group:
            beside = [group.create_task(self.late_pictures.run())]
            if self.notices is not None:
                beside.append(group.create_task(self.notices.run()))
            await self.sender.run(stop)
            for task in beside:
                task.cancel()

    def routes(self) -> list[RouteDef]:
        """The routes for the internet: Telegram's and the hubs', nothing else."""
        return [
            *(self.webhook.routes() if self.webhook else ()),
            *(self.websub.routes() if self.websub else ()),
        ]

    async def _hear(self) -> None:
        if self.webhook is None:
            await self.member.lead("listener", partial(self.updates.poll, self.fetch))
            return
        async with asyncio.TaskGroup() as group:
            group.create_task(self.webhook.run())
            group.create_task(self.member.lead("listener", self.registration.watch))


async def _keep_index(db: Database, health: Health) -> None:
    """Rebuilds the search index if a new version needs that; the old one answers meanwhile. Half of
    the time is left to everything else."""

    turned = health.beat("index", within=300)

    def tell(done: int, total: int) -> None:
        turned()
        if done // _TOLD != (done - reindexing.BATCH) // _TOLD:
            log.info("search.indexing", done=done, total=total)

    turned()
    done = await reindexing.ensure_index(db, progress=tell, resting=1.0, batch=reindexing.BATCH)
    health.over("index")
    if done:
        log.info("search.indexed", articles=done)
