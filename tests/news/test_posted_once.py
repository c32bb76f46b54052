"""Articles over time, over real HTTP: what we know comes back under other names and is posted
once."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.conftest import NOON
from tests.news.conftest import DAY, HOUR, piece
from tests.support.feed_site import Site
from tests.support.looks import Looks


def moved(site: Site, old: str, new: str) -> None:
    for one in site.items:
        one.link, one.guid = one.link.replace(old, new), one.guid.replace(old, new)


MOVES = {
    "no TLS": ("https://paper", "http://paper"),
    "www": ("https://paper", "https://www.paper"),
    "trailing slash": (".html", ".html/"),
    "another host": ("paper.example", "koran-baru.example"),
    "a host below": ("paper.example/2023", "berita.paper.example/2023"),
}


@pytest.mark.parametrize("short", [False, True])
@pytest.mark.parametrize("dated", [False, True])
@pytest.mark.parametrize("move", MOVES)
async def test_a_site_that_moves_posts_nothing_old(
    looks: Looks, site: Site, move: str, *, dated: bool, short: bool
) -> None:
    for one in site.items:
        one.guid = one.link
        one.published = one.published if dated else None
        one.body = "" if short else one.body
    await looks.follow(site.feed)
    await looks.look()
    moved(site, *MOVES[move])
    site.items.insert(0, piece("baru", hours=1, published=NOON + HOUR if dated else None))
    await looks.look(2)
    assert await looks.posted() == ["Kabar baru dari kota"]
    assert len(await looks.kept()) == 4


async def test_a_site_that_moves_and_dates_everything_anew(looks: Looks, site: Site) -> None:
    await looks.follow(site.feed)
    await looks.look()
    looks.clock.pass_(2 * DAY)
    moved(site, "paper.example", "koran-baru.example")
    for one in site.items:
        one.published = NOON + 2 * DAY
    await looks.look()
    assert await looks.posted() == []


@pytest.mark.parametrize("dates", ["none", "kept", "fetched"])
async def test_guids_and_links_that_are_new_at_each_look(
    looks: Looks, site: Site, dates: str
) -> None:
    """Entries with headlines only, from a system that changes its addresses."""
    await looks.follow(site.feed)
    for look in range(5):
        for n, one in enumerate(site.items):
            one.body = ""
            one.guid = f"7f3a{look:04}{n:04}{look * 7919:08x}"
            one.link = f"https://paper.example/go/{look * 1000 + n}-{look * 7919:x}"
            if dates != "kept":
                one.published = None if dates == "none" else looks.clock.now - n
        if look == 3:
            site.items.insert(0, piece("baru", body="", published=site.items[0].published))
        await looks.look()
    assert await looks.posted() == ["Kabar baru dari kota"]
    assert await looks.edits() <= 4  # each once


async def test_one_article_in_two_sections_is_one_post(known: Looks, site: Site) -> None:
    first = piece("banjir", hours=1)
    again = replace(
        first, guid="tag:paper.example,2023:kota-banjir", link="https://paper.example/kota/banjir"
    )
    site.items[:0] = [again, first]
    await known.look(2)
    assert await known.posted() == ["Kabar banjir dari kota"]
    assert await known.edits() == 0
    site.items[0].title = site.items[1].title = "Kabar banjir besar dari kota"
    await known.look()
    assert await known.posted() == ["Kabar banjir besar dari kota"]
    assert await known.edits() == 1


async def test_a_body_that_was_torn_gives_no_half_article(known: Looks, site: Site) -> None:
    site.items[:0] = [piece("kedua", hours=2), piece("pertama", hours=1)]
    whole = site.body()
    site.raw = whole[: whole.index(b"pertama") + 20]
    await known.look()
    site.raw = None
    await known.look(2)
    assert sorted(await known.posted()) == ["Kabar kedua dari kota", "Kabar pertama dari kota"]
    links = {row["link"] for row in await known.rows("SELECT link FROM article")}
    assert "" not in links
    assert len(await known.kept()) == 5


async def test_a_body_that_was_torn_in_its_first_entry_tells_nothing(
    known: Looks, site: Site
) -> None:
    """Its newest article would be posted without its text and its date, and edited afterwards."""
    site.items.insert(0, piece("banjir", hours=1))
    whole = site.body()
    for end in (b"<guid", b"<pubDate>Thu", b"<description>Jakarta - Warga mem"):
        site.raw = whole[: whole.index(end) + len(end)]
        await known.look()
    assert await known.posted() == []
    site.raw = None
    await known.look()
    assert await known.posted() == ["Kabar banjir dari kota"]
    assert await known.edits() == 0


async def test_a_feed_that_never_closes_its_list_keeps_its_last_entry(
    looks: Looks, site: Site
) -> None:
    site.raw = site.body().removesuffix(b"</channel></rss>")
    await looks.follow(site.feed)
    await looks.look()
    assert len(await looks.kept()) == 3


async def test_the_same_headline_and_date_is_the_same_article(known: Looks, site: Site) -> None:
    site.items[0] = replace(
        site.items[0],
        guid="tag:other:1",
        link="https://paper.example/x/9",
        body="Kata-kata lain sama sekali tentang hal yang sama, setelah disunting oleh redaksi.",
    )
    await known.look()
    assert await known.posted() == []
    assert len(await known.kept()) == 3
