"""Moving in: a file of another system, read line by line into the database, with progress.

Bad lines are named and skipped; what was read before a fault is stored, and importing it again
changes nothing.
"""

from __future__ import annotations

import asyncio
import io
from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TextIO, TypeVar

from bot.cli.archive import opened, progress
from bot.core.errors import OperatorError
from bot.settings import StoreSettings
from storage import Connection

Item = TypeVar("Item")


def move_in(
    settings: StoreSettings,
    file: Path,
    *,
    what: str,
    read: Callable[[TextIO], Iterator[Item | str]],
    store: Callable[[Connection, Sequence[Item]], Awaitable[int]],
    batch: int,
) -> None:
    """`read` gives items, or a sentence for each bad line; `store` says how many were new.

    Raises OperatorError when there is no such file.
    """
    if not file.is_file():
        raise OperatorError(f"There is no file {file}.")
    size = max(file.stat().st_size, 1)
    raw = file.open("rb")
    lines = io.TextIOWrapper(raw, encoding="utf-8", errors="replace")

    async def work() -> tuple[int, int, int]:
        count = fresh = bad = 0
        async with opened(settings) as db:
            with progress() as bar:
                task = bar.add_task(what.capitalize(), total=size, note="")
                for part in batches(read(lines), batch):
                    good = [one for one in part if not isinstance(one, str)]
                    for sentence in part:
                        if isinstance(sentence, str):
                            bad += 1
                            bar.console.print(sentence, style="yellow", markup=False)
                    async with db.transaction() as tx:
                        fresh += await store(tx, good)
                    count += len(good)
                    bar.update(task, completed=raw.tell(), note=f"{count:,}")
        return count, fresh, bad

    with lines:
        count, fresh, bad = asyncio.run(work())
    skipped = f", {bad:,} bad lines skipped" if bad else ""
    print(f"{count:,} {what} read, {fresh:,} of them new{skipped}.")
    if bad and not count:
        raise OperatorError(f"No line of {file} could be used.")


def batches(items: Iterable[Item], size: int) -> Iterator[list[Item]]:
    """The items in lists of at most `size`."""
    part: list[Item] = []
    for item in items:
        part.append(item)
        if len(part) == size:
            yield part
            part = []
    if part:
        yield part
