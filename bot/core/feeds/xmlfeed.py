"""RSS 0.9x to 2.0, RSS 1.0 (RDF) and Atom, also broken ones -> entries. Interprets nothing.

    text -> xmltext -> items wherever they stand -> fields by name -> Entry

libxml2 reads a feed about a hundred times faster than a SAX parser in Python does, which leaves the
time for reading the articles.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from html import escape
from typing import Any

from bot.core.articles import urls as addresses
from bot.core.articles.entry import Document, Entry, Head
from bot.core.articles.sentences import unglued
from bot.core.feeds import mediarss, xmltext
from bot.core.feeds.mediarss import Fields
from bot.core.feeds.xmltext import ElementNames, NoFeedError
from bot.core.feeds.xmltree import address_of, attribute_of, language_of, serialised, text_of

_ROOTS = frozenset(("rss", "rdf", "feed", "atom:feed", "channel"))
_MARKUP = re.compile(r"</[a-z][a-z0-9]{0,9}\s*>|<(?:br|hr|img|p)\b[^<>]*>", re.IGNORECASE)
_READABLE = re.compile(r"^(?:text/|.*[/+](?:xml|html|xhtml\+xml)$)")
_COUNTER = re.compile(
    r"https?://(?:feeds\d*\.feedburner\.com/~r|feedproxy\.google\.com/~r|[\w.-]*feedsportal\.com"
    r"|[^/]+/click\.phdo|feedads\.|rss\.cnn\.com/~r)",
    re.IGNORECASE,
)
"""Hosts that count clicks and redirect; the guid is often the article's own address."""
_NO_TOPICS = re.compile(
    r"^(?:.*#kind$|(?!\w+:)(?=[\w .-]*+$).*(?:access|content-?type))", re.IGNORECASE
)
"""Category schemes or domains whose labels are not topics."""

_GUID = ("guid", "id")
_TITLE = ("title", "dc:title", "media:title")
_CONTENT = (
    "content:encoded", "content", "atom:content", "xhtml:body", "xhtml:div", "fulltext",
    "full-text",
)  # fmt: skip
_SUMMARY = (
    "summary", "description", "media:description", "dc:description", "itunes:summary",
    "atom:summary", "dcterms:abstract",
)  # fmt: skip
_PUBLISHED = (
    "pubdate", "dc:date", "published", "issued", "dcterms:issued", "created", "dcterms:created",
    "atom:published", "date", "x:date",
)  # fmt: skip
_UPDATED = ("atom:updated", "updated", "modified", "dcterms:modified", "lastbuilddate")
_AUTHOR = ("author", "dc:creator", "itunes:author", "creator", "x:author", "byline", "atom:author")


def read_xml_feed(text: str, *, limit: int) -> Document:
    """A feed's head and at most `limit` entries. Raises NoFeedError."""
    root, damaged = xmltext.read_tree(xmltext.prepared(text))
    if root is None:
        raise NoFeedError("it holds no XML that can be read")
    items = xmltext.items(root, limit)
    names = ElementNames(root)
    kind = names.of(root)
    if not items and kind not in _ROOTS:
        raise NoFeedError(f"its root element is <{kind.rpartition(':')[2]}>")
    if not items and damaged:
        raise NoFeedError("it breaks off before the first entry")
    reader = _Reader(names, root, atom=kind in {"feed", "atom:feed"})
    notes = (xmltext.DAMAGED,) if damaged else ()
    return Document(reader.head(), [reader.entry(item) for item in items], notes)


def as_markup(text: str) -> str:
    """Plain text as markup that shows it, lines kept; what is markup in spite of being labelled as
    text stays."""
    if not ("&" in text or "<" in text) or _MARKUP.search(text):
        return text
    text = unglued(text, "\n\n")
    return "<p>" + escape(text, quote=False).replace("\n", "<br>") + "</p>"


class _Reader:
    """Reads the elements of one feed."""

    def __init__(self, names: ElementNames, root: Any, *, atom: bool) -> None:
        self._names = names
        self._root = root
        self._atom = atom
        self._channel = next((one for one in root if names.of(one) == "channel"), root)
        self._base = root.base or ""

    def head(self) -> Head:
        """What the feed says about itself; its site is the base of relative addresses from now
        on."""
        fields = self._fields(self._channel)
        links = _links(fields)
        by_rel: dict[str, str] = {}
        for link in links:
            for relation in (link.get("rel") or "alternate").lower().split():
                by_rel.setdefault(relation, address_of(link))
        plain = next((text_of(link) for link in links if text_of(link)), "")
        site = plain or by_rel.get("alternate", "")
        self._base = addresses.joined(self._base, site) if site else self._base
        return Head(
            title=self._markup(fields, "title"),
            site=site,
            language=_one(fields, "language", "dc:language") or language_of(self._root),
            hub=by_rel.get("hub", ""),
            itself=by_rel.get("self", ""),
            next_page=by_rel.get("next") or by_rel.get("prev-archive") or "",
            dated=tuple(_one(fields, name) for name in (*_UPDATED, *_PUBLISHED)),
        )

    def entry(self, item: Any) -> Entry:
        fields = self._fields(item)
        base = _own_base(item, fields, self._root.base or "")
        texts = [_inner(one) for name in _CONTENT for one in fields.get(name, ())]
        summary = self._markup(fields, *_SUMMARY) or mediarss.description(fields, self._fields)
        return Entry(
            guid=_one(fields, *_GUID) or attribute_of(item, "about"),
            title=self._markup(fields, *_TITLE),
            link=self._link(item, fields),
            content=max(texts, key=len, default=""),
            summary=summary,
            media=tuple(mediarss.media(fields, self._fields)),
            published=_one(fields, *_PUBLISHED),
            updated=_one(fields, *_UPDATED),
            author=self._author(fields),
            source=self._source(fields),
            topics=tuple(_topics(fields)),
            base=base,
            language=_one(fields, "dc:language", "language") or language_of(item),
        )

    def _fields(self, element: Any) -> Fields:
        """Children by name, entries left out; Atom's own names have no prefix."""
        fields: Fields = {}
        for child in element:
            name = self._names.of(child)
            if self._atom:
                name = name.removeprefix("atom:")
            if name and name not in {"item", "entry"}:
                fields.setdefault(name, []).append(child)
        return fields

    def _markup(self, fields: Fields, *names: str) -> str:
        found = (_inner(one) for name in names for one in fields.get(name, ()))
        return next(filter(None, found), "")

    def _link(self, item: Any, fields: Fields) -> str:
        found = _one(fields, "feedburner:origlink", "x:origlink")
        found = found or _alternate(_links(fields), language_of(self._root))
        found = "" if found.strip() == "#" else found  # from a template that found none
        counted = bool(_COUNTER.match(found))
        if not found or counted:
            for guid in fields.get("guid", ()):
                named = (guid.get("isPermaLink") or "").lower() == "false"
                if _is_address(text_of(guid)) and (counted or not named):
                    found = text_of(guid)
        found = found or attribute_of(item, "about") or _one(fields, "url") or _elsewhere(fields)
        if self._atom and not found and _is_address(_one(fields, "id")):
            found = _one(fields, "id")
        told = next((link.base for link in _links(fields) if link.base), None) or item.base or ""
        base = addresses.joined(self._base, told) if told else self._base
        return addresses.joined(base, found) if found and base else found

    def _author(self, fields: Fields) -> str:
        for name in _AUTHOR:
            for element in fields.get(name, ()):
                named = [text_of(one) for one in element if self._names.of(one).endswith("name")]
                text = named[0] if named else "" if len(element) else text_of(element)
                if text:
                    return text
        return ""

    def _source(self, fields: Fields) -> str:
        for element in fields.get("source", ()):
            titles = [_inner(one) for one in element if self._names.of(one).endswith("title")]
            text = titles[0] if titles else text_of(element)
            if text:
                return text
        return _one(fields, "dc:source")


def _own_base(item: Any, fields: Fields, outside: str) -> str:
    """The `xml:base` of an entry's text: on the element that holds the text, else around it; empty
    if there is none."""
    texts = [one for name in (*_CONTENT, *_SUMMARY) for one in fields.get(name, ())]
    bases = (one.base for text in texts for one in (*text[:1], text))  # XHTML has it on its <div>
    inner = next((base for base in bases if base and base != item.base), None)
    return str(inner or item.base or outside or "")


def _one(fields: Fields, *names: str) -> str:
    found = (text_of(one) for name in names for one in fields.get(name, ()))
    return next(filter(None, found), "")


def _links(fields: Fields) -> list[Any]:
    return [*fields.get("link", ()), *fields.get("atom:link", ())]


def _topics(fields: Fields) -> Iterator[str]:
    for name in ("category", "dc:subject", "atom:category"):
        for element in fields.get(name, ()):
            if not _NO_TOPICS.match(element.get("scheme") or element.get("domain") or ""):
                yield element.get("label") or element.get("term") or text_of(element)


def _inner(element: Any) -> str:
    """The content of an element, as markup."""
    if len(element):
        return serialised(element)
    text = (element.text or "").strip()
    if element.get("mode") == "base64":
        return _from_base64(text)
    kind = (element.get("type") or "").lower().partition(";")[0].strip()
    if "/" in kind and not _READABLE.match(kind):
        return ""  # bytes, as base64 (RFC 4287, 4.1.3.3)
    return as_markup(text) if kind in {"text", "text/plain"} else text


def _elsewhere(fields: Fields) -> str:
    """Where an Atom entry keeps its text: then it needs no link (RFC 4287, 4.1.2)."""
    pages = (one for one in fields.get("content", ()) if "html" in (one.get("type") or ""))
    return next((one.get("src") for one in pages if one.get("src")), "")


def _alternate(links: list[Any], language: str) -> str:
    """The entry's own page among its links: an alternate one, preferably HTML and in the feed's
    language."""
    good: list[tuple[bool, bool, str]] = []
    for link in links:
        written = address_of(link) or text_of(link)
        if written and (link.get("rel") or "alternate").lower().endswith("alternate"):
            other = language and (link.get("hreflang") or language)[:2] != language[:2]
            page = "html" in (link.get("type") or "text/html").lower()
            good.append((not page, bool(other), written))
    return min(good, key=lambda one: one[:2])[2] if good else ""


def _is_address(text: str) -> bool:
    return text.startswith(("http://", "https://"))


def _from_base64(text: str) -> str:
    try:
        return base64.b64decode(text, validate=False).decode("utf-8", "replace")
    except ValueError:
        return text
