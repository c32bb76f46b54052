"""A feed of ten megabytes is thought about beside the loop, a usual one in it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import pytest

from bot.core.model import Story
from bot.news import ingest
from storage import Database, feeds

FEED = "https://koran.example/feed"


class Noted(list[Story]):
    """Stories that know in which threads somebody went through them."""

    def __init__(self, *stories: Any) -> None:
        super().__init__(stories)
        self.threads: set[int] = set()

    def __iter__(self) -> Iterator[Story]:
        self.threads.add(threading.get_ident())
        return super().__iter__()


@pytest.mark.parametrize(("letters", "beside"), [(1_000, False), (400_000, True)])
async def test_what_takes_long_holds_up_nobody(db: Database, letters: int, *, beside: bool) -> None:
    stories = Noted(
        *(Story(f"k{n}", f"Berita {n}", body="kata " * (letters // 50)) for n in range(10))
    )
    async with db.transaction() as tx:
        await feeds.configure(tx, [(FEED, "")])
        [row] = await feeds.active(tx)
        plan = await ingest.plan(tx, row, stories, now=1)
    assert len(plan.quiet) == 10
    assert (stories.threads != {threading.get_ident()}) is beside
