"""An article's page -> Story, and a site's page -> the feeds behind it. Fetches nothing.

    bytes -> tree -> facts (Open Graph, JSON-LD, meta)                    > Story
                  -> text: the container that Blogger, WordPress and the
                     markup of schema.org name, else what trafilatura finds

Compared on 32 stored pages: trafilatura alone misses the text of 2 Blogger pages and keeps dates
and breadcrumbs of 6 Indonesian ones; the named container, where there is one, does neither.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, tzinfo
from itertools import islice
from typing import Any
from urllib.parse import urlsplit

import trafilatura
from lxml import etree

from bot.core.articles import body as bodies
from bot.core.articles import caption as captions
from bot.core.articles import charset, markup, picture, placeholders, sizes
from bot.core.articles import lead as leads
from bot.core.articles import urls as addresses
from bot.core.articles.body import Body
from bot.core.articles.markup import Block, Piece
from bot.core.articles.metadata import Metadata
from bot.core.articles.notices import without_notices
from bot.core.articles.picture import Found
from bot.core.errors import FeedError
from bot.core.model import Picture, Story
from bot.core.text import same

MAX_BYTES = 4 * 1024 * 1024
"""What follows is not read."""

_ENOUGH = 400
"""A text in a feed that is as long as this is more than a summary."""
_CONTAINER = re.compile(
    r"(?:^|\s)(?:post-body|entry-content|article-content|article-body|article__body|article__content"
    r"|detail__body-text|read__content|itp_bodycontent|txt-article|td-post-content|post-content"
    r"|story-body|post_content|content-article|detail-text|detail_text)(?:$|\s)",
    re.IGNORECASE,
)
_IMAGES = 100
_MOST = 30_000
"""Elements of a page that trafilatura may see: a hostile page of more would keep it for minutes."""
_FULL = 250
"""A container with less text than this holds something else."""
_FEED_TYPE = re.compile(
    r"application/(?:rss|atom|rdf|feed)\+(?:xml|json)|application/json", re.IGNORECASE
)
_FEED = re.compile(
    r"\s*(?:<\?[^>]{0,300}>\s*|<!--.{0,2000}?-->\s*){0,5}<(?:rss|feed|rdf:rdf|channel|item)\b",
    re.IGNORECASE | re.DOTALL,
)
"""A feed, however damaged: another one is not to be taken in its place."""
_PAGE = re.compile(r"<(?:!doctype|html|head|body|base|link|meta|div|p|a|img)[\s>]", re.IGNORECASE)
_COMMENTS = re.compile(
    r"comment|komentar|kommentar|comentari|comentári|commentaire|reacties|yorum|comments/feed"
    r"|коммент|bình luận|コメント|评论|評論|댓글|تعليق",
    re.IGNORECASE,
)
_PART = re.compile(r"/(?:category|kategori|tag|label|author|penulis|-)/", re.IGNORECASE)
_OTHER_JSON = re.compile(r"/wp-json|oembed", re.IGNORECASE)
_BLOGGER = ("/feeds/posts/default", "/feeds/posts/default?alt=rss")
_WORDPRESS = ("/feed/", "/?feed=rss2")
_USUAL = (
    "/feed/",
    "/rss",
    "/rss.xml",
    "/feed.xml",
    "/atom.xml",
    "/index.xml",
    _BLOGGER[0],
    "/feed.json",
)


def needs_page(story: Story) -> bool:
    """Whether the feed gave only a summary, no picture or a small one, so that its page is worth
    fetching."""
    small = story.picture is None or sizes.looks_small(story.picture.address)
    return bool(story.link) and (len(story.body) < _ENOUGH or small)


def read_page(
    body: bytes, *, address: str, content_type: str = "", now: int, zone: tzinfo = UTC
) -> Story:
    """What an article's page says; `zone` is that of a date which names none. Raises FeedError
    when it is no page that can be read."""
    text = without_notices(charset.decode(body[:MAX_BYTES], content_type))
    root = _root(text) if "<" in text else None
    if root is None:
        raise FeedError(f"{address} is no page that can be read.")
    facts = Metadata(root, address)
    headline = facts.headline()
    found = _body(root, text, facts, headline)
    telling = _from_description(found.telling, facts.description())
    link = facts.link()
    return Story(
        key=link,
        headline=headline,
        link=link,
        lead=leads.of(telling) or leads.of([facts.description()]),
        body="\n\n".join(found.paragraphs),
        picture=_picture(facts.picture(), found.pictures, address),
        source=found.source or found.agency,
        author=facts.author() or found.byline,
        topics=facts.topics(),
        published=facts.published(now, zone),
        language=facts.language(),
    )


def feed_links(body: bytes, *, address: str) -> tuple[str, ...]:
    """Addresses where a page's feed can be, best first: those it names, then the usual places of
    Blogger and WordPress and of everybody else. None for what is no page; comments are no news."""
    text = charset.decode(body[:MAX_BYTES])
    root = _root(text) if _PAGE.search(text) and not _FEED.match(text) else None
    if root is None:
        return ()
    named = sorted(_named_feeds(root, address))
    usual = [addresses.absolute(place, address) for place in _usual(body)]
    found = (*(one for _, _, one in named), *usual)
    return tuple(dict.fromkeys(one for one in found if one and one != address))


def _named_feeds(root: Any, address: str) -> Iterator[tuple[int, int, str]]:
    base = addresses.joined(address, next((one.get("href") or "" for one in root.iter("base")), ""))
    for place, link in enumerate(root.iter("link")):
        rel = (link.get("rel") or "").lower().split()
        if not {"alternate", "feed"} & set(rel) or not _FEED_TYPE.match(link.get("type") or ""):
            continue
        found = addresses.absolute(link.get("href") or "", base)
        if not found or _OTHER_JSON.search(found):
            continue
        if not _COMMENTS.search(f"{found} {link.get('title') or ''}"):
            yield _rank(found), place, found


def _rank(found: str) -> int:
    """The site's own feed before those of its parts; Blogger's Atom says more than its RSS."""
    if "/feeds/posts/default" in found and "alt=rss" not in found:
        return 0
    return 2 if _PART.search(found) else 1


def _usual(body: bytes) -> tuple[str, ...]:
    head = body[:300_000].lower()
    if b"blogger" in head or b"blogspot" in head:
        return _BLOGGER
    return _WORDPRESS if b"wp-content" in head or b"wordpress" in head else _USUAL


def _root(text: str) -> Any:
    parser = etree.HTMLParser(
        encoding="utf-8", remove_comments=True, remove_pis=True, no_network=True
    )
    try:
        return etree.fromstring(text.encode("utf-8", "ignore") or b"<html/>", parser)
    except (etree.XMLSyntaxError, ValueError):
        return None


def _body(root: Any, text: str, facts: Metadata, headline: str) -> Body:
    names = facts.paper().names
    box = _container(root)
    pieces: list[Piece] = list(islice(markup.walk(box), markup.MOST)) if box is not None else []
    inside = bodies.read_body(pieces, names=names, headline=headline)
    if sum(map(len, inside.paragraphs)) >= _FULL:
        told = any(one.image.caption or one.below for one in inside.pictures)
        return inside if told else replace(inside, pictures=_around(root, inside.pictures))
    found = list(_found_text(text)) if sum(1 for _ in root.iter()) <= _MOST else []
    pieces = [*_images(root), *found] if found else list(islice(markup.walk(root), markup.MOST))
    return bodies.read_body(pieces, names=names, headline=headline)


def _container(root: Any) -> Any:
    """The element that says it holds the article; the one with most text if several do."""
    boxes = [
        one
        for one in root.iter("div", "section", "article", "span", "td")
        if one.get("itemprop") == "articleBody" or _CONTAINER.search(one.get("class") or "")
    ]
    return max(boxes, key=lambda one: len(markup.text_of(one)), default=None)


def _images(root: Any) -> list[Piece]:
    """The pictures of a page whose text is found by trafilatura, with their captions."""
    box = next(root.iter("article", "main"), root)
    found = (one for one in markup.walk(box) if not isinstance(one, Block) or one.kind == "caption")
    return list(islice(found, _IMAGES))


def _around(root: Any, inside: tuple[Found, ...]) -> tuple[Found, ...]:
    """The pictures of a text whose container leaves out the one at its head: that one with its
    caption, which stands beside the container."""
    beside = bodies.read_body(_images(root)).pictures
    told = next((one for one in beside if one.image.caption or one.below), None)
    return inside if told is None else (told, *inside)


def _found_text(text: str) -> Iterator[Block]:
    try:
        found = trafilatura.extract(
            text, output_format="txt", include_comments=False, include_tables=False
        )
    except Exception:  # noqa: BLE001 - a stranger's page must not end the look at a feed
        return
    for line in (found or "").split("\n"):
        kind = "li" if line.startswith("- ") else "p"
        if line.removeprefix("- ").strip():
            yield Block(charset.squeeze(line.removeprefix("- ")), kind)


def _from_description(telling: Sequence[str], description: str) -> Sequence[str]:
    """The paragraphs from the one with which the page's own summary begins, if it is near."""
    start = same(description)[:40]
    if len(start) < 40:
        return telling
    for n, paragraph in enumerate(telling[:8]):
        if start in same(paragraph):
            return telling[n:]
    return telling


def _picture(shared: str, found: Sequence[Found], base: str) -> Picture | None:
    """The picture for sharing, else the first in the text; its caption from where it stands."""
    inside = [(picture.address_of(one.image, base), one) for one in found]
    inside = [(address, one) for address, one in inside if address]
    if not shared and not inside:
        return None
    if inside and placeholders.is_named_badly(shared):
        shared = "" if not placeholders.is_named_badly(inside[0][0]) else shared
    address = addresses.full_size(shared) if shared else inside[0][0]
    same = next((one for here, one in inside if _stem(here) == _stem(address)), None)
    place = same or (inside[0][1] if inside else None)
    if place is None:
        return Picture(address)
    return Picture(address, *captions.split(place.image.caption or place.below, place.credit))


def _stem(address: str) -> str:
    return urlsplit(addresses.picture_identity(address)).path.rpartition("/")[2].rpartition(".")[0]
