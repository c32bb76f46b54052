"""Moving from one database to another: `kabar migrate --from URL --to URL`."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack

from bot.cli.archive import progress
from bot.core.errors import OperatorError
from storage import (
    Database,
    SingleProcess,
    is_shared,
    moving,
    open_database,
    processes,
    reindexing,
    sqlite_path,
)


def move(source: str, target: str) -> None:
    """Move everything from one database into an empty one; counts and checksums are compared.
    Raises OperatorError with one sentence; then the target is as it was."""
    if source == target:
        raise OperatorError("--from and --to name the same database.")
    if not is_shared(source) and not sqlite_path(source).exists():
        raise OperatorError(f"There is no database {sqlite_path(source)} to move from.")
    moved, articles = asyncio.run(_move(source, target))
    width = max(len(one.table) for one in moved)
    for one in moved:
        print(f"{one.table:<{width}}  {one.rows:>12,}  {one.checksum:016x}")
    print(f"All {len(moved)} tables arrived as they left; {articles:,} articles are searchable.")
    print("Set KABAR_DATABASE_URL to the new database before you start kabar run again.")


async def _move(source: str, target: str) -> tuple[list[moving.MovedTable], int]:
    async with AsyncExitStack() as stack:
        here, there = [await _held(stack, url) for url in (source, target)]
        bar = stack.enter_context(progress())
        task = bar.add_task("Move", note="")

        def told(table: str, done: int, total: int) -> None:
            bar.update(task, description=table, completed=done, total=total)

        moved = await moving.move(here, there, told)

        def indexed(done: int, total: int) -> None:
            told("index of words", done, total)

        return moved, await reindexing.ensure_index(there, progress=indexed)


async def _held(stack: AsyncExitStack, url: str) -> Database:
    """A database that no program is using."""
    if not is_shared(url):
        claim = SingleProcess(sqlite_path(url))
        claim.acquire()
        stack.callback(claim.release)
    db = await open_database(url)
    stack.push_async_callback(db.close)
    if is_shared(url):
        async with db.reading() as cx:
            await processes.refuse_company(cx)
    return db
