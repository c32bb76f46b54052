"""Article pages, and the feeds behind a site's page."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from bot.core.articles import page
from bot.core.articles.merging import needs_page
from bot.core.errors import FeedError
from bot.core.model import Picture, Story
from tests.support.shared import SHARED, needs_shared

NOW = 1_800_000_000
ADDRESS = "https://paper.example/2024/a.html"
GOLDEN: dict[str, dict[str, Any]] = json.loads(
    (Path(__file__).parent / "data" / "pages.json").read_text(encoding="utf-8")
)
TEXT = "Pemerintah membuka jembatan baru di kota Medan pada hari Rabu kemarin. " * 5


def read(html: str, address: str = ADDRESS) -> Story:
    return page.read_page(html.encode(), address=address, now=NOW)


PAGE = f"""<!DOCTYPE html><html lang="id-ID"><head><title>Jembatan dibuka - Kabar Kota</title>
<link rel="canonical" href="https://paper.example/2024/a.html?utm_source=x">
<meta property="og:title" content="Jembatan dibuka - Kabar Kota">
<meta property="og:site_name" content="Kabar Kota">
<meta property="og:image" content="//1.bp.blogspot.com/-x/w1200-h630-p-k-no-nu/jembatan.jpg">
<meta property="article:published_time" content="2024-03-01T08:00:00+07:00">
<meta property="article:tag" content="Kota"><meta name="author" content="Sari Dewi">
</head><body><div class="menu"><p>Beranda &gt; Kota</p></div>
<div class="post-body entry-content"><table class="tr-caption-container"><tr><td>
<img src="https://1.bp.blogspot.com/-x/s320/jembatan.jpg"></td></tr>
<tr><td class="tr-caption">Jembatan baru. (ANTARA/Budi)</td></tr></table>
<p>KABARKOTA.com, Medan - {TEXT}</p><p>Baca juga: Jalan ditutup</p>
<p>Sumber: CNN Indonesia</p></div>
<div class="comments"><p>Bagus sekali jembatannya, semoga awet dan murah.</p></div></body></html>"""


def test_a_page_says_all_that_a_feed_could() -> None:
    story = read(PAGE)
    assert story.headline == "Jembatan dibuka"
    assert story.link == story.key == "https://paper.example/2024/a.html"
    assert story.picture == Picture(
        "https://1.bp.blogspot.com/-x/s1600/jembatan.jpg", "Jembatan baru.", "ANTARA/Budi"
    )
    assert story.lead.startswith("Medan - Pemerintah membuka")
    assert story.source == "CNN Indonesia"
    assert "Baca juga" not in story.body
    assert "Bagus sekali" not in story.body
    assert (story.author, story.topics, story.language) == ("Sari Dewi", ("Kota",), "id")
    assert story.published == 1_709_254_800


def test_json_ld_is_believed() -> None:
    data = {
        "@graph": [
            {"@type": "WebSite", "headline": "Kabar"},
            {
                "@type": "NewsArticle",
                "headline": "Jembatan dibuka",
                "datePublished": "2024-03-01T08:00:00+07:00",
                "author": [{"@type": "Person", "name": "Sari Dewi"}],
                "image": [{"url": "https://i.example/a.jpg"}],
            },
        ]
    }
    story = read(
        f'<html><head><script type="application/ld+json">{json.dumps(data)}</script></head>'
        f"<body><article><p>{TEXT}</p></article></body></html>"
    )
    assert (story.headline, story.author) == ("Jembatan dibuka", "Sari Dewi")
    assert story.published == 1_709_254_800
    assert story.picture == Picture("https://i.example/a.jpg")


@pytest.mark.parametrize(
    "head",
    [
        '<figure><img src="/b.jpg"><figcaption>Jembatan baru. (Foto: Sari)</figcaption></figure>',
        '<img src="/b.jpg"><div class="photo__caption">Jembatan baru. (Foto: Sari)</div>',
    ],
)
@pytest.mark.parametrize("shared", ["/b.jpg", "/bagikan/c_169.jpg"])
def test_a_caption_beside_the_container(head: str, shared: str) -> None:
    story = read(
        f'<html><head><meta property="og:image" content="{shared}"></head><body><article>{head}'
        f'<div class="detail__body-text"><p>{TEXT}</p></div></article></body></html>'
    )
    assert story.picture == Picture(f"https://paper.example{shared}", "Jembatan baru.", "Sari")
    assert story.body == TEXT.strip()


def test_a_caption_in_the_container_comes_first() -> None:
    other = '<figure><img src="/b.jpg"><figcaption>Jembatan lain.</figcaption></figure>'
    story = read(PAGE.replace('<div class="post-body', f'{other}<div class="post-body'))
    assert story.picture is not None
    assert story.picture.caption == "Jembatan baru."


@pytest.mark.parametrize(
    ("body", "shown"),
    [('<article><div class="utama"></div><p>{text}</p></article>', True),
     ('<div class="entry-content"><div class="b utama"></div><p>{text}</p></div>', True),
     ('<div class="utama"></div><article><p>{text}</p></article>', False),
     ('<article><img src="/lain.jpg"><div class="utama"></div><p>{text}</p></article>', False),
     ('<div class="utama"></div><p>{text}</p>', False)],
)  # fmt: skip
def test_a_picture_of_a_style_sheet_behind_the_article(body: str, *, shown: bool) -> None:
    head = (
        "<head><title>Jembatan</title><style>.utama{background:url(/jembatan.jpg)}</style></head>"
    )
    found = read(f"<html>{head}<body>{body.format(text=TEXT)}</body></html>").picture
    address = "https://paper.example/jembatan.jpg"
    assert (found is not None and found.address == address) is shown


@pytest.mark.parametrize("home", ["https://paper.example/", "/", "https://www.paper.example"])
def test_a_canonical_address_of_the_front_page_is_none(home: str) -> None:
    text = f"<h1>Jembatan</h1><p>{TEXT}</p>"
    found = read(
        f'<html><head><link rel="canonical" href="{home}"></head><body>{text}</body></html>'
    )
    assert found.link == ADDRESS


def test_an_editor_is_no_author() -> None:
    named = "Penulis: Sari Dewi | Editor: Budi Santoso"
    found = read(f'<article><h1>Jembatan</h1><p class="author">{named}</p><p>{TEXT}</p></article>')
    assert found.author == "Sari Dewi"


def test_a_section_is_a_topic_where_no_tag_is() -> None:
    data = {"@type": "NewsArticle", "headline": "Jembatan", "articleSection": ["Kota", 5]}
    script = f'<script type="application/ld+json">{json.dumps(data)}</script>'
    assert read(f"<html><head>{script}</head><body><p>{TEXT}</p></body></html>").topics == ("Kota",)


def test_what_asks_for_money_is_no_text() -> None:
    asks = (
        "Become a subscriber to read this article.",
        "Already a subscriber? Log in.",
        "Artikel ini khusus untuk pelanggan.",
        "Sudah berlangganan? Masuk di sini.",
    )
    box = "".join(f"<p>{one}</p>" for one in asks)
    story = read(f'<html><body><div class="article-body"><p>{TEXT}</p>{box}</div></body></html>')
    assert story.body == story.lead == TEXT.strip()


def test_halves_of_signs_are_left_out() -> None:
    story = read(
        r'<html><head><script type="application/ld+json">{"@type":"NewsArticle",'
        r'"headline":"a\ud800b \ud83d\ude00","author":{"name":"Budi\uDFFF Santoso"},'
        r'"image":"https://a.example/x\ud800.jpg","keywords":["k\ud800"]}</script></head>'
        f"<body><p>&#xD800;{TEXT}</p></body></html>"
    )
    assert (story.headline, story.author) == ("ab 😀", "Budi Santoso")
    assert repr(story).encode()


def test_without_a_container_the_text_is_found() -> None:
    story = read(
        f"<html><body><nav>Menu</nav><div><h1>Jembatan</h1><p>{TEXT}</p><p>{TEXT}</p></div>"
        "<footer>Hak cipta</footer></body></html>"
    )
    assert story.headline == "Jembatan"
    assert story.lead.startswith("Pemerintah membuka")
    assert "Menu" not in story.body


@pytest.mark.parametrize("body", [b"", b"hello", b"\x00\x01\x02", b"{}"])
def test_what_is_no_page(body: bytes) -> None:
    with pytest.raises(FeedError, match="no page that can be read"):
        page.read_page(body, address=ADDRESS, now=NOW)


@pytest.mark.parametrize(
    "body",
    [b"<" * 500_000, b"<div>" * 100_000, b"<meta " * 50_000, b"<p>a" * 50_000,
     b'<script type="application/ld+json">' + b"[" * 100_000],
    ids=["open", "deep", "meta", "paragraphs", "json"],
)  # fmt: skip
def test_hostile_pages_end(body: bytes) -> None:
    page.read_page(body, address=ADDRESS, now=NOW)
    page.feed_links(body, address=ADDRESS)


# --- feeds behind a page --------------------------------------------------------------------------


def links(html: str) -> tuple[str, ...]:
    return page.feed_links(html.encode(), address="https://paper.example/")


def test_named_feeds_come_first_and_comments_are_none() -> None:
    assert links(
        """<link rel="alternate" type="application/rss+xml" title="Comments" href="/comments/feed/">
        <link rel="alternate" type="application/rss+xml" href="/feeds/posts/default?alt=rss">
        <link rel="alternate" type="application/atom+xml" href="/feeds/posts/default">
        <link rel="alternate" type="application/json" href="/wp-json/wp/v2/posts/1">
        <link rel="alternate" hreflang="en" href="/en/"><p>wordpress</p>"""
    ) == (
        "https://paper.example/feeds/posts/default",
        "https://paper.example/feeds/posts/default?alt=rss",
        "https://paper.example/feed/",
        "https://paper.example/?feed=rss2",
    )


def test_the_site_comes_before_its_parts() -> None:
    assert links(
        """<link rel="alternate" type="application/rss+xml" href="/category/olahraga/feed/">
        <link rel="alternate" type="application/rss+xml" title="Umpan Komentar" href="/a/feed/">
        <link rel="alternate" type="application/rss+xml" href="feed/">wp-content"""
    )[:2] == ("https://paper.example/feed/", "https://paper.example/category/olahraga/feed/")


@pytest.mark.parametrize(
    "body",
    [b"", b"hello", b"\x00\x01\xff", b'{"version": "x"}',
     b"<?xml version='1.0'?>\n<!-- x --><rss><channel>", b"<feed><entry"],
)  # fmt: skip
def test_what_is_no_page_names_no_feed(body: bytes) -> None:
    assert page.feed_links(body, address="https://paper.example/x") == ()


def test_usual_places() -> None:
    assert links("<p>blogspot.com</p>")[0] == "https://paper.example/feeds/posts/default"
    assert links('<img src="/wp-content/a.jpg">')[0] == "https://paper.example/feed/"
    assert "https://paper.example/rss.xml" in links("<p>Halo</p>")


def test_base_and_scheme_are_respected() -> None:
    html = """<base href="https://cdn.example/x/"><link rel="alternate" type="application/rss+xml"
    href="feed.xml"><link rel="alternate" type="application/rss+xml" href="javascript:alert(1)">"""
    assert links(html)[0] == "https://cdn.example/x/feed.xml"
    assert all(one.startswith("https://") for one in links(html))


def test_when_a_page_is_worth_fetching() -> None:
    shot = Picture("https://i.example/a.jpg")
    full = Story(key="1", headline="A", link=ADDRESS, body="x" * 1000, picture=shot)
    assert not needs_page(full)
    assert needs_page(Story(key="1", headline="A", link=ADDRESS, body="x" * 1000))
    assert needs_page(Story(key="1", headline="A", link=ADDRESS, body="x", picture=shot))
    assert not needs_page(Story(key="1", headline="A"))


# --- real pages -----------------------------------------------------------------------------------


@needs_shared
@pytest.mark.parametrize("name", GOLDEN)
def test_what_was_seen_in_real_pages(name: str) -> None:
    story = page.read_page((SHARED / "pages" / name).read_bytes(), address=ADDRESS, now=NOW)
    shot = story.picture
    got: dict[str, Any] = {
        "headline": story.headline[:70],
        "lead": story.lead[:50],
        "picture": shot.address if shot else "",
        "caption": shot.caption[:60] if shot else "",
        "credit": shot.credit if shot else "",
        "source": story.source,
        "author": story.author,
        "published": story.published,
    }
    wanted = GOLDEN[name]
    assert {name: value for name, value in got.items() if value or name in wanted} == wanted
