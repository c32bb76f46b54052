"""Articles over time, over real HTTP: corrections reach posts, whoever brings them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256

import pytest

from tests.conftest import NOON
from tests.news.conftest import piece
from tests.support.feed_site import Item, Site, open_site
from tests.support.looks import Looks


def digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()[:16]


SCHEMES: dict[str, Callable[[str, str], tuple[str, str | None]]] = {
    "guid is the link": lambda name, title: (f"https://paper.example/{name}", None),
    "no guid": lambda name, title: (f"https://paper.example/{name}", ""),
    "five digits": lambda name, title: (f"https://paper.example/{name}", "48213"),
    "hash of the headline": lambda name, title: (
        "https://paper.example/baca/7",
        digest(title),
    ),
    "hash of headline and slug": lambda name, title: (
        f"https://paper.example/{name}",
        digest(title + name),
    ),
    "Drupal": lambda name, title: (
        f"https://paper.example/{name}",
        "48213 at https://paper.example",
    ),
}


@pytest.mark.parametrize("dated", [True, False])
@pytest.mark.parametrize("scheme", SCHEMES)
async def test_headline_and_slug_change(known: Looks, site: Site, scheme: str, dated: bool) -> None:
    def told(name: str, title: str) -> Item:
        link, guid = SCHEMES[scheme](name, title)
        one = piece("gempa", title=title, link=link, guid=link if guid is None else guid)
        return replace(one, published=NOON + 77 if dated else None)

    site.items.insert(0, told("gempa-guncang-aceh", "Gempa guncang Aceh, satu orang luka"))
    await known.look()
    site.items[0] = told("gempa-guncang-nias", "Gempa guncang Nias, dua orang luka")
    await known.look(3)
    assert await known.posted() == ["Gempa guncang Nias, dua orang luka"]
    assert await known.edits() == 1
    assert len(await known.kept()) == 4


async def test_another_feed_brings_the_correction(known: Looks, site: Site) -> None:
    """It had the article before, or has it for the first time."""
    async with open_site(piece("taman", hours=-2)) as other:
        await known.follow(site.feed, other.feed)
        site.items.insert(0, piece("banjir", hours=1))
        await known.look()
        other.items.insert(0, piece("banjir", hours=1, title="Kabar banjir besar dari kota"))
        await known.look(2)
        assert await known.posted() == ["Kabar banjir besar dari kota"]
        assert await known.edits() == 1
        other.items[0].title = "Kabar banjir terbesar dari kota"
        other.items[0].body = other.items[0].body.replace("pagi", "malam")
        await known.look(2)
        assert await known.posted() == ["Kabar banjir terbesar dari kota"]
        (row,) = await known.rows("SELECT lead FROM article WHERE headline LIKE '%banjir%'")
        assert "malam" in row["lead"]
        assert await known.edits() == 2
        site.items[0].title = "Kabar banjir terbesar dari kota"  # it comes there too
        await known.look(2)
        assert await known.edits() == 2


async def test_another_feed_with_headlines_of_its_own_corrects_nothing(
    known: Looks, site: Site
) -> None:
    async with open_site() as other:
        other.items = [replace(one, title=f"Kilas: {one.title}") for one in site.items]
        await known.follow(site.feed, other.feed)
        await known.look(2)
        site.items.insert(0, piece("banjir", hours=1))
        await known.look()  # who brings an article first names it
        other.items.insert(0, piece("banjir", hours=1, title="Kilas: Kabar banjir dari kota"))
        await known.look(2)
        assert await known.edits() == 0
        assert len(await known.posted()) == 1


async def test_a_feed_that_words_each_headline_anew_corrects_the_first_at_most(
    known: Looks, site: Site
) -> None:
    """What it corrected once is no witness that it calls articles as the other feed does."""
    async with open_site(piece("taman", hours=-2)) as other:
        await known.follow(site.feed, other.feed)
        await known.look()
        for n, name in enumerate(("banjir", "pasar-baru", "sekolah", "gempa")):
            site.items.insert(0, piece(name, hours=n + 1))
            await known.look()
            other.items.insert(0, replace(site.items[0], title=f"Kilas kota soal {name}"))
            await known.look(2)
        assert len(await known.posted()) == 4
        assert await known.edits() <= 1


async def test_a_feed_that_lags_takes_no_correction_back(known: Looks, site: Site) -> None:
    async with open_site(piece("taman", hours=-2)) as other:
        await known.follow(site.feed, other.feed)
        site.items.insert(0, piece("banjir", hours=1))
        await known.look()
        site.items[0].title = "Kabar banjir besar dari kota"
        await known.look()
        other.items.insert(0, piece("banjir", hours=1))
        await known.look(2)
        assert await known.posted() == ["Kabar banjir besar dari kota"]
        assert await known.edits() == 1


async def test_a_correction_comes_after_the_feeds_address_changed(known: Looks, site: Site) -> None:
    site.items.insert(0, piece("banjir", hours=1))
    await known.look()
    async with open_site(*site.items) as other:
        other.items[0] = piece("banjir", hours=1, title="Kabar banjir besar dari kota")
        await known.follow(other.feed)
        known.restart()
        await known.look(2)
        assert await known.posted() == ["Kabar banjir besar dari kota"]
        other.items[0].body = "Jakarta - Ralat: warga membicarakan banjir sejak malam, bukan pagi."
        await known.look(2)
        assert await known.edits() == 2


async def test_a_correction_that_is_taken_back_reaches_posts_too(known: Looks, site: Site) -> None:
    site.items.insert(0, piece("banjir", hours=1))
    await known.look()
    for title in ("Kabar banjir besar dari kota", "Kabar banjir dari kota"):
        site.items[0].title = title
        await known.look(5)
    assert await known.posted() == ["Kabar banjir dari kota"]
    assert await known.edits() == 2
