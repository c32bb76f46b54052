"""A feed of ten megabytes is compared beside the loop, an ordinary one in it."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from bot.core.feeds.recognition import KnownArticle, recognise, twins
from bot.core.model import ArticleId, Story
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


def test_a_thousand_entries_in_place_of_a_thousand_others_are_compared_quickly() -> None:
    """Each with each would take nine seconds, and with no dates forty."""
    gone = [
        KnownArticle(
            ArticleId(n),
            headline=f"Berita nomor {n} tentang kota {n % 97}",
            lead=f"Warga kota {n} membicarakan berita itu sejak pagi, dan pemerintah berjanji.",
            published=None if n % 2 else n * 1000,
            key=f"lama{n}",
            place=n,
        )
        for n in range(1, 1001)
    ]
    new = [
        Story(
            f"baru{n}",
            f"Kabar lain ke-{n} tentang desa {n % 89}",
            lead=f"Tulisan lain {n} tentang desa dan kelurahan {n % 71}, kata orang di pasar.",
            published=None if n % 2 else n * 1001,
        )
        for n in range(1001, 2001)
    ]
    new[500] = Story("baru", "Judul yang diganti", lead=gone[300].lead)
    started = time.thread_time()
    found = recognise(new, {}, gone)
    assert time.thread_time() - started < 2
    assert {key: known.id for key, known in found.items()} == {"baru": gone[300].id}


def test_a_thousand_entries_under_one_headline_are_compared_quickly() -> None:
    stories = [
        Story(
            f"k{n}",
            "Foto hari ini di kota kita",
            lead=f"Tulisan {n} tentang desa dan kelurahan {n}, kata orang di pasar.",
            published=n * 1000,
        )
        for n in range(1, 1000)
    ]
    again = replace(stories[-1], key="lagi")
    started = time.thread_time()
    assert twins([*stories, again]) == {"lagi": "k999"}
    assert time.thread_time() - started < 4
