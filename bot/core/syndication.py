"""RSS, RDF and Atom -> entries, as feedparser reads them; the only importer of feedparser.

    prepared text (no DTD, no entity left) -> feedparser -> Entry, without its sanitiser: markup is
    read by `bot.core.markup`, which lets nothing of it through

feedparser flattens Media RSS: a caption loses its picture, or takes the place of the summary. What
belongs together there, and damaged feeds in which it finds less than stands there, come from
`xmlfeed`.
"""

from __future__ import annotations

import io
import re
from dataclasses import replace
from typing import Any
from urllib.parse import urljoin

import feedparser

from bot.core import xmlfeed
from bot.core.entry import Document, Entry, Head

_NO_NAME = re.compile(r"^mailto:[^()]*\(?\s*|^\s*\(")
_UTF8 = {"content-type": "application/xml; charset=utf-8"}


def read(text: str, *, limit: int) -> Document:
    """A feed's head and at most `limit` entries. Raises NoFeedError."""
    tree = xmlfeed.read(text, limit=limit)
    told = _told(xmlfeed.prepared(text), limit=limit)
    if len(told.entries) < len(tree.entries):
        return tree
    if len(told.entries) > len(tree.entries):
        return replace(told, notes=tree.notes)
    pairs = zip(told.entries, tree.entries, strict=True)
    head = replace(told.head, title=told.head.title or tree.head.title)
    return Document(head, [_together(ours, theirs) for ours, theirs in pairs], tree.notes)


def _together(told: Entry, tree: Entry) -> Entry:
    return replace(
        told,
        media=tree.media,
        summary=tree.summary or told.summary,
        source=told.source or tree.source,
        language=told.language or tree.language,
    )


def _told(prepared: str, *, limit: int) -> Document:
    found = feedparser.parse(
        io.BytesIO(prepared.encode("utf-8", "replace")),
        response_headers=_UTF8,
        resolve_relative_uris=False,
        sanitize_html=False,
    )
    atom = str(found.get("version", "")).startswith("atom")
    return Document(_head(found.feed), [_entry(one, atom=atom) for one in found.entries[:limit]])


def _head(feed: Any) -> Head:
    links = {one.get("rel", ""): one.get("href", "") for one in reversed(feed.get("links", ()))}
    return Head(
        title=feed.get("title", ""),
        site=feed.get("link", ""),
        language=feed.get("language", ""),
        hub=links.get("hub", ""),
        next_page=links.get("next") or links.get("prev-archive") or "",
    )


def _entry(one: Any, *, atom: bool) -> Entry:
    texts = [_markup(part, atom=atom) for part in one.get("content", ())]
    details = [*one.get("content", ()), one.get("summary_detail"), one.get("title_detail")]
    base = next((part["base"] for part in details if part and part.get("base")), "")
    link = _own(one, "feedburner_origlink") or _own(one, "link")
    return Entry(
        guid=_own(one, "id"),
        title=_markup(one.get("title_detail"), atom=atom),
        link=urljoin(base, link) if link else "",
        content=max(texts, key=len, default=""),
        summary=_markup(one.get("summary_detail"), atom=atom) or _own(one, "summary"),
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


def _own(one: Any, name: str) -> str:
    """A value under exactly this name: feedparser's own look-up answers for others, and warns."""
    value = dict.get(one, name, "")
    return value if isinstance(value, str) else ""


def _markup(part: Any, *, atom: bool) -> str:
    """A text construct as markup. RSS does not say what it holds, Atom does (RFC 4287, 3.1)."""
    if not part:
        return ""
    text = str(part.get("value", ""))
    return xmlfeed.as_markup(text) if atom and part.get("type") == "text/plain" else text
