"""Commands that save and delete data: backup, restore, erase. They ask before they delete."""

from __future__ import annotations

import argparse
import asyncio
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.cli.archive import opened, progress
from bot.core.errors import OperatorError
from bot.core.networks import without_credentials
from bot.settings import StoreSettings
from storage import SharedDatabase, SingleProcess, erasure, is_shared, sqlite_copies, sqlite_path

_RUNNING = "A kabar run works on this database; stop it first."


def run(command: str, settings: StoreSettings, options: argparse.Namespace) -> None:
    """Run whichever of the three was asked for."""
    if command == "backup":
        backup(settings, options.file)
    elif command == "restore":
        restore(settings, options.file)
    else:
        erase(settings, yes=options.yes)


def backup(settings: StoreSettings, target: Path) -> None:
    """Copy the database, even while the bot runs; the copy appears whole or not at all."""
    if is_shared(settings.database_url):
        from storage import postgres_copies  # noqa: PLC0415 - 20 MB that SQLite does not need

        with _table_bar("Backup") as tables:
            asyncio.run(postgres_copies.save(settings.database_url, target, tables))
    else:
        source = sqlite_path(settings.database_url)
        if not source.is_file():
            raise OperatorError(f"There is no database {source} to back up.")
        if target.exists() and target.samefile(source):
            raise OperatorError("A backup needs a file of its own, not the database itself.")
        with _bar("Backup") as told:
            sqlite_copies.copy(source, target, told)
    print(f"Backup written to {target} ({target.stat().st_size / 1e6:.1f} MB).")


def restore(settings: StoreSettings, source: Path) -> None:
    """Replace the database by a backup; the previous one is kept beside it."""
    if is_shared(settings.database_url):
        _restore_shared(settings.database_url, source)
        return
    target = sqlite_path(settings.database_url)
    if not source.exists():
        raise OperatorError(f"There is no file {source}.")
    if target.exists() and source.samefile(target):
        raise OperatorError("That is the database itself, not a backup of it.")
    with _alone(target), _bar("Restore") as told:
        name = time.strftime("before-restore-%Y%m%d-%H%M%S")
        kept = sqlite_copies.replace(target, source, name=name, progress=told)
    print(f"{target} is what {source} holds.")
    if kept is not None:
        print(f"What was there is kept in {kept}; delete it when it is not needed any more.")


def _restore_shared(url: str, source: Path) -> None:
    from storage import postgres_copies  # noqa: PLC0415 - as above

    with _table_bar("Restore") as told:
        kept = asyncio.run(postgres_copies.replace(url, source, told))
    print(f"{without_credentials(url)} is what {source} holds.")
    if kept is not None:
        print(
            f"What was there is kept in the schema {kept}; when it is not needed any more:"
            f" DROP SCHEMA {kept} CASCADE"
        )


def erase(settings: StoreSettings, *, yes: bool) -> None:
    """Delete everything about people forever, keep the articles."""
    shared = is_shared(settings.database_url)
    path = None if shared else sqlite_path(settings.database_url)
    if path is not None and not path.exists():
        raise OperatorError(f"There is no database {path} to erase from.")
    if not yes:
        _ask()
    if path is None:
        counts = asyncio.run(_erased(settings))
    else:
        with _alone(path):
            counts = asyncio.run(_erased(settings))
            sqlite_copies.shred(path)
    for name, count in sorted(counts.items()):
        print(f"{count:,} × {name.replace('_', ' ')} deleted")
    print("Nothing about people is left in the database; the articles are.")
    print("Backups, logs and the messages in Telegram are not touched: delete those yourself.")


def _ask() -> None:
    if not sys.stdin.isatty():
        raise OperatorError("This deletes all chats, readers and comments for ever; add --yes.")
    print("This deletes all chats, readers, comments and decisions for ever; articles stay.")
    if input("Type ERASE to go on: ").strip() != "ERASE":
        raise OperatorError("Nothing was deleted.")


async def _erased(settings: StoreSettings) -> dict[str, int]:
    async with opened(settings) as db:
        counts = await erasure.erase(db)
        if isinstance(db, SharedDatabase):
            await _tidy(db)
        return counts


async def _tidy(db: SharedDatabase) -> None:
    """Clean up outside the tables: the database's files, and copies kept by restores."""
    from storage import postgres_copies  # noqa: PLC0415 - as above

    await erasure.shred(db)
    for schema in await postgres_copies.kept(db):
        print(f"The schema {schema}, kept by a restore, is not touched: DROP SCHEMA it yourself.")


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """While entered, no bot works on the database and none can start. Raises OperatorError."""
    claim = SingleProcess(path)
    try:
        claim.acquire()
    except OperatorError as error:
        raise OperatorError(_RUNNING) from error
    try:
        yield
    finally:
        claim.release()


@contextmanager
def _table_bar(what: str) -> Iterator[Callable[[str, int, int], None]]:
    with progress() as bar:
        task = bar.add_task(what, note="")
        yield lambda table, done, total: bar.update(
            task, description=f"{what}: {table}", total=total, completed=done
        )


@contextmanager
def _bar(what: str) -> Iterator[sqlite_copies.Progress]:
    with progress() as bar:
        task = bar.add_task(what, note="")
        yield lambda done, total: bar.update(task, total=total, completed=done)
