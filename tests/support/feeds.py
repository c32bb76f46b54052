"""Feeds written for tests, and the ways to read them."""

from __future__ import annotations

from typing import Any

from bot.core.feeds import parse as parser
from bot.core.model import ParsedFeed, Story

NOW = 1_800_000_000
ADDRESS = "https://paper.example/feed"


def parse(body: str | bytes, **more: Any) -> ParsedFeed:
    raw = body.encode() if isinstance(body, str) else body
    return parser.parse(raw, address=more.pop("address", ADDRESS), now=NOW, **more)


def rss(items: str, head: str = "", attributes: str = "") -> str:
    return (
        f'<?xml version="1.0"?><rss version="2.0" {attributes}><channel><title>Kabar Kota</title>'
        f"<link>https://paper.example/</link>{head}{items}</channel></rss>"
    )


def item(number: int, *, guid: str = "", link: str = "", title: str = "", extra: str = "") -> str:
    marked = f"<guid>{guid}</guid>" if guid else ""
    linked = f"<link>{link}</link>" if link else ""
    return f"<item><title>{title or f'Berita {number}'}</title>{marked}{linked}{extra}</item>"


def only(parsed: ParsedFeed) -> Story:
    (story,) = parsed.stories
    return story


def check(story: Story, name: str) -> None:
    """Whether a story is fit to be shown, whatever its feed was."""
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
