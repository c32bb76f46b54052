"""Commands on the database alone: migrate, stats, report, export of chats.

They need no token and no feeds, and send nothing.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime

import orjson
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from bot import i18n
from bot.core.editorial import transparency
from bot.core.errors import OperatorError
from bot.core.html import shown
from bot.core.networks import without_credentials
from bot.settings import StoreSettings
from storage import (
    Database,
    chats,
    is_shared,
    numbers,
    open_database,
    processes,
    reindexing,
    sqlite_path,
)
from storage import transparency as figures_of

_BATCH = 5_000


@asynccontextmanager
async def opened(settings: StoreSettings, *, create: bool = True) -> AsyncIterator[Database]:
    """The database of the settings, migrated, for the duration of a command. Without `create` it
    has to exist: in a wrong folder nothing is created. Raises OperatorError."""
    if not create and settings.database_url.startswith("sqlite"):
        file = sqlite_path(settings.database_url)
        if not file.exists():
            raise OperatorError(f"There is no database {file} here.")
    db = await open_database(settings.database_url)
    try:
        yield db
    finally:
        await db.close()


def progress() -> Progress:
    """A progress bar on standard error; silent if that is not a terminal."""
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(),
        TextColumn("{task.fields[note]}"),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        transient=True,
    )


async def index_with_bar(db: Database) -> None:
    """Rebuild the search index if needed, with a progress bar."""
    with progress() as bar:
        task = bar.add_task("Index", note="", visible=False)

        def tell(done: int, total: int) -> None:
            bar.update(task, completed=done, total=total, visible=True)

        await reindexing.ensure_index(db, progress=tell)


def migrate(settings: StoreSettings) -> None:
    """Create or upgrade the database."""

    async def work() -> None:
        async with opened(settings) as db:
            await index_with_bar(db)

    asyncio.run(work())
    url = settings.database_url
    named = without_credentials(url) if is_shared(url) else sqlite_path(url)
    print(f"The database {named} is up to date.")


def export_chats(settings: StoreSettings) -> None:
    """The ids of all subscribed chats, one per line, as import-chats reads them."""

    async def work() -> None:
        async with opened(settings, create=False) as db:
            after = 0
            while True:
                async with db.reading() as cx:
                    rows = await chats.subscribed_after(cx, after, limit=_BATCH)
                if not rows:
                    return
                print("\n".join(str(row["telegram_id"]) for row in rows))
                after = rows[-1]["id"]

    asyncio.run(work())


def stats(settings: StoreSettings, *, as_json: bool) -> None:
    """What is in the archive, who reads it and what was delivered."""

    async def work() -> tuple[list[tuple[str, int]], list[processes.Leader]]:
        async with opened(settings, create=False) as db, db.reading() as cx:
            return await numbers.overview(cx), await processes.leaders(cx)

    figures, leaders = asyncio.run(work())
    if as_json:
        found: dict[str, object] = {name.replace(" ", "_"): value for name, value in figures}
        if is_shared(settings.database_url):
            found["leaders"] = {one.role: one.process for one in leaders}
        print(orjson.dumps(found).decode())
        return
    width = max(len(name) for name, _ in figures)
    for name, value in figures:
        print(f"{name:<{width}}  {value:>12,}")
    for one in leaders:
        since = datetime.fromtimestamp(one.since, settings.zone)
        print(f"{one.role} is led by {one.process} since {since:%Y-%m-%d %H:%M:%S}")


def report(settings: StoreSettings, *, month: str, as_csv: bool) -> None:
    """The transparency report: comments by decision and reason, times, corrections."""
    try:
        begin, end = transparency.span_of(month, now=int(time.time()), zone=settings.zone)
    except ValueError:
        raise OperatorError(f"{month} is no month; write it as 2026-11.") from None

    async def work() -> transparency.Month:
        async with opened(settings, create=False) as db, db.reading() as cx:
            return await figures_of.month(cx, begin, end, now=int(time.time()))

    found = asyncio.run(work())
    if as_csv:
        print(transparency.as_csv(found, settings.zone), end="")
        return
    tr = i18n.load(settings.language, settings.zone)
    print(shown(transparency.message(found, tr)))
