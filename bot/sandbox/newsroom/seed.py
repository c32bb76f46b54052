"""One more article from a Blogger feed on disk, if there is one. Knows nothing of the newsroom."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path

from lxml import etree

from bot.sandbox.newsroom.newsroom import Drawing, Piece

_ATOM = "{http://www.w3.org/2005/Atom}"
_PICTURE = re.compile(r"https://blogger\.googleusercontent\.com/img/b/[^/\"]+/[^/\"]+/")
_PARSER = etree.XMLParser(resolve_entities=False, no_network=True, recover=False)
DRAWING = Drawing("city", "night", 77)


def read(file: Path) -> Piece | None:
    """The newest entry of the feed, its picture replaced by a drawing; None when it has none."""
    try:
        tree = etree.fromstring(file.read_bytes(), _PARSER)
        entry = tree.find(f"{_ATOM}entry")
        return None if entry is None else _piece(entry)
    except (OSError, etree.XMLSyntaxError, ValueError):
        return None


def _piece(entry: etree._Element) -> Piece:
    published = entry.findtext(f"{_ATOM}published", "")
    datetime.fromisoformat(published)  # ValueError: no article without a time
    place = f"{{root}}/img/b/R29vZ2xl/{DRAWING.token}/"
    return Piece(
        number=int(entry.findtext(f"{_ATOM}id", "").rpartition("-")[2]) % 10**6 + 10**6,
        slug=_slug(entry),
        headline=entry.findtext(f"{_ATOM}title", ""),
        text=(),
        labels=tuple(one.get("term", "") for one in entry.iterfind(f"{_ATOM}category")),
        city="",
        source="",
        caption="",
        credit="",
        drawing=DRAWING,
        published=published,
        updated=published,
        raw=_PICTURE.sub(place, entry.findtext(f"{_ATOM}content", "")),
    )


def _slug(entry: etree._Element) -> str:
    for link in entry.iterfind(f"{_ATOM}link"):
        if link.get("rel") == "alternate":
            return link.get("href", "").rpartition("/")[2].removesuffix(".html")
    return "seed"
