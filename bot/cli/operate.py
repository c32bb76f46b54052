"""Commands that need the token or the feeds: run, backfill (check: `bot.cli.checking`)."""

from __future__ import annotations

import asyncio
import sys
import time

import structlog

from bot import app, logs
from bot.cli.archive import opened, progress
from bot.core.errors import KabarError
from bot.fetch import Fetcher
from bot.news.backfill import TRIES, Backfill, BackfillResult
from bot.settings import FeedSettings, Settings, others_read_env

log = structlog.get_logger("kabar")


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


def backfill(settings: FeedSettings, *, tries: int = TRIES) -> int:
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
                walker = Backfill(
                    db, fetcher, clock=lambda: int(time.time()), zone=settings.zone, tries=tries
                )
                return await walker.run([(one.address, one.name) for one in settings.feeds], bar)

    try:
        outcome = asyncio.run(work())
    except KeyboardInterrupt:
        print("Interrupted; the next run goes on where this one stopped.", file=sys.stderr)
        raise
    print(f"{outcome.added:,} articles added to the archive.")
    return 1 if outcome.faults else 0
