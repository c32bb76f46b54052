"""What goes wrong between us and a hub: leases of seconds, floods, faults, a database away."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from bot.core.errors import StorageError
from bot.fetch import Fetcher
from bot.http_server import HttpServer
from bot.news.websub import LEASE, WebSub
from storage import Database
from tests.conftest import NOON, Clock
from tests.news.hubs import Paper, open_paper
from tests.support.faulty import FaultyDatabase
from tests.support.feed_site import item
from tests.support.hub import CHALLENGE
from tests.support.ports import free_port


@pytest.fixture
async def paper(db: Database, clock: Clock) -> AsyncIterator[Paper]:
    async with open_paper(FaultyDatabase(db, reads=True), clock) as opened:
        yield opened


def faults(paper: Paper) -> dict[str, Exception]:
    assert isinstance(paper.db, FaultyDatabase)
    return paper.db.faults


async def test_a_lease_of_no_time_is_the_one_we_asked_for(paper: Paper) -> None:
    await paper.subscribe(lease_seconds=0)
    assert (await paper.subscription())["lease_until"] == paper.clock.now + LEASE


async def test_a_short_lease_makes_us_ask_once_a_minute_at_most(paper: Paper) -> None:
    await paper.subscribe(lease_seconds=5)
    paper.clock.pass_(59)
    await paper.websub.tick()
    assert len(paper.hub.asked) == 1
    paper.clock.pass_(1)
    await paper.websub.tick()
    assert len(paper.hub.asked) == 2


@pytest.mark.parametrize("words", ["SELECT * FROM websub", "UPDATE websub"])
async def test_while_the_database_is_away_the_hub_comes_again(paper: Paper, words: str) -> None:
    await paper.subscribe()
    faults(paper)[words] = StorageError("The database is away.")
    assert (await paper.hub.verify())[0] == 503
    assert await paper.pushed(item("c", published=NOON)) == 503
    faults(paper).clear()
    assert await paper.hub.verify() == (200, CHALLENGE)
    assert await paper.pushed(item("c", published=NOON)) == 202
    assert await paper.announced() == ["Berita c"]


async def test_a_fault_with_one_push_ends_no_other(paper: Paper) -> None:
    await paper.subscribe()
    faults(paper)["INSERT INTO article"] = ValueError("a bug")
    assert await paper.pushed(item("c", published=NOON)) == 202
    faults(paper).clear()
    assert await paper.announced() == []
    assert await paper.pause() <= 0  # the look that follows finds what is at fault
    assert await paper.pushed(item("d", published=NOON)) == 202
    assert await paper.announced() == ["Berita d"]


async def test_no_hub_fills_our_memory(paper: Paper, clock: Clock) -> None:
    await paper.subscribe()
    listen = f"127.0.0.1:{free_port()}"
    async with Fetcher(allow_private=True) as fetcher:
        small = WebSub(
            paper.db,
            fetcher,
            paper.poller.pushed,
            public_url=f"http://{listen}",
            clock=clock,
            most_bytes=2000,
        )
        async with HttpServer(listen, small.routes(), setting="X"):
            paper.hub.asked[-1]["hub.callback"] = (
                f"http://{listen}/websub/{(await paper.subscription())['token']}"
            )
            answers = [await paper.hub.push(b"x" * 900) for _ in range(4)]
            assert answers == [202, 202, 503, 503]
            taking = asyncio.create_task(small.take_pushes())
            await small.settled()
            assert await paper.hub.push(b"x" * 900) == 202
            await small.settled()
            taking.cancel()
            await asyncio.gather(taking, return_exceptions=True)
