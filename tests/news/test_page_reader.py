"""Reading articles' pages over real HTTP: politely, once, and never in the way of news."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from aiohttp import web

from bot.core.model import Story
from bot.fetch import Fetcher
from bot.news.page_reader import Pages
from storage.due_pages import Validators
from tests.conftest import Clock
from tests.support.article_site import Press, open_press


@pytest.fixture
async def press() -> AsyncIterator[Press]:
    async with open_press() as opened:
        yield opened


@pytest.fixture
def patience() -> float:
    """Seconds that news waits for its pages."""
    return 100.0


@pytest.fixture
async def pages(clock: Clock, patience: float) -> AsyncIterator[Pages]:
    async with Fetcher(allow_private=True) as fetcher:
        yield Pages(fetcher, clock=clock, patience=patience)


async def told(pages: Pages, *stories: Story) -> set[str]:
    """The keys of the stories whose page said something."""
    found = await pages.at_once(stories)
    return {key for key, reading in found.items() if reading.story is not None}


async def test_a_page_gives_what_the_feed_lacked(press: Press, pages: Pages) -> None:
    found = await pages.at_once([press.story("a")])
    story = found["a"].story
    assert story is not None
    assert story.picture is not None
    assert story.picture.address == f"{press.address}/gambar/sungai.jpg"
    assert "Warga bergotong royong" in story.lead
    assert found["a"].validators.etag


async def test_a_page_that_was_read_is_asked_whether_it_changed(press: Press, pages: Pages) -> None:
    link = press.story("a").link
    first = await pages.read(link)
    again = await pages.read(link, first.validators)
    assert press.conditions["/a.html"] == first.validators.etag
    assert (again.story, again.unchanged, again.again_in) == (None, True, None)
    assert again.validators == first.validators
    press.text += "Diperbarui."
    assert (await pages.read(link, first.validators)).story is not None


async def test_validators_of_another_address_are_not_used(press: Press, pages: Pages) -> None:
    first = await pages.read(press.story("a").link)
    stale = Validators(press.story("old").link, first.validators.etag)
    assert (await pages.read(press.story("a").link, stale)).story is not None


# --- the site's rules -----------------------------------------------------------------------------


async def test_robots_are_obeyed_and_asked_once(press: Press, pages: Pages) -> None:
    press.robots = "User-agent: *\nDisallow: /*b.html$"
    found = await pages.at_once([press.story("a"), press.story("b")])
    assert found["a"].story is not None
    assert (found["b"].story, found["b"].again_in) == (None, None)
    assert press.asked.count("/robots.txt") == 1
    assert press.pages() == ["/a.html"]


async def test_we_are_named(press: Press, pages: Pages) -> None:
    press.robots = "User-agent: Kabar\nDisallow: /\n\nUser-agent: *\nAllow: /"
    assert not await told(pages, press.story("a"))
    assert press.pages() == []


async def test_rules_are_read_anew_after_a_day(press: Press, pages: Pages, clock: Clock) -> None:
    press.robots = "User-agent: *\nDisallow: /"
    assert not await told(pages, press.story("a"))
    press.robots = None
    clock.pass_(86_401)
    assert await told(pages, press.story("a"))


@pytest.mark.parametrize("status", [401, 403, 404, 410])
async def test_a_site_that_keeps_its_rules_to_itself_has_none(
    press: Press, pages: Pages, status: int
) -> None:
    press.robots_status = status
    assert await told(pages, press.story("a"))


@pytest.mark.parametrize("status", [429, 500, 503])
async def test_a_site_whose_rules_cannot_be_had_is_left_alone(
    press: Press, pages: Pages, clock: Clock, status: int
) -> None:
    press.robots_status = status
    for name in "ab":
        reading = (await pages.at_once([press.story(name)]))[name]
        assert (reading.story, reading.again_in, reading.site) == (None, 600, True)
    assert press.asked == ["/robots.txt"]
    press.robots_status = 404
    clock.pass_(600)
    assert await told(pages, press.story("c"))


async def test_the_time_that_a_site_asks_for_lies_between_two_pages(
    press: Press, pages: Pages
) -> None:
    press.robots = "User-agent: *\nCrawl-delay: 0.2"
    assert await told(pages, press.story("a"), press.story("b")) == {"a", "b"}
    assert abs(press.moments["/b.html"] - press.moments["/a.html"]) >= 0.19


# --- its patience ---------------------------------------------------------------------------------


async def test_one_page_at_a_time(press: Press, pages: Pages) -> None:
    assert len(await told(pages, *map(press.story, "abcd"))) == 4
    assert press.most_at_once == 1


@pytest.mark.parametrize(
    ("status", "retry_after", "rest"),
    [(429, "90", 90), (503, "7", 7), (429, "", 600), (500, "", 600), (403, "30", 30)],
)
async def test_a_site_that_wants_a_rest_gets_it(
    press: Press, pages: Pages, clock: Clock, *, status: int, retry_after: str, rest: int
) -> None:
    headers = {"Retry-After": retry_after} if retry_after else {}
    press.answers["/a.html"] = web.Response(status=status, headers=headers)
    first = await pages.read(press.story("a").link)
    assert (first.again_in, first.site) == (rest, True)
    clock.pass_(rest - 1)
    assert (await pages.read(press.story("b").link)).again_in == 1
    assert press.pages() == ["/a.html"]
    clock.pass_(1)
    assert (await pages.read(press.story("b").link)).story is not None


async def test_a_page_that_is_not_there_says_nothing_of_others(press: Press, pages: Pages) -> None:
    press.answers["/a.html"] = web.Response(status=404)
    reading = await pages.read(press.story("a").link)
    assert (reading.story, reading.again_in, reading.site) == (None, 0, False)
    assert await told(pages, press.story("b"))


async def test_what_is_no_page_is_not_asked_for_again(press: Press, pages: Pages) -> None:
    press.answers["/a.html"] = web.Response(body=b"%PDF-1.7", content_type="application/pdf")
    press.answers["/b.html"] = web.Response(body=b"<p>" + b"x" * 4_000_000)
    for name in "ab":
        reading = await pages.read(press.story(name).link)
        assert (reading.story, reading.again_in) == (None, None)
    assert await told(pages, press.story("c"))


@pytest.mark.parametrize("patience", [0.05])
async def test_a_slow_site_does_not_hold_news_back(press: Press, pages: Pages) -> None:
    press.slow.add("/a.html")
    assert await pages.at_once([press.story("a")]) == {}
    asked = len(press.asked)
    assert await pages.at_once([press.story("b")]) == {}
    assert len(press.asked) == asked
    press.hold.set()
    assert (await pages.read(press.story("a").link)).story is not None


@pytest.mark.parametrize("patience", [0.2])
async def test_many_pages_do_not_make_a_site_slow(press: Press, pages: Pages) -> None:
    press.slow.add("/b.html")
    assert await told(pages, press.story("a"), press.story("b"), press.story("c")) == {"a"}
    press.slow.clear()
    assert await told(pages, press.story("c")) == {"c"}


async def test_nobody_listens(pages: Pages) -> None:
    story = Story(key="x", headline="x", link="http://127.0.0.1:1/x.html")
    assert (await pages.at_once([story]))["x"].site


async def test_a_page_cannot_lead_into_a_private_network(press: Press, clock: Clock) -> None:
    async with Fetcher() as careful:
        reading = await Pages(careful, clock=clock).read(press.story("a").link)
    assert reading.story is None
    assert press.asked == []
