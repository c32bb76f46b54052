"""Commands on the database alone: migrate, backup, stats, import and export of chats.

They need no token and no feeds, and send nothing.
"""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
import time
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TextIO

import orjson
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from bot.core.errors import OperatorError
from bot.settings import StoreSettings
from storage import Database, chats, numbers, open_database, sqlite_path

_BATCH = 5_000
_PAGES = 1_000


@asynccontextmanager
async def opened(settings: StoreSettings) -> AsyncIterator[Database]:
    """The database of the settings, up to date, for the length of a command."""
    db = await open_database(settings.database_url)
    try:
        yield db
    finally:
        await db.close()


def progress() -> Progress:
    """A progress bar on standard error; silent where that is no terminal."""
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(),
        TextColumn("{task.fields[note]}"),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        transient=True,
    )


def open_lines(file: Path) -> TextIO:
    """A text file of strangers: bytes that are no UTF-8 show as such."""
    return file.open(encoding="utf-8", errors="replace")


def migrate(settings: StoreSettings) -> None:
    """Create or upgrade the database."""

    async def work() -> None:
        async with opened(settings):
            pass

    asyncio.run(work())
    print(f"The database {sqlite_path(settings.database_url)} is up to date.")


def backup(settings: StoreSettings, target: Path) -> None:
    """A copy of the database, also while the bot runs; appears whole or not at all."""
    source = sqlite_path(settings.database_url)
    if not source.exists():
        raise OperatorError(f"There is no database {source} to back up.")
    if target.exists() and target.samefile(source):
        raise OperatorError("A backup needs a file of its own, not the database itself.")
    partial = target.with_name(target.name + ".part")
    try:
        with (
            progress() as bar,
            contextlib.closing(sqlite3.connect(source)) as here,
            contextlib.closing(sqlite3.connect(partial)) as there,
        ):
            task = bar.add_task("Backup", note="")
            here.backup(
                there,
                pages=_PAGES,
                progress=lambda _, left, total: bar.update(
                    task, total=total, completed=total - left
                ),
            )
        partial.replace(target)
    except (sqlite3.Error, OSError) as error:
        partial.unlink(missing_ok=True)
        raise OperatorError(f"The backup could not be written to {target}: {error}.") from error
    print(f"Backup written to {target} ({target.stat().st_size / 1e6:.1f} MB).")


def import_chats(settings: StoreSettings, file: Path) -> None:
    """Chat ids, one a line, subscribed to everything; bad lines are named and skipped."""
    if not file.is_file():
        raise OperatorError(f"There is no file {file}.")
    size = max(file.stat().st_size, 1)

    async def work() -> tuple[int, int, int]:
        read = fresh = bad = 0
        async with opened(settings) as db:
            with progress() as bar, open_lines(file) as lines:
                task = bar.add_task("Chats", total=size, note="")
                for batch in _batches(_chat_ids(lines)):
                    good = [chat for chat in batch if isinstance(chat, int)]
                    for sentence in batch:
                        if isinstance(sentence, str):
                            bad += 1
                            bar.console.print(sentence, style="yellow", markup=False)
                    async with db.transaction() as tx:
                        fresh += await chats.import_subscribed(tx, good, now=int(time.time()))
                    read += len(good)
                    bar.update(task, completed=lines.buffer.tell(), note=f"{read:,}")
        return read, fresh, bad

    read, fresh, bad = asyncio.run(work())
    skipped = f", {bad:,} bad lines skipped" if bad else ""
    print(f"{read:,} chats read, {fresh:,} of them new{skipped}.")


def export_chats(settings: StoreSettings) -> None:
    """The ids of all subscribed chats, one a line: what import-chats reads."""

    async def work() -> None:
        async with opened(settings) as db:
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

    async def work() -> list[tuple[str, int]]:
        async with opened(settings) as db, db.reading() as cx:
            return await numbers.overview(cx)

    figures = asyncio.run(work())
    if as_json:
        print(orjson.dumps({name.replace(" ", "_"): value for name, value in figures}).decode())
        return
    width = max(len(name) for name, _ in figures)
    for name, value in figures:
        print(f"{name:<{width}}  {value:>12,}")


def _chat_ids(lines: TextIO) -> Iterator[int | str]:
    """Numbers, or a sentence for each line that is none."""
    for number, line in enumerate(lines, start=1):
        text = line.strip().lstrip("\ufeff")
        if not text:
            continue
        try:
            chat = int(text)
        except ValueError:
            chat = 0
        if chat == 0 or abs(chat) >= 1 << 52:
            yield f"Line {number}: {text[:40]!r} is no chat id; skipped."
        else:
            yield chat


def _batches(items: Iterable[int | str]) -> Iterator[list[int | str]]:
    batch: list[int | str] = []
    for item in items:
        batch.append(item)
        if len(batch) == _BATCH:
            yield batch
            batch = []
    if batch:
        yield batch
