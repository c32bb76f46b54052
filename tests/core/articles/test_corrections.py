"""What is a correction, what is the same story, what a page adds."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.core.articles.likeness import content_key, fingerprint
from bot.core.articles.merging import merge
from bot.core.model import Picture, Story

# --- corrections, likeness ------------------------------------------------------------------------

QUOTED = "Wali kota: 'Jembatan dibuka' - hari ini"
SHOWN = Story(
    key="1",
    headline="Jembatan dibuka",
    lead="Pemerintah membuka jembatan baru di kota Medan pada hari Rabu.",
    picture=Picture("https://1.bp.blogspot.com/x/s1600/a.jpg", "Jembatan.", "AFP"),
    source="ANTARA",
    link="https://p.example/1",
    updated=1,
)


def shot(name: str, caption: str = "Jembatan.", credit: str = "AFP") -> Story:
    return replace(SHOWN, picture=Picture(f"https://{name}", caption, credit))


COSMETIC_STORIES = {
    "updated": replace(SHOWN, updated=2, published=5, key="2", guid="x"),
    "white space": replace(SHOWN, lead=SHOWN.lead.replace(" ", "\u00a0 \n")),
    "body": replace(SHOWN, body="Lebih panjang", topics=("Kota",), author="Budi"),
    "https": replace(SHOWN, link=SHOWN.link.replace("https://", "http://")),
    "www": replace(SHOWN, link=SHOWN.link.replace("https://", "https://www.")),
    "trailing slash": replace(SHOWN, link=SHOWN.link + "/"),
    "size": shot("4.bp.blogspot.com/x/s320/a.jpg"),
    "comments": replace(SHOWN, lead=SHOWN.lead + " (3 komentar)"),
}
CORRECTED_STORIES = {
    "link": replace(SHOWN, link="https://p.example/1-baru"),
    "headline": replace(SHOWN, headline="Jembatan ditutup"),
    "capital": replace(SHOWN, headline="Jembatan Dibuka"),
    "lead": replace(SHOWN, lead=SHOWN.lead.replace("Rabu", "Kamis")),
    "picture": shot("1.bp.blogspot.com/x/s1600/b.jpg"),
    "no picture": replace(SHOWN, picture=None),
    "caption": shot("1.bp.blogspot.com/x/s1600/a.jpg", caption="Jalan."),
    "credit": shot("1.bp.blogspot.com/x/s1600/a.jpg", credit="AP"),
    "source": replace(SHOWN, source="Reuters"),
}


@pytest.mark.parametrize("change", COSMETIC_STORIES)
def test_cosmetic_changes_are_no_corrections(change: str) -> None:
    assert fingerprint(COSMETIC_STORIES[change]) == fingerprint(SHOWN)


@pytest.mark.parametrize("quoted", ["‘{}’ – ", "“{}” - ", '"{}" — '])
def test_quotation_marks_and_dashes_are_set_as_systems_like(quoted: str) -> None:
    written = f"Wali kota: {quoted.format('Jembatan dibuka')}hari ini"
    told = [replace(SHOWN, headline=one) for one in (QUOTED, written)]
    assert fingerprint(told[0]) == fingerprint(told[1])


@pytest.mark.parametrize("change", CORRECTED_STORIES)
def test_what_a_post_shows_is_corrected(change: str) -> None:
    assert fingerprint(CORRECTED_STORIES[change]) != fingerprint(SHOWN)


@pytest.mark.parametrize(
    ("address", "alike"),
    [
        ("https://p.example/a.jpg?v=2", True),
        ("https://p.example/a.jpg?width=640&s=abc", True),
        ("https://i0.wp.com/p.example/a.jpg?resize=640%2C480&ssl=1", True),
        ("https://i2.wp.com/q.example/a.jpg", False),
        ("https://p.example/a.jpg?id=7", False),
        ("https://p.example/b.jpg", False),
    ],
)
def test_a_pictures_signature_does_not_make_it_another(address: str, alike: bool) -> None:
    before = replace(SHOWN, picture=Picture("https://p.example/a.jpg"))
    after = replace(SHOWN, picture=Picture(address))
    assert (fingerprint(before) == fingerprint(after)) is alike


def test_the_same_story_in_two_feeds_has_one_content_key() -> None:
    other = replace(
        SHOWN, link="https://p.example/kanal/1", headline="JEMBATAN DIBUKA", topics=("B",)
    )
    assert content_key(other) == content_key(SHOWN)
    assert content_key(replace(SHOWN, lead="Lain " * 20)) != content_key(SHOWN)


def test_a_story_that_says_little_is_like_none_but_itself() -> None:
    short = replace(SHOWN, lead="")
    assert content_key(short) == content_key(replace(short, body="x"))
    assert content_key(short) != content_key(replace(short, link="https://p.example/2"))


def test_a_page_fills_what_the_feed_lacked() -> None:
    page = replace(
        SHOWN,
        headline="Lain | Kabar",
        lead="Lead halaman.",
        body="Isi halaman. " * 40,
        author="Budi",
    )
    feed = Story(key="1", headline="Jembatan", lead="Ringkas.", body="Ringkas.", published=7)
    merged = merge(feed, page)
    assert (merged.headline, merged.published, merged.key) == ("Jembatan", 7, "1")
    assert (merged.lead, merged.picture, merged.source, merged.author) == (
        "Lead halaman.", SHOWN.picture, "ANTARA", "Budi",
    )  # fmt: skip
    kept = merge(replace(SHOWN, body="Panjang. " * 100), replace(page, picture=None, source="X"))
    assert (kept.lead, kept.picture, kept.source) == (SHOWN.lead, SHOWN.picture, "ANTARA")


def test_a_page_without_a_text_gives_its_summary_to_an_entry_without_one() -> None:
    page = Story(key="", lead="Ringkasan halaman.", headline="Jembatan")
    assert merge(replace(SHOWN, lead="", body=""), page).lead == "Ringkasan halaman."
    assert merge(SHOWN, page).lead == SHOWN.lead


def test_a_page_names_the_maker_of_the_feeds_picture() -> None:
    bare = replace(SHOWN, picture=Picture("https://1.bp.blogspot.com/x/s640/a.jpg"))
    assert merge(bare, SHOWN).picture == Picture(
        "https://1.bp.blogspot.com/x/s640/a.jpg", "Jembatan.", "AFP"
    )


def test_a_page_has_a_larger_picture_than_the_feed() -> None:
    small = Picture("https://p.example/cache/100x80/a.jpg")
    large = Picture("https://p.example/share/b.jpg")
    story = replace(SHOWN, picture=small)
    assert merge(story, replace(SHOWN, picture=large)).picture == large
    kept = merge(replace(SHOWN, picture=large), replace(SHOWN, picture=small))
    assert kept.picture == large
    captioned = replace(SHOWN, picture=replace(small, caption="Rapat."))
    assert merge(captioned, replace(SHOWN, picture=large)).picture == captioned.picture
