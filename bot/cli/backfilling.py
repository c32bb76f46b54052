"""`kabar backfill`: the archive behind the feeds; needs the feeds, no token."""

from __future__ import annotations

import asyncio
import sys
import time

from bot.cli.archive import opened, progress
from bot.fetch import Fetcher
from bot.news.backfill import TRIES, Backfill, BackfillResult
from bot.settings import FeedSettings


def backfill(settings: FeedSettings, *, tries: int = TRIES) -> int:
    """Fetch the whole archive behind each feed, with a progress bar; resumes where it stopped.
    Returns 1 if a feed failed; the others are walked to their end."""

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
