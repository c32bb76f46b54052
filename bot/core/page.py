"""An article's page -> Story, and a site's page -> the feeds behind it. Knows pages, no network.

    bytes -> metadata (Open Graph, JSON-LD, meta)  \\
          -> trafilatura finds the article's text   > Story
          -> figures around the picture            /
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urljoin, urlsplit

import trafilatura
from lxml import etree

from bot.core import address as addresses
from bot.core import article, charset, markup
from bot.core import body as bodies
from bot.core import caption as captions
from bot.core import lead as leads
from bot.core import picture as pictures
from bot.core import source as sources
from bot.core.errors import FeedError
from bot.core.model import Picture, Story
from bot.core.times import parse_moment

MAX_BYTES = 4 * 1024 * 1024
_FEED_TYPE = re.compile(r"application/(?:rss|atom|rdf|feed)\+(?:xml|json)|application/json", re.I)
_NO_NEWS_FEED = re.compile(r"comments|/wp-json|oembed", re.IGNORECASE)
_ENOUGH = 400
"""A text in a feed that is as long as this is more than a summary."""
_ARTICLE_TYPES = re.compile(r"Article|Posting|Report|Review|WebPage", re.IGNORECASE)


def needs_page(story: Story) -> bool:
    """Whether the feed gave only a summary, or no picture, so that its page is worth fetching."""
    return bool(story.link) and (len(story.body) < _ENOUGH or story.picture is None)


def read(body: bytes, *, address: str, content_type: str = "", now: int) -> Story:
    """What an article's page says. Raises FeedError when it is no page that can be read."""
    text = charset.decode(body[:MAX_BYTES], content_type)
    root = _root(text)
    if root is None:
        raise FeedError(f"{address} is no page that can be read.")
    facts = _Facts(root, address)
    headline = facts.headline()
    blocks = [markup.Block(line) for line in _lines(text)]
    body = bodies.read(blocks, names=facts.paper().names, headline=headline)
    return Story(
        key=facts.link(),
        headline=headline,
        link=facts.link(),
        lead=leads.of(body.telling) or facts.description(),
        body="\n\n".join(body.paragraphs),
        picture=facts.picture(),
        source=body.source or body.agency,
        author=facts.author(),
        topics=facts.topics(),
        published=facts.published(now),
        language=facts.language(),
    )


def feed_links(body: bytes, *, address: str) -> tuple[str, ...]:
    """Addresses where a page's feed can be, best first: those it names, then the usual places of
    Blogger and WordPress and of everybody else."""
    root = _root(charset.decode(body[:MAX_BYTES]))
    named: list[tuple[int, str]] = []
    base = address
    if root is not None:
        base = urljoin(
            address, next((one.get("href") for one in root.iter("base") if one.get("href")), "")
        )
        for link in root.iter("link"):
            rel = (link.get("rel") or "").lower().split()
            if ("alternate" in rel or "feed" in rel) and _FEED_TYPE.match(link.get("type") or ""):
                found = addresses.absolute(link.get("href") or "", base)
                if found and not re.search(r"/wp-json|oembed", found):
                    named.append((_rank(found, link), found))
    ranked = [found for _, found in sorted(named, key=lambda one: one[0])]
    usual = [addresses.absolute(path, address) for path in _usual(body)]
    return tuple(dict.fromkeys(one for one in (*ranked, *usual) if one and one != address))


def _rank(found: str, link: Any) -> int:
    title = (link.get("title") or "").lower()
    comments = "comment" in found.lower() or "comment" in title or "komentar" in title
    of_blogger = "/feeds/posts/default" in found and "alt=rss" not in found
    return 2 if comments else 0 if of_blogger else 1


def _usual(body: bytes) -> tuple[str, ...]:
    head = body[:300_000].lower()
    if b"blogger" in head or b"blogspot" in head:
        return ("/feeds/posts/default", "/feeds/posts/default?alt=rss")
    if b"wp-content" in head or b"wordpress" in head:
        return ("/feed/", "/?feed=rss2")
    return (
        "/feed/",
        "/rss",
        "/rss.xml",
        "/feed.xml",
        "/atom.xml",
        "/index.xml",
        "/feeds/posts/default",
        "/feed.json",
    )


def _root(text: str) -> Any:
    parser = etree.HTMLParser(
        encoding="utf-8", remove_comments=True, remove_pis=True, no_network=True
    )
    try:
        return etree.fromstring(text.encode("utf-8", "ignore") or b"<html/>", parser)
    except (etree.XMLSyntaxError, ValueError):
        return None


def _lines(text: str) -> list[str]:
    try:
        found = trafilatura.extract(
            text,
            output_format="txt",
            include_comments=False,
            include_tables=False,
            include_images=False,
            favor_precision=False,
            deduplicate=False,
        )
    except Exception:  # noqa: BLE001 - a stranger's page must not end the look at a feed
        found = None
    lines = [markup.squeeze(line) for line in (found or "").split("\n")]
    return [line for line in lines if line]


class _Facts:
    """What a page says about its article in its head."""

    def __init__(self, root: Any, address: str) -> None:
        self._root = root
        self._address = address
        self._meta: dict[str, list[str]] = {}
        for one in root.iter("meta"):
            name = (one.get("property") or one.get("name") or one.get("itemprop") or "").lower()
            if name and one.get("content"):
                self._meta.setdefault(name, []).append(one.get("content"))
        self._data = dict(_linked_data(root))

    def first(self, *names: str) -> str:
        for name in names:
            for value in self._meta.get(name, ()):
                if value.strip():
                    return value.strip()
        return ""

    def headline(self) -> str:
        title = self._text("headline") or self.first("og:title", "twitter:title", "title")
        if not title:
            found = next(self._root.iter("title"), None)
            title = markup.text_of(found) if found is not None else ""
        title = article.headline_of(title)
        site = self.site_name()
        cut = re.match(r"(.{15,}?)\s+[|–—·:-]\s+([^|]{2,60})$", title)
        heading = [article.headline_of(markup.text_of(one)) for one in self._root.iter("h1")]
        for one in heading:
            if 10 < len(one) <= len(title) and title.startswith(one):
                return one
        if (
            cut
            and site
            and leads.same(cut[2]) in {leads.same(site), leads.same(addresses.host(self._address))}
        ):
            return cut[1]
        return title

    def site_name(self) -> str:
        return article.headline_of(self.first("og:site_name", "application-name"))

    def paper(self) -> article.Paper:
        return article.Paper(title=self.site_name(), site=self._address)

    def link(self) -> str:
        for one in self._root.iter("link"):
            if (one.get("rel") or "").lower() == "canonical" and one.get("href"):
                return addresses.canonical(one.get("href"), self._address)
        return addresses.canonical(self.first("og:url") or self._address, self._address)

    def description(self) -> str:
        return article.lead_of(article.headline_of(self.first("og:description", "description")))

    def author(self) -> str:
        for value in (
            self._data.get("author"),
            self.first("author", "article:author", "dable:author"),
        ):
            for one in value if isinstance(value, list) else [value]:
                name = one.get("name") if isinstance(one, dict) else one
                if isinstance(name, str) and sources.person_of(article.headline_of(name)):
                    return sources.person_of(article.headline_of(name))
        return ""

    def topics(self) -> tuple[str, ...]:
        tags = self._meta.get("article:tag", []) or self._meta.get("article:section", [])
        return article.topics_of(tags)

    def published(self, now: int) -> int | None:
        candidates = [
            self._data.get("datePublished"),
            self.first(
                "article:published_time",
                "datepublished",
                "pubdate",
                "publishdate",
                "date",
                "dc.date",
                "og:published_time",
                "content_publisheddate",
            ),
        ]
        candidates += [
            one.get("datetime") or one.get("title") for one in self._root.iter("time", "abbr")
        ][:3]
        for one in candidates:
            moment = parse_moment(one, now=now) if one else None
            if moment is not None:
                return moment
        return None

    def language(self) -> str:
        said = self._root.get("lang") or self.first("og:locale", "language", "content-language")
        return article.language_of(said or "")

    def picture(self) -> Picture | None:
        address = self._picture_address()
        images = list(self._images())
        if not address:
            address = next(
                (found for found, image in images if image.caption or image.width >= 300), ""
            )
        if not address:
            return None
        address = addresses.full_size(address)
        name = _stem(address)
        for found, image in images:
            if _stem(found) == name and image.caption:
                return Picture(address, *captions.split(image.caption))
        text = next((image.caption for _, image in images if image.caption), "")
        return Picture(address, *captions.split(text))

    def _picture_address(self) -> str:
        for name in (
            "og:image",
            "og:image:url",
            "og:image:secure_url",
            "twitter:image",
            "twitter:image:src",
        ):
            for value in self._meta.get(name, ()):
                found = pictures.showable(value, self._address)
                if found:
                    return found
        value = self._data.get("image")
        for one in value if isinstance(value, list) else [value]:
            written = one.get("url") if isinstance(one, dict) else one
            if isinstance(written, str) and pictures.showable(written, self._address):
                return pictures.showable(written, self._address)
        return ""

    def _images(self) -> Iterator[tuple[str, markup.Image]]:
        body = next(self._root.iter("article", "main"), self._root)
        for piece in markup.walk(body):
            if isinstance(piece, markup.Image):
                found = pictures.address_of(piece, self._address)
                if found:
                    yield found, piece

    def _text(self, name: str) -> str:
        value = self._data.get(name)
        return value if isinstance(value, str) else ""


def _stem(address: str) -> str:
    return urlsplit(addresses.picture_identity(address)).path.rpartition("/")[2].rpartition(".")[0]


def _linked_data(root: Any) -> Iterator[tuple[str, Any]]:
    """The fields of the page's article in JSON-LD (schema.org)."""
    for script in root.iter("script"):
        if "ld+json" not in (script.get("type") or ""):
            continue
        try:
            data = json.loads(script.text or "", strict=False)
        except (ValueError, RecursionError):
            continue
        for one in _objects(data):
            if _ARTICLE_TYPES.search(str(one.get("@type"))) and one.get("headline"):
                yield from one.items()
                return


def _objects(data: Any) -> Iterator[dict[str, Any]]:
    for one in data if isinstance(data, list) else [data]:
        if isinstance(one, dict):
            yield one
            yield from _objects(one.get("@graph") or [])
