"""Articles over time, over real HTTP: news is posted, and nothing old is."""

from __future__ import annotations

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


@pytest.mark.parametrize(
    "body", ["Berikut jadwal salat untuk Jakarta dan sekitarnya hari ini.", ""]
)
async def test_a_piece_that_recurs_under_one_address(known: Looks, site: Site, body: str) -> None:
    """Yesterday's stays in the feed beside it, under its own guid and date."""
    for day in range(3):
        known.clock.pass_(DAY)
        one = piece("salat", title="Jadwal salat Jakarta hari ini", body=body, hours=24 * day)
        site.items.insert(0, replace(one, guid=f"tag:paper.example,2023:salat-{day}"))
        await known.look()
    assert await known.posted() == ["Jadwal salat Jakarta hari ini"] * 3
    assert await known.edits() == 0


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


async def test_the_next_article_of_a_feed_of_one_entry(looks: Looks, site: Site) -> None:
    """Without a date and a neighbour, likeness alone makes no correction of it."""
    gold = "Harga emas Antam hari ini {} menjadi Rp{} per gram, kata petugas gerai di Jakarta."
    for n, (how, price) in enumerate((("naik", "1.000"), ("turun", "990"), ("naik", "1.010"))):
        title = f"Harga emas Antam hari ini {how} ke Rp{price}"
        site.items = [piece(f"emas-{n}", title=title, body=gold.format(how, price), published=None)]
        if n == 0:
            await looks.follow(site.feed)
        await looks.look(2)
    assert len(await looks.kept()) == 3
    assert len(await looks.posted()) == 2
    assert await looks.edits() == 0


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


async def test_nothing_changed_is_no_answer_to_who_asked_for_everything(
    looks: Looks, site: Site
) -> None:
    site.status = 304
    await looks.follow(site.feed)
    await looks.look()
    (row,) = await looks.rows("SELECT trouble FROM feed")
    assert row["trouble"] == f"{site.feed} answers 304 Not Modified."
    site.status = 200
    looks.clock.pass_(HOUR)
    await looks.look()
    assert len(await looks.kept()) == 3


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
