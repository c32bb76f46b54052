"""A feed of ten megabytes is compared beside the loop, an ordinary one in it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import pytest

from bot.core.model import Story
from bot.news import planning
from bot.runtime import LARGE, beside_loop
from storage import Database, feeds

FEED = "https://koran.example/feed"


class Noted(list[Story]):
    """Stories that note the threads in which they were read."""

    def __init__(self, *stories: Any) -> None:
        super().__init__(stories)
        self.threads: set[int] = set()

    def __iter__(self) -> Iterator[Story]:
        self.threads.add(threading.get_ident())
        return super().__iter__()


@pytest.mark.parametrize(
    ("entries", "words", "beside"), [(10, 20, False), (10, 8_000, True), (100, 1, True)]
)
async def test_what_takes_long_holds_up_nobody(
    db: Database, entries: int, words: int, *, beside: bool
) -> None:
    stories = Noted(*(Story(f"k{n}", f"Berita {n}", body="kata " * words) for n in range(entries)))
    async with db.transaction() as tx:
        await feeds.configure(tx, [(FEED, "")])
        [row] = await feeds.active(tx)
        plan = await planning.plan(tx, row, stories, now=1)
    assert len(plan.quiet) == entries
    assert (stories.threads != {threading.get_ident()}) is beside


@pytest.mark.parametrize(("size", "beside"), [(0, False), (LARGE, False), (LARGE + 1, True)])
async def test_many_bytes_are_worked_on_beside_the_loop(size: int, *, beside: bool) -> None:
    where = await beside_loop(size, threading.get_ident)
    assert (where != threading.get_ident()) is beside
