"""What an `<img>` says about itself -> Image. Knows lazy loading, srcset, emoji; trusts nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from bot.core.articles.charset import squeeze

_SRCSET = 8000
_CANDIDATE = re.compile(
    r"(?P<address>[^\s,]++(?:,++[^\s,]++)*+)(?:,+|(?P<size>(?:[^,(]|\([^)]{0,100}\)){0,200}+),?)"
)
_SIZE = re.compile(r"(?<![\d.])([\d.]++)([wxh])\b", re.IGNORECASE)
_GLUED = re.compile(r",(?=https?://|//)")
_ADDRESS = re.compile(
    r"^(?:(?:https?:)?//\S|\.{0,2}/[^/\s]|[^\s:/?#]+(?:/[^\s:?#]*)?\.\w{3,4}(?:$|[?#]))"
)
_PICTURE_FILE = re.compile(r"\.(?:jpe?g|png|gif|webp|avif|jfif)(?:$|[?&#:;/@])", re.IGNORECASE)
_NO_ADDRESS = re.compile(
    r"^(?:src|srcset|sizes|alt|title|class|id|style|width|height|loading|decoding|usemap|longdesc)$"
    r"|^on|link|href|perma|(?:^|[-_])page(?:$|[-_])|caption|credit|title|alt$|meta|author|avatar|icon"
)
_LARGEST = re.compile(
    r"orig[-_]?(?:file|src|img|image|url)|original[-_](?:file|src|img|image|url)|full|large|hi-?res"
    r"|zoom|(?:^|[-_])(?:hd|big|2x|max)(?:$|[-_])"
)
"""Attributes in which plug-ins keep the full picture, beside the smaller one that they show."""
_IN_JSON = re.compile(
    r"(?<=[\"'])(?:https?:)?//?[^\"'\s]{4,1000}?\.(?:jpe?g|png|webp|avif)(?:\?[^\"'\s]{0,500})?(?=[\"'])",
    re.IGNORECASE,
)
"""An address in an attribute that holds JSON, or an expression."""
_SMALLER = re.compile(
    r"thumb|small|preview|tiny|blur|lqip|placeholder|fallback|error|hover|default"
)
_LAZY = re.compile(r"src|lazy|orig|img|image|photo|url|echo|defer|breeze|bg|picture|pic\b|foto")
_UNSEEN = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|opacity\s*:\s*0(?![.\d])"
    r"|(?:left|top|text-indent)\s*:\s*-\d{3,}|(?:width|height)\s*:\s*[01](?:px)?\s*(?:;|!|$)",
    re.IGNORECASE,
)
_EMOJI_CLASS = re.compile(r"wp-smiley|emoji|smil(?:ey|ies)", re.IGNORECASE)
_EMOJI_FOLDER = re.compile(r"/(?:tw|w)?emoji\w*/|/smil(?:ey|ie)s?/|emoticon", re.IGNORECASE)
_LETTER = 72
"""Pixels."""
_EMOJI = 20
"""The longest name of an emoji, as `:thumbsup:`; a news picture has a longer description."""


@dataclass(frozen=True, slots=True)
class Image:
    """An `<img>` (or a video's poster) as written; nothing in it is resolved or trusted."""

    addresses: tuple[str, ...]
    """Best first: originals, lazily loaded ones, the largest of srcset, `src`, then anything else
    that may be an address."""
    linked: str = ""
    alt: str = ""
    title: str = ""
    width: int = 0
    height: int = 0
    marks: str = ""
    """Its class and id, which tell tracking pixels and emoji from pictures."""
    caption: str = ""
    """The caption of the figure or table around it."""
    unseen: bool = False
    """It is not visible on the site."""


def image(element: Any, linked: str = "", caption: str = "") -> Image:
    """What an `<img>` says about itself."""
    style = element.get("style") or ""
    return Image(
        addresses=tuple(dict.fromkeys(filter(None, _addresses(element)))),
        linked=linked,
        alt=squeeze(element.get("alt") or ""),
        title=squeeze(element.get("title") or element.get("data-image-title") or ""),
        width=_pixels(element, "width"),
        height=_pixels(element, "height"),
        marks=f"{element.get('class') or ''} {element.get('id') or ''}".strip(),
        caption=caption,
        unseen="hidden" in element.attrib
        or element.get("width") == element.get("height") == "0"
        or bool(style and _UNSEEN.search(style)),
    )


def is_picture_file(written: str) -> bool:
    """Whether an address ends in a picture's file extension."""
    return bool(_PICTURE_FILE.search(written))


def is_address(written: str) -> bool:
    """Whether a value is an address, absolute or not."""
    return bool(_ADDRESS.match(written))


def _addresses(element: Any) -> Iterator[str]:
    named = [
        (name.lower(), value.strip())
        for name, value in element.attrib.items()
        if len(value) > 4 and not _NO_ADDRESS.search(name.lower())
    ]
    places = [one for one in named if _ADDRESS.match(one[1]) and "{" not in one[1]]
    yield from (value for name, value in places if _LARGEST.search(name))
    for name, value in named:
        if name.endswith("set") or ("," in value and _SIZE.search(value)):
            yield largest(value)
    yield largest(element.get("srcset") or "")
    yield from sources(element.getparent())
    lazy = [(name, value) for name, value in places if not _LARGEST.search(name)]
    good = [value for name, value in lazy if _LAZY.search(name) and not _SMALLER.search(name)]
    yield from good
    yield element.get("src") or ""
    yield from (value for name, value in lazy if _LAZY.search(name) or _PICTURE_FILE.search(value))
    for _, value in named:
        if value.startswith(("{", "[", '"', "'")):
            yield from _IN_JSON.findall(value.replace("\\/", "/"))


def sources(parent: Any) -> Iterator[str]:
    """The sources that the `<picture>` around an image offers."""
    while parent is not None and parent.tag == "source":  # never closed, so it contains the image
        parent = parent.getparent()
    if parent is None or parent.tag != "picture":
        return
    for source in parent.iter("source"):
        for name, value in source.attrib.items():
            if name.lower().endswith("set"):
                yield largest(value)


def largest(srcset: str) -> str:
    """The address with the greatest width or density in a `srcset` (HTML standard, 4.8.4.2.1):
    commas inside an address do not end it, those after it do."""
    best, size = "", -1.0
    for found in _CANDIDATE.finditer(srcset[:_SRCSET]):
        *plain, address = _GLUED.split(found["address"])
        for one, said in (*((one, "") for one in plain), (address, found["size"] or "")):
            if _density(said) > size:
                best, size = one, _density(said)
    return "" if "{" in best else best


def _density(said: str) -> float:
    found = _SIZE.search(said)
    try:
        return float(found[1]) * (1000 if found[2] in "xX" else 1) if found else 1000
    except ValueError:
        return 0


def _pixels(element: Any, name: str) -> int:
    said = re.match(r"\s*(\d{1,5})(?:\.\d+)?\s*(?:px)?\s*$", element.get(name) or "")
    if said:
        return int(said[1])
    styled = re.search(rf"(?:^|[;\s]){name}\s*:\s*(\d{{1,5}})px", element.get("style") or "")
    return int(styled[1]) if styled else 0


def emoji(element: Any) -> str:
    """The character that a picture of an emoji stands for."""
    alt = element.get("alt") or ""
    if len(alt) > _EMOJI or not _is_emoji(element, alt):
        return ""
    return alt if alt and not alt.isascii() else " "


def _is_emoji(element: Any, alt: str) -> bool:
    if _EMOJI_CLASS.search(element.get("class") or ""):
        return True
    small = alt or 0 < _pixels(element, "width") <= _LETTER
    return bool(small and _EMOJI_FOLDER.search(element.get("src") or ""))
