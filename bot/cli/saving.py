"""Commands that keep and give up data: backup, restore, erase. They ask before they delete."""

from __future__ import annotations

import argparse
import asyncio
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.cli.archive import opened, progress
from bot.core.errors import OperatorError
from bot.settings import StoreSettings
from storage import SingleProcess, erasure, sqlite_copies, sqlite_path

_RUNNING = "A kabar run works on this database; stop it first."


def run(command: str, settings: StoreSettings, options: argparse.Namespace) -> None:
    """Whichever of the three was asked for."""
    if command == "backup":
        backup(settings, options.file)
    elif command == "restore":
        restore(settings, options.file)
    else:
        erase(settings, yes=options.yes)


def backup(settings: StoreSettings, target: Path) -> None:
    """A copy of the database, also while the bot runs; appears whole or not at all."""
    source = sqlite_path(settings.database_url)
    if not source.exists():
        raise OperatorError(f"There is no database {source} to back up.")
    if target.exists() and target.samefile(source):
        raise OperatorError("A backup needs a file of its own, not the database itself.")
    with _bar("Backup") as told:
        sqlite_copies.copy(source, target, told)
    print(f"Backup written to {target} ({target.stat().st_size / 1e6:.1f} MB).")


def restore(settings: StoreSettings, source: Path) -> None:
    """Put a backup in the database's place; what was there is kept beside it."""
    target = sqlite_path(settings.database_url)
    if source.exists() and target.exists() and source.samefile(target):
        raise OperatorError("That is the database itself, not a backup of it.")
    with _alone(target), _bar("Restore") as told:
        name = time.strftime("before-restore-%Y%m%d-%H%M%S")
        kept = sqlite_copies.replace(target, source, name=name, progress=told)
    print(f"{target} is what {source} holds.")
    if kept is not None:
        print(f"What was there is kept in {kept}; delete it when it is not needed any more.")


def erase(settings: StoreSettings, *, yes: bool) -> None:
    """Delete everything about people for ever, keep the articles."""
    path = sqlite_path(settings.database_url)
    if not path.exists():
        raise OperatorError(f"There is no database {path} to erase from.")
    if not yes:
        _ask()
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
        return await erasure.erase(db)


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """No bot works on the database, and none can begin. Raises OperatorError."""
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
def _bar(what: str) -> Iterator[sqlite_copies.Progress]:
    with progress() as bar:
        task = bar.add_task(what, note="")
        yield lambda done, total: bar.update(task, total=total, completed=done)
