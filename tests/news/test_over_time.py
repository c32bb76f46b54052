"""Articles over time, over real HTTP: each posted once, nothing old, edits for what changed."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import pytest

from bot.core.comments.lifecycle import Actor
from bot.core.model import TelegramId
from bot.editorial.editing import Editing
from storage import Database, articles, measures, numbers
from tests.conftest import NOON, Clock
from tests.support.feed_site import Item, Site, open_site
from tests.support.looks import Looks, looking

HOUR = 3600
DAY = 86_400
SALAT = (
    "Berikut waktu salat untuk Medan dan sekitarnya yang dihitung Kementerian Agama untuk hari ini,"
    " dan berlaku pula di Binjai serta Deli Serdang bagian utara menurut edaran yang sama setiap"
    " harinya. "
)


def piece(name: str, *, hours: float = 0, **more: object) -> Item:
    """An article with words of its own; `hours` after noon."""
    values: dict[str, object] = {
        "title": f"Kabar {name} dari kota",
        "link": f"https://paper.example/2023/08/{name}.html",
        "guid": f"tag:paper.example,2023:{name}",
        "body": f"Jakarta - Warga membicarakan {name} sejak pagi, dan pemerintah kota berjanji "
        f"membahas {name} dalam rapat pekan depan.",
        "published": NOON + int(hours * HOUR),
    }
    return Item(**(values | more))  # type: ignore[arg-type]


@pytest.fixture
async def looks(db: Database, clock: Clock) -> AsyncIterator[Looks]:
    async with looking(db, clock) as opened:
        yield opened


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    async with open_site(
        piece("jalan", hours=-1), piece("pasar", hours=-3), piece("sungai", hours=-5)
    ) as opened:
        opened.validators = False
        yield opened


@pytest.fixture
async def known(looks: Looks, site: Site) -> Looks:
    """A feed that was looked at once."""
    await looks.follow(site.feed)
    await looks.look()
    return looks


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


# --- no storms of edits ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    "parameter",
    [
        "sid={0:x}9f", "PHPSESSID={0}", "nocache={0}", "_={0}", "tiket={0}", "x={0:x}",
        "CFTOKEN={0}", "_wpnonce={0:x}",
    ],
)  # fmt: skip
@pytest.mark.parametrize("guid", ["", "link", "tag:paper.example,2023:{name}"])
async def test_a_link_with_a_number_of_its_own_at_each_look(
    looks: Looks, site: Site, parameter: str, guid: str
) -> None:
    names = ("jalan", "pasar", "sungai")
    await looks.follow(site.feed)
    for look in range(5):
        for name, one in zip(names, site.items[-3:], strict=True):
            number = 1_693_000_000 + look * 7919 + len(name)
            one.link = f"https://paper.example/baca/{name}?{parameter.format(number)}"
            one.guid = one.link if guid == "link" else guid.format(name=name)
        if look == 2:
            site.items.insert(0, piece("baru", hours=1))
        await looks.look()
    assert await looks.posted() == ["Kabar baru dari kota"]
    assert await looks.edits() == 0


@pytest.mark.parametrize(
    "text",
    [
        "Dibaca: {0} kali. {1}",
        "{1} (Visited {0} times, 3 visits today)",
        "{1} Diperbarui pukul 14.{0} WIB.",
        "{1} | {0} views",
    ],
)
async def test_counters_edit_nothing_and_are_not_shown(known: Looks, site: Site, text: str) -> None:
    first = piece("banjir", hours=1)
    for number in range(12, 17):
        site.items = [one for one in site.items if one.guid != first.guid]
        site.items.insert(0, replace(first, body=text.format(number, first.body)))
        site.items[0].title = f"{first.title} ({number})" if number % 2 else first.title
        await known.look()
    assert await known.edits() == 0
    (row,) = await known.rows("SELECT lead FROM article WHERE headline LIKE '%banjir%'")
    assert row["lead"] == first.body


def atom(*entries: tuple[str, int]) -> bytes:
    """An Atom feed of headlines, each changed a minute later than the one before."""
    told = "".join(
        f"<entry><id>tag:paper.example,2023:{n}</id><title>{title}</title>"
        f"<link href='https://paper.example/{n}'/><published>2023-08-31T0{n}:00:00Z</published>"
        f"<updated>2023-08-31T0{n}:{minute:02}:00Z</updated></entry>"
        for n, (title, minute) in enumerate(entries, 1)
    )
    return f"<feed xmlns='http://www.w3.org/2005/Atom'><title>K</title>{told}</feed>".encode()


async def test_two_copies_of_a_feed_in_turn_edit_once(looks: Looks, site: Site) -> None:
    old = atom(("Wali kota mundur", 0), ("Pasar dibuka", 0))
    new = atom(("Wali kota membantah mundur", 9), ("Pasar dibuka", 0))
    site.raw = old
    await looks.follow(site.feed)
    await looks.look()
    for copy in (new, old, new, old, old, new):
        site.raw = copy
        await looks.look()
    assert "Wali kota membantah mundur" in await looks.kept()
    assert await looks.edits() == 1


async def test_two_copies_without_times_edit_once(known: Looks, site: Site) -> None:
    site.items.insert(0, piece("banjir", hours=1))
    await known.look()
    for look in range(9):
        site.items[0].title = f"Kabar banjir {'' if look % 2 else 'besar '}dari kota"
        await known.look()
    assert await known.edits() == 1


async def test_an_article_without_rest_waits_for_a_calm_hour(known: Looks, site: Site) -> None:
    site.items.insert(0, piece("banjir", hours=1))
    await known.look()
    for look in range(8):
        site.items[0].title = f"Kabar banjir dari kota, korban {look} orang"
        await known.look()
    assert await known.edits() == 3
    for _ in range(58):
        await known.look()
    assert await known.edits() == 3
    await known.look(4)
    assert await known.edits() == 4
    assert await known.posted() == ["Kabar banjir dari kota, korban 7 orang"]
    for look in range(2):
        site.items[0].title = f"Kabar banjir dari kota, {look} orang hilang"
        await known.look()
    assert await known.edits() == 6


async def test_an_editors_word_on_an_article_without_rest_is_said_at_once(
    known: Looks, site: Site
) -> None:
    site.items.insert(0, piece("banjir", hours=1))
    await known.look()
    for look in range(8):
        site.items[0].title = f"Kabar banjir dari kota, korban {look} orang"
        await known.look()
    (row,) = await known.rows("SELECT id FROM article WHERE settle_at IS NOT NULL")
    async with known.db.reading() as cx:
        assert (await measures.measure(cx, now=known.clock.now)).restless == 1
        assert dict(await numbers.overview(cx))["articles restless"] == 1
    async with known.db.transaction() as tx:  # its edits so far have reached everybody
        await tx.run("UPDATE broadcast SET taken_at = :now", now=known.clock.now)
    editing = Editing(known.db, clock=known.clock, wake=lambda: None, zone=ZoneInfo("Asia/Jakarta"))
    await editing.put_words(row["id"], by=Actor(TelegramId(1), "Ayu"), headline="Banjir di kota")
    waiting = await known.rows("SELECT kind, article_id FROM broadcast WHERE taken_at IS NULL")
    assert [(one["kind"], one["article_id"]) for one in waiting] == [("edit", row["id"])]


async def test_a_picture_that_is_signed_anew_is_no_correction(known: Looks, site: Site) -> None:
    for look in range(4):
        site.items[0] = piece(
            "jalan",
            hours=-1,
            body=f'<img src="https://cdn.example/f/jalan.jpg?X-Amz-Date={look}&amp;'
            f'X-Amz-Signature=ab{look}"><p>Jakarta - Warga membicarakan jalan sejak pagi.</p>',
        )
        await known.look()
        if look == 0:
            before = await known.edits()
    assert await known.edits() == before


STANDING = "Ikuti terus kabar dari meja redaksi kami setiap hari di kanal ini."
PICTURE = '<img src="https://paper.example/logo-koran-kita-besar.jpg">'


@pytest.mark.parametrize("first", [True, False])
async def test_a_standing_line_that_comes_and_goes_with_the_window(
    looks: Looks, site: Site, *, first: bool
) -> None:
    """In so many entries that it is the paper's; as others come it is in too few, and back."""

    def told(n: int, *, standing: bool) -> Item:
        one = piece(f"hal-{50 - n}", hours=-n)
        text = f"<p>{one.body}</p>"
        line = f"<p>{STANDING}</p>"
        if standing:
            text = f"{PICTURE}{line}{text}" if first else f"{PICTURE}{text}{line}"
        return replace(one, body=text)

    site.items = [told(n, standing=n % 2 == 0) for n in range(8)]
    await looks.follow(site.feed)
    await looks.look()
    for n in range(1, 12):
        site.items = [told(-n, standing=False), *site.items][:12]
        await looks.look()
    for n in range(12, 20):
        site.items = [told(-n, standing=True), *site.items][:12]
        await looks.look()
    assert await looks.edits() == 0
    assert len(await looks.posted()) == 19
    site.items[0].body = site.items[0].body.replace("pagi", "malam")
    await looks.look()
    assert await looks.edits() == 1


@pytest.mark.parametrize("newsroom", ["its own", "another outlet's"])
async def test_a_line_that_says_what_was_wrong_is_marked_with_its_reason(
    known: Looks, site: Site, newsroom: str
) -> None:
    source = "" if newsroom == "its own" else "<p>Sumber : CNN Indonesia</p>"
    text = "".join(f"<p>Paragraf ke-{n} tentang gempa di {n * 3} desa Aceh.</p>" for n in range(9))
    site.items.insert(0, piece("gempa", body=f"{text}{source}"))
    await known.look()
    known.clock.pass_(HOUR)
    wrong = "<p>Ralat: jumlah korban 12, bukan 21.</p>"
    site.items[0] = replace(site.items[0], body=f"{text}{wrong}{source}")
    await known.look(3)
    rows = await known.rows("SELECT kind, reason FROM correction")
    assert [tuple(row) for row in rows] == [("corrected", "jumlah korban 12, bukan 21.")]
    assert [row["revision"] for row in await known.rows(_GEMPA)] == [2]  # edited once


_GEMPA = "SELECT revision FROM article WHERE headline LIKE '%gempa%'"
