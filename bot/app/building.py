"""Builds every part and connects it with the others.

opened ── discussion ── sending ── deps, receiving
    └── poller, websub            (each loop of them is one of `program`'s)
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

import structlog

from bot.app.feeds import build_poller, build_websub
from bot.app.opened import Opened, Timing, moderators, now, opening
from bot.app.program import Kabar
from bot.app.sending import build_sending
from bot.app.talking import build_discussion, build_notices
from bot.app.updates import build_deps, build_receiving
from bot.fetch import MAX_BYTES
from bot.http_server import HttpServer
from bot.monitoring.monitor import Sources
from bot.monitoring.opening import Plan, tell
from bot.reading.reader import BytesReader
from bot.settings import Settings
from bot.telegram.asking import until_answered
from handlers.profile import BotProfile
from storage import feeds

log = structlog.get_logger("kabar")


@asynccontextmanager
async def build(
    settings: Settings, timing: Timing | None = None, *, reader: BytesReader | None = None
) -> AsyncIterator[Kabar]:
    """Build everything. Raises OperatorError for what the operator can fix.

    `reader` reads untrusted bytes; by default our own workers do.
    """
    async with AsyncExitStack() as stack:
        opened = await stack.enter_async_context(opening(settings, timing or Timing(), reader))
        kabar = await _connect(opened)
        if settings.listen and (routes := kabar.routes()):
            # Telegram calls as soon as it knows the address.
            await stack.enter_async_context(
                HttpServer(settings.listen, routes, setting="KABAR_LISTEN", max_bytes=MAX_BYTES)
            )
        await until_answered(kabar.registration.ensure)
        log.info("kabar.ready", bot=opened.bot.username)
        await tell(opened.db, _plan(settings), now=now())
        yield kabar


async def _connect(opened: Opened) -> Kabar:
    settings, store = opened.settings, opened.store
    discussion = build_discussion(opened)
    await discussion.prepare()
    sending = build_sending(opened, discussion)
    deps = build_deps(opened, discussion, sending)
    receiving = build_receiving(opened, deps)
    sources = Sources(
        store.db, lambda: opened.limiter.left, settings.rate, store.file, store.member.roles
    )
    opened.watch.monitor.watch(sources)
    poller = build_poller(opened, on_news=sending.sender.wake)
    return Kabar(
        db=store.db,
        member=store.member,
        keeping=store.keeping,
        watch=opened.watch,
        poller=poller,
        websub=build_websub(opened, poller),
        discussion=discussion,
        sender=sending.sender,
        releases=sending.releases,
        editing=sending.editing,
        tickers=sending.tickers,
        late_pictures=sending.late_pictures,
        deps=deps,
        profile=_profile(opened),
        updates=receiving.inbox,
        registration=receiving.registration,
        fetch=receiving.fetch,
        webhook=receiving.webhook,
        notices=build_notices(opened, sources, discussion) if settings.notices else None,
    )


def _profile(opened: Opened) -> BotProfile:
    async def papers() -> list[str]:
        async with opened.db.reading() as cx:
            return await feeds.titles(cx)

    return BotProfile(
        opened.bot, opened.languages, opened.moderators, papers, after=opened.timing.profile
    )


def _plan(settings: Settings) -> Plan:
    return Plan(
        every=settings.poll_seconds,
        rate=settings.rate,
        moderators=moderators(settings),
        webhook=settings.webhook_url or "",
        public=settings.public_url or "",
        metrics=settings.metrics_listen or "",
        heartbeat=settings.heartbeat_url is not None,
        notices=settings.notices,
    )
