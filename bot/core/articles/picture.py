"""Which picture stands for an article. Knows pixels, buttons and signatures; fetches nothing.

pictures in the text, pictures named beside it -> the first real one, in full size
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from bot.core.articles import caption as captions
from bot.core.articles import placeholders
from bot.core.articles import urls as addresses
from bot.core.articles.entry import Media
from bot.core.articles.img import Image
from bot.core.model import Picture

_MARKS = re.compile(
    r"(?:^|[\s_-])(?:avatar|emoji|icon|pixel|smiley|share|social|button|badge|tracking|gravatar"
    r"|feedflare|sponsor|banner-?ad)",
    re.IGNORECASE,
)
_BAD_LINK = re.compile(
    r"feedburner\.com/~ff|feedsportal|doubleclick|facebook\.com/shar|twitter\.com/(?:intent|share|home\?)"
    r"|addtoany|addthis|sharethis|wa\.me/|t\.me/share|amazon\.\w+/gp/|paypal\.com|patreon\.com"
    r"|ko-fi\.com|buymeacoffee|^mailto:|feeds\.wordpress\.com",
    re.IGNORECASE,
)
_PICTURE_TYPE = re.compile(r"image/(?!svg|x-icon|vnd)", re.IGNORECASE)
_PICTURE_NAME = re.compile(r"\.(?:jpe?g|png|gif|webp|avif|jfif)(?:$|[?&#:;/])", re.IGNORECASE)
_SMALL = 48
_PIXEL = 3
_LARGE = 150
_LONG = 6
"""How many times as long as wide a picture may be: banners are longer, comic strips shorter."""
_RANK = {"enclosure": 0, "content": 0, "field": 1, "thumbnail": 2}
_TOP = 900
"""Characters of text above a picture after which it is only one of several in the article."""


Real = Mapping[Image | Media, str]
"""Pictures and their full-size addresses."""


@dataclass(frozen=True, slots=True)
class Found:
    """A picture in the text, and the line below it when that is its caption."""

    image: Image
    above: int = 0
    """Characters of text above it."""
    below: str = ""
    credit: str = ""
    """From a line of its own anywhere in the text (`(Image credit: ...)`)."""


def seen(images: Iterable[Image], beside: Iterable[Media], base: str) -> dict[Image | Media, str]:
    """The full-size addresses of all real pictures in an entry and beside it."""
    found: dict[Image | Media, str] = {one: address_of(one, base) for one in images}
    found.update((one, _named_address(one, base)) for one in beside)
    return {one: address for one, address in found.items() if address}


def choose(inside: Sequence[Found], beside: Sequence[Media], real: Real) -> Picture | None:
    """The picture of an article, or None: the first in the text unless it stands far below, else
    the best named beside it. `real` are those of `seen` that are not the paper's ornaments."""
    here = [(one, _with_words(one, real[one.image])) for one in inside if one.image in real]
    named = _ranked(beside, real)
    high = [picture for found, picture in here if found.above <= _TOP]
    large = [picture for media, picture in named if media.kind != "thumbnail"]
    ordered = [*high[:1], *large[:1], *high[1:], *(one for _, one in (*here, *named))]
    sure = (one for one in ordered if not placeholders.is_doubtful(one.address))
    best = next(sure, ordered[0] if ordered else None)
    return _completed(best, [picture for _, picture in named]) if best else None


def address_of(image: Image, base: str = "") -> str:
    """The full-size address of a real picture, empty for pixels, icons, ads and placeholders."""
    if _is_no_shape(image.width, image.height) or _MARKS.search(image.marks):
        return ""
    if image.linked and _BAD_LINK.search(image.linked):
        return ""
    large = max(image.width, image.height) >= _LARGE
    for written in image.addresses:
        address = showable(written, base, large=large)
        if address:
            return addresses.full_size(address, addresses.absolute(image.linked, base))
    return ""


def showable(written: str, base: str = "", *, large: bool = False) -> str:
    """An absolute address of what Telegram can show as a picture, as far as one can tell."""
    if written.startswith("data:"):
        return ""
    address = addresses.absolute(written, base)
    if (
        not address
        or placeholders.is_none(address)
        or (not large and placeholders.is_icon(address))
    ):
        return ""
    return address


def _with_words(found: Found, address: str) -> Picture:
    text = found.image.caption or found.below
    return Picture(address, *captions.split(text, found.credit))


def _named_address(media: Media, base: str) -> str:
    if not _is_picture(media):
        return ""
    if _is_no_shape(media.width, media.height) and media.kind != "thumbnail":
        return ""
    address = showable(media.address, base)
    return addresses.full_size(address) if address else ""


def _ranked(beside: Sequence[Media], real: Real) -> list[tuple[Media, Picture]]:
    """Pictures named beside the text, best first: full ones by width, then thumbnails."""
    good = [one for one in beside if one in real]
    good.sort(key=lambda one: (_RANK.get(one.kind, 3), -one.width))
    return [(one, Picture(real[one], *captions.split(one.caption, one.credit))) for one in good]


def _is_picture(media: Media) -> bool:
    """By its type; a name that ends as a picture's does outweighs a type that servers mistake."""
    kind = media.type.lower()
    named = bool(_PICTURE_NAME.search(media.address.partition("?")[0]))
    if _PICTURE_TYPE.match(kind) or kind == "image":
        return True
    if kind:
        return named and kind.startswith(("text/html", "application/octet-stream"))
    return named or media.kind != "enclosure"


def _completed(picture: Picture, named: Sequence[Picture]) -> Picture:
    """The caption and credit that stand at the same picture elsewhere in the entry."""
    if picture.caption and picture.credit:
        return picture
    name = urlsplit(picture.address).path.rpartition("/")[2]
    for other in named:
        alike = urlsplit(other.address).path.rpartition("/")[2] == name
        if alike and (other.caption or other.credit):
            return Picture(
                picture.address, picture.caption or other.caption, picture.credit or other.credit
            )
    return picture


def _is_no_shape(width: int, height: int) -> bool:
    """Too small, or as long as only banners and rules are."""
    if 0 < width <= _PIXEL or 0 < height <= _PIXEL:
        return True
    known = [side for side in (width, height) if side]
    if len(known) == 2 and max(known) > _LONG * min(known):
        return True
    return bool(known) and max(known) < _SMALL
