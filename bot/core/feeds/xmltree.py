"""What one element of a feed's tree says: its text, its markup, its attributes. Knows no names."""

from __future__ import annotations

import re
from html import escape
from typing import Any

from lxml import etree

from bot.core.articles.escaped import TAG

_PREFIX = re.compile(rf"<(/?)[A-Za-z_][\w.-]*:(?={TAG})", re.IGNORECASE)
"""The prefix of XHTML's elements, whatever its writer calls that name space."""
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


def text_of(element: Any) -> str:
    """All text in an element, without white space around it."""
    return "".join(element.itertext()).strip() if len(element) else (element.text or "").strip()


def address_of(element: Any) -> str:
    """The address in an element's `href`."""
    return (element.get("href") or "").strip()


def attribute_of(element: Any, local: str) -> str:
    """An attribute of any name space (`rdf:about`, `rdf:resource`)."""
    for name, value in element.attrib.items():
        if name.rpartition("}")[2].rpartition(":")[2] == local:
            return str(value).strip()
    return ""


def language_of(element: Any) -> str:
    """`xml:lang`."""
    return element.get(_LANG) or ""


def number_of(text: str | None) -> int:
    """The whole number that a text begins with, 0 if none."""
    found = re.match(r"\s*(\d{1,5})", text or "")
    return int(found[1]) if found else 0


def serialised(element: Any) -> str:
    """The content of an element, as HTML; entries that ended up in it by a fault are left out."""
    inner = [
        etree.tostring(child, encoding="unicode", method="html")
        for child in element
        if isinstance(child.tag, str)
        and child.tag.rpartition("}")[2].rpartition(":")[2].lower() not in {"item", "entry"}
    ]
    return _PREFIX.sub(r"<\1", escape(element.text or "", quote=False) + "".join(inner)).strip()
