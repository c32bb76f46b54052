"""Untrusted XML text -> a tree of elements with plain names. Knows how feeds break; no RSS.

    text -> from the root on, no DTD, no bare `&` -> libxml2 (recovers) -> repaired text, once more

libxml2 expands no entities and nothing is ever fetched: short entities declared in place are
written out beforehand, external ones are dropped. Every step is linear.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from html import escape
from html.entities import html5
from typing import Any

from lxml import etree

from bot.core.articles.notices import without_notices

DAMAGED = "The feed is not well-formed XML; what could be read was taken."

_SPACES = {
    "http://www.w3.org/2005/atom": "atom",
    "http://purl.org/atom/ns": "atom",
    "http://purl.org/net/echo": "atom",
    "http://purl.org/rss/1.0/modules/content": "content",
    "http://purl.org/net/rss1.1/payload": "content",
    "http://purl.org/dc/elements/1.0": "dc",
    "http://purl.org/dc/elements/1.1": "dc",
    "http://purl.org/dc/terms": "dcterms",
    "http://search.yahoo.com/mrss": "media",
    "http://video.search.yahoo.com/mrss": "media",
    "http://tools.search.yahoo.com/mrss": "media",
    "http://www.rssboard.org/media-rss": "media",
    "http://www.itunes.com/dtds/podcast-1.0.dtd": "itunes",
    "http://rssnamespace.org/feedburner/ext/1.0": "feedburner",
    "http://www.w3.org/1999/xhtml": "xhtml",
}
_RSS_SPACES = (
    "http://purl.org/rss/",
    "http://purl.org/net/rss1.1",
    "http://my.netscape.com",
    "http://channel.netscape.com",
    "http://backend.userland.com",
    "http://blogs.law.harvard.edu",
    "http://www.w3.org/1999/02/22-rdf",
    "http://www.rssboard.org",
)
_USUAL = frozenset(_SPACES.values())
_ENTRIES = frozenset(("item", "entry"))
_FIELDS = frozenset(
    ("title", "link", "description", "summary", "content", "encoded", "guid", "id", "pubdate",
     "date", "published", "updated", "author", "creator", "category", "comments", "enclosure")
)  # fmt: skip
"""Elements that hold no entries: if one does, its end tag is missing."""

_ROOT = re.compile(r"<(?:[\w-]+:)?(?:rss|rdf|feed|channel|entry|item)(?=[\s>/:])", re.IGNORECASE)
_DECLARED = re.compile(
    r"<!ENTITY\s+([\w.-]{1,40})\s+"
    r"(?:\"([^\"<&%]{0,200})\"|'([^'<&%]{0,200})'|(?:SYSTEM|PUBLIC)\b[^>]{0,500})\s*>"
)
_TORN_ENTITY = re.compile(r"&#?\w{0,9}\Z")
_ENTITY = 11
"""The longest beginning of an entity, in characters."""
_CDATA, _CDATA_END = "<![CDATA[", "]]>"
_SPECIAL = re.compile(
    r"&(?!(?:lt|gt|amp|quot|apos);)(?:#(?P<decimal>\d{1,8});|#[xX](?P<hex>[0-9a-fA-F]{1,7});"
    r"|(?P<name>[A-Za-z][\w.-]{0,40});)?"
)
"""Entities other than XML's own: a feed's markup is full of `&lt;`, which stays."""
_TEXT_TAG = re.compile(
    r"<(?P<end>/?)(?P<name>(?:[\w-]+:)?(?P<local>title|description|summary|encoded|content|subtitle"
    r"|item|entry))(?P<rest>(?:\s[^<>]*)?)>",
    re.IGNORECASE,
)
_TAG = re.compile(r"<[\w:.-]+\s[^<>]*>")
_UNQUOTED = re.compile(r"(\s[\w:.-]+)=([^\s\"'<>=]+)(?=[\s>/])")
_UNDECLARED_PREFIX = 201
_TORN = frozenset((39, 65, 73, 76, 77))
"""libxml2's error numbers for faults that swallow what follows: missing quote, space or `>`,
mismatched or missing end tags."""


class NoFeedError(Exception):
    """The document is not a feed; the message says what it is."""


def read_tree(text: str) -> tuple[Any, bool]:
    """The root element (None if there is none), and whether the text was damaged."""
    root, faults = _tree(text)
    if faults & _TORN or (faults and (root is None or not items(root, 1))):
        again, _ = _tree(_repaired(text))
        if again is not None and (root is None or _count(again) >= _count(root)):
            root = again
    return root, bool(faults)


def items(root: Any, limit: int) -> list[Any]:
    """The first entries, wherever they are; empty elements do not count, nor do those inside an
    entry's own container (related articles). One inside another that was not closed does count."""
    found: list[Any] = []
    known: dict[str, bool] = {}
    for element in root.iter(etree.Element):
        tag = element.tag
        if tag not in known:  # a feed has few names and many elements
            known[tag] = _local(element) in _ENTRIES
        if known[tag] and (len(element) or element.text) and not _is_related(element):
            found.append(element)
            if len(found) >= limit:
                break
    return found


def _is_related(entry: Any) -> bool:
    box = entry.getparent()
    if box is None or _local(box) in _ENTRIES:
        return False
    boxed = _local(box) not in _FIELDS
    return boxed and any(_local(outer) in _ENTRIES for outer in box.iterancestors())


def _local(element: Any) -> str:
    """An element's name without name space and prefix."""
    tag: str = element.tag
    return tag[tag.rfind("}") + 1 :].rpartition(":")[2].lower()


def prepared(text: str) -> str:
    """The text from the root element on, with every entity resolved or written out. Raises
    NoFeedError."""
    declared = {found[1]: found[2] or found[3] or "" for found in _DECLARED.finditer(text[:20_000])}
    start = _start(text)
    if start < 0:
        raise NoFeedError(_what_is(text))
    text = without_notices(text[start:])

    def written(found: re.Match[str]) -> str:
        if found["decimal"] or found["hex"]:
            return _numbered(int(found["decimal"] or found["hex"], 10 if found["decimal"] else 16))
        name = found["name"]
        value = declared.get(name, html5.get(f"{name};")) if name else None
        return "&amp;" + found.group()[1:] if value is None else escape(value, quote=False)

    return _outside_cdata(_whole(text), lambda part: _SPECIAL.sub(written, part))


def _outside_cdata(text: str, change: Callable[[str], str]) -> str:
    """A text changed where it stands in no CDATA section, in which all is as it is meant."""
    parts: list[str] = []
    at = 0
    while (begun := text.find(_CDATA, at)) >= 0:
        end = text.find(_CDATA_END, begun)
        end = len(text) if end < 0 else end + len(_CDATA_END)
        parts += (change(text[at:begun]), text[begun:end])
        at = end
    return "".join((*parts, change(text[at:])))


def _whole(text: str) -> str:
    """A text without the tag or entity in which it breaks off."""
    begun = text.rfind("<")
    if begun > text.rfind(">"):
        return text[:begun]
    found = _TORN_ENTITY.search(text, max(0, len(text) - _ENTITY))
    return text[: found.start()] if found else text


class ElementNames:
    """Element names without the writer's own prefixes: `media:content`, `title`; cached for one
    document. `x:` precedes names whose name space is unknown."""

    def __init__(self, root: Any) -> None:
        self._known: dict[str, str] = {}
        # The root's name space is RSS (or Atom) itself, whatever its address.
        space = root.tag.rpartition("}")[0]
        self._own = f"{space}}}" if space and _short(root.tag).startswith("x:") else ""

    def of(self, element: Any) -> str:
        tag = element.tag
        if not isinstance(tag, str):
            return ""
        name = self._known.get(tag)
        if name is None:
            name = _short(tag.removeprefix(self._own) if self._own else tag)
            prefix = (element.prefix or "").lower()
            if (
                prefix in _USUAL and name.partition(":")[0] not in _USUAL
            ):  # its name space is misspelt
                name = f"{prefix}:{name.removeprefix('x:')}"
            self._known[tag] = name
        return name


def _short(tag: str) -> str:
    space, _, local = tag.rpartition("}")
    local = local.lower()
    if not space:
        prefix, _, rest = local.rpartition(":")
        return f"{prefix}:{rest}" if prefix in _USUAL and prefix != "atom" else rest or local
    space = space[1:].lower().strip().rstrip("/#").replace("https://", "http://", 1)
    known = _SPACES.get(space)
    if known is None and space.startswith("http://purl.org/atom/"):
        known = "atom"
    if known is None and space.startswith(_RSS_SPACES):
        return local
    return f"{known or 'x'}:{local}"


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
    """The character of a numeric reference: Windows-1252's as meant, those that XML forbids left
    out."""
    if 0x80 <= number <= 0x9F:
        return bytes([number]).decode("cp1252", "ignore") or chr(number)
    allowed = number in {9, 10, 13} or 0x20 <= number <= 0xD7FF or 0xE000 <= number <= 0xFFFD
    return f"&#{number};" if allowed or 0x10000 <= number <= 0x10FFFF else ""


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
    return root, {fault.type for fault in parser.error_log if fault.type != _UNDECLARED_PREFIX}


def _count(root: Any) -> int:
    return len(items(root, 10_000))


def _repaired(text: str) -> str:
    """Repairs the faults of most broken feeds: markup in text fields becomes text, attributes get
    quotes."""
    parts: list[str] = []
    at = 0
    opened: re.Match[str] | None = None
    for tag in _TEXT_TAG.finditer(text):
        if tag["local"].lower() in {"item", "entry"}:
            opened = None
        elif opened is None:
            opened = None if tag["end"] or _holds_no_text(tag["rest"]) else tag
        elif tag["end"] and tag["name"] == opened["name"]:
            inner = text[opened.end() : tag.start()]
            if "<" in inner and "<![CDATA[" not in inner:
                parts += (text[at : opened.end()], escape(inner, quote=False))
                at = tag.start()
            opened = None
    parts.append(text[at:])
    return _TAG.sub(lambda tag: _UNQUOTED.sub(r'\1="\2"', tag.group()), "".join(parts))


def _holds_no_text(attributes: str) -> bool:
    return attributes.endswith("/") or "xhtml" in attributes or "url=" in attributes
