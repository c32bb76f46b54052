"""Commands that need the token or the feeds: run, check, backfill."""

from __future__ import annotations

import asyncio
import sys
import time

import structlog
import telegram
from rich.console import Console
from rich.table import Table
from telegram.error import InvalidToken, TelegramError

from bot import app, logs
from bot.cli.archive import opened, progress
from bot.core.errors import FeedError, KabarError
from bot.core.networks import without_credentials
from bot.fetch import Fetcher
from bot.news import discovery
from bot.news.backfill import Backfill, BackfillResult
from bot.reading.reader import InThread
from bot.settings import Settings, others_read_env
from bot.telegram.transport import PtbRequest, Transport

log = structlog.get_logger("kabar")

Finding = tuple[bool, str, str]
"""Whether it is well, what was looked at, what was found."""


def run(settings: Settings) -> int:
    """The bot, until it is told to stop. A bug is logged; the supervisor starts it again."""
    logs.configure(
        settings.log_format,
        settings.log_level,
        secrets=(settings.token.get_secret_value(),),
    )
    if others_read_env():
        log.warning("env.readable", file=".env", hint="chmod 600 .env: it holds the token")
    try:
        asyncio.run(app.run(settings))
    except KabarError:
        raise
    except Exception:
        log.exception("kabar.crashed")
        return 1
    return 0


def check(settings: Settings) -> int:
    """A table of ticks and crosses; 1 if anything is wrong."""
    findings = asyncio.run(_findings(settings))
    table = Table(show_header=False, box=None)
    for good, what, found in findings:
        table.add_row("✅" if good else "❌", what, without_credentials(found))
    Console(highlight=False, markup=False).print(table)
    return 0 if all(good for good, _, _ in findings) else 1


async def _findings(settings: Settings) -> list[Finding]:
    found = await _telegram(settings)
    async with Fetcher(
        allow_private=settings.allow_private_addresses, agent=settings.user_agent
    ) as fetcher:
        found += await asyncio.gather(*(_feed(fetcher, one.address) for one in settings.feeds))
    return found


async def _feed(fetcher: Fetcher, address: str) -> Finding:
    try:
        got, parsed = await discovery.feed_at(fetcher, InThread(), address, now=int(time.time()))
    except FeedError as error:
        return False, "feed", str(error)
    count = len(parsed.stories)
    said = f"{parsed.title or address}: {'1 entry' if count == 1 else f'{count:,} entries'}"
    if got.address != address:
        said += f", found at {got.address}"
    return True, "feed", " ".join((f"{said}." if parsed.notes else said, *parsed.notes))


async def _telegram(settings: Settings) -> list[Finding]:
    token = settings.token.get_secret_value()
    async with Transport(settings.telegram_url, token, proxy=settings.proxy or "") as transport:
        request = PtbRequest(transport)
        bot = telegram.Bot(
            token,
            base_url=f"{settings.telegram_url}/bot",
            request=request,
            get_updates_request=request,
        )
        try:
            await bot.initialize()
        except InvalidToken:
            return [(False, "token", "KABAR_TOKEN is not accepted; ask @BotFather for it again")]
        except TelegramError as error:
            return [(False, "token", f"{settings.telegram_url} cannot be asked: {error}")]
        return [(True, "token", f"@{bot.username}"), await _moderators(bot, settings)]


async def _moderators(bot: telegram.Bot, settings: Settings) -> Finding:
    what = "moderators' chat"
    if settings.moderators_chat is None:
        return True, what, "not set: commenting is off"
    try:
        chat = await bot.get_chat(settings.moderators_chat)
        member = await bot.get_chat_member(chat.id, bot.id)
    except TelegramError as error:
        return False, what, f"KABAR_MODERATORS_CHAT {settings.moderators_chat}: {error}"
    if chat.type not in {"group", "supergroup"}:
        return False, what, f"KABAR_MODERATORS_CHAT names a {chat.type}; it has to be a group"
    writes = member.status in {"creator", "administrator", "member"} or (
        isinstance(member, telegram.ChatMemberRestricted) and bool(member.can_send_messages)
    )
    said = "the bot can write there" if writes else "the bot cannot write there; add it first"
    return writes, what, f"{chat.title}: {said}"


def backfill(settings: Settings) -> int:
    """The whole archive behind each feed, with a progress bar; goes on where it stopped. 1 when
    a feed failed; the others are walked to their end."""

    async def work() -> BackfillResult:
        async with (
            opened(settings) as db,
            Fetcher(
                allow_private=settings.allow_private_addresses, agent=settings.user_agent
            ) as fetcher,
        ):
            with progress() as bar:
                walker = Backfill(db, fetcher, clock=lambda: int(time.time()), zone=settings.zone)
                return await walker.run([(one.address, one.name) for one in settings.feeds], bar)

    try:
        outcome = asyncio.run(work())
    except KeyboardInterrupt:
        print("Interrupted; the next run goes on where this one stopped.", file=sys.stderr)
        raise
    print(f"{outcome.added:,} articles added to the archive.")
    return 1 if outcome.faults else 0
