"""An article's page -> Story, and a site's page -> the feeds behind it. Fetches nothing.

    bytes -> tree -> facts (Open Graph, JSON-LD, meta), gaps filled by the second reader  > Story
                  -> text: the container that Blogger, WordPress and the markup of
                     schema.org name, of that what trafilatura finds too; else its text alone

Two readers make fewer mistakes than one: the container keeps captions, datelines and all
paragraphs; trafilatura knows which of them are page furniture.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, tzinfo
from itertools import islice
from typing import Any
from urllib.parse import urlsplit

from lxml import etree

from bot.core.articles import body as bodies
from bot.core.articles import caption as captions
from bot.core.articles import (
    charset,
    container,
    markup,
    picture,
    placeholders,
    second_reader,
    sentences,
    stand_ins,
)
from bot.core.articles import lead as leads
from bot.core.articles import urls as addresses
from bot.core.articles.body import Body
from bot.core.articles.img import image
from bot.core.articles.markup import Block, Piece
from bot.core.articles.metadata import Metadata
from bot.core.articles.notices import without_notices
from bot.core.articles.picture import Found, address_of, showable
from bot.core.articles.second_reader import SecondReading
from bot.core.errors import FeedError
from bot.core.model import Picture, Story
from bot.core.text import same

MAX_BYTES = 4 * 1024 * 1024
"""The rest is not read."""

_PAIR = 2
_CELL = 250
"""Characters: anything longer is not a table cell."""
_SAYS = 60
"""A paragraph with so many letters has something to say."""
_FULL = 250
"""Characters: a container with less text than this holds something other than the article."""
_FEED_TYPE = re.compile(
    r"application/(?:rss|atom|rdf|feed)\+(?:xml|json)|application/json", re.IGNORECASE
)
_FEED = re.compile(
    r"^\s*+(?:<\?[^>]{0,300}>\s*+|<!--.{0,2000}?-->\s*+){0,5}<(?:rss|feed|rdf:rdf|channel|item)\b",
    re.IGNORECASE | re.DOTALL,
)
"""Recognises a feed, however damaged, so that no other one is taken in its place."""
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


def read_page(
    body: bytes, *, address: str, content_type: str = "", now: int, zone: tzinfo = UTC
) -> Story:
    """What an article's page says; `zone` is for dates that name none. Raises FeedError if it is
    not a readable page."""
    text = without_notices(charset.decode(body[:MAX_BYTES], content_type))
    root = _root(text) if "<" in text else None
    if root is None:
        raise FeedError(f"{address} is no page that can be read.")
    facts = Metadata(root, address)
    headline = facts.headline()
    elements = sum(1 for _ in root.iter())
    other = second_reader.read(text, address=address, now=now, elements=elements)
    found = _body(root, facts, headline, other)
    telling = _from_description(found.telling, facts.description())
    link, shared = facts.link(), facts.picture()
    pictures = found.pictures or (() if shared else _styled(root))
    return Story(
        key=link,
        headline=headline,
        link=link,
        lead=leads.of(telling) or leads.of([facts.description()]),
        body="\n\n".join(found.paragraphs),
        picture=_picture(shared, pictures, address),
        source=found.source or found.agency,
        author=facts.author(other.author) or found.byline,
        topics=facts.topics(),
        published=facts.published(now, zone, other.day),
        language=facts.language(),
        linked=addresses.linked(found.targets, address, link),
    )


def pictures(body: bytes, *, address: str, content_type: str = "") -> tuple[str, ...]:
    """The full-size addresses of the pictures on a page, in page order, the one for sharing first;
    without icons, counters and the like. Empty if it is not a page."""
    text = charset.decode(body[:MAX_BYTES], content_type)
    root = _root(text) if "<" in text else None
    if root is None:
        return ()
    shared = showable(Metadata(root, address).picture(), address)
    found = [address_of(image(one), address) for one in root.iter("img")]
    return tuple(dict.fromkeys(one for one in (shared, *found) if one))


def feed_links(body: bytes, *, address: str) -> tuple[str, ...]:
    """Addresses where a page's feed may be, best first: those it names, then the usual places of
    Blogger, WordPress and others. Empty if it is not a page. Feeds of comments are left out."""
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
    """The site's own feed before those of its sections; Blogger's Atom, which says more, before its
    RSS."""
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


def _body(root: Any, facts: Metadata, headline: str, other: SecondReading) -> Body:
    """The article's text: what its container and the second reader agree on, or what one of them
    found."""
    names = facts.paper().names
    boxes = container.of(root)
    pieces: list[Piece] = [one for box in boxes for one in islice(markup.walk(box), markup.MOST)]
    inside = bodies.read_body(pieces, names=names, headline=headline)
    full = _weight(*inside.paragraphs) >= _FULL or other.is_not_longer(inside.paragraphs)
    if full and inside.paragraphs and not other.is_much_longer(inside.paragraphs):
        shared = other.shared(inside.paragraphs)
        if shared:
            witness = _Witness(other, parted=len(boxes) > 1)
            inside = bodies.read_body(pieces, names=names, headline=headline, witness=witness)
        if shared or other.is_not_longer(inside.paragraphs):
            told = any(one.image.caption or one.below for one in inside.pictures)
            return inside if told else replace(inside, pictures=_around(root, inside.pictures))
    if not other.text:
        return inside if inside.paragraphs else _whole(root, names, headline)
    pieces = [*container.images(root), *_blocks(other.text, root)]
    return bodies.read_body(pieces, names=names, headline=headline)


@dataclass(slots=True)
class _Witness:
    """Whether a paragraph of a container is the article's: the second reader found it too, or it is
    prose before the first one found by that reader, or prose anywhere in a container of several
    parts (the second reader finds only one of those)."""

    other: SecondReading
    parted: bool
    begun: bool = False

    def __call__(self, block: Block) -> bool:
        if self.other.tells(block.text):
            self.begun = True
            return True
        linked = sum(map(len, block.links)) * 3 > len(block.text)
        prose = _says(block.text)
        return prose and not linked and (self.parted or not self.begun)


def _whole(root: Any, names: Sequence[str], headline: str) -> Body:
    """The text of a page in which neither reader finds an article."""
    pieces = list(islice(markup.walk(root), markup.MOST))
    return bodies.read_body(pieces, names=names, headline=headline)


def _around(root: Any, inside: tuple[Found, ...]) -> tuple[Found, ...]:
    """Adds the picture at the head of an article, with its caption, where it stands outside the
    container."""
    beside = bodies.read_body(container.images(root)).pictures
    told = next((one for one in beside if one.image.caption or one.below), None)
    return inside if told is None else (told, *inside)


def _styled(root: Any) -> Sequence[Found]:
    """The pictures that the page's style sheets put behind the article."""
    boxes = [*root.iter("article", "main"), *container.of(root)][:1]
    styles = root.iter("style") if boxes else ()
    return [Found(one) for style in styles for one in stand_ins.styled(style, boxes[0])]


def _blocks(text: str, root: Any) -> Iterator[Block]:
    """trafilatura's text as blocks: `- ` marks list items, `|` separates table cells; headings are
    recognised by comparing with the page's."""
    headings = {same(markup.text_of(one)) for one in root.iter("h1", "h2", "h3", "h4")}
    for line in text.split("\n"):
        told = charset.squeeze(line.removeprefix("- "))
        if told.startswith("|"):
            cells = [cell.strip() for cell in told.split("|") if cell.strip(" -")]
            if max(map(len, cells), default=0) > _CELL:  # the table is page layout
                for cell in cells:
                    yield from _laid_out(cell, root) if len(cell) >= _SAYS else ()
                continue
            kind = "p" if len(cells) == 1 else "cell"
            named = len(cells) == _PAIR and cells[1].startswith(":")
            told = (" " if named else " | ").join(cells)
        else:
            kind = "li" if line.startswith("- ") else "p"
            kind = "heading" if same(told) in headings else kind
        if told:
            yield Block(told, kind)


def _says(text: str) -> bool:
    """Whether a paragraph has something to say."""
    return _weight(text) >= _SAYS and sentences.is_whole(text)


def _weight(*texts: str) -> int:
    """How much texts say: a Chinese character counts as three letters."""
    return len("".join(texts).encode())


def _laid_out(cell: str, root: Any) -> Iterator[Block]:
    """The paragraphs of a table cell that holds an article, which the second reader turns into one
    line."""
    letters = same(cell)
    start = letters[:_SAYS]
    boxes = [box for box in root.iter("td") if start in same(markup.text_of(box))]
    found = [one for one in markup.walk(boxes[-1]) if isinstance(one, Block)] if boxes else []
    kept = [one for one in found if same(one.text) in letters]
    yield from kept if sum(len(one.text) for one in kept) >= len(cell) / 2 else [Block(cell, "p")]


def _from_description(telling: Sequence[str], description: str) -> Sequence[str]:
    """The paragraphs from the one that the page's own summary starts with, if only titles, names
    and dates come before it; otherwise the summary may be quoting a later paragraph."""
    start = same(description)[:40]
    if len(start) < 40:
        return telling
    for n, paragraph in enumerate(telling[:8]):
        if start in same(paragraph):
            return telling[n:]
        if _says(paragraph):
            return telling
    return telling


def _picture(shared: str, found: Sequence[Found], base: str) -> Picture | None:
    """The picture for sharing, else the first in the text, with its caption from the text."""
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
