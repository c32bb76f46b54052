"""What an `<img>` says about itself -> Image. Knows lazy loading, srcset, emoji; trusts nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from bot.core.articles.charset import squeeze


@dataclass(frozen=True, slots=True)
class Image:
    """An `<img>` (or a video's poster) as written; nothing in it is resolved or trusted."""

    addresses: tuple[str, ...]
    """Best first: originals, lazy ones, the largest of srcset, `src`."""
    linked: str = ""
    alt: str = ""
    title: str = ""
    width: int = 0
    height: int = 0
    marks: str = ""
    """Its class and id, which tell pixels and emoji from pictures."""
    caption: str = ""
    """Of the figure or table around it."""


def image(element: Any, linked: str = "", caption: str = "") -> Image:
    """What an `<img>` says about itself."""
    return Image(
        addresses=tuple(dict.fromkeys(filter(None, _addresses(element)))),
        linked=linked,
        alt=squeeze(element.get("alt") or ""),
        title=squeeze(element.get("title") or element.get("data-image-title") or ""),
        width=_pixels(element, "width"),
        height=_pixels(element, "height"),
        marks=f"{element.get('class') or ''} {element.get('id') or ''}".strip(),
        caption=caption,
    )


def _addresses(element: Any) -> Iterator[str]:
    for name in ("data-orig-file", "data-full-url", "data-large-file", "data-original-src"):
        yield element.get(name) or ""
    for name in ("data-srcset", "data-lazy-srcset", "srcset"):
        yield largest(element.get(name) or "")
    parent = element.getparent()
    if parent is not None and parent.tag == "picture":
        for source in parent.iter("source"):
            yield largest(source.get("srcset") or source.get("data-srcset") or "")
    for name in (
        "data-src",
        "data-original",
        "data-lazy-src",
        "data-lazy",
        "data-url",
        "data-image",
    ):
        yield element.get(name) or ""
    yield element.get("src") or ""


def largest(srcset: str) -> str:
    """The address with the greatest width or density in a `srcset` (HTML standard, 4.8.4.2.1)."""
    best, size = "", -1.0
    for found in re.finditer(
        r"([^\s,]\S*[^\s,]|[^\s,])(?:\s+([\d.]+)([wx]))?\s*(?:,|$)", srcset[:8000]
    ):
        try:
            here = float(found[2] or 1) * (1 if found[3] == "w" else 1000)
        except ValueError:
            continue
        if here > size:
            best, size = found[1], here
    return best


def _pixels(element: Any, name: str) -> int:
    said = re.match(r"\s*(\d{1,5})(?:\.\d+)?\s*(?:px)?\s*$", element.get(name) or "")
    if said:
        return int(said[1])
    styled = re.search(rf"(?:^|[;\s]){name}\s*:\s*(\d{{1,5}})px", element.get("style") or "")
    return int(styled[1]) if styled else 0


def emoji(element: Any) -> str:
    """The character that a picture of an emoji stands for."""
    alt = element.get("alt") or ""
    marks = f"{element.get('class') or ''} {element.get('src') or ''}"
    is_emoji = re.search(r"wp-smiley|emoji|smil(?:ey|ies)", marks, re.IGNORECASE)
    if not is_emoji:
        return ""
    return alt if alt and len(alt) <= 8 and not alt.isascii() else " "
