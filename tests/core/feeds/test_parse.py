"""Feeds of every kind, written for these tests, and the real ones with what was seen in them."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.core.articles.likeness import content_key
from bot.core.errors import FeedError
from bot.core.feeds import parse as parser
from tests.support.feeds import ADDRESS, ATOM, KINDS, NOW, check, item, only, parse, rss
from tests.support.shared import SHARED, needs_shared

GOLDEN: dict[str, dict[str, Any]] = json.loads(
    (Path(__file__).parent / "data" / "feeds.json").read_text(encoding="utf-8")
)


# --- every kind -----------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
def test_one_entry_of_every_kind(kind: str) -> None:
    assert [story.headline for story in parse(KINDS[kind]).stories] == ["Satu"]


def test_atom_gives_all_it_says() -> None:
    parsed = parse(ATOM)
    story = only(parsed)
    assert parsed.title == "Kabar Kota"
    assert parsed.site == "https://paper.example/"
    assert parsed.hub == "https://hub.example/"
    assert parsed.itself
    assert parsed.next_page.endswith("start-index=26&max-results=25")
    assert story.headline == "Jalan & jembatan"
    assert story.link == "https://paper.example/2024/jalan.html"
    assert (story.published, story.updated) == (1_709_254_800, 1_709_258_400)
    assert (story.author, story.topics, story.language) == ("Sari", ("Kota",), "id")
    assert story.body == story.lead == "Jembatan baru dibuka."


def test_damaged_feeds_say_so_and_keep_what_follows_the_damage() -> None:
    parsed = parse(KINDS["unclosed markup"])
    assert parsed.notes
    assert only(parsed).link == "https://paper.example/1"
    assert only(parsed).body == "Isi\nlagi x"
    assert not parse(KINDS["rdf"]).notes


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-8-sig"])
def test_unicode_in_every_form(encoding: str) -> None:
    assert only(parse(rss("<item><title>Żółć</title></item>").encode(encoding))).headline == "Żółć"


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("windows-1251", "Россия"),
        ("koi8-r", "Россия"),
        ("big5", "苦勞網"),
        ("gb2312", "投资资讯"),
        ("shift_jis", "日本語"),
        ("euc-kr", "한국어"),
        ("tis-620", "ภาษาไทย"),
        ("iso-8859-9", "Türkçe"),
        ("windows-1255", "עברית"),
        ("iso-8859-1", "São Paulo"),
    ],
)
def test_legacy_charsets(encoding: str, text: str) -> None:
    body = f'<?xml version="1.0" encoding="{encoding}"?><rss><channel><item><title>{text}</title>'
    raw = (body + "</item></channel></rss>").encode(encoding)
    assert only(parse(raw)).headline == text


def test_charset_of_the_header_counts_when_the_text_names_none() -> None:
    raw = "<rss><channel><item><title>Россия</title></item></channel></rss>".encode("cp1251")
    story = only(parse(raw, content_type="text/xml; charset=windows-1251"))
    assert story.headline == "Россия"


def test_utf8_read_as_latin_is_mended() -> None:
    body = rss("<item><title>cafÃ© “x” Ã¼ber naïve</title></item>")
    assert only(parse(body)).headline == "café “x” über naïve"


# --- nothing to be had ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "it is empty"),
        (b"  \n ", "it is empty"),
        (b"<!DOCTYPE html><html><body>Hi</body></html>", "it is a web page"),
        (b"hello", "it is neither RSS nor Atom nor a JSON feed"),
        (b'{"a": 1}', "it is JSON, but no JSON feed"),
        (b'{"items": [', "it is JSON that breaks off"),
        (b"<rss><channel><title>Kabar", "it breaks off before the first entry"),
    ],
)
def test_a_clear_reason_when_there_is_nothing(body: bytes, reason: str) -> None:
    with pytest.raises(FeedError, match=reason) as raised:
        parse(body)
    assert str(raised.value).startswith(ADDRESS)
    assert str(raised.value).endswith(".")


def test_an_empty_feed_is_no_error() -> None:
    parsed = parse(rss(""))
    assert (parsed.title, parsed.stories) == ("Kabar Kota", ())


def test_an_entry_that_says_nothing_is_left_out_with_a_note() -> None:
    parsed = parse(rss("<item><title>Satu</title></item><item><guid></guid><ttl>1</ttl></item>"))
    assert len(parsed.stories) == 1
    assert parsed.notes == ("Left out, for they say nothing: 1 of 2 entries.",)


# --- pictures beside the text ---------------------------------------------------------------------

MEDIA = 'xmlns:media="http://search.yahoo.com/mrss/"'


def picture_of(inner: str) -> tuple[str, str, str]:
    story = only(parse(rss(f"<item><title>Satu</title>{inner}</item>", attributes=MEDIA)))
    assert story.picture is not None
    return story.picture.address, story.picture.caption, story.picture.credit


def test_the_largest_of_media_content_with_its_own_credit() -> None:
    assert picture_of(
        '<media:content url="https://i.example/140.jpg" width="140"><media:credit>A</media:credit>'
        '</media:content><media:content url="https://i.example/700.jpg" width="700">'
        "<media:description>Rapat di Jakarta.</media:description>"
        '<media:credit scheme="urn:ebu">Photograph: Budi/ANTARA</media:credit></media:content>'
    ) == ("https://i.example/700.jpg", "Rapat di Jakarta.", "Budi/ANTARA")


@pytest.mark.parametrize(
    "inner",
    [
        '<enclosure url="https://i.example/a.jpg" type="image/jpeg"/>',
        '<enclosure url="/a.jpg" length="1"/>',
        '<media:thumbnail url="https://i.example/a.jpg"/>',
        "<thumbnail>https://i.example/a.jpg</thumbnail>",
        "<StoryImage>https://i.example/a.jpg</StoryImage>",
        "<image><url>https://i.example/a.jpg</url></image>",
        '<media:group><media:content url="https://i.example/a.jpg" medium="image"/></media:group>',
    ],
)
def test_every_way_to_name_a_picture(inner: str) -> None:
    assert picture_of(inner)[0].endswith("/a.jpg")


def test_captions_and_credits_hold_no_markup() -> None:
    _, caption, credit = picture_of(
        '<media:content url="https://i.example/a.jpg" medium="image"><media:description>'
        "<![CDATA[<p>&#8216;Rapat&#8217;&#160;di <b>Medan</b></p>]]></media:description>"
        "<media:credit>Budi &amp;amp; Ani</media:credit></media:content>"
    )
    assert (caption, credit) == ("‘Rapat’ di Medan", "Budi & Ani")


def test_films_and_sounds_are_no_pictures() -> None:
    body = rss(
        '<item><title>Satu</title><enclosure url="https://i.example/a.mp3" type="audio/mpeg"/>'
        '<media:content url="https://i.example/a.mp4" medium="video"/></item>',
        attributes=MEDIA,
    )
    assert only(parse(body)).picture is None


def test_a_picture_of_every_entry_is_the_papers_ornament() -> None:
    mark = '<media:thumbnail url="https://i.example/tanda.png"/>'
    shown = parse(rss("".join(item(n, extra=mark) for n in range(5)), attributes=MEDIA)).stories
    assert [story.picture for story in shown] == [None] * 5


# --- what belongs to the paper and not to an article ----------------------------------------------

FOOT = "&lt;p&gt;Kabar Kota hadir setiap hari&lt;/p&gt;"


def test_lines_under_every_article_are_no_text() -> None:
    items = "".join(
        item(n, extra=f"<description>&lt;p&gt;Berita nomor {n}.&lt;/p&gt;{FOOT}</description>")
        for n in range(5)
    )
    told = [story.body for story in parse(rss(items)).stories]
    assert told == [f"Berita nomor {n}." for n in range(5)]


def test_what_all_entries_say_stays_when_they_say_nothing_else() -> None:
    items = "".join(item(n, extra=f"<description>{FOOT}</description>") for n in range(5))
    assert {story.lead for story in parse(rss(items)).stories} == {"Kabar Kota hadir setiap hari"}


def test_labels_in_lists() -> None:
    def topics(*labels: str) -> list[tuple[str, ...]]:
        items = (item(n, extra=f"<category>{one}</category>") for n, one in enumerate(labels))
        return [story.topics for story in parse(rss("".join(items))).stories]

    assert topics("Politik, Dunia", "Kota, Seni, Film") == [
        ("Politik", "Dunia"),
        ("Kota", "Seni", "Film"),
    ]
    assert topics("Trump, Donald J", "Kota") == [("Trump, Donald J",), ("Kota",)]


# --- paging ---------------------------------------------------------------------------------------


def test_blogger_rss_is_paged_by_its_counts() -> None:
    counts = (
        "<generator>Blogger</generator><openSearch:totalResults>60</openSearch:totalResults>"
        "<openSearch:startIndex>26</openSearch:startIndex><openSearch:itemsPerPage>25</openSearch:itemsPerPage>"
    )
    body = rss(
        item(1),
        head=counts,
        attributes='xmlns:openSearch="http://a9.com/-/spec/opensearchrss/1.0/"',
    )
    parsed = parse(body, address="https://p.example/feeds/posts/default?alt=rss&start-index=26")
    assert parsed.next_page == (
        "https://p.example/feeds/posts/default?alt=rss&start-index=51&max-results=25"
    )


# --- dates ----------------------------------------------------------------------------------------

JAKARTA = ZoneInfo("Asia/Jakarta")


def dates(*written: str, channel: str = "") -> list[str]:
    items = (item(n, extra=f"<pubDate>{one}</pubDate>") for n, one in enumerate(written))
    head = f"<lastBuildDate>{channel}</lastBuildDate>" if channel else ""
    stories = parse(rss("".join(items), head=head), zone=JAKARTA).stories
    assert all(story.published for story in stories)
    return [datetime.fromtimestamp(one.published or 0, UTC).strftime("%H:%M") for one in stories]


def test_dates_without_a_zone_are_of_the_newsrooms() -> None:
    assert dates("2023-08-31 09:58:00", "31 Agustus 2023 10.00") == ["02:58", "03:00"]


def test_unless_the_feed_shows_its_zone_elsewhere() -> None:
    assert dates("2023-08-31 09:58", "Thu, 31 Aug 2023 10:00:00 +0900") == ["00:58", "01:00"]
    assert dates("2023-08-31 09:58", channel="Thu, 31 Aug 2023 10:00:00 +0200") == ["07:58"]
    assert dates("2023-08-31 09:58", channel="31 Agustus 2023 10:00") == ["02:58"]
    assert dates("2023-08-31 09:58Z", channel="Thu, 31 Aug 2023 10:00:00 +0200") == ["09:58"]


@pytest.mark.parametrize("zone", ["GMT", "+0000", "UTC", "Z"])
def test_greenwich_in_the_feeds_own_date_shows_nothing(zone: str) -> None:
    """Libraries write it wherever they run; if an entry has it, somebody meant it."""
    assert dates("2023-08-31 09:58", channel=f"Thu, 31 Aug 2023 10:00:00 {zone}") == ["02:58"]
    assert dates("2023-08-31 09:58", f"31 Aug 2023 10:00 {zone}") == ["09:58", "10:00"]


def test_of_the_feeds_own_dates_the_one_with_another_zone_counts() -> None:
    head = (
        "<lastBuildDate>Thu, 31 Aug 2023 02:00:00 GMT</lastBuildDate>"
        "<pubDate>Thu, 31 Aug 2023 11:00:00 +0900</pubDate>"
    )
    body = rss(item(1, extra="<pubDate>2023-08-31 09:58</pubDate>"), head=head)
    assert only(parse(body, zone=JAKARTA)).published == 1_693_443_480


def test_an_undated_atom_feed_and_its_own_zone() -> None:
    body = ATOM.replace("08:00:00.000+07:00", "08:00:00").replace("09:00:00.000+07:00", "09:00:00")
    assert only(parse(body, zone=JAKARTA)).published == 1_709_254_800
    assert only(parse(body)).published == 1_709_280_000


def test_an_entry_dated_in_the_future_stays_the_same_entry() -> None:
    """Without guid and link its date identifies it, and that must not be the present moment."""
    body = rss(item(1, extra="<pubDate>Fri, 01 Jan 2100 00:00:00 GMT</pubDate>")).encode()
    first, later = (
        parser.parse(body, address=ADDRESS, now=NOW + wait).stories[0] for wait in (0, 60)
    )
    assert (first.published, later.published) == (NOW, NOW + 60)
    assert first.key == later.key
    assert content_key(first) == content_key(later)


# --- the real ones --------------------------------------------------------------------------------


@needs_shared
def test_the_first_publishers_article() -> None:
    parsed = parse((SHARED / "seed" / "feed.xml").read_bytes())
    story = only(parsed)
    assert story.headline == (
        "Benarkah Putin-Kim Jong Un Diam-diam Saling Surat Nego Beli Senjata?"
    )
    assert story.picture is not None
    assert story.picture.address.endswith("/s1600/putin-kim.jpg")
    assert story.picture.caption.endswith("pembelian senjata Pyongyang.")
    assert story.picture.credit == "AFP/ALEXEY NIKOLSKY"
    assert story.lead.startswith("Jakarta - Amerika Serikat menuding Rusia")
    assert 300 <= len(story.lead) <= 600
    assert story.lead.endswith(".")
    assert story.source == "CNN Indonesia"
    assert "Sumber" not in story.body
    assert (story.topics, story.author) == (("Internasional",), "Majalah Jurnalis")
    assert story.published == datetime.fromisoformat("2023-08-31T09:58+07:00").timestamp()
    assert parsed.hub == "http://pubsubhubbub.appspot.com/"


@needs_shared
@pytest.mark.parametrize("name", GOLDEN)
def test_what_was_seen_in_real_feeds(name: str) -> None:
    """Names, addresses and credits were compared with each feed's own markup by eye."""
    wanted = dict(GOLDEN[name])
    body = (SHARED / "feeds" / name).read_bytes()
    if "fails" in wanted:
        with pytest.raises(FeedError) as raised:
            parse(body)
        assert str(raised.value).endswith(wanted["fails"])
        return
    parsed = parse(body)
    assert len({story.key for story in parsed.stories}) == len(parsed.stories)
    for story in parsed.stories:
        check(story, name)
    got: dict[str, Any] = {
        "entries": len(parsed.stories),
        "pictures": sum(story.picture is not None for story in parsed.stories),
        "next": parsed.next_page,
    }
    if parsed.stories:
        first = parsed.stories[0]
        shot = first.picture
        got |= {
            "headline": first.headline[:70],
            "picture": shot.address if shot else "",
            "caption": shot.caption[:60] if shot else "",
            "credit": shot.credit if shot else "",
            "source": first.source,
            "author": first.author,
        }
    assert {name: value for name, value in got.items() if value or name in wanted} == wanted
