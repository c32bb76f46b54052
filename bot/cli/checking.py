"""`kabar check`: checks everything that the settings name, changes nothing, says what to do.

✅ works    ⚠️ works, but needs attention    ❌ does not work (and the exit status is 1)
"""

from __future__ import annotations

import asyncio
import errno
import shutil
import time
from pathlib import Path
from urllib.parse import urlsplit

import aiohttp
import telegram
import yarl
from rich.console import Console
from rich.table import Table
from telegram.error import InvalidToken, TelegramError

from bot import http_faults
from bot.cli.findings import Finding, Tick
from bot.cli.moderators import moderators_chat
from bot.core.errors import FeedError, KabarError, OperatorError
from bot.core.networks import without_credentials
from bot.fetch import Fetcher
from bot.http_server import HttpServer
from bot.news import discovery
from bot.reading.reader import InThread
from bot.settings import Settings, others_read_env
from bot.telegram.transport import PtbRequest, Transport
from storage import is_shared, sqlite_copies, sqlite_path

_WEBHOOK_PORTS = (443, 80, 88, 8443)
_FULL = 0.1
_TIMEOUT = aiohttp.ClientTimeout(total=10)


def check(settings: Settings) -> int:
    """A table of ticks and crosses; 1 if anything does not work."""
    findings = asyncio.run(_findings(settings))
    table = Table(show_header=False, box=None)
    for one in findings:
        table.add_row(one.tick.value, one.what, without_credentials(one.found))
    Console(highlight=False, markup=False).print(table)
    return 1 if any(one.tick is Tick.BAD for one in findings) else 0


async def _findings(settings: Settings) -> list[Finding]:
    found = await _telegram(settings)
    async with Fetcher(
        allow_private=settings.allow_private_addresses, agent=settings.user_agent
    ) as fetcher:
        found += await asyncio.gather(*(_feed(fetcher, one.address) for one in settings.feeds))
    found += await _database(settings)
    for name, listen in (
        ("KABAR_LISTEN", settings.listen),
        ("KABAR_METRICS_LISTEN", settings.metrics_listen),
    ):
        if listen:
            found.append(await _port(name, listen))
    if settings.public_url:
        found.append(await _public(settings.public_url))
    if settings.heartbeat_url:
        found.append(await _heartbeat(settings.heartbeat_url))
    if others_read_env():
        found.append(Finding(Tick.LOOK, ".env", "others can read the token: chmod 600 .env"))
    return found


# --- feeds ----------------------------------------------------------------------------------------


async def _feed(fetcher: Fetcher, address: str) -> Finding:
    try:
        got, parsed = await discovery.feed_at(fetcher, InThread(), address, now=int(time.time()))
    except FeedError as error:
        return Finding(Tick.BAD, "feed", str(error))
    count = len(parsed.stories)
    said = f"{parsed.title or address}: {'1 entry' if count == 1 else f'{count:,} entries'}"
    if got.address != address:
        said += f", found at {got.address}"
    if hub := got.hub or parsed.hub:
        said += f", hub {urlsplit(hub).hostname}"
    tick = Tick.LOOK if parsed.notes or not count else Tick.GOOD
    return Finding(tick, "feed", " ".join((f"{said}." if parsed.notes else said, *parsed.notes)))


# --- Telegram -------------------------------------------------------------------------------------


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
            said = "KABAR_TOKEN is not accepted; ask @BotFather for it again"
            return [Finding(Tick.BAD, "token", said)]
        except TelegramError as error:
            way = " through KABAR_PROXY" if settings.proxy else ""
            do = "is the proxy right?" if way else "blocked here? KABAR_PROXY is a way around"
            said = f"{settings.telegram_url} cannot be asked{way}: {error}; {do}"
            return [Finding(Tick.BAD, "token", said)]
        return [
            Finding(Tick.GOOD, "token", f"@{bot.username}"),
            await moderators_chat(bot, settings.moderators_chat),
            *await _webhook(bot, settings),
        ]


async def _webhook(bot: telegram.Bot, settings: Settings) -> list[Finding]:
    """Findings about the web hook: none for long polling without one."""
    ours, what = settings.webhook_url, "web hook"
    try:
        info = await bot.get_webhook_info()
    except TelegramError as error:
        return [Finding(Tick.LOOK, what, f"Telegram cannot be asked for it: {error}")]
    found = []
    if ours and (fault := _refused(ours, settings.telegram_url)):
        found.append(Finding(Tick.BAD, what, fault))
    if info.url not in {"", ours}:
        host = urlsplit(info.url).hostname
        said = f"one at {host} is set; the next start takes its place: does another program use it?"
        found.append(Finding(Tick.LOOK, what, said))
    elif info.url and info.last_error_message:
        said = f"{info.last_error_message}; is the proxy passing on to KABAR_LISTEN?"
        found.append(Finding(Tick.LOOK, what, said))
    elif ours:
        said = "is set" if info.url else "will be set at the start"
        found.append(Finding(Tick.GOOD, what, said))
    return found


def _refused(url: str, telegram_url: str) -> str:
    """Why Telegram will refuse an address; the operator's own Bot API server accepts more."""
    parts = urlsplit(url)
    if urlsplit(telegram_url).hostname != "api.telegram.org":
        return ""
    if parts.scheme != "https":
        return "KABAR_WEBHOOK_URL has to be https"
    if (parts.port or 443) not in _WEBHOOK_PORTS:
        return f"KABAR_WEBHOOK_URL: Telegram calls ports {_WEBHOOK_PORTS} only"
    return ""


# --- this machine ---------------------------------------------------------------------------------


async def _database(settings: Settings) -> list[Finding]:
    what, url = "database", settings.database_url
    if is_shared(url):
        from storage.postgres_opening import open_postgres  # noqa: PLC0415 - nobody else needs it

        try:
            await (await open_postgres(url)).close()
        except KabarError as error:
            return [Finding(Tick.BAD, what, str(error))]
        return [Finding(Tick.GOOD, what, "PostgreSQL answers")]
    path = sqlite_path(url)
    if not path.parent.is_dir():
        said = f"KABAR_DATABASE_URL: there is no folder {path.parent}; create it"
        return [Finding(Tick.BAD, what, said)]
    try:
        found = [_file(path)]
        disk = shutil.disk_usage(path.parent)
    except (OSError, OperatorError) as error:
        return [Finding(Tick.BAD, what, f"KABAR_DATABASE_URL: {path}: {error}")]
    if disk.free < _FULL * disk.total:
        said = f"{disk.free // 1_000_000:,} MB left beside {path}; free some before it is full"
        found.append(Finding(Tick.LOOK, "disk", said))
    return found


def _file(path: Path) -> Finding:
    """Check a database file without creating anything."""
    if not path.exists():
        return Finding(Tick.GOOD, "database", f"{path} will be made at the first start")
    sqlite_copies.check(path)
    articles, chats = sqlite_copies.counts(path)
    return Finding(Tick.GOOD, "database", f"{path}: {articles:,} articles, {chats:,} chats")


async def _port(name: str, listen: str) -> Finding:
    what = name.removeprefix("KABAR_").replace("_", " ").lower()
    try:
        async with HttpServer(listen, (), setting=name):
            return Finding(Tick.GOOD, what, f"{listen} is free")
    except OperatorError as error:
        if name == "KABAR_METRICS_LISTEN" and await _answers(f"http://{listen}/healthz") == "200":
            return Finding(Tick.GOOD, what, f"{listen}: Kabar is running and answers there")
        said = str(error).rstrip(".")
        if not isinstance(error.__cause__, OSError) or error.__cause__.errno != errno.EADDRINUSE:
            return Finding(Tick.BAD, what, f"{said}; kabar run would end there")
        return Finding(Tick.LOOK, what, f"{said}; fine if that is Kabar, else take another port")


async def _public(url: str) -> Finding:
    status = await _answers(f"{url}/websub/check")
    if status.isdigit():
        found = "answers" if status in {"404", "405"} else f"answers {status} while Kabar is off"
        return Finding(Tick.GOOD, "public address", f"{url} {found}")
    said = f"KABAR_PUBLIC_URL: {url} cannot be reached from here: {status}"
    return Finding(Tick.LOOK, "public address", f"{said}; hubs and Telegram have to reach it")


async def _heartbeat(url: str) -> Finding:
    """Whether its server can be reached. It is not asked: that would say that the bot is alive."""
    what, to = "heartbeat", yarl.URL(url)
    try:
        async with asyncio.timeout(_TIMEOUT.total):
            _, writer = await asyncio.open_connection(to.host, to.port)
        writer.close()
    except (OSError, TimeoutError, ValueError) as error:
        why = http_faults.reason(error)
        said = f"KABAR_HEARTBEAT_URL: {to.host} cannot be reached: {why}; its alarm would go off"
        return Finding(Tick.LOOK, what, said)
    return Finding(Tick.GOOD, what, f"{to.host} can be reached; is the rest of the address right?")


async def _answers(address: str) -> str:
    """The status of the answer from the operator's own address, or why there is none."""
    try:
        async with (
            aiohttp.ClientSession(timeout=_TIMEOUT) as session,
            session.get(address) as answer,
        ):
            return str(answer.status)
    except (aiohttp.ClientError, OSError, TimeoutError, ValueError) as error:
        return http_faults.reason(error)
