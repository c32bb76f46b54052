"""Articles of short feeds are completed from their pages: news at once, all others afterwards."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from hypothesis import given
from hypothesis import strategies as st

from bot.core.model import Article, Picture, Story
from bot.core.search import query
from bot.fetch import Fetcher
from bot.news.page_reader import Pages
from bot.news.polling import Poller
from storage import Database, articles, deliveries, due_pages, feeds, open_database, search
from tests.conftest import JAKARTA, NOON, Clock
from tests.support.article_site import Press, open_press
from tests.support.sending import add_chats


class ShortFeed:
    """A newsroom with a short feed; pauses between pages take no time."""

    def __init__(self, db: Database, press: Press, fetcher: Fetcher, clock: Clock) -> None:
        self.db, self.press, self.clock = db, press, clock
        self.edits = 0
        self.pauses: list[float] = []
        self.fetcher = fetcher
        self.patience = 30.0  # on a busy machine too
        self.poller = self.begin()

    def begin(self) -> Poller:
        """The poller of a program that starts (again)."""
        reader = Pages(self.fetcher, clock=self.clock, patience=self.patience)
        poller = Poller(
            self.db, self.fetcher, every=60, clock=self.clock, on_news=self.woken, pages=reader
        )
        assert poller.completer is not None
        poller.completer._sleep = self.pause
        return poller

    async def pause(self, seconds: float) -> None:
        self.pauses.append(seconds)

    def woken(self) -> None:
        self.edits += 1

    async def look(self) -> None:
        await self.poller.tick()
        self.clock.pass_(60)

    async def complete(self) -> None:
        assert self.poller.completer is not None
        await self.poller.completer.tick()

    async def newest(self, limit: int = 20) -> list[Article]:
        async with self.db.reading() as cx:
            return await articles.newest(cx, limit=limit)

    async def count(self, what: str, **values: Any) -> int:
        async with self.db.reading() as cx:
            return int(await cx.value(f"SELECT count(*) FROM {what}", **values))


@pytest.fixture
async def press() -> AsyncIterator[Press]:
    async with open_press() as opened:
        yield opened


@pytest.fixture
async def kit(db: Database, press: Press, clock: Clock) -> AsyncIterator[ShortFeed]:
    press.site.items = [press.item(name, published=NOON - n * 60) for n, name in enumerate("cba")]
    async with Fetcher(allow_private=True) as fetcher:
        kit = ShortFeed(db, press, fetcher, clock)
        async with db.transaction() as tx:
            await feeds.configure(tx, [(press.site.feed, "")])
        yield kit


async def test_a_first_look_is_completed_afterwards_newest_first(
    kit: ShortFeed, press: Press
) -> None:
    await kit.look()
    assert press.pages() == []
    assert [one.picture for one in await kit.newest()] == [None] * 3
    await kit.complete()
    assert press.pages() == ["/c.html", "/b.html", "/a.html"]
    for one in await kit.newest():
        assert one.picture is not None
        assert one.lead.startswith("Jakarta - Warga bergotong royong")
        assert (one.headline[:6], one.published is not None) == ("Berita", True)
    assert kit.pauses == [1.0] * 3
    await kit.complete()
    assert len(press.pages()) == 3


async def test_nothing_of_it_is_broadcast(kit: ShortFeed) -> None:
    await kit.look()
    await kit.complete()
    assert await kit.count("broadcast") == 0
    assert kit.edits == 0


async def test_it_can_be_found_by_the_words_of_its_page(kit: ShortFeed) -> None:
    await kit.look()
    wanted = query.parse("gotong royong", zone=JAKARTA)
    async with kit.db.reading() as cx:
        assert not (await search.search(cx, wanted, now=NOON, limit=5)).hits
    await kit.complete()
    async with kit.db.reading() as cx:
        assert len((await search.search(cx, wanted, now=NOON, limit=5)).hits) == 3


async def test_an_unchanged_feed_asks_for_no_page_and_is_no_correction(
    kit: ShortFeed, press: Press
) -> None:
    await kit.look()
    await kit.complete()
    press.site.validators = False
    press.site.title = "Judul situs yang baru"
    await kit.look()
    await kit.complete()
    assert len(press.pages()) == 3
    assert await kit.count("article WHERE revision > 2") == 0
    assert await kit.count("broadcast") == 0


async def test_the_example_that_a_subscriber_got_is_brought_up_to_date(
    kit: ShortFeed, press: Press
) -> None:
    await kit.look()
    newest = (await kit.newest(1))[0]
    await add_chats(kit.db, 7)
    async with kit.db.transaction() as tx:
        await deliveries.record_copy(tx, 1, 0, newest.id, 1, False, 1, 0, NOON)
    await kit.complete()
    assert await kit.count("broadcast WHERE kind = 'edit' AND article_id = :id", id=newest.id) == 1
    assert await kit.count("broadcast") == 1
    assert kit.edits == 1


async def test_news_is_completed_before_it_is_posted(kit: ShortFeed, press: Press) -> None:
    await kit.look()
    press.site.items.insert(0, press.item("d", published=kit.clock.now))
    await kit.look()
    newest = (await kit.newest(1))[0]
    assert newest.picture is not None
    assert newest.revision == 1
    assert await kit.count("broadcast WHERE kind = 'news'") == 1
    assert await kit.count("broadcast WHERE kind = 'edit'") == 0


async def test_news_does_not_wait_for_a_slow_page_and_is_corrected_when_it_came(
    kit: ShortFeed, press: Press
) -> None:
    await kit.look()
    kit.patience = 0.05
    kit.poller = kit.begin()
    press.slow.add("/d.html")
    press.site.items.insert(0, press.item("d", published=kit.clock.now))
    await kit.look()
    assert await kit.count("broadcast WHERE kind = 'news'") == 1
    newest = (await kit.newest(1))[0]
    assert (newest.headline, newest.picture) == ("Berita d", None)
    press.hold.set()
    await kit.complete()
    newest = (await kit.newest(1))[0]
    assert newest.picture is not None
    assert newest.revision == 2
    assert await kit.count("broadcast WHERE kind = 'edit'") == 1
    assert await kit.count("broadcast WHERE kind = 'news'") == 1


async def test_a_correction_asks_whether_the_page_changed_too(kit: ShortFeed, press: Press) -> None:
    await kit.look()
    await kit.complete()
    press.site.items[0].title = "Judul yang benar"
    await kit.look()
    assert press.conditions["/c.html"]
    newest = (await kit.newest(1))[0]
    assert newest.headline == "Judul yang benar"
    assert newest.picture is not None
    assert newest.lead.startswith("Jakarta - Warga")
    press.text = "Medan - Banjir surut dan warga pulang ke rumah masing-masing pagi ini. " * 9
    press.site.items[0].title = "Judul yang lebih benar"
    await kit.look()
    newest = (await kit.newest(1))[0]
    assert newest.lead.startswith("Medan - Banjir")


async def test_a_correction_whose_page_is_late_keeps_the_old_one_until_it_came(
    kit: ShortFeed, press: Press
) -> None:
    await kit.look()
    await kit.complete()
    kit.patience = 0.05
    kit.poller = kit.begin()
    press.slow.add("/c.html")
    press.text = "Medan - Banjir surut dan warga pulang ke rumah masing-masing pagi ini. " * 9
    press.site.items[0].title = "Judul yang benar"
    await kit.look()
    newest = (await kit.newest(1))[0]
    assert newest.headline == "Judul yang benar"
    assert newest.lead.startswith("Jakarta - Warga")
    press.hold.set()
    await kit.complete()
    newest = (await kit.newest(1))[0]
    assert (newest.headline, newest.lead[:14]) == ("Judul yang benar", "Medan - Banjir")


async def test_after_a_restart_it_goes_on(kit: ShortFeed, press: Press) -> None:
    await kit.look()
    press.slow.add("/b.html")
    walking = asyncio.create_task(kit.complete())
    await press.arrived["/b.html"].wait()
    walking.cancel()
    await asyncio.gather(walking, return_exceptions=True)
    press.hold.set()
    kit.poller = kit.begin()
    await kit.complete()
    assert press.pages() == ["/c.html", "/b.html", "/a.html"]
    kit.clock.pass_(60)
    await kit.complete()
    assert press.pages() == ["/c.html", "/b.html", "/a.html", "/b.html"]
    assert all(one.picture for one in await kit.newest())


async def test_a_page_in_trouble_is_tried_less_and_less_and_given_up(
    kit: ShortFeed, press: Press
) -> None:
    press.site.items = [press.item("a")]
    await kit.look()
    began, tries = kit.clock.now, []
    for _ in range(12 * 60):
        press.answers["/a.html"] = web.Response(status=404)
        asked = len(press.pages())
        await kit.complete()
        if len(press.pages()) > asked:
            tries.append((kit.clock.now - began) // 60)
        kit.clock.pass_(60)
    assert tries == [0, 1, 6, 31]
    assert await kit.count("page WHERE due_at IS NOT NULL") == 0


async def test_a_site_that_wants_a_rest_gets_it_for_all_its_pages(
    kit: ShortFeed, press: Press
) -> None:
    await kit.look()
    press.answers["/c.html"] = web.Response(status=429, headers={"Retry-After": "300"})
    await kit.complete()
    kit.clock.pass_(299)
    kit.poller = kit.begin()  # also after a restart
    await kit.complete()
    assert press.pages() == ["/c.html"]
    kit.clock.pass_(1)
    await kit.complete()
    assert press.pages() == ["/c.html", "/c.html", "/b.html", "/a.html"]


async def test_a_closed_site_is_not_asked_again(kit: ShortFeed, press: Press) -> None:
    press.robots = "User-agent: *\nDisallow: /"
    await kit.look()
    await kit.complete()
    assert press.pages() == []
    assert await kit.count("page WHERE due_at IS NOT NULL") == 0


async def test_of_a_long_feed_the_newest_hundred_are_read(kit: ShortFeed, press: Press) -> None:
    press.site.items = [press.item(f"n{n}", published=NOON - n * 60) for n in range(130)]
    await kit.look()
    assert await kit.count("page") == 100
    assert await kit.count("page WHERE link LIKE '%/n0.html'") == 1


async def test_an_undated_article_keeps_its_place_when_it_is_completed(
    kit: ShortFeed, press: Press
) -> None:
    press.site.items = [press.item("b", published=None), press.item("a", published=None)]
    await kit.look()
    before = [one.id for one in await kit.newest()]
    kit.clock.pass_(3600)
    await kit.complete()
    assert [one.id for one in await kit.newest()] == before


async def test_the_loop_reads_what_becomes_due(kit: ShortFeed, press: Press) -> None:
    running = asyncio.create_task(kit.poller.run())
    try:
        async with asyncio.timeout(60):
            while await kit.count("article WHERE picture <> ''") < 3:  # noqa: ASYNC110 - no event
                await asyncio.sleep(0.01)
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
    assert press.most_at_once == 1


@given(st.builds(
    Story, key=st.just(""), headline=st.text(), lead=st.text(), body=st.text(), link=st.text(),
    picture=st.none() | st.builds(Picture, st.text(), st.text(), st.text()),
    topics=st.lists(st.text()).map(tuple), linked=st.lists(st.text()).map(tuple),
    published=st.none() | st.integers(0, 2**40),
))  # fmt: skip
def test_what_the_feed_told_is_kept_as_it_was(story: Story) -> None:
    assert due_pages._from_json(due_pages._as_json(story)) == story


async def test_a_page_that_kills_the_program_does_not_kill_it_at_every_start(
    tmp_path: Path, kit: ShortFeed, press: Press
) -> None:
    """The attempt is on the disk before the page is asked for."""
    await kit.look()
    press.slow.add("/c.html")
    walking = asyncio.create_task(kit.complete())
    await press.arrived["/c.html"].wait()
    other = await open_database(f"sqlite:///{tmp_path / 'kabar.db'}")
    async with other.reading() as cx:
        due = await cx.value("SELECT due_at FROM page WHERE attempts = 1")
    await other.close()
    assert due == kit.clock.now + 60
    press.hold.set()
    await walking
