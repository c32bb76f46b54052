"""Feeds that follow no specification: what a reader sees of them all the same."""

from __future__ import annotations

import base64

import pytest

from bot.core.articles import page
from tests.support.feeds import NOW, item, only, parse, rss

NEWS = "Warga desa memperbaiki jembatan gantung yang putus pada Senin malam."


# --- entries in entries ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    "box",
    [
        "<related>{}</related>",
        "<relatedItems><list>{}</list></relatedItems>",
        '<x:terkait xmlns:x="https://koran.example/ns">{}</x:terkait>',
        "<gallery>{0}{0}</gallery>",
    ],
)
def test_what_an_entry_is_related_to_is_no_entry(box: str) -> None:
    ghost = "<item><title>Tahun lalu</title><link>https://paper.example/9</link></item>"
    entry = item(1, link="https://paper.example/1", extra=box.format(ghost) + "<b/>")
    parsed = parse(rss(entry + item(2, link="https://paper.example/2")))
    assert [story.headline for story in parsed.stories] == ["Berita 1", "Berita 2"]


def test_in_atom_too() -> None:
    ghost = "<entry><title>Tahun lalu</title><id>urn:9</id></entry>"
    body = f"""<feed xmlns="http://www.w3.org/2005/Atom"><entry><title>Satu</title><id>urn:1</id>
    <links xmlns="https://koran.example/ns">{ghost}</links></entry></feed>"""
    assert [story.headline for story in parse(body).stories] == ["Satu"]


@pytest.mark.parametrize(
    "items",
    [
        "<item><title>Satu</title><item><title>Dua</title></item></item>",
        "<item><title>Satu</title><link>https://paper.example/1</link><item><title>Dua</title></item>",
        "<item><title>Satu</title><description>Isi.<item><title>Dua</title></item>",
    ],
)
def test_an_entry_that_was_not_closed_swallows_none(items: str) -> None:
    assert [story.headline for story in parse(rss(items)).stories] == ["Satu", "Dua"]


# --- name spaces ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "space",
    [
        " http://purl.org/rss/1.0/modules/content/",
        "http://purl.org/rss/1.0/modules/content/ ",
        "http://purl.org/rss/1.0/modules/content",
        "https://purl.org/rss/1.0/modules/content/",
        "http://PURL.org/rss/1.0/modules/content/",
        "http://purl.org/rss/1.0/module/content/",
        "content",
    ],
)
def test_a_name_space_written_wrongly(space: str) -> None:
    extra = f"<content:encoded>&lt;p&gt;{NEWS}&lt;/p&gt;</content:encoded>"
    attributes = f'xmlns:content="{space}"'
    assert only(parse(rss(item(1, extra=extra), attributes=attributes))).body == NEWS


@pytest.mark.parametrize("prefix", ["xhtml", "h", "x", "html", "ns0", "XHTML", "xh-tml"])
def test_xhtml_under_any_prefix(prefix: str) -> None:
    body = f"""<feed xmlns="http://www.w3.org/2005/Atom"><link href="https://paper.example/"/>
    <entry><title>Satu</title><id>urn:1</id><content type="xhtml"
    xmlns:{prefix}="http://www.w3.org/1999/xhtml"><{prefix}:div><{prefix}:p><{prefix}:img
    src="/a.jpg"/></{prefix}:p><{prefix}:p>{NEWS}<{prefix}:br/>Kedua.</{prefix}:p></{prefix}:div>
    </content></entry></feed>"""
    story = only(parse(body))
    assert story.body == f"{NEWS}\nKedua."
    assert story.picture is not None
    assert story.picture.address == "https://paper.example/a.jpg"


# --- contents -------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["image/png", "application/pdf", "audio/mpeg", "image/svg+x; a=b"])
def test_bytes_are_no_text(kind: str) -> None:
    raw = base64.b64encode(b"\x89PNG not a text" * 9).decode()
    body = f"""<feed xmlns="http://www.w3.org/2005/Atom"><entry><title>Satu</title><id>urn:1</id>
    <summary>{NEWS}</summary><content type="{kind}">{raw}</content></entry></feed>"""
    assert only(parse(body)).body == NEWS


@pytest.mark.parametrize("kind", ["text/html", "text/plain; charset=utf-8", "html", "text", ""])
def test_text_of_any_label_is_text(kind: str) -> None:
    body = f"""<feed xmlns="http://www.w3.org/2005/Atom"><entry><title>Satu</title><id>urn:1</id>
    <content type="{kind}">{NEWS}</content></entry></feed>"""
    assert only(parse(body)).body == NEWS


def test_bloggers_short_rss_says_it_in_atoms_summary() -> None:
    extra = f'<a:summary xmlns:a="http://www.w3.org/2005/Atom" type="text">{NEWS}</a:summary>'
    assert only(parse(rss(item(1, extra=extra)))).lead == NEWS


@pytest.mark.parametrize(
    ("attribute", "shown"),
    [
        ('domain="https://access.example/tag"', True),
        ('domain="https://paper.example/content-type/berita"', True),
        ('domain="http://www.blogger.com/atom/ns#"', True),
        ('domain="rubrik"', True),
        ('domain="AccessClassName"', False),
        ('domain="content-type"', False),
        ('domain="http://schemas.google.com/g/2005#kind"', False),
    ],
)
def test_which_categories_are_topics(attribute: str, shown: bool) -> None:
    extra = f"<category {attribute}>Olahraga</category>"
    assert only(parse(rss(item(1, extra=extra)))).topics == (("Olahraga",) if shown else ())


# --- a server's complaints ------------------------------------------------------------------------

PATH = "/home/koran/public_html/berita/functions.php"
NOTICES = (
    f"<br />\n<b>Warning</b>:  Undefined $gambar in <b>{PATH}</b> on line <b>412</b><br />\n",
    f"<b>Notice</b>: Trying to get property 'ID' in <b>{PATH}</b> on line <b>7</b><br/>",
    f"<br><b>Deprecated</b>: Function each() is deprecated in <b>{PATH}</b> on line <b>9</b><br>",
    f"PHP Warning:  Undefined array key 0 in {PATH} on line 33\n",
    f"Notice: Undefined index: judul in {PATH} on line 5",
    r"<b>Warning</b>: fopen(a) failed in <b>C:\xampp\htdocs\koran\a.php</b> on line <b>3</b><br />",
    f"&lt;b&gt;Warning&lt;/b&gt;: a() in &lt;b&gt;{PATH}&lt;/b&gt; on line &lt;b&gt;2&lt;/b&gt;",
)


@pytest.mark.parametrize("notice", NOTICES)
@pytest.mark.parametrize("place", ["title", "description", "cdata", "items", "head", "before"])
def test_nobody_reads_the_servers_paths(notice: str, place: str) -> None:
    at = {name: notice if name == place else "" for name in
          ("title", "description", "cdata", "items", "head", "before")}  # fmt: skip
    body = f"""{at["before"]}<rss version="2.0"><channel>{at["head"]}<title>Kabar</title>
    <item>{at["items"]}<title>{at["title"]}Satu</title><link>https://paper.example/1</link>
    <description>{at["description"]}<![CDATA[{at["cdata"]}<p>{NEWS}</p>]]></description></item>
    {at["items"]}<item><title>Dua</title></item></channel></rss>"""
    parsed = parse(body)
    assert [story.headline for story in parsed.stories] == ["Satu", "Dua"]
    assert parsed.stories[0].lead == NEWS
    assert parsed.title == "Kabar"


@pytest.mark.parametrize("notice", NOTICES)
def test_nor_on_an_articles_page(notice: str) -> None:
    html = f'<h1>Satu</h1><div class="entry-content">{notice}<p>{NEWS * 5}</p></div>'
    story = page.read_page(html.encode(), address="https://paper.example/1", now=NOW)
    assert "koran/" not in story.lead + story.body
    assert story.lead.startswith(NEWS)


@pytest.mark.parametrize(
    "text",
    ["Warning: hujan lebat turun di Bogor on line 3.", "Peringatan ada on line 5 dan on line 6."],
)
def test_what_only_sounds_like_it_stays(text: str) -> None:
    assert only(parse(rss(item(1, extra=f"<description>{text}</description>")))).lead == text


def test_the_base_of_a_text_stands_in_what_holds_it() -> None:
    body = (
        "<feed xmlns='http://www.w3.org/2005/Atom'><title>K</title><entry><id>tag:k,1</id>"
        "<title>A</title><link href='https://paper.example/2026/x'/><content type='xhtml'>"
        "<div xmlns='http://www.w3.org/1999/xhtml' xml:base='https://cdn.example/g/'>"
        "<img src='foto.jpg'/><p>Warga senang.</p></div></content></entry></feed>"
    )
    story = only(parse(body))
    assert story.picture is not None
    assert story.picture.address == "https://cdn.example/g/foto.jpg"
    assert story.link == "https://paper.example/2026/x"


def test_a_content_elsewhere_may_be_a_picture() -> None:
    body = (
        "<feed xmlns='http://www.w3.org/2005/Atom'><title>K</title><entry><id>tag:k,1</id>"
        "<title>A</title><content type='image/jpeg' src='https://cdn.example/foto'/>"
        "<summary>Warga senang.</summary></entry></feed>"
    )
    story = only(parse(body))
    assert story.picture is not None
    assert (story.picture.address, story.lead) == ("https://cdn.example/foto", "Warga senang.")


def test_a_templates_empty_link_leads_nowhere() -> None:
    assert only(parse(rss("<item><title>Satu</title><link>#</link></item>"))).link == ""


def test_an_entrys_page_is_that_in_the_feeds_language() -> None:
    links = "".join(
        f"<link rel='alternate' type='text/html' hreflang='{language}' href='https://k.example/{language}/1'/>"
        for language in ("en", "vi", "th")
    )
    entry = f"<entry><id>tag:k,1</id><title>A</title>{links}</entry>"
    body = f"<feed xmlns='http://www.w3.org/2005/Atom' xml:lang='vi-VN'>{entry}</feed>"
    assert only(parse(body)).link == "https://k.example/vi/1"
    assert only(parse(body.replace(" xml:lang='vi-VN'", ""))).link == "https://k.example/en/1"


def test_media_rss_has_a_second_address() -> None:
    space = "xmlns:m='http://www.rssboard.org/media-rss'"
    shot = only(parse(rss(item(1, extra=f"<m:content {space} url='https://cdn.example/a.jpg'/>"))))
    assert shot.picture is not None
    assert shot.picture.address == "https://cdn.example/a.jpg"


def test_a_text_that_is_elsewhere_is_the_entrys_page() -> None:
    body = (
        "<feed xmlns='http://www.w3.org/2005/Atom'><title>K</title><entry><id>tag:k,1</id>"
        "<title>A</title><content type='text/html' src='https://k.example/1'/></entry></feed>"
    )
    assert only(parse(body)).link == "https://k.example/1"
