"""The composition root: builds every object, owns their lifetimes; the only file that knows all.

database ── transport ── bot, messenger ── desk ── handlers
    └── polling, delivery, updates, discussion: loops of one task group
a loop that dies ends the program (its supervisor starts it again); SIGTERM ends it cleanly
"""

from __future__ import annotations

import asyncio
import signal
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import structlog
import telegram
from aiohttp.web import RouteDef

import handlers
from bot import runtime
from bot.core.editorial.desk import policy
from bot.core.errors import KabarError, OperatorError, Superseded
from bot.core.language import Translator
from bot.core.model import Destination, Post, SendStatus, TelegramId
from bot.core.posts.rate_limit import CHAT_PERIOD, RateLimit, Urgency
from bot.delivery.content import Composer
from bot.delivery.pictures import Pictures
from bot.delivery.sender import Sender
from bot.discussion import Discussion
from bot.editorial.editing import Editing
from bot.editorial.rendering import EditorialRendering
from bot.fetch import MAX_BYTES, Fetcher
from bot.http_server import HttpServer
from bot.i18n import Languages
from bot.leader import Membership, membership
from bot.monitoring import opening
from bot.monitoring.monitor import Sources
from bot.monitoring.notices import Notices
from bot.monitoring.watch import Watch
from bot.news.ingest import EditorsPolicy
from bot.news.page_reader import Pages
from bot.news.polling import Poller
from bot.news.retraction import Vanished
from bot.news.websub import WebSub
from bot.readers.releases import Releases
from bot.readers.rendering import ReaderRendering
from bot.readers.tickers import Tickers
from bot.reading.reader import BytesReader
from bot.reading.workers import InWorker
from bot.settings import Settings
from bot.telegram import webhook
from bot.telegram.application import application_of
from bot.telegram.asking import AskingBot, introduce, until_answered
from bot.telegram.limiter import Limiter
from bot.telegram.messenger import Messenger
from bot.telegram.polling import LongPolling
from bot.telegram.registration import Registration
from bot.telegram.transport import PtbRequest, Transport
from bot.telegram.updates import ALLOWED_UPDATES, Fetch, Inbox
from bot.telegram.webhook import WebHook
from handlers import flood
from handlers.context import Deps, open_context
from handlers.members import looking_at
from handlers.menu import set_menus
from handlers.threads import looking
from storage import (
    Database,
    SingleProcess,
    articles,
    feeds,
    is_shared,
    open_database,
    outbox,
    reindexing,
    sqlite_path,
)
from storage.observed import ObservedDatabase

log = structlog.get_logger("kabar")

_STOP_SECONDS = 9.0
_PATIENCE = 86_400.0
"""Seconds that a database server may be away at the start."""
_LOOK_EVERY = 0.5
"""Seconds until what another process received and left is found."""
_TOLD = 10_000  # articles between two words about the index in the making


@dataclass(frozen=True, slots=True)
class Timing:
    """How often loops look at what time alone makes due, and how far apart messages to one chat
    are, in seconds. Tests without Telegram's limits are quicker."""

    chat_period: float = CHAT_PERIOD
    discussion: float = 0.5
    delivery: float = 0.5


@dataclass(frozen=True, slots=True)
class Kabar:
    """All parts of the program, built and connected."""

    db: Database
    bot: telegram.Bot
    poller: Poller
    delivery: Sender
    updates: Inbox
    discussion: Discussion
    releases: Releases
    editing: Editing
    tickers: Tickers
    deps: Deps
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
            rest = [
                group.create_task(self._keep()),
                group.create_task(self.updates.work()),
                group.create_task(self.member.lead("poller", self._poll)),
                group.create_task(self.member.lead("discussion", self.discussion.run)),
                group.create_task(self.member.lead("releases", self.releases.run)),
                group.create_task(self.member.lead("editing", self.editing.run)),
                group.create_task(self.member.lead("tickers", self.tickers.run)),
                group.create_task(self.watch.run()),
                group.create_task(self.member.lead("index", partial(_keep_index, self.deps.db))),
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
        if self.notices is None:
            await self.delivery.run(stop)
            return
        async with asyncio.TaskGroup() as group:
            noticing = group.create_task(self.notices.run())
            await self.delivery.run(stop)
            noticing.cancel()

    def routes(self) -> list[RouteDef]:
        """What the internet may ask: Telegram and hubs, nobody else."""
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


async def _keep_index(db: Database) -> None:
    """Makes the index of the search anew where a new version needs that; the old one answers
    meanwhile. Half of the time is left to everything else."""

    def tell(done: int, total: int) -> None:
        if done // _TOLD != (done - reindexing.BATCH) // _TOLD:
            log.info("search.indexing", done=done, total=total)

    if done := await reindexing.ensure_index(db, progress=tell, resting=1.0):
        log.info("search.indexed", articles=done)


@asynccontextmanager
async def build(settings: Settings, timing: Timing | None = None) -> AsyncIterator[Kabar]:
    """Everything, connected. Raises OperatorError for what the operator can mend."""
    async with AsyncExitStack() as stack:
        folder = None
        if not is_shared(settings.database_url):
            file = sqlite_path(settings.database_url)
            claim = SingleProcess(file)
            claim.acquire()
            stack.callback(claim.release)
            folder = file.parent
        watch = Watch(listen=settings.metrics_listen, heartbeat=settings.heartbeat_url, clock=_now)
        await stack.enter_async_context(watch.server())
        opened = await open_database(settings.database_url, patience=_PATIENCE)
        stack.push_async_callback(opened.close)
        place = await stack.enter_async_context(membership(opened))
        db = ObservedDatabase(opened, watch.metrics.time_database)
        async with db.transaction() as tx:
            await feeds.configure(tx, [(one.address, one.name) for one in settings.feeds])
        await articles.ensure_keys(db)

        token = settings.token.get_secret_value()
        transport = await stack.enter_async_context(
            Transport(
                settings.telegram_url,
                token,
                count=watch.metrics.count_answer,
                proxy=settings.proxy or "",
                may=None if place[0].alone else place[0].holds,
            )
        )
        fetcher = await stack.enter_async_context(
            Fetcher(allow_private=settings.allow_private_addresses, agent=settings.user_agent)
        )
        bot = AskingBot(
            token,
            base_url=f"{settings.telegram_url}/bot",
            base_file_url=f"{settings.telegram_url}/file/bot",
            request=PtbRequest(transport),
            get_updates_request=PtbRequest(transport),
        )
        await until_answered(partial(introduce, bot))
        reader = await stack.enter_async_context(InWorker())
        kabar = await _connect(
            settings,
            db,
            bot,
            transport,
            fetcher,
            reader,
            watch=watch,
            place=place,
            folder=folder,
            timing=timing or Timing(),
        )
        if settings.listen and (routes := kabar.routes()):
            # Telegram calls as soon as it is told where.
            await stack.enter_async_context(
                HttpServer(settings.listen, routes, setting="KABAR_LISTEN", max_bytes=MAX_BYTES)
            )
        await until_answered(kabar.registration.ensure)
        log.info("kabar.ready", bot=bot.username)
        await opening.tell(db, _plan(settings), now=_now())
        yield kabar


async def _connect(  # noqa: PLR0917 - what was opened, in its order
    settings: Settings,
    db: Database,
    bot: telegram.Bot,
    transport: Transport,
    fetcher: Fetcher,
    reader: BytesReader,
    *,
    watch: Watch,
    place: tuple[Membership, asyncio.Task[None]],
    folder: Path | None,
    timing: Timing,
) -> Kabar:
    member, keeping = place
    languages = Languages.load(settings.language, settings.zone)
    moderators = (
        TelegramId(settings.moderators_chat) if settings.moderators_chat is not None else None
    )
    limiter = Limiter(RateLimit(settings.rate, chat_period=timing.chat_period))
    pictures = Pictures(fetcher, reader)
    messenger = Messenger(transport, limiter, jpeg=pictures.jpeg)
    discussion = _discussion(
        settings,
        db,
        bot,
        messenger,
        watch,
        languages=languages,
        moderators=moderators,
        every=timing.discussion,
    )
    await discussion.prepare()
    composer = Composer(
        languages,
        bot_username=bot.username,
        commenting=moderators is not None,
        clock=_now,
        others={
            **discussion.renderers(),
            **ReaderRendering(languages, clock=_now).renderers(),
            **EditorialRendering(languages, bot_username=bot.username, clock=_now).renderers(),
        },
        paid=settings.paid_broadcast,
        style=settings.link_style,
    )
    keep = outbox.Keep(
        counts=settings.keep_counts_hours * 3600, corrections=settings.keep_deliveries_days * 86_400
    )
    delivery = Sender(
        db,
        transport,
        limiter,
        composer,
        pictures,
        clock=_now,
        keep=keep,
        zone=settings.zone,
        poll=timing.delivery,
        beat=watch.health.beat("delivery", within=60),
        count=watch.metrics.count_outcomes,
    )
    beat = partial(watch.health.beat, within=60)
    releases = Releases(
        db, clock=_now, zone=settings.zone, wake=delivery.wake, beat=beat("digests")
    )
    editing = Editing(
        db,
        clock=_now,
        wake=delivery.wake,
        zone=settings.zone,
        mark=settings.mark_corrections,
        beat=beat("editorial"),
    )
    tickers = Tickers(
        db, clock=_now, wake=delivery.wake, pin=_pinning(messenger), beat=beat("tickers")
    )
    deps = Deps(
        db=db,
        languages=languages,
        bot=bot,
        messenger=messenger,
        discussion=discussion,
        clock=_now,
        zone=settings.zone,
        wake=delivery.wake,
        editing=editing,
        tickers=tickers,
        style=settings.link_style,
        rate=settings.rate,
        releases=releases,
        moderators=moderators,
        keep_days=settings.keep_deliveries_days,
    )
    application = application_of(bot)
    handlers.register(application, deps)
    await set_menus(bot, languages, moderators)

    async def handle(update: dict[str, Any]) -> None:
        watch.metrics.see_update(update, time.time())
        with watch.metrics.update_time.time():
            await application.handle(update)

    async def left_out(update: dict[str, Any]) -> None:
        await flood.tell(await open_context(deps, telegram.Update.de_json(update, bot)))

    updates = Inbox(
        db,
        handle,
        clock=_now,
        left_out=left_out,
        process=member.number,
        look_every=None if member.alone else _LOOK_EVERY,
        beat=watch.health.beat("updates", within=60),
    )
    sources = Sources(db, lambda: limiter.left, settings.rate, folder, member.roles)
    watch.monitor.watch(sources)
    secret = _webhook_secret(settings)
    registration = Registration(
        bot, db, url=settings.webhook_url or "", secret=secret, allowed=ALLOWED_UPDATES
    )
    poller = _poller(settings, db, fetcher, reader, watch, on_news=delivery.wake)
    return Kabar(
        db=db,
        bot=bot,
        poller=poller,
        delivery=delivery,
        updates=updates,
        registration=registration,
        member=member,
        keeping=keeping,
        webhook=(
            WebHook(
                updates.keep,
                url=settings.webhook_url,
                secret=secret,
                public_url=settings.public_url or "",
            )
            if settings.webhook_url
            else None
        ),
        websub=(
            WebSub(db, fetcher, poller.pushed, public_url=settings.public_url, clock=_now)
            if settings.public_url
            else None
        ),
        notices=(_notices(sources, discussion, messenger, languages) if settings.notices else None),
        discussion=discussion,
        releases=releases,
        editing=editing,
        tickers=tickers,
        deps=deps,
        watch=watch,
        fetch=LongPolling(
            bot,
            beat=watch.health.beat("Telegram", within=300, outside=True),
            on_conflict=registration.look,
        ),
    )


def _plan(settings: Settings) -> opening.Plan:
    return opening.Plan(
        every=settings.poll_seconds,
        rate=settings.rate,
        moderators=(
            TelegramId(settings.moderators_chat) if settings.moderators_chat is not None else None
        ),
        webhook=settings.webhook_url or "",
        public=settings.public_url or "",
        metrics=settings.metrics_listen or "",
        heartbeat=settings.heartbeat_url is not None,
        notices=settings.notices,
    )


def _webhook_secret(settings: Settings) -> str:
    if settings.webhook_secret is not None:
        return settings.webhook_secret.get_secret_value()
    return webhook.derived_secret(settings.token.get_secret_value())


def _notices(
    sources: Sources, discussion: Discussion, messenger: Messenger, languages: Languages
) -> Notices:
    async def words() -> Translator:
        chat = await discussion.moderators_chat()
        return languages.of(chat.language if chat else "")

    async def tell(post: Post) -> bool:
        chat = await discussion.moderators_chat()
        if chat is None or chat.gone:
            return False
        to = Destination(chat.telegram_id, 0, chat.kind)
        return (await messenger.send(post, to, urgency=Urgency.CARD)).status is SendStatus.OK

    return Notices(
        sources.db,
        tell,
        words=words,
        messages=sources.messages,
        clock=_now,
        folder=sources.folder,
        version=version("kabar"),
    )


def _discussion(
    settings: Settings,
    db: Database,
    bot: telegram.Bot,
    messenger: Messenger,
    watch: Watch,
    *,
    languages: Languages,
    moderators: TelegramId | None,
    every: float,
) -> Discussion:
    hosts = (urlsplit(one.address).hostname for one in settings.feeds)
    return Discussion(
        db,
        every=every,
        clock=_now,
        grace=settings.grace_seconds,
        moderators=moderators,
        languages=languages,
        trusted_after=settings.trusted_after,
        own_hosts=frozenset(filter(None, hosts)),
        pin=_pinning(messenger),
        quiet=settings.quiet,
        look_for_group=looking(bot) if settings.discussion_groups and moderators else None,
        look_at=looking_at(bot),
        beat=lambda name, within: watch.health.beat(name, within=within),
    )


def _editors(settings: Settings) -> EditorsPolicy:
    return EditorsPolicy(
        policy(settings.hold, minutes=settings.hold_minutes, breaking=settings.breaking_topics),
        TelegramId(settings.moderators_chat) if settings.moderators_chat is not None else None,
        settings.zone,
    )


def _poller(
    settings: Settings,
    db: Database,
    fetcher: Fetcher,
    reader: BytesReader,
    watch: Watch,
    *,
    on_news: Callable[[], None],
) -> Poller:
    pages = Pages(fetcher, reader, clock=_now, zone=settings.zone)
    return Poller(
        db,
        fetcher,
        reader,
        every=settings.poll_seconds,
        clock=_now,
        on_news=on_news,
        mark=settings.mark_corrections,
        editors=_editors(settings),
        zone=settings.zone,
        pages=pages if settings.fetch_pages else None,
        vanished=Vanished(db, fetcher, clock=_now, apart=max(1, settings.poll_seconds // 2)),
        beat=watch.health.beat("polling", within=60),
        on_failure=watch.metrics.count_feed_error,
        pushing=settings.public_url is not None,
    )


def _pinning(messenger: Messenger) -> Callable[[Destination, int, bool], Awaitable[None]]:
    async def pin(to: Destination, message_id: int, on: bool) -> None:
        await (messenger.pin if on else messenger.unpin)(to, message_id, urgency=Urgency.CARD)

    return pin


def _now() -> int:
    return int(time.time())


async def run(settings: Settings) -> None:
    """`kabar run`: until SIGTERM or SIGINT. Raises OperatorError."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, stop.set)
    while not stop.is_set():
        try:
            async with AsyncExitStack() as stack:
                kabar = await _begin(stack, settings, stop)
                if kabar is not None:
                    runtime.settle()
                    await kabar.run(stop)
                return
        except Superseded:
            log.warning("kabar.superseded")
        except ExceptionGroup as group:
            if _only(group, Superseded) is not None:
                log.warning("kabar.superseded")  # begin anew, as a process of another number
                continue
            fault = _only(group, OperatorError)
            if fault is None:
                raise
            raise fault from None


async def _begin(stack: AsyncExitStack, settings: Settings, stop: asyncio.Event) -> Kabar | None:
    """Everything, connected; None when it is to stop before that: Telegram may be away for long."""
    building = asyncio.create_task(stack.enter_async_context(build(settings)))
    stopping = asyncio.create_task(stop.wait())
    await asyncio.wait({building, stopping}, return_when=asyncio.FIRST_COMPLETED)
    stopping.cancel()
    if building.done():
        return building.result()
    log.info("kabar.stopping")
    building.cancel()
    await asyncio.gather(building, return_exceptions=True)
    return None


def _only(group: BaseExceptionGroup[Exception], kind: type[KabarError]) -> Exception | None:
    """What is of this kind among what ended the loops, if anything is."""
    found, _ = group.split(kind)
    while isinstance(found, BaseExceptionGroup):
        found = found.exceptions[0]  # type: ignore[assignment]
    return found
