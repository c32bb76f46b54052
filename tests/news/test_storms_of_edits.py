"""What changes at each poll without being a correction edits no post, over real HTTP."""

from __future__ import annotations

from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest

from bot.core.model import Actor, TelegramId
from bot.editorial.editing import Editing
from storage import measures, numbers
from tests.news.conftest import HOUR, piece
from tests.support.feed_site import Item, Site
from tests.support.looks import Looks


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


@pytest.mark.parametrize("stays", [True, False])
async def test_an_article_without_rest_says_later_what_was_wrong_in_it(
    known: Looks, site: Site, stays: bool
) -> None:
    site.items.insert(0, piece("banjir", hours=1))
    text = site.items[0].body
    await known.look()
    known.clock.pass_(HOUR)
    for look in range(4):
        site.items[0].title = f"Kabar banjir dari kota, korban {look} orang"
        await known.look()
    site.items[0].body = f"{text}<p>Ralat: jumlah korban 12, bukan 21.</p>"
    await known.look()
    site.items[0].title = "Kabar banjir dari kota, korban 12 orang"
    site.items[0].body = site.items[0].body if stays else text
    await known.look()
    assert not await known.rows(_CORRECTED)
    await known.look(62)
    reasons = [row["reason"] for row in await known.rows(_CORRECTED)]
    assert reasons == (["jumlah korban 12, bukan 21."] if stays else [])
    site.items[0].title = "Kabar banjir dari kota besar"
    await known.look()
    assert len(await known.rows(_CORRECTED)) == len(reasons)


_CORRECTED = "SELECT reason FROM correction WHERE kind = 'corrected'"


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
