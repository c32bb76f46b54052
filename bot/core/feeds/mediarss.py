"""Pictures that an entry names beside its text -> Media, with captions and credits.

Knows enclosures, Media RSS 1.5.1 (surrounding elements apply to the picture inside), iTunes and the
plain elements that newsrooms invent (`<thumbnail>`, `<StoryImage>`); interprets nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any

from bot.core.articles.entry import Media
from bot.core.feeds.xmltree import address_of, attribute_of, number_of, serialised, text_of

Fields = dict[str, list[Any]]

_PICTURE_FILE = re.compile(r"^https?://(?=\S+$)\S+\.(?:jpe?g|png|webp|gif)(?:\?|$)", re.IGNORECASE)
_NAMED = re.compile(r"\.(?:jpe?g|png|webp|gif|avif)$", re.IGNORECASE)
_NO_FIELD = frozenset(("link", "guid", "id", "comments", "source", "url", "feedburner:origlink"))
_ELEMENTS = ("image", "thumbnail", "x:image", "x:thumbnail")
_PICTURED = re.compile(
    r"^(?!media:|itunes:|content:|dc:)(?:x:)?.{0,20}(?:image|thumbnail|thumb|img|photo|foto|picture|gambar"
    r"|cover)(?:[-_]?(?:url|src|large|full|link))?$"
)
"""Plain elements with other names that publishing systems use: `post-thumbnail`,
`featuredImage`."""
_SMALL = re.compile("thumb|small|icon|kecil")
_SRC = re.compile(r"<img\b[^<>]{0,500}?\bsrc\s*=\s*[\"']?([^\"'\s<>]{4,2000})", re.IGNORECASE)
_NO_MAKERS = frozenset(("author", "distribution company"))


def media(fields: Fields, fields_of: Callable[[Any], Fields]) -> Iterator[Media]:
    """Everything in an entry that may be a picture. `fields` are its children by name, `fields_of`
    returns the children of such an element."""
    yield from _enclosures(fields)
    if any(name.startswith("media:") for name in fields):
        yield from _media_rss(fields, fields_of, _told(fields))
    for element in fields.get("itunes:image", ()):
        yield Media(address_of(element), "thumbnail")
    plain = list(_plain(fields))
    if len(plain) > 1:
        plain.sort(key=lambda one: bool(_SMALL.search(one[0])))
    yield from (Media(address, "field") for _, address in plain)


def _plain(fields: Fields) -> Iterator[tuple[str, str]]:
    """By its name, what a plain element says of where a picture is."""
    for name, elements in fields.items():
        if name in _ELEMENTS or _is_pictured(name):
            yield from ((name, _address_in(element)) for element in elements)
        elif name not in _NO_FIELD:
            for element in elements:
                if not len(element) and _PICTURE_FILE.match(text_of(element)):
                    yield name, text_of(element)


@lru_cache(maxsize=512)
def _is_pictured(name: str) -> bool:
    return bool(_PICTURED.search(name))


def description(fields: Fields, fields_of: Callable[[Any], Fields]) -> str:
    """What a video is about, for entries without text of their own (YouTube)."""
    for group in fields.get("media:group", ()):
        for element in fields_of(group).get("media:description", ()):
            if text_of(element):
                return text_of(element)
    return ""


def _enclosures(fields: Fields) -> Iterator[Media]:
    for name in ("enclosure", "x:enclosure", "atom:enclosure"):
        for element in fields.get(name, ()):
            yield _medium(element, "enclosure")
    for name in ("link", "atom:link"):
        for element in fields.get(name, ()):
            if element.get("rel") == "enclosure":
                yield _medium(element, "enclosure")
    for element in fields.get("content", ()):  # of Atom, elsewhere (RFC 4287, 4.1.3.2)
        if element.get("src") and (element.get("type") or "").startswith("image/"):
            yield Media(element.get("src"), "content", element.get("type"))


def _told(fields: Fields) -> frozenset[str]:
    """What an entry's own text is: a caption that repeats it is none."""
    texts = (
        text_of(one)
        for name in ("description", "summary", "content:encoded")
        for one in fields.get(name, ())
    )
    return frozenset(" ".join(text.split()) for text in texts)


def _media_rss(
    fields: Fields, fields_of: Callable[[Any], Fields], told: frozenset[str]
) -> Iterator[Media]:
    for group in fields.get("media:group", ()):
        yield from _media_rss(fields_of(group), fields_of, told)
    contents = fields.get("media:content", ())
    caption, credit = _words(fields, told)
    film = any(not _may_be_picture(one) for one in contents)
    for element in contents:
        inner = fields_of(element)
        own_caption, own_credit = _words(inner, told)
        if _may_be_picture(element):
            yield _medium(element, "content", own_caption or caption, own_credit or credit)
        else:
            own_caption = ""  # it describes the video, not its still
        for thumbnail in inner.get("media:thumbnail", ()):
            yield _medium(thumbnail, "thumbnail", own_caption, own_credit)
    for element in fields.get("media:thumbnail", ()):
        yield _medium(element, "thumbnail", "" if film else caption, credit)


def _words(fields: Fields, told: frozenset[str]) -> tuple[str, str]:
    """Caption and credit in an element; a repetition of the entry's text is not a caption."""
    captions = [
        " ".join((serialised(one) if len(one) else text_of(one)).split())
        for name in ("media:description", "media:text")
        for one in fields.get(name, ())
    ]
    credits_ = [
        text_of(one)
        for one in fields.get("media:credit", ())
        if (one.get("role") or "").lower() not in _NO_MAKERS
    ]
    credits_ += [text_of(one) for one in fields.get("media:copyright", ())]
    caption = next((one for one in captions if one and one not in told), "")
    return caption, next(filter(None, credits_), "")


def _address_in(element: Any) -> str:
    """The picture's address in a plain element: in an attribute, in its `url`, or as its text."""
    for one in (element, *element):
        if said := address_of(one) or one.get("url") or one.get("src"):
            return said
    inner = {one.tag.rpartition("}")[2].lower(): text_of(one) for one in element}
    for name in ("url", "src", "href", "loc", "file"):
        if inner.get(name):
            return inner[name]
    pictures = (text for text in inner.values() if _PICTURE_FILE.match(text))
    text = next(pictures, "" if inner else text_of(element))
    tag = _SRC.search(text) if "<" in text else None
    if tag:
        return tag[1]
    return text if "<" not in text and ("/" in text or _NAMED.search(text)) else ""


def _may_be_picture(element: Any) -> bool:
    kind = (element.get("medium") or element.get("type") or "image").lower()
    unsaid = kind == "application/octet-stream"  # the type that some systems give every file
    return bool(element.get("url")) and (unsaid or kind.partition("/")[0] == "image")


def _medium(element: Any, kind: str, caption: str = "", credit: str = "") -> Media:
    said = element.get("type") or attribute_of(element, "type")
    return Media(
        address=element.get("url") or address_of(element) or attribute_of(element, "resource"),
        kind=kind,
        type=said or ("image" if element.get("medium") == "image" else ""),
        width=number_of(element.get("width")),
        height=number_of(element.get("height")),
        caption=caption,
        credit=credit,
    )
