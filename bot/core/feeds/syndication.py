"""RSS, RDF and Atom -> entries, as read by libxml2, and also by feedparser if damaged.

    text -> xmlfeed -> well-formed? -> Document
                    -> damaged? -> feedparser too -> who finds more, pictures always from xmlfeed

The only importer of feedparser. It is not the first reader, since it flattens Media RSS (a caption
loses its picture, or replaces the summary) and takes as long as everything else together; but it
loses no entry to a stray tag. Its output is not sanitised: markup is read by
`bot.core.articles.markup`, which lets none through.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import feedparser

from bot.core.articles import urls as addresses
from bot.core.articles.entry import Document, Entry, Head, Media
from bot.core.feeds import xmlfeed, xmltext
from bot.core.feeds.xmltext import NoFeedError

_NO_NAME = re.compile(r"^mailto:[^()]*\(?\s*|^\s*\(")
_UTF8 = {"content-type": "application/xml; charset=utf-8"}
_LONGEST = 300_000
"""The most characters of a damaged feed given to feedparser: some faults take it quadratic time."""


def read_syndication(text: str, *, limit: int) -> Document:
    """A feed's head and at most `limit` entries. Raises NoFeedError."""
    try:
        tree = xmlfeed.read_xml_feed(text, limit=limit)
    except NoFeedError:
        told = _told(text, limit=limit)
        if told is None or not told.entries:
            raise
        return replace(told, notes=(xmltext.DAMAGED,))
    told = _told(text, limit=limit) if tree.notes else None
    if told is None or len(told.entries) <= len(tree.entries):
        return tree
    known = {_name(entry): entry for entry in tree.entries}
    entries = [known.get(_name(entry), entry) for entry in told.entries]
    return Document(tree.head, entries, tree.notes)


def _name(entry: Entry) -> tuple[str, str, str]:
    return entry.guid, entry.link, entry.title


def _told(text: str, *, limit: int) -> Document | None:
    """feedparser's reading without empty entries; None if it is not used."""
    if len(text) > _LONGEST:
        return None
    try:
        clean = xmltext.prepared(text)
    except NoFeedError:
        return None
    try:
        found = feedparser.parse(
            io.BytesIO(clean.encode("utf-8", "replace")),
            response_headers=_UTF8,
            resolve_relative_uris=False,
            sanitize_html=False,
        )
    except Exception:  # noqa: BLE001 - damaged input makes it fail in all sorts of ways (KeyError, AssertionError ...)
        return None
    atom = str(found.get("version", "")).startswith("atom")
    entries = [_entry(one, atom=atom) for one in found.entries[:limit]]
    return Document(
        _head(found.feed), [one for one in entries if one.title or one.summary or one.content]
    )


def _head(feed: Any) -> Head:
    links = {one.get("rel", ""): one.get("href") or "" for one in reversed(feed.get("links", ()))}
    return Head(
        title=_own(feed, "title"),
        site=_own(feed, "link"),
        language=_own(feed, "language"),
        hub=links.get("hub", ""),
        itself=links.get("self", ""),
        next_page=links.get("next") or links.get("prev-archive") or "",
        dated=(_own(feed, "updated"), _own(feed, "published")),
    )


def _entry(one: Any, *, atom: bool) -> Entry:
    texts = [_markup(part, atom=atom) for part in one.get("content", ())]
    details = [*one.get("content", ()), one.get("summary_detail"), one.get("title_detail")]
    base = next((part["base"] for part in details if part and part.get("base")), "")
    link = _own(one, "feedburner_origlink") or _own(one, "link")
    return Entry(
        guid=_own(one, "id"),
        title=_markup(one.get("title_detail"), atom=atom),
        link=addresses.joined(base, link) if link else "",
        content=max(texts, key=len, default=""),
        summary=_markup(one.get("summary_detail"), atom=atom) or _own(one, "summary"),
        media=tuple(_media(one)),
        published=_own(one, "published") or _own(one, "created"),
        updated=_own(one, "updated"),
        author=_NO_NAME.sub(
            "", one.get("author_detail", {}).get("name", "") or _own(one, "author")
        ),
        source=one.get("source", {}).get("title", "") or _own(one, "dc_source"),
        topics=tuple(
            tag.get("label") or tag.get("term") or ""
            for tag in one.get("tags", ())
            if "#kind" not in (tag.get("scheme") or "")
        ),
        base=base,
        language=next((part["language"] for part in details if part and part.get("language")), ""),
    )


def _media(one: Any) -> Iterator[Media]:
    for kind, name in (("enclosure", "enclosures"), ("content", "media_content")):
        for found in one.get(name, ()):
            yield Media(found.get("href") or found.get("url") or "", kind, found.get("type", ""))
    for found in one.get("media_thumbnail", ()):
        yield Media(found.get("url", ""), "thumbnail")


def _own(one: Any, name: str) -> str:
    """The value of exactly this name: feedparser's own look-up falls back to others, with a
    warning."""
    value = dict.get(one, name, "")
    return value if isinstance(value, str) else ""


def _markup(part: Any, *, atom: bool) -> str:
    """A text construct as markup. RSS does not say what it holds, Atom does (RFC 4287, 3.1)."""
    if not part:
        return ""
    text = str(part.get("value", ""))
    return xmlfeed.as_markup(text) if atom and part.get("type") == "text/plain" else text
