"""Feeds of every kind, written for these tests, and the real ones with what was seen in them."""

from __future__ import annotations

import json
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from bot.core import feed
from bot.core.errors import FeedError
from bot.core.model import ParsedFeed, Story
from tests.shared import SHARED, needs_shared

NOW = 1_800_000_000
ADDRESS = "https://paper.example/feed"
GOLDEN: dict[str, dict[str, Any]] = json.loads(
    (Path(__file__).parent / "data" / "feeds.json").read_text(encoding="utf-8")
)


def parse(body: str | bytes, **more: Any) -> ParsedFeed:
    raw = body.encode() if isinstance(body, str) else body
    return feed.parse(raw, address=more.pop("address", ADDRESS), now=NOW, **more)


def rss(items: str, head: str = "", attributes: str = "") -> str:
    return (
        f'<?xml version="1.0"?><rss version="2.0" {attributes}><channel><title>Kabar Kota</title>'
        f"<link>https://paper.example/</link>{head}{items}</channel></rss>"
    )


def only(parsed: ParsedFeed) -> Story:
    (story,) = parsed.stories
    return story


# --- every kind -----------------------------------------------------------------------------------

ATOM = """<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="id"><title>Kabar Kota</title>
<link rel="self" href="https://www.blogger.com/feeds/1/posts/default"/>
<link rel="alternate" href="https://paper.example/"/>
<link rel="hub" href="https://hub.example/"/>
<link rel="next" href="https://www.blogger.com/feeds/1/posts/default?start-index=26&amp;max-results=25"/>
<entry><id>tag:blogger.com,1999:blog-1.post-2</id><title>Jalan &amp;amp; jembatan</title>
<link rel="replies" href="https://paper.example/feeds/2/comments/default"/>
<link rel="alternate" type="text/html" href="https://paper.example/2024/jalan.html?m=1"/>
<published>2024-03-01T08:00:00.000+07:00</published><updated>2024-03-01T09:00:00.000+07:00</updated>
<category scheme="http://www.blogger.com/atom/ns#" term="Kota"/>
<author><name>Sari</name><email>noreply@blogger.com</email></author>
<content type="html">&lt;p&gt;Jembatan baru dibuka.&lt;/p&gt;</content></entry></feed>"""

KINDS = {
    "rss 0.91": '<rss version="0.91"><channel><title>Kabar Kota</title><item><title>Satu</title>'
    "<link>https://paper.example/1</link></item></channel></rss>",
    "rss without version": "<rss><channel><item><title>Satu</title></item></channel></rss>",
    "rdf": '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"'
    ' xmlns="http://purl.org/rss/1.0/"><channel><title>Kabar Kota</title></channel>'
    '<item rdf:about="https://paper.example/1"><title>Satu</title></item></rdf:RDF>',
    "atom 0.3": '<feed version="0.3" xmlns="http://purl.org/atom/ns#"><title>Kabar Kota</title>'
    "<entry><title>Satu</title><id>tag:x,2005:1</id><issued>2005-01-01T00:00:00Z</issued>"
    '<content type="text/html" mode="escaped">&lt;p&gt;Isi.&lt;/p&gt;</content></entry></feed>',
    "prefixed": '<atom:feed xmlns:atom="http://www.w3.org/2005/Atom"><atom:title>Kabar</atom:title>'
    "<atom:entry><atom:title>Satu</atom:title><atom:id>urn:x:1</atom:id></atom:entry></atom:feed>",
    "unknown name space": '<rss xmlns="https://cyber.harvard.edu/rss/rss.html"><channel>'
    "<item><title>Satu</title></item></channel></rss>",
    "undeclared prefix": "<rss rss:version=2.0><rss:channel><rss:item><rss:title>Satu</rss:title>"
    "</rss:item></rss:channel></rss>",
    "json feed": '{"version": "https://jsonfeed.org/version/1.1", "title": "Kabar Kota",'
    ' "items": [{"id": "1", "title": "Satu", "content_text": "Isi."}]}',
    "blogger json": '{"feed": {"title": {"$t": "Kabar Kota"}, "entry": [{"id": {"$t": "tag:b:1"},'
    ' "title": {"type": "text", "$t": "Satu"}, "content": {"type": "html", "$t": "Isi."}}]}}',
    "blogger json in script": 'f({"feed": {"entry": [{"id": {"$t": "tag:b:1"},'
    ' "title": {"$t": "Satu"}}]}});',
    "white space before": "\n\n   " + rss("<item><title>Satu</title></item>"),
    "truncated": rss("<item><title>Satu</title><description>Isi</description></item><item><ti")[
        :-24
    ],
    "unclosed markup": rss(
        "<item><title>Satu</title><description>Isi <br> lagi <b>x</description>"
        "<link>https://paper.example/1</link></item>"
    ),
    "bare ampersand": rss(
        "<item><title>Satu</title><link>https://p.example/?a=1&b=2</link></item>"
    ),
    "undeclared entity": rss(
        "<item><title>Satu</title><description>caf&eacute;</description></item>"
    ),
}


@pytest.mark.parametrize("kind", KINDS)
def test_one_entry_of_every_kind(kind: str) -> None:
    assert [story.headline for story in parse(KINDS[kind]).stories] == ["Satu"]


def test_atom_gives_all_it_says() -> None:
    parsed = parse(ATOM)
    story = only(parsed)
    assert parsed.title == "Kabar Kota"
    assert parsed.site == "https://paper.example/"
    assert parsed.hub == "https://hub.example/"
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


# --- identity -------------------------------------------------------------------------------------


def item(number: int, *, guid: str = "", link: str = "", title: str = "", extra: str = "") -> str:
    marked = f"<guid>{guid}</guid>" if guid else ""
    linked = f"<link>{link}</link>" if link else ""
    return f"<item><title>{title or f'Berita {number}'}</title>{marked}{linked}{extra}</item>"


def keys(body: str) -> list[str]:
    return [story.key for story in parse(body).stories]


def test_positions_are_no_identities() -> None:
    yesterday = keys(rss(item(1, guid="1", link="https://p.example/a")))
    today = keys(rss(item(2, guid="1", link="https://p.example/b")))
    assert yesterday == ["https://p.example/a"]
    assert today == ["https://p.example/b"]


@pytest.mark.parametrize(
    "guid",
    [
        "tag:x.example,2024:1",
        "urn:uuid:1",
        "https://p.example/?p=7",
        "6994819b02276e00",
        "1516137394",
    ],
)
def test_a_good_guid_survives_a_new_link_and_headline(guid: str) -> None:
    before = keys(rss(item(1, guid=guid, link="https://p.example/a")))
    after = keys(rss(item(2, guid=guid, link="https://p.example/b")))
    assert before == after == [guid]


def test_without_guid_the_canonical_link_counts() -> None:
    tracked = keys(rss(item(1, link="https://p.example/a?utm_source=rss&amp;id=3")))
    assert tracked == keys(rss(item(2, link="https://p.example/a?id=3&amp;fbclid=x")))


def test_without_both_what_it_says_counts() -> None:
    first, second = keys(rss(item(1) + item(2)))
    assert first != second
    assert keys(rss(item(2))) == [second]


def test_a_guid_that_everybody_has_is_no_identity() -> None:
    body = rss(
        "".join(
            item(n, guid="https://p.example/news", link=f"https://p.example/{n}") for n in range(4)
        )
    )
    assert len(set(keys(body))) == 4


def test_a_link_that_everybody_has_is_no_identity() -> None:
    assert len(set(keys(rss("".join(item(n, link="https://p.example/") for n in range(4)))))) == 4


def test_of_doubles_the_latest_stays_in_the_first_place() -> None:
    entry = (
        "<entry><id>urn:x:1</id><title>{}</title><link href='https://p.example/1'/>"
        "<updated>2024-01-0{}T00:00:00Z</updated></entry>"
    )
    other = "<entry><id>urn:x:2</id><title>Lain</title></entry>"
    body = (
        "<feed xmlns='http://www.w3.org/2005/Atom'>"
        + entry.format("Lama", 1) + other + entry.format("Baru", 3) + entry.format("Tengah", 2)
        + "</feed>"
    )  # fmt: skip
    assert [story.headline for story in parse(body).stories] == ["Baru", "Lain"]


@needs_shared
def test_tempo_loses_nothing_over_two_days() -> None:
    days = [
        parse((SHARED / "feeds" / name).read_bytes()).stories
        for name in ("id-tempo-hukum-2026-06-06-07b.xml", "id-tempo-hukum-2026-06-07-07.xml")
    ]
    links = {story.link for day in days for story in day}
    assert len({story.key for day in days for story in day}) == len(links) > 9


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


# --- hostile --------------------------------------------------------------------------------------


def test_entities_never_explode_and_nothing_is_fetched() -> None:
    bomb = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
    body = (
        f'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY l0 "ha">{bomb}<!ENTITY own "milik kita">'
        '<!ENTITY file SYSTEM "file:///etc/passwd">]>'
    ) + rss("<item><title>&own; &l11; &file;!</title></item>")
    story = only(parse(body))
    assert story.headline == "milik kita &l11; !"


@pytest.mark.parametrize(
    "body",
    [
        b"<rss><channel><item>" + b"<a " * 200_000,
        b"<rss><channel><item>" + b"<![CDATA[" * 100_000,
        b"<rss><channel><item><title>" + b"&" * 600_000,
        b"<rss><channel>" + b"<item>" * 100_000,
        b"<rss><channel><item><description>" + b"&lt;b&gt;" * 80_000,
        b"<rss><channel><item><description>" + b"&lt;b " * 80_000,
        b"<rss><channel><item><description>" + b"&lt;p&gt;a" * 80_000,
        b"<rss><channel><item><description>" + b"&lt;img src=x&gt;" * 40_000,
        b"<rss><channel><item><description>" + b"(a. " * 150_000,
        b"<rss><channel><item><description>" + b"[{(" * 150_000,
        b"<rss><channel>" + b"<title>" * 100_000,
        b"<rss><channel>" + b"<!-- <rss " * 100_000,
        b"[" * 300_000,
        b'{"items": [' + b'{"id": ' * 100_000,
    ],
)
def test_endless_bodies_end_early(body: bytes) -> None:
    began = time.process_time()
    with suppress(FeedError):
        parse(body)
    assert time.process_time() - began < 5


def test_no_more_entries_than_asked_for() -> None:
    assert len(parse(rss("".join(item(n) for n in range(50))), limit=7).stories) == 7


def test_several_threads_at_once() -> None:
    bodies = [KINDS[kind].encode() for kind in sorted(KINDS)] * 6
    alone = [parse(body) for body in bodies]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(parse, bodies)) == alone


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
    """Names, addresses and credits were compared by eye with each feed's own markup."""
    wanted = dict(GOLDEN[name])
    body = (SHARED / "feeds" / name).read_bytes()
    if "fails" in wanted:
        with pytest.raises(FeedError) as raised:
            parse(body)
        assert str(raised.value).endswith(wanted["fails"])
        return
    parsed = parse(body)
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


@needs_shared
def test_every_story_of_every_real_feed_is_fit_to_be_shown() -> None:
    for name in GOLDEN:
        try:
            parsed = parse((SHARED / "feeds" / name).read_bytes())
        except FeedError:
            continue
        assert len({story.key for story in parsed.stories}) == len(parsed.stories), name
        for story in parsed.stories:
            check(story, name)


def check(story: Story, name: str) -> None:
    shot = story.picture
    texts = [story.headline, story.lead, story.source, story.author, *story.topics]
    texts += [shot.caption, shot.credit] if shot else []
    assert story.key, name
    assert len(story.headline) <= 300, name
    assert len(story.lead) <= 600, name
    assert all("noreply@" not in text and "\x00" not in text for text in texts), name
    assert not any(mark in story.lead for mark in ("</p>", "&nbsp;", "&amp;amp;", "<br")), name
    assert story.published is None or story.published <= NOW, name
    assert not story.link or story.link.startswith(("http://", "https://")), name
    if shot:
        assert shot.address.startswith(("http://", "https://")), name
        assert not shot.credit.startswith(("(", "[")), name
        assert not shot.caption or shot.caption != shot.credit, name
