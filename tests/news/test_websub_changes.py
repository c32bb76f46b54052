"""A hub that changes: another one, none any more, another address of ours."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.fetch import Fetcher
from bot.news.polling import Poller
from bot.news.websub import WebSub
from storage import Database, feeds
from tests.conftest import NOON, Clock
from tests.news.hubs import Paper, open_paper
from tests.support.feed_site import item
from tests.support.hub import CHALLENGE, open_hub


@pytest.fixture
async def paper(db: Database, clock: Clock) -> AsyncIterator[Paper]:
    async with open_paper(db, clock) as opened:
        yield opened


async def test_a_feed_that_names_another_hub_is_subscribed_to_there(paper: Paper) -> None:
    await paper.subscribe()
    old = paper.hub.asked[-1]["hub.callback"]
    async with open_hub() as other:
        paper.site.hub = other.address
        paper.clock.pass_(900)
        await paper.poller.tick()
        await paper.websub.tick()
        assert await other.verify() == (200, CHALLENGE)
        assert other.asked[0]["hub.callback"] != old
    assert await paper.pushed(item("c", published=NOON)) == 410


async def test_a_feed_without_a_hub_any_more_is_left(paper: Paper) -> None:
    await paper.subscribe()
    paper.site.hub = ""
    paper.clock.pass_(900)
    await paper.poller.tick()
    await paper.websub.tick()
    assert paper.hub.asked[-1]["hub.mode"] == "unsubscribe"
    assert (await paper.hub.verify("subscribe"))[0] == 404
    assert await paper.hub.verify() == (200, CHALLENGE)
    assert await paper.rows("SELECT * FROM websub") == []


async def test_a_feed_of_the_settings_no_more_is_left(paper: Paper) -> None:
    await paper.subscribe()
    async with paper.db.transaction() as tx:
        await feeds.configure(tx, [])
    await paper.websub.begin()
    await paper.websub.tick()
    assert paper.hub.asked[-1]["hub.mode"] == "unsubscribe"


async def test_another_public_address_is_told_to_the_hub(paper: Paper, clock: Clock) -> None:
    await paper.subscribe()
    async with Fetcher(allow_private=True) as fetcher:
        moved = WebSub(
            paper.db, fetcher, paper.poller.pushed, public_url="http://127.0.0.1:9", clock=clock
        )
        await moved.begin()
        await moved.tick()
    assert paper.hub.asked[-1]["hub.callback"].startswith("http://127.0.0.1:9/websub/")
    assert await paper.pause() <= 0


async def test_without_a_public_address_a_feed_is_polled_as_any(paper: Paper, clock: Clock) -> None:
    await paper.subscribe()
    async with Fetcher(allow_private=True) as fetcher:
        alone = Poller(paper.db, fetcher, every=60, clock=clock, on_news=paper.woken.set)
        clock.pass_(900)
        await alone.tick()
    assert await paper.pause() == 60
