"""The same entry at two polls: what is a correction and what is nothing, in every kind of feed."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

import pytest

from bot.core.articles import charset
from bot.core.articles.likeness import fingerprint
from bot.core.errors import FeedError
from tests.support.feeds import parse
from tests.support.shared import feed_files, needs_shared


@dataclass(frozen=True)
class Kind:
    """A feed with one article, and what in it may change: what is there -> what comes instead."""

    feed: str
    nothing: dict[str, tuple[str, str]]
    corrected: dict[str, tuple[str, str]]


TEXT = (
    '<img src="https://1.bp.blogspot.com/-x/s320/a.jpg"><p>Pemerintah membuka jembatan baru di'
    " Medan.</p><p>Warga senang.</p><p>Sumber: ANTARA</p>"
)
ESCAPED = TEXT.replace("<", "&lt;").replace(">", "&gt;")
NOTHING = {
    "white space": ("membuka jembatan", "membuka\n  jembatan"),
    "a no-break space": ("Warga senang", "Warga&#160;senang"),
    "another size": ("s320/a.jpg", "w640-h360/a.jpg"),
    "another host of the same": ("1.bp.blogspot", "4.bp.blogspot"),
}
CORRECTED = {
    "headline": ("Jembatan dibuka", "Jembatan ditutup"),
    "a letter of the headline": ("Jembatan dibuka", "Jembatan Dibuka"),
    "lead": ("di Medan", "di Binjai"),
    "picture": ("a.jpg", "b.jpg"),
    "source": ("ANTARA", "Reuters"),
}
BLOGGER = Kind(
    f"""<?xml version='1.0' encoding='UTF-8'?><feed xmlns='http://www.w3.org/2005/Atom'
xmlns:thr='http://purl.org/syndication/thread/1.0' xmlns:gd='http://schemas.google.com/g/2005'>
<id>tag:blogger.com,1999:blog-1</id><updated>2024-03-01T08:00:00.001+07:00</updated>
<title type='text'>Kabar Kota</title><generator>Blogger</generator>
<entry><id>tag:blogger.com,1999:blog-1.post-2</id>
<published>2024-03-01T08:00:00.000+07:00</published><updated>2024-03-01T08:00:00.002+07:00</updated>
<category scheme='http://www.blogger.com/atom/ns#' term='Kota'/>
<category scheme='http://www.blogger.com/atom/ns#' term='Jalan'/>
<title type='text'>Jembatan dibuka</title><content type='html'>{ESCAPED}</content>
<link rel='replies' type='text/html' href='https://k.example/2024/a.html#c' title='0 Comments'/>
<link rel='alternate' type='text/html' href='https://k.example/2024/a.html' title='Jembatan'/>
<author><name>Sari</name><email>noreply@blogger.com</email></author>
<thr:total>0</thr:total></entry></feed>""",
    NOTHING
    | {
        "updated": ("T08:00:00.002+07:00</updated>", "T17:11:00.009+07:00</updated>"),
        "count": ("<thr:total>0", "<thr:total>12"),
        "title of the link to comments": ("0 Comments", "12 Comments"),
        "page for phones": ("a.html' title='J", "a.html?m=1' title='J"),
        "order of labels": ("term='Kota'/>", "term='Z'/>"),
        "quoting of attributes": ("type='html'", 'type="html"'),
    },
    CORRECTED | {"another address": ("2024/a.html' title='J", "2024/jembatan.html' title='J")},
)
WORDPRESS = Kind(
    f"""<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"
xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/"
xmlns:slash="http://purl.org/rss/1.0/modules/slash/"><channel><title>Kabar Kota</title>
<link>https://k.example</link><lastBuildDate>Fri, 01 Mar 2024 01:00:00 +0000</lastBuildDate>
<item><title>Jembatan dibuka</title><link>https://k.example/jembatan/</link>
<dc:creator><![CDATA[sari]]></dc:creator><pubDate>Fri, 01 Mar 2024 01:00:00 +0000</pubDate>
<category><![CDATA[Kota]]></category>
<category><![CDATA[Jalan]]></category>
<guid isPermaLink="false">https://k.example/?p=7</guid>
<description><![CDATA[Ringkas [&#8230;]]]></description>
<content:encoded><![CDATA[{TEXT}]]></content:encoded>
<slash:comments>0</slash:comments></item></channel></rss>""",
    NOTHING
    | {
        "tracking": ("/jembatan/</link>", "/jembatan/?utm_source=rss&amp;utm_medium=rss</link>"),
        "built": ("<lastBuildDate>Fri, 01", "<lastBuildDate>Sat, 02"),
        "count": ("<slash:comments>0", "<slash:comments>31"),
        "label": ("<category><![CDATA[Kota]]></category>", ""),
        "entities": ("Warga senang.", "Warga senang&#46;"),
        "another excerpt": ("Ringkas [&#8230;]", "Lebih ringkas"),
        "a class": ("<p>Pemerintah", '<p class="has-drop-cap">Pemerintah'),
        "lazy loading": ("<img src=", '<img loading="lazy" decoding="async" src='),
        "where it appeared": ("ANTARA</p>", "ANTARA</p><p>The post A appeared first on B.</p>"),
    },
    CORRECTED | {"another address": ("/jembatan/</link>", "/jembatan-baru/</link>")},
)
RDF = Kind(
    f"""<?xml version="1.0"?><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/"
xmlns:content="http://purl.org/rss/1.0/modules/content/"
xmlns:slash="http://purl.org/rss/1.0/modules/slash/">
<channel rdf:about="https://k.example/"><title>Kabar Kota</title><link>https://k.example/</link>
<dc:date>2024-03-01T08:00:00+07:00</dc:date></channel>
<item rdf:about="https://k.example/7"><title>Jembatan dibuka</title>
<link>https://k.example/7</link><dc:date>2024-03-01T08:00:00+07:00</dc:date>
<dc:subject>Kota</dc:subject><content:encoded>{ESCAPED}</content:encoded>
<slash:comments>1</slash:comments></item></rdf:RDF>""",
    NOTHING
    | {
        "date of the channel": ("<dc:date>2024-03-01", "<dc:date>2024-03-09"),
        "subject": ("<dc:subject>Kota</dc:subject>", ""),
        "count": ("<slash:comments>1", "<slash:comments>2"),
        "tracking": ("7</link>", "7?from=rss</link>"),
    },
    CORRECTED,
)
ATOM03 = Kind(
    f"""<?xml version="1.0"?><feed version="0.3" xmlns="http://purl.org/atom/ns#" xml:lang="id">
<title>Kabar Kota</title><modified>2024-03-01T01:00:00Z</modified>
<entry><id>tag:k.example,2024:7</id><title>Jembatan dibuka</title>
<link rel="alternate" type="text/html" href="https://k.example/7"/>
<issued>2024-03-01T08:00:00+07:00</issued><modified>2024-03-01T01:00:00Z</modified>
<content type="text/html" mode="escaped">{ESCAPED}</content></entry></feed>""",
    NOTHING
    | {
        "modified": ("01:00:00Z</modified>\n<content", "09:00:00Z</modified>\n<content"),
    },
    CORRECTED | {"another address": ('href="https://k.example/7"', 'href="https://k.example/8"')},
)
JSON = Kind(
    r"""{"version": "https://jsonfeed.org/version/1.1", "title": "Kabar Kota", "items": [
{"id": "tag:k.example,2024:7", "url": "https://k.example/7", "title": "Jembatan dibuka",
 "content_html": "TEXT", "date_published": "2024-03-01T08:00:00+07:00",
 "date_modified": "2024-03-01T08:00:00+07:00", "tags": ["Kota", "Jalan"]}]}""".replace(
        "TEXT", TEXT.replace('"', r"\"")
    ),
    {
        "a no-break space": NOTHING["a no-break space"],
        "another size": NOTHING["another size"],
        "modified": ('modified": "2024-03-01', 'modified": "2024-03-09'),
        "order of tags": ('["Kota", "Jalan"]', '["Jalan", "Kota"]'),
        "tracking": ('example/7"', 'example/7?utm_campaign=x"'),
        "escapes": ("Warga", r"\u0057arga"),
        "white space": ('"items"', '\n  "items"'),
    },
    CORRECTED,
)
KINDS = {"blogger": BLOGGER, "wordpress": WORDPRESS, "rdf": RDF, "atom03": ATOM03, "json": JSON}


def looks(kind: str, change: tuple[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    """Every entry's identity and what is shown of it, before and after."""
    written = KINDS[kind].feed
    assert change[0] in written
    return known(written.encode()), known(written.replace(*change).encode())


def known(body: bytes) -> dict[str, str]:
    return {story.key: fingerprint(story) for story in parse(body).stories}


@pytest.mark.parametrize(
    ("kind", "change"), [(kind, change) for kind, it in KINDS.items() for change in it.nothing]
)
def test_what_readers_do_not_see_is_nothing(kind: str, change: str) -> None:
    before, after = looks(kind, KINDS[kind].nothing[change])
    assert before == after


@pytest.mark.parametrize(
    ("kind", "change"), [(kind, change) for kind, it in KINDS.items() for change in it.corrected]
)
def test_what_readers_see_is_a_correction_of_the_same_entry(kind: str, change: str) -> None:
    before, after = looks(kind, KINDS[kind].corrected[change])
    assert set(before) == set(after)
    assert before != after


# --- the real ones, written anew ------------------------------------------------------------------


def text_of(body: bytes) -> str:
    return re.sub(r"^\s*<\?xml[^>]*\?>", "", charset.decode(body))


def as_references(body: bytes) -> bytes:
    """Every character beyond ASCII as a numeric reference."""
    written = re.sub(r"[^\x00-\x7f]", lambda sign: f"&#{ord(sign.group())};", text_of(body))
    return written.encode()


def with_other_dates(body: bytes) -> bytes:
    """Built, changed and commented on later; white space anywhere."""
    dates = r"(<(?:\w+:)?(?:updated|lastBuildDate|modified)>)[^<]*"
    written = re.sub(dates, r"\g<1>2026-05-05T05:05:05Z", text_of(body))
    written = re.sub(r"(<(?:slash:comments|thr:total)>)\d*", r"\g<1>77", written)
    return written.replace("\n", " \r\n  ").encode()


def with_tracking(body: bytes) -> bytes:
    """Links as a service that counts readers hands them out."""
    link = r"(<link>\s*)(https?://[^<\s\]#?]+)(?=\s*</link>)"
    added = re.sub(link, r"\1\2?utm_source=rss&amp;utm_medium=feed", text_of(body))
    return re.sub(r"<category\b[^>]*>[^<]*</category>", "", added).encode("utf-16")


@pytest.fixture(scope="module")
def real() -> dict[str, tuple[bytes, dict[str, str]]]:
    """The smaller feeds, and what is known about their entries."""
    found = {}
    for path in feed_files():
        body = path.read_bytes()
        if path.suffix == ".xml" and len(body) < 30_000:
            with suppress(FeedError):
                found[path.name] = (body, known(body))
    return found


@needs_shared
@pytest.mark.parametrize("anew", [as_references, with_other_dates, with_tracking])
def test_real_feeds_written_anew_bring_nothing(
    anew: Callable[[bytes], bytes], real: dict[str, tuple[bytes, dict[str, str]]]
) -> None:
    for name, (body, before) in real.items():
        assert known(anew(body)) == before, name
