"""RSS 0.9x to 2.0, RSS 1.0 (RDF) and Atom, also broken ones -> entries. Knows XML, judges nothing.

    text -> no DTD, no bare `&` -> libxml2 (recovers) -> if elements do not match: repair, once more
         -> items wherever they stand -> Entry

libxml2 reads a feed about a hundred times faster than a SAX parser in Python does, which leaves the
time for reading the articles. No entity is ever expanded by it, nothing is ever fetched.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from html import escape
from html.entities import html5
from typing import Any
from urllib.parse import urljoin

from lxml import etree

from bot.core.entry import Document, Entry, Head, Media

_SPACES = {
    "http://www.w3.org/2005/atom": "atom",
    "http://purl.org/atom/ns": "atom",
    "http://purl.org/net/echo": "atom",
    "http://purl.org/rss/1.0/modules/content": "content",
    "http://purl.org/dc/elements/1.1": "dc",
    "http://purl.org/dc/elements/1.0": "dc",
    "http://purl.org/dc/terms": "dcterms",
    "http://search.yahoo.com/mrss": "media",
    "http://video.search.yahoo.com/mrss": "media",
    "http://tools.search.yahoo.com/mrss": "media",
    "http://www.itunes.com/dtds/podcast-1.0.dtd": "itunes",
    "http://rssnamespace.org/feedburner/ext/1.0": "feedburner",
    "http://a9.com/-/spec/opensearch/1.1": "opensearch",
    "http://a9.com/-/spec/opensearchrss/1.0": "opensearch",
    "http://www.w3.org/1999/xhtml": "xhtml",
    "http://purl.org/net/rss1.1/payload": "content",
}
_PLAIN = (
    "http://purl.org/rss/", "http://my.netscape.com", "http://channel.netscape.com",
    "http://backend.userland.com", "http://blogs.law.harvard.edu", "http://www.w3.org/1999/02/22-rdf",
    "http://purl.org/net/rss1.1", "http://www.rssboard.org",
)  # fmt: skip
"""Name spaces that mean RSS itself."""
_USUAL = frozenset(_SPACES.values()) | {"media", "opensearch"}

_ROOT = re.compile(r"<(?:[\w-]+:)?(?:rss|rdf|feed|channel|entry|item)(?=[\s>/:])", re.IGNORECASE)
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_DECLARED = re.compile(
    r"<!ENTITY\s+([\w.-]{1,40})\s+(?:\"([^\"<&%]{0,200})\"|'([^'<&%]{0,200})'|(?:SYSTEM|PUBLIC)\b[^>]{0,500})\s*>"
)
_HALF_A_TAG = re.compile(r"<[^<>]*\Z")
_SPECIAL = re.compile(
    r"<!\[CDATA\[.*?(?:\]\]>|\Z)"
    r"|&(?:#(?P<decimal>\d{1,8});|#[xX](?P<hex>[0-9a-fA-F]{1,7});|(?P<name>[A-Za-z][\w.-]{0,40});)?",
    re.DOTALL,
)
_XML_NAMES = frozenset(("amp", "lt", "gt", "quot", "apos"))
_TEXTUAL = re.compile(
    r"<((?:[\w-]+:)?(?:title|description|summary|encoded|content|subtitle|tagline))((?:\s[^<>]*)?)>"
    r"(?!\s*<!\[CDATA\[)(.*?)</\1\s*>",
    re.DOTALL | re.IGNORECASE,
)
_UNQUOTED = re.compile(r"(\s[\w:.-]+)=([^\s\"'<>=]+)(?=[\s>/])")
_TAG_WITH = re.compile(r"<[\w:.-]+\s[^<>]*=[^<>]*>")
_MISMATCH = frozenset((76, 77, 73, 65, 39))
"""libxml2's numbers: mismatched or premature end, missing `>`, space or quote."""
_MARKUP = re.compile(r"</[a-z][a-z0-9]{0,9}\s*>|<(?:br|hr|img|p)\b[^<>]*>", re.IGNORECASE)
_PICTURE_FILE = re.compile(r"https?://\S+\.(?:jpe?g|png|webp|gif)(?:\?\S*)?$", re.IGNORECASE)
_COUNTER = re.compile(
    r"https?://(?:feeds\d*\.feedburner\.com/~r|feedproxy\.google\.com/~r|[\w.-]*\.feedsportal\.com"
    r"|rss\.feedsportal\.com|[^/]+/click\.phdo|feedads\.|rss\.cnn\.com/~r)",
    re.IGNORECASE,
)
"""Hosts that count readers and send them on; the guid often is the article's own address."""
_NO_FIELD = frozenset(("link", "guid", "id", "comments", "source", "url", "origlink"))


DAMAGED = "The feed is not well-formed XML; what could be read was taken."


class NoFeedError(Exception):
    """The document is no feed; the text says what it is."""


def read(text: str, *, limit: int) -> Document:
    """A feed's head and at most `limit` entries. Raises NoFeedError."""
    clean = prepared(text)
    root, faults = _tree(clean)
    entries = _items(root, limit) if root is not None else []
    notes: tuple[str, ...] = ()
    if faults & _MISMATCH or (not entries and faults):
        again, _ = _tree(_repaired(clean))
        better = _items(again, limit) if again is not None else []
        if len(better) >= len(entries) and again is not None and better:
            root, entries = again, better
    if faults:
        notes = (DAMAGED,)
    if root is None:
        raise NoFeedError("it holds no XML that can be read")
    return _document(root, entries, notes, broken=bool(faults))


def _document(root: Any, items: list[Any], notes: tuple[str, ...], *, broken: bool) -> Document:
    names = _Names(root)
    kind = names.of(root)
    if not items and kind not in {"rss", "rdf", "feed", "atom:feed", "channel"}:
        raise NoFeedError(f"its root element is <{kind.partition(':')[2] or kind}>")
    if not items and broken:
        raise NoFeedError("it breaks off before the first entry")
    reader = _Reader(names, root, kind)
    return Document(reader.head(), [reader.entry(item) for item in items], notes)


# --- text ------------------------------------------------------------------------------------------


def prepared(text: str) -> str:
    """From the root element on, with every entity resolved or written out."""
    # An entity that lies elsewhere (SYSTEM, PUBLIC) is nothing: it is never fetched.
    declared = {found[1]: found[2] or found[3] or "" for found in _DECLARED.finditer(text[:20_000])}
    start = _start(text)
    if start < 0:
        raise NoFeedError(_what_is(text))

    def written(found: re.Match[str]) -> str:
        if found.group()[0] == "<":
            return found.group()
        if found["decimal"] or found["hex"]:
            return _numbered(int(found["decimal"] or found["hex"], 10 if found["decimal"] else 16))
        name = found["name"]
        if name in _XML_NAMES:
            return found.group()
        value = declared.get(name, html5.get(f"{name};")) if name else None
        return "&amp;" + found.group()[1:] if value is None else escape(value, quote=False)

    return _SPECIAL.sub(written, _HALF_A_TAG.sub("", text[start:]))


def _start(text: str) -> int:
    """Where the root element begins, comments before it skipped; -1 if nowhere."""
    at = 0
    while found := _ROOT.search(text, at):
        opened = text.rfind("<!--", at, found.start())
        closed = text.find("-->", opened) if opened >= 0 else -1
        if opened < 0 or closed < found.start():
            return found.start()
        at = closed
    return -1


def _numbered(number: int) -> str:
    """A numeric reference: Windows-1252's signs as meant, what XML forbids left out."""
    if 0x80 <= number <= 0x9F:
        return bytes([number]).decode("cp1252", "ignore")
    allowed = number in {9, 10, 13} or 0x20 <= number <= 0xD7FF or 0xE000 <= number <= 0xFFFD
    if not allowed and not 0x10000 <= number <= 0x10FFFF:
        return ""
    return f"&#{number};"


def _what_is(text: str) -> str:
    head = text[:2000].lstrip().lower()
    if not head:
        return "it is empty"
    if "<html" in head or "<!doctype html" in head:
        return "it is a web page"
    return "it is neither RSS nor Atom nor a JSON feed"


def _tree(text: str) -> tuple[Any, set[int]]:
    parser = etree.XMLParser(
        recover=True,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        remove_comments=True,
        remove_pis=True,
        encoding="utf-8",
    )
    try:
        root = etree.fromstring(text.encode("utf-8", "ignore"), parser)
    except etree.XMLSyntaxError:
        root = None
    # Undeclared prefixes (201) are read all the same.
    return root, {fault.type for fault in parser.error_log if fault.type != 201}


def _repaired(text: str) -> str:
    """Markup in text fields as text, attributes quoted: what most broken feeds suffer from."""
    text = _TEXTUAL.sub(_wrapped, text)
    return _TAG_WITH.sub(lambda tag: _UNQUOTED.sub(r'\1="\2"', tag.group()), text)


def _wrapped(found: re.Match[str]) -> str:
    name, attributes, inner = found.groups()
    if "<" not in inner or attributes.endswith("/") or "xhtml" in attributes:
        return found.group()
    return f"<{name}{attributes}>{escape(inner.replace('&amp;', '&'), quote=False)}</{name}>"


# --- elements --------------------------------------------------------------------------------------


class _Names:
    """Elements' names without the writers' prefixes: `media:content`, `title`; remembered."""

    def __init__(self, root: Any) -> None:
        self._known: dict[str, str] = {}
        # What the root belongs to is RSS (or Atom) itself, whatever address somebody gave it.
        space = root.tag.rpartition("}")[0]
        self._own = f"{space}}}" if space and _short(root.tag).startswith("x:") else ""

    def of(self, element: Any) -> str:
        tag = element.tag
        if not isinstance(tag, str):
            return ""
        name = self._known.get(tag)
        if name is None:
            local = tag.removeprefix(self._own) if self._own else tag
            name = self._known[tag] = _short(local)
        return name


def _short(tag: str) -> str:
    space, _, local = tag.rpartition("}")
    local = local.lower()
    if not space:
        prefix, _, rest = local.rpartition(":")
        return f"{prefix}:{rest}" if prefix in _USUAL and prefix != "atom" else rest or local
    space = space[1:].lower().rstrip("/#")
    known = _SPACES.get(space)
    if known is None and space.startswith("http://purl.org/atom/"):
        known = "atom"
    if known is None and space.startswith(_PLAIN):
        return local
    return f"{known or 'x'}:{local}"


def _items(root: Any, limit: int) -> list[Any]:
    found = []
    for element in root.iter(etree.Element):
        tag = element.tag
        local = tag[tag.rfind("}") + 1 :].rpartition(":")[2].lower()
        if local in {"item", "entry"} and (len(element) or element.text):
            found.append(element)
            if len(found) >= limit:
                break
    return found


class _Reader:
    """Reads the elements of one feed."""

    def __init__(self, names: _Names, root: Any, kind: str) -> None:
        self._names = names
        self._root = root
        self._atom = kind in {"feed", "atom:feed"}
        channels = [one for one in root if names.of(one) == "channel"]
        self._channel = channels[0] if channels else root
        self._base = root.base or ""

    def head(self) -> Head:
        fields = self._fields(self._channel)
        links = [*fields.get("link", ()), *fields.get("atom:link", ())]
        by_rel: dict[str, str] = {}
        for link in links:
            by_rel.setdefault((link.get("rel") or "alternate").lower(), _address(link))
        plain = next((_text(link) for link in links if _text(link)), "")
        site = plain or by_rel.get("alternate", "")
        self._base = urljoin(self._base, site) if site else self._base
        following = by_rel.get("next") or by_rel.get("prev-archive") or ""
        return Head(
            title=self._markup(fields, "title"),
            site=site,
            language=self._one(fields, "language", "dc:language") or _lang(self._root),
            hub=by_rel.get("hub", ""),
            next_page=following,
        )

    def entry(self, item: Any) -> Entry:
        fields = self._fields(item)
        base = self._base_of(item)
        return Entry(
            guid=self._one(fields, "guid", "id") or _attribute(item, "about"),
            title=self._markup(fields, "title", "dc:title", "media:title"),
            link=self._link(item, fields, base),
            content=self._content(fields),
            summary=self._markup(fields, "summary", "description", "media:description", "dc:description", "itunes:summary"),
            media=tuple(self._media(fields)),
            published=self._one(fields, "pubdate", "dc:date", "published", "issued", "dcterms:issued", "created", "dcterms:created", "atom:published", "date", "pubDate", "x:date"),
            updated=self._one(fields, "atom:updated", "updated", "modified", "dcterms:modified", "lastbuilddate"),
            author=self._author(fields),
            source=self._source(fields),
            topics=tuple(self._topics(fields)),
            base=base,
            language=self._one(fields, "dc:language", "language") or _lang(item),
        )  # fmt: skip

    def _fields(self, element: Any) -> dict[str, list[Any]]:
        """Children by name, entries left out; in Atom its own names need no prefix."""
        fields: dict[str, list[Any]] = {}
        for child in element:
            name = self._names.of(child)
            if self._atom:
                name = name.removeprefix("atom:")
            if name and name not in {"item", "entry"}:
                fields.setdefault(name, []).append(child)
        return fields

    def _one(self, fields: dict[str, list[Any]], *names: str) -> str:
        for name in names:
            for element in fields.get(name, ()):
                text = _text(element)
                if text:
                    return text
        return ""

    def _markup(self, fields: dict[str, list[Any]], *names: str) -> str:
        for name in names:
            for element in fields.get(name, ()):
                text = self._inner(element)
                if text:
                    return text
        return ""

    def _content(self, fields: dict[str, list[Any]]) -> str:
        names = ("content:encoded", "content", "xhtml:body", "xhtml:div", "fulltext", "full-text")
        texts = [self._inner(one) for name in names for one in fields.get(name, ())]
        return max(texts, key=len, default="")

    def _inner(self, element: Any) -> str:
        """What an element holds, as markup."""
        kind = (element.get("type") or "").lower()
        if len(element):
            return _serialised(element)
        text = (element.text or "").strip()
        if element.get("mode") == "base64" or (kind and "/" in kind and "base64" in kind):
            text = _from_base64(text)
        if kind in {"text", "text/plain"} and not _MARKUP.search(text):
            return as_markup(text)
        return text

    def _link(self, item: Any, fields: dict[str, list[Any]], base: str) -> str:
        links = [*fields.get("link", ()), *fields.get("atom:link", ())]
        found = self._one(fields, "feedburner:origlink", "x:origlink") or _alternate(links)
        if not found or _COUNTER.match(found):
            guid = next(
                (one for one in fields.get("guid", ()) if _text_is_address(_text(one))), None
            )
            if guid is not None and (guid.get("isPermaLink") or "").lower() != "false":
                found = _text(guid)
        found = found or _attribute(item, "about") or self._one(fields, "atom:id", "url")
        if self._atom and not found and _text_is_address(self._one(fields, "id")):
            found = self._one(fields, "id")
        return urljoin(base, found) if found and base else found

    def _base_of(self, item: Any) -> str:
        here = item.base or ""
        for child in item:
            if child.base and child.base != here:
                return str(child.base)
        return urljoin(self._base, here) if here else self._base

    def _author(self, fields: dict[str, list[Any]]) -> str:
        for name in (
            "author",
            "dc:creator",
            "itunes:author",
            "creator",
            "x:author",
            "byline",
            "atom:author",
        ):
            for element in fields.get(name, ()):
                inner = [_text(one) for one in element if self._names.of(one).endswith("name")]
                text = inner[0] if inner else ("" if len(element) else _text(element))
                if text:
                    return text
        return ""

    def _source(self, fields: dict[str, list[Any]]) -> str:
        for element in fields.get("source", ()):
            titles = [
                self._inner(one)
                for one in element
                if self._names.of(one) in {"title", "atom:title"}
            ]
            text = titles[0] if titles else _text(element)
            if text:
                return text
        return self._one(fields, "dc:source")

    def _topics(self, fields: dict[str, list[Any]]) -> Iterator[str]:
        for name in ("category", "dc:subject", "atom:category"):
            for element in fields.get(name, ()):
                if "#kind" not in (element.get("scheme") or ""):
                    yield element.get("label") or element.get("term") or _text(element)

    def _media(self, fields: dict[str, list[Any]]) -> Iterator[Media]:
        for element in fields.get("enclosure", ()):
            yield _medium(element, "enclosure")
        for link in (*fields.get("link", ()), *fields.get("atom:link", ())):
            if link.get("rel") == "enclosure":
                yield _medium(link, "enclosure")
        for name in ("x:enclosure", "atom:enclosure"):
            for element in fields.get(name, ()):
                yield _medium(element, "enclosure")
        yield from self._media_rss(fields)
        for name in ("itunes:image", "image", "thumbnail", "x:image", "x:thumbnail"):
            for element in fields.get(name, ()):
                inner = next(
                    (_text(one) for one in element if self._names.of(one).endswith("url")), ""
                )
                written = _address(element) or element.get("url") or inner or _text(element)
                yield Media(written, "thumbnail" if name == "itunes:image" else "field")
        for name, elements in fields.items():
            if name not in _NO_FIELD:
                for element in elements:
                    if not len(element) and _PICTURE_FILE.match(_text(element)):
                        yield Media(_text(element), "field")

    def _media_rss(self, fields: dict[str, list[Any]]) -> Iterator[Media]:
        """`media:*` in the item and in its groups; captions and credits belong to what is around
        them (Media RSS 1.5.1)."""
        for group in fields.get("media:group", ()):
            yield from self._media_rss(self._fields(group))
        around = _caption(self, fields)
        for element in fields.get("media:content", ()):
            inner = self._fields(element)
            caption, credit = _caption(self, inner)
            one = _medium(element, "content", caption or around[0], credit or around[1])
            if element.get("medium") not in {"video", "audio", "document"}:
                yield one
            for thumbnail in inner.get("media:thumbnail", ()):
                yield _medium(thumbnail, "thumbnail", caption or around[0], credit or around[1])
        for element in fields.get("media:thumbnail", ()):
            yield _medium(element, "thumbnail", *around)


def _caption(reader: _Reader, fields: dict[str, list[Any]]) -> tuple[str, str]:
    text = ""
    for name in ("media:description", "media:text"):
        for element in fields.get(name, ()):
            text = text or " ".join(
                _serialised(element).split() if len(element) else _text(element).split()
            )
    credits_ = [
        _text(element)
        for element in fields.get("media:credit", ())
        if (element.get("role") or "photographer").lower() not in {"author", "distribution company"}
    ]
    return text, next(filter(None, credits_), "") or next(
        filter(None, map(_text, fields.get("media:copyright", ()))), ""
    )


def _medium(element: Any, kind: str, caption: str = "", credit: str = "") -> Media:
    return Media(
        address=element.get("url") or _address(element) or _attribute(element, "resource"),
        kind=kind,
        type=element.get("type")
        or ("image" if element.get("medium") == "image" else "")
        or _attribute(element, "type"),
        width=_number(element.get("width")),
        height=_number(element.get("height")),
        caption=caption,
        credit=credit,
    )


def _alternate(links: list[Any]) -> str:
    """The entry's own page among its links: an alternate one, HTML before anything else."""
    good: list[tuple[int, str]] = []
    for link in links:
        rel = (link.get("rel") or "alternate").lower()
        kind = (link.get("type") or "text/html").lower()
        if rel in {"alternate", "http://www.w3.org/1999/xhtml/alternate"}:
            written = _address(link) or _text(link)
            if written:
                good.append((0 if "html" in kind else 1, written))
    return min(good, key=lambda one: one[0])[1] if good else ""


def _address(element: Any) -> str:
    return (element.get("href") or "").strip()


def _attribute(element: Any, local: str) -> str:
    """An attribute of any name space (`rdf:about`, `rdf:resource`)."""
    for name, value in element.attrib.items():
        if name.rpartition("}")[2].rpartition(":")[2] == local:
            return str(value).strip()
    return ""


def _text(element: Any) -> str:
    return "".join(element.itertext()).strip() if len(element) else (element.text or "").strip()


def _text_is_address(text: str) -> bool:
    return text.startswith(("http://", "https://"))


def _serialised(element: Any) -> str:
    parts = [escape(element.text or "", quote=False)]
    for child in element:
        if isinstance(child.tag, str) and child.tag.rpartition("}")[2].lower() not in {
            "item",
            "entry",
        }:
            parts.append(etree.tostring(child, encoding="unicode", method="html"))
    return re.sub(r"<(/?)(?:xhtml|html|xh|h):", r"<\1", "".join(parts)).strip()


def as_markup(text: str) -> str:
    """Plain text as markup that shows it: lines and paragraphs kept."""
    if not text:
        return ""
    return (
        "<p>" + escape(text, quote=False).replace("\n", "<br>") + "</p>"
        if "&" in text or "<" in text
        else text
    )


def _from_base64(text: str) -> str:
    try:
        return base64.b64decode(text, validate=False).decode("utf-8", "replace")
    except ValueError:
        return text


def _lang(element: Any) -> str:
    return element.get("{http://www.w3.org/XML/1998/namespace}lang") or ""


def _number(text: str | None) -> int:
    found = re.match(r"\s*(\d{1,5})", text or "")
    return int(found[1]) if found else 0
