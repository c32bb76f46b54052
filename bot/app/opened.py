"""What the program works with: the database, Telegram, the web, and the clock.

Leaving `opening` closes everything again, in reverse order.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import telegram

from bot.core.model import Destination, TelegramId
from bot.core.posts.rate_limit import CHAT_PERIOD, GROUP_PERIOD, RateLimit, Urgency
from bot.delivery.pictures import Pictures
from bot.fetch import Fetcher
from bot.health import Beat
from bot.i18n import Languages
from bot.leader import Membership, membership
from bot.monitoring.watch import Watch
from bot.reading.reader import BytesReader
from bot.reading.workers import InWorker
from bot.settings import Settings
from bot.telegram.asking import AskingBot, introduce, until_answered
from bot.telegram.limiter import Limiter
from bot.telegram.messenger import Messenger
from bot.telegram.transport import PtbRequest, Transport
from storage import (
    Database,
    SingleProcess,
    articles,
    feeds,
    is_shared,
    open_database,
    sqlite_path,
)
from storage.observed import ObservedDatabase

_PATIENCE = 86_400.0
"""Seconds that we wait at the start for a database server that is unavailable."""


def now() -> int:
    return int(time.time())


@dataclass(frozen=True, slots=True)
class Timing:
    """How often loops check what is due, how far apart messages to one chat are, the window of a
    group's twenty messages, and how long the bot's profile waits, all in seconds. Tests without
    Telegram's limits choose others."""

    chat_period: float = CHAT_PERIOD
    group_period: float = GROUP_PERIOD
    discussion: float = 0.5
    delivery: float = 0.5
    profile: float = 0.0


@dataclass(frozen=True, slots=True)
class Store:
    """The database, and our membership among the processes that share it."""

    db: Database
    member: Membership
    keeping: asyncio.Task[None]
    """Renews that membership, forever."""
    file: Path | None
    """The database file; None if it is on a server."""


@dataclass(frozen=True, slots=True)
class Opened:
    """What was opened, and the limits and translations that all parts share."""

    settings: Settings
    timing: Timing
    watch: Watch
    store: Store
    transport: Transport
    bot: telegram.Bot
    fetcher: Fetcher
    reader: BytesReader
    languages: Languages
    limiter: Limiter
    pictures: Pictures
    messenger: Messenger

    @property
    def db(self) -> Database:
        return self.store.db

    @property
    def moderators(self) -> TelegramId | None:
        return moderators(self.settings)

    def beat(self, loop: str, within: float = 60) -> Beat:
        """The function that a loop calls to say that it is alive."""
        return self.watch.health.beat(loop, within=within)

    @property
    def pin(self) -> Callable[[Destination, int, bool], Awaitable[None]]:
        """The function that pins or unpins a message."""

        async def pin(to: Destination, message_id: int, on: bool) -> None:
            call = self.messenger.pin if on else self.messenger.unpin
            await call(to, message_id, urgency=Urgency.CARD)

        return pin


def moderators(settings: Settings) -> TelegramId | None:
    return None if settings.moderators_chat is None else TelegramId(settings.moderators_chat)


@asynccontextmanager
async def opening(
    settings: Settings, timing: Timing, reader: BytesReader | None = None
) -> AsyncIterator[Opened]:
    """Opens everything. Raises OperatorError for what the operator can fix. Waits while Telegram or
    a database server is unavailable."""
    async with AsyncExitStack() as stack:
        enter = stack.enter_async_context
        watch = Watch(listen=settings.metrics_listen, heartbeat=settings.heartbeat_url, clock=now)
        store = await enter(_store(settings, watch))
        transport = await enter(_transport(settings, watch, store.member))
        fetcher = await enter(
            Fetcher(allow_private=settings.allow_private_addresses, agent=settings.user_agent)
        )
        bot = _bot(settings, transport)
        await until_answered(partial(introduce, bot))
        pushed = settings.public_url is not None
        reading = await enter(InWorker(warm=pushed)) if reader is None else reader
        limiter = Limiter(
            RateLimit(
                settings.rate, chat_period=timing.chat_period, group_period=timing.group_period
            )
        )
        store.member.share(limiter)
        pictures = Pictures(fetcher, reading)
        stack.push_async_callback(pictures.close)
        yield Opened(
            settings=settings,
            timing=timing,
            watch=watch,
            store=store,
            transport=transport,
            bot=bot,
            fetcher=fetcher,
            reader=reading,
            languages=Languages.load(settings.language, settings.zone),
            limiter=limiter,
            pictures=pictures,
            messenger=Messenger(transport, limiter, see=pictures.look),
        )


@asynccontextmanager
async def _store(settings: Settings, watch: Watch) -> AsyncIterator[Store]:
    """Open the database. A file is claimed before anything else is done, so that a second copy of
    the program does nothing."""
    async with AsyncExitStack() as stack:
        file = None
        if not is_shared(settings.database_url):
            file = sqlite_path(settings.database_url)
            claim = SingleProcess(file)
            claim.acquire()
            stack.callback(claim.release)
        await stack.enter_async_context(watch.server())
        opened = await open_database(settings.database_url, patience=_PATIENCE)
        stack.push_async_callback(opened.close)
        member, keeping = await stack.enter_async_context(
            membership(opened, beat=watch.health.beat("membership", within=60))
        )
        db = ObservedDatabase(opened, watch.metrics.time_database)
        async with db.transaction() as tx:
            await feeds.configure(tx, [(one.address, one.name) for one in settings.feeds])
        await articles.ensure_keys(db)
        yield Store(db, member, keeping, file)


def _transport(settings: Settings, watch: Watch, member: Membership) -> Transport:
    return Transport(
        settings.telegram_url,
        settings.token.get_secret_value(),
        count=watch.metrics.count_answer,
        proxy=settings.proxy or "",
        may=None if member.alone else member.holds,
    )


def _bot(settings: Settings, transport: Transport) -> AskingBot:
    return AskingBot(
        settings.token.get_secret_value(),
        base_url=f"{settings.telegram_url}/bot",
        base_file_url=f"{settings.telegram_url}/file/bot",
        request=PtbRequest(transport),
        get_updates_request=PtbRequest(transport),
    )
