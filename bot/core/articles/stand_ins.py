"""Pictures of an article that are not an `<img>`: a background, in a script, a video's still, in
`<meta>`.

element -> Image, as written. Most of them are not visible as pictures (`Image.unseen`), so visible
ones take precedence.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from bot.core.articles import jsonld, stylesheet
from bot.core.articles.img import Image, image, is_address, is_picture_file, largest, sources

_FILM = re.compile(r"//(?:www\.)?youtube(?:-nocookie)?\.com/(?:embed|v)/([\w-]{11})(?![\w-])")
_FILM_NAME = re.compile(r"[\w-]{11}")
_BACKGROUND = re.compile(r"background[^;]{0,80}?url\(\s*[\"']?(?P<address>[^\"'()\s]{5,2000})")
_URL = re.compile(r"^\s*url\(\s*[\"']?([^\"'()\s]{5,2000})[\"']?\s*\)\s*$")
_KEPT = re.compile(
    r"^data-.{0,20}(?:src|bg|background|image|img|photo|foto|pic|poster|original|lazy)(?!.*(?:-title"
    r"|-alt|-caption|-credit|-author|-avatar|-icon|-link|-url-page)$)"
)
"""Attributes in which plug-ins keep a picture until it scrolls into view."""
_META = frozenset(
    ("image", "thumbnailurl", "contenturl", "og:image", "og:image:url", "og:image:secure_url",
     "twitter:image", "twitter:image:src")
)  # fmt: skip
_LINE = re.compile(
    r"(?:!\[(?P<alt>[^\]]{0,300})\]\(|\[img\])?(?P<address>https?://[^\s()\[\]]{4,1000})"
    r"(?:\s++\"[^\"]{0,300}\")?(?:\)|\[/img\])?",
    re.IGNORECASE,
)
"""An address by itself, or a picture in Markdown or BBCode."""
_SOME = 3
"""The most pictures taken from one script."""


def beside(tag: str, element: Any) -> list[Image]:
    """The pictures of an element whose text is read: its background, the target of a link without a
    picture, an `<embed>` (never closed, so it contains what follows), a `<picture>` without an
    `<img>`."""
    if tag == "embed":
        return instead(tag, element)
    if tag == "picture":
        return _offered(element)
    names = element.keys()
    shown = _behind(element, names) if names else None
    return [shown] if shown else []


def instead(tag: str, element: Any) -> list[Image]:
    """The pictures that stand in for an element whose content is not read."""
    if tag == "head":
        plain = (child for child in element if child.tag != "style")
        return [one for child in plain for one in instead(child.tag, child)]
    if tag == "style":
        return styled(element)
    found = [_unseen(one) for one in _named(tag, element)]
    return [one for one in found if one] or _still(tag, element)


def styled(style: Any, box: Any = None) -> list[Image]:
    """The pictures that a `<style>` shows behind elements, in a box if one is given."""
    found = (_unseen(*one) for one in stylesheet.pictures(style, box))
    return [one for one in found if one]


def written(text: str) -> Image | None:
    """The picture named by a paragraph that says nothing else."""
    if not text.startswith(("http", "![", "[img")):
        return None
    found = _LINE.fullmatch(text)
    if not found or not is_picture_file(found["address"]):
        return None
    return Image((found["address"],), alt=found["alt"] or "")


def _behind(element: Any, names: list[str]) -> Image | None:
    """A background picture, which may be an ornament."""
    style = element.get("style") if "style" in names else None
    found = _BACKGROUND.search(style) if style and "url(" in style else None
    kept = (_kept(name, element.get(name)) for name in names if name[:4] in {"data", "back"})
    address = found["address"] if found else next(filter(None, kept), "")
    if not address and "href" in names and is_picture_file(element.get("href")):
        address = "" if next(element.iter("img"), None) is not None else element.get("href")
    return _unseen(address, element.get("class") or "") if address else None


def _offered(element: Any) -> list[Image]:
    if next(element.iter("img", "amp-img", "image"), None) is not None:
        return []
    found = tuple(filter(None, sources(element)))
    return [Image(found)] if found else []


def _kept(name: str, value: str) -> str:
    if name == "background":
        return value
    if not _KEPT.match(name):
        return ""
    inside = _URL.match(value)
    return inside[1] if inside else largest(value) if name.endswith("set") else value


def _named(tag: str, element: Any) -> Iterator[str]:
    """Addresses named by an element that shows nothing itself."""
    if tag == "meta":
        said = element.get("itemprop") or element.get("property") or element.get("name") or ""
        box = element.getparent()
        kinds = [] if box is None else (box.get("itemprop") or "").lower().split()
        inside = said.lower() == "url" and "image" in kinds
        if inside or said.lower() in _META:
            yield element.get("content") or ""
    elif tag == "link":
        said = f"{element.get('itemprop') or ''} {element.get('rel') or ''}".lower().split()
        if {"image", "thumbnailurl", "image_src"} & set(said) or element.get("as") == "image":
            yield element.get("href") or ""
    elif tag == "script" and jsonld.is_one(element):
        for article in jsonld.articles(element):
            yield from jsonld.pictures(article)[:_SOME]


def _still(tag: str, element: Any) -> list[Image]:
    """The still of a video; or the picture in an element that can hold any kind of file."""
    if tag in {"video", "amp-video"}:
        poster = element.get("poster") or element.get("data-poster")
        return [Image((poster,))] if poster else []
    if tag == "svg":
        shown = (one.get("href") or one.get("xlink:href") or "" for one in element.iter("image"))
        return [Image((one,)) for one in shown if is_picture_file(one)]
    if tag in {"iframe", "embed", "object", "amp-youtube"}:
        address = element.get("src") or element.get("data-src") or element.get("data") or ""
        film = _FILM.search(address)
        name = film[1] if film else element.get("data-videoid") or ""
        if _FILM_NAME.fullmatch(name):
            return [Image((f"https://i.ytimg.com/vi/{name}/hqdefault.jpg",))]
        typed = (element.get("type") or "").lower().startswith("image/")
        own = [Image((address,))] if typed or is_picture_file(address) else []
        inner = element.iter("img", "embed", "iframe") if tag == "object" else ()
        return [*own, *(shown for one in inner for shown in _inner(one))]
    return []


def _inner(element: Any) -> list[Image]:
    return [image(element)] if element.tag == "img" else _still(element.tag, element)


def _unseen(written: str, marks: str = "") -> Image | None:
    written = written.strip()
    if not is_picture_file(written) or not is_address(written):
        return None
    return Image((written,), marks=marks, unseen=True)
