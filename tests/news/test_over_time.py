"""Articles over time, over real HTTP: each posted once, nothing old, corrections reach posts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from urllib.parse import urlsplit

import pytest

from storage import articles
from tests.conftest import NOON
from tests.news.conftest import DAY, HOUR, piece
from tests.support.feed_site import Item, Site, open_site
from tests.support.looks import Looks

SALAT = (
    "Berikut waktu salat untuk Medan dan sekitarnya yang dihitung Kementerian Agama untuk hari ini,"
    " dan berlaku pula di Binjai serta Deli Serdang bagian utara menurut edaran yang sama setiap"
    " harinya. "
)


async def test_where_nothing_names_a_source_the_feeds_host_does(looks: Looks, site: Site) -> None:
    told = "<title>Banjir</title><description>Air naik sejak pagi.</description>"
    site.raw = f"<rss><channel><item>{told}</item></channel></rss>".encode()
    await looks.follow(site.feed)
    await looks.look()
    (row,) = await looks.rows("SELECT id FROM article")
    async with looks.db.reading() as cx:
        article = await articles.get(cx, row["id"])
    assert article is not None
    assert article.feed_title == urlsplit(site.feed).hostname


# --- nothing is lost ------------------------------------------------------------------------------


async def test_a_piece_that_recurs_is_news_each_time(known: Looks, site: Site) -> None:
    for day in range(3):
        site.items.insert(
            0,
            piece(
                f"salat-{day}",
                hours=24 * day,
                title="Jadwal Salat Kota Medan Hari Ini",
                body=f"{SALAT}Subuh pukul 05.0{day}.",
            ),
        )
        await known.look()
        known.clock.pass_(DAY - 60)
    assert await known.posted() == ["Jadwal Salat Kota Medan Hari Ini"] * 3
    assert await known.edits() == 0


async def test_a_piece_that_recurs_in_a_short_feed_is_news_too(known: Looks, site: Site) -> None:
    """Yesterday's edition leaves the list as today's comes."""
    for day in range(3):
        site.items = [
            piece(f"emas-{day}-{n}", hours=24 * day - n, title=f"Harga {what} hari ini", body=SALAT)
            for n, what in enumerate(("emas", "perak"))
        ]
        await known.look()
        known.clock.pass_(DAY - 60)
    assert len(await known.posted()) == 6


async def test_two_editions_of_one_day_are_two(known: Looks, site: Site) -> None:
    for hour in (1, 7):
        site.items.insert(
            0,
            piece(f"gempa-{hour}", hours=hour, title="Gempa terkini", body=f"{SALAT}Pukul {hour}."),
        )
        known.clock.now = NOON + hour * HOUR
        await known.look()
    assert await known.posted() == ["Gempa terkini"] * 2


@pytest.mark.parametrize("second_first", [True, False])
async def test_a_feed_that_is_added_silences_no_news(
    looks: Looks, site: Site, second_first: bool
) -> None:
    """The program was down while something was published; another feed was added that has it."""
    async with open_site(piece("pasar", hours=-3)) as other:
        await looks.follow(site.feed)
        await looks.look()
        fresh = piece("banjir", hours=1)
        site.items.insert(0, fresh)
        other.items.insert(0, replace(fresh, link=fresh.link + "?utm_source=rubrik"))
        looks.clock.pass_(2 * HOUR)
        if second_first:  # it is looked at before the one that has it as news
            async with looks.db.transaction() as tx:
                await tx.run("UPDATE feed SET active = 0")
            await looks.follow(other.feed)
            await looks.look()
        await looks.follow(site.feed, other.feed)
        looks.restart()
        await looks.look(3)
        assert await looks.posted() == ["Kabar banjir dari kota"]
        assert len(await looks.kept()) == 4


async def test_what_slid_in_elsewhere_is_news_where_it_is_new(known: Looks, site: Site) -> None:
    async with open_site(piece("pasar", hours=-3), piece("taman", hours=-30)) as other:
        await known.follow(site.feed, other.feed)
        await known.look()
        late = piece("arsip", hours=-40)
        other.items = [piece("pasar", hours=-3), late]  # slid in from below
        await known.look()
        assert await known.posted() == []
        site.items.insert(0, late)
        await known.look(2)
        assert await known.posted() == ["Kabar arsip dari kota"]


async def test_news_of_two_feeds_at_once_is_posted_once(looks: Looks, site: Site) -> None:
    async with open_site(piece("lain", hours=-4)) as other:
        await looks.follow(site.feed, other.feed)
        await looks.look()
        for number in range(5):
            fresh = piece(f"baru-{number}", hours=1 + number)
            site.items.insert(0, fresh)
            other.items.insert(0, replace(fresh, guid=f"{number + 700_000}", published=None))
            looks.clock.pass_(HOUR)
            await looks.look()
        assert await looks.posted() == [f"Kabar baru-{n} dari kota" for n in range(5)]
        assert await looks.edits() == 0


@pytest.mark.parametrize("published", [NOON - 400 * DAY, None])
async def test_an_entry_at_the_head_is_news_whatever_its_date(
    known: Looks, site: Site, published: int | None
) -> None:
    site.items.insert(0, piece("arsip", published=published))
    await known.look()
    assert await known.posted() == ["Kabar arsip dari kota"]


async def test_what_slides_in_without_a_date_is_not_posted(looks: Looks, site: Site) -> None:
    for one in site.items:
        one.published = None
    await looks.follow(site.feed)
    await looks.look()
    site.items = [*site.items[1:], piece("lama", published=None)]
    await looks.look()
    assert await looks.posted() == []
    site.items.insert(0, piece("baru", published=None))
    await looks.look()
    assert await looks.posted() == ["Kabar baru dari kota"]


async def test_a_window_that_grows_brings_nothing_old(known: Looks, site: Site) -> None:
    """Also where an old piece is pinned to its head."""
    site.items.insert(0, piece("tentang-kami", hours=-9000))
    await known.look()
    site.items += [piece(f"lama-{n}", hours=-6 - n) for n in range(10)]
    await known.look()
    assert await known.posted() == ["Kabar tentang-kami dari kota"]


async def test_a_feed_that_lists_the_newest_last(looks: Looks, site: Site) -> None:
    """Without dates the numbers in its links tell the direction."""
    number = 4711

    def numbered(n: int) -> Item:
        return piece(f"berita-{n}", published=None, guid="", link=f"https://p.example/baca/{n}")

    site.items = [numbered(number + n) for n in range(4)]
    await looks.follow(site.feed)
    await looks.look()
    site.items = [*site.items[1:], numbered(number + 4)]
    await looks.look()
    assert await looks.posted() == [f"Kabar berita-{number + 4} dari kota"]
    site.items.insert(0, numbered(number - 1))
    await looks.look()
    assert len(await looks.posted()) == 1


async def test_live_coverage_under_one_link(known: Looks, site: Site) -> None:
    link = "https://paper.example/langsung/pemilu"
    for n in range(4):
        site.items.insert(
            0,
            piece(
                f"menit-{n}",
                link=link,
                hours=1 + n / 4,
                title=f"Hitung cepat putaran {n} di kota besar",
                body=f"Pada pembaruan {n} panitia di {n * 7} kecamatan melaporkan hasil sementara.",
            ),
        )
        if n % 2:  # the list carries the last part alone
            del site.items[1]
        known.clock.pass_(900)
        await known.look()
    assert await known.posted() == [f"Hitung cepat putaran {n} di kota besar" for n in range(4)]


async def test_a_server_that_always_says_304_is_doubted(looks: Looks, site: Site) -> None:
    site.items = [piece(f"n{n}", hours=-n / 4) for n in range(8)]
    site.frozen = True
    await looks.follow(site.feed)
    await looks.look(2)
    assert site.answered == [200, 304]
    site.items.insert(0, piece("baru", hours=0.1))
    for _ in range(70):
        await looks.look()
    assert await looks.posted() == ["Kabar baru dari kota"]
    assert site.answered.count(200) <= 4


async def test_a_quiet_feed_is_doubted_once_a_day(looks: Looks, site: Site) -> None:
    site.items, site.frozen = [piece("satu", hours=-1), piece("dua", hours=-2)], True
    await looks.follow(site.feed)
    await looks.look()
    site.items.insert(0, piece("baru"))
    for _ in range(24):
        looks.clock.pass_(HOUR - 60)
        await looks.look()
    looks.clock.pass_(HOUR)
    await looks.look()
    assert await looks.posted() == ["Kabar baru dari kota"]
    assert site.answered.count(200) == 2


async def test_a_look_that_brings_nothing_is_no_first_look(looks: Looks, site: Site) -> None:
    items, site.items = site.items, []
    await looks.follow(site.feed)
    await looks.look(2)
    site.items = [piece("baru", hours=0.02), *items]
    await looks.look(2)
    assert await looks.posted() == ["Kabar baru dari kota"]
    assert len(await looks.kept()) == 4


async def test_a_first_look_that_failed_makes_later_entries_news(looks: Looks, site: Site) -> None:
    site.status = 503
    await looks.follow(site.feed)
    await looks.look()
    site.status = 200
    site.items.insert(0, piece("baru", hours=0.5))
    looks.clock.pass_(HOUR)
    await looks.look()
    assert await looks.posted() == ["Kabar baru dari kota"]


# --- nothing comes twice --------------------------------------------------------------------------


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
    """Entries with headlines only, of a system that makes its addresses anew."""
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


# --- corrections reach posts ----------------------------------------------------------------------

SCHEMES: dict[str, Callable[[str, str], tuple[str, str | None]]] = {
    "guid is the link": lambda name, title: (f"https://paper.example/{name}", None),
    "no guid": lambda name, title: (f"https://paper.example/{name}", ""),
    "five digits": lambda name, title: (f"https://paper.example/{name}", "48213"),
    "hash of the headline": lambda name, title: (
        "https://paper.example/baca/7",
        f"{abs(hash(title)):016x}",
    ),
    "hash of headline and slug": lambda name, title: (
        f"https://paper.example/{name}",
        f"{abs(hash(title + name)):016x}",
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
        other.items.insert(0, piece("banjir", hours=1, title="Kilas: Kabar banjir dari kota"))
        await known.look(2)
        assert await known.edits() == 0
        assert len(await known.posted()) == 1


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
