"""Which picture stands for an article. Knows pixels, buttons and signatures; fetches nothing.

pictures in the text, pictures named beside it -> the first real one, in full size
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from bot.core.articles import caption as captions
from bot.core.articles import placeholders, sizes
from bot.core.articles import urls as addresses
from bot.core.articles.entry import Media
from bot.core.articles.img import Image
from bot.core.model import LEAST_SIDE, Picture
from bot.core.text import holds_any

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
_IN_BAD_LINKS = (
    "feed", "doubleclick", "facebook.com/", "twitter.com/", "addt", "sharethis", "wa.me/", "t.me/",
    "amazon.", "paypal", "patreon", "ko-fi", "buymeacoffee", "mailto:",
)  # fmt: skip
_PICTURE_TYPE = re.compile(r"image/(?!svg|x-icon|vnd)", re.IGNORECASE)
_PICTURE_NAME = re.compile(r"\.(?:jpe?g|png|gif|webp|avif|jfif)(?:$|[?&#:;/])", re.IGNORECASE)
_LARGE = 300
"""Pixels: page furniture has no side this long, except for banners and logos."""
_ICON = 48
_PIXEL = 3
_FURTHER = 7
_LONG = 6
"""The highest ratio of the sides that a picture may have: banners exceed it, comic strips do
not."""
_NO_ADDRESS = frozenset(("undefined", "null", "none", "false", "about:blank"))
"""What programs write when they have no picture."""
_RANK = {"enclosure": 0, "content": 0, "field": 1, "thumbnail": 2}
_TOP = 900
"""A picture with more characters of text above it is only one of several in the article."""


Real = Mapping[Image | Media, str]
"""Pictures and their full-size addresses."""


@dataclass(frozen=True, slots=True)
class Found:
    """A picture in the text, and the line below it if that is its caption."""

    image: Image
    above: int = 0
    """Characters of text above it."""
    below: str = ""
    credit: str = ""
    """The credit from a line of its own anywhere in the text (`(Image credit: ...)`)."""


def seen(images: Iterable[Image], beside: Iterable[Media], base: str) -> dict[Image | Media, str]:
    """The full-size addresses of all real pictures in an entry and beside it."""
    found: dict[Image | Media, str] = {one: address_of(one, base) for one in images}
    found.update((one, _named_address(one, base)) for one in beside)
    return {one: address for one, address in found.items() if address}


def choose(inside: Sequence[Found], beside: Sequence[Media], real: Real) -> Picture | None:
    """The picture of an article, or None: the first in the text unless it is far down, else the
    best one named beside it; possible logos, buttons and counters only as a last resort. `real` are
    those of `seen` that are not the paper's ornaments."""
    here = [(one, _with_words(one, real[one.image])) for one in inside if one.image in real]
    named = _ranked(beside, real)
    high = [picture for found, picture in here if found.above <= _TOP]
    large = [picture for media, picture in named if media.kind != "thumbnail"]
    ordered = [*high[:1], *large[:1], *high[1:], *(one for _, one in (*here, *named))]
    if len(ordered) < 2:
        return _completed(ordered[0], [picture for _, picture in named]) if ordered else None
    doubts: dict[str, int] = {}
    shown: list[Image | Media] = [*(found.image for found, _ in here), *(one for one, _ in named)]
    for one in shown:
        doubt = _doubts(one, real[one])
        doubts[real[one]] = min(doubts.get(real[one], doubt), doubt)
    best = min(ordered, key=lambda one: doubts[one.address])
    return _completed(best, [picture for _, picture in named])


def further(real: Real, shown: Picture | None) -> tuple[str, ...]:
    """The other pictures of an entry, in its order, without possible page furniture."""
    if len(real) < 2:
        return ()
    names = {addresses.picture_identity(shown.address)} if shown else set()
    found = []
    for one, address in real.items():
        name = addresses.picture_identity(address)
        if name not in names and not _doubts(one, address):
            names.add(name)
            found.append(address)
    return tuple(found[:_FURTHER])


def address_of(image: Image, base: str = "") -> str:
    """The full-size address of a real picture, empty for pixels, icons, ads and placeholders."""
    if _is_no_shape(image.width, image.height):
        return ""
    if image.linked and _leads_astray(image.linked):
        return ""
    found = [address for one in image.addresses if (address := showable(one, base))]
    if not found and _PICTURE_NAME.search(image.linked):
        found = [showable(image.linked, base)]
    sure = (address for address in found if not _is_doubtful(address))
    address = next(sure, found[0] if found else "")
    if not address:
        return ""
    large = addresses.full_size(address, addresses.absolute(image.linked, base))
    alone = large == address and len(found) == 1
    if _is_small(large, image if alone else None):
        large = showable(image.linked, base) if _PICTURE_NAME.search(image.linked) else ""
    if not large or _is_small(large, None):
        return ""
    if image.unseen and not _PICTURE_NAME.search(large):
        return ""
    return "" if _doubts(image, large) > 1 else large


def showable(written: str, base: str = "") -> str:
    """The absolute address if Telegram can presumably show it as a picture, else empty."""
    if written.startswith(("data:", "#")) or written in _NO_ADDRESS:
        return ""
    address = addresses.absolute(written, base)
    return "" if not address or placeholders.is_none(address) else address


def _leads_astray(linked: str) -> bool:
    """Whether a picture is a button: nobody links a picture of news there."""
    return holds_any(linked.lower(), _IN_BAD_LINKS) and bool(_BAD_LINK.search(linked))


def _doubts(one: Image | Media, address: str) -> int:
    """How many clues suggest that a picture is page furniture; for a large one there are none."""
    if max(one.width, one.height) >= _LARGE:
        return int(placeholders.is_doubtful(address))
    doubts = int(_is_doubtful(address))
    doubts += bool(doubts) and placeholders.is_of_the_site(address)
    if isinstance(one, Image):
        doubts += bool(_MARKS.search(one.marks)) + one.unseen
    return doubts


def _is_doubtful(address: str) -> bool:
    return placeholders.is_doubtful(address) or placeholders.is_furniture(address)


def _with_words(found: Found, address: str) -> Picture:
    text = found.image.caption or found.below
    return Picture(address, *captions.split(text, found.credit))


def _named_address(media: Media, base: str) -> str:
    if not _is_picture(media):
        return ""
    if _is_no_shape(media.width, media.height) and media.kind != "thumbnail":
        return ""
    address = showable(media.address, base)
    large = addresses.full_size(address) if address else ""
    small = _is_small(large, media if large == address else None)
    return "" if small or _doubts(media, large) > 1 else large


def _ranked(beside: Sequence[Media], real: Real) -> list[tuple[Media, Picture]]:
    """Pictures named beside the text, best first: full ones by width, then thumbnails."""
    good = [one for one in beside if one in real]
    good.sort(key=lambda one: (_RANK.get(one.kind, 3), -one.width))
    return [(one, Picture(real[one], *captions.split(one.caption, one.credit))) for one in good]


def _is_picture(media: Media) -> bool:
    """Judged by its type; a picture's file extension outweighs the type, which servers get
    wrong."""
    kind = media.type.lower()
    named = bool(_PICTURE_NAME.search(media.address.partition("?")[0]))
    if _PICTURE_TYPE.match(kind) or kind == "image":
        return True
    if kind:
        return named and kind.startswith(("text/html", "application/octet-stream"))
    return named or media.kind != "enclosure"


def _completed(picture: Picture, named: Sequence[Picture]) -> Picture:
    """Adds the caption and credit given for the same picture elsewhere in the entry."""
    if picture.caption and picture.credit:
        return picture
    for other in named:
        if (other.caption or other.credit) and _file(other.address) == _file(picture.address):
            return Picture(
                picture.address, picture.caption or other.caption, picture.credit or other.credit
            )
    return picture


def _file(address: str) -> str:
    return urlsplit(address).path.rpartition("/")[2]


def _is_no_shape(width: int, height: int) -> bool:
    """Whether it is too small, or has the shape of a banner or a rule."""
    if 0 < width <= _PIXEL or 0 < height <= _PIXEL:
        return True
    known = [side for side in (width, height) if side]
    if len(known) == 2 and max(known) > _LONG * min(known):
        return True
    return bool(known) and max(known) < _ICON


def _is_small(address: str, said: Image | Media | None) -> bool:
    """Whether a picture is known to be too small: from its address, or from its stated size if that
    is about this very form of it."""
    if 0 < sizes.longest_side(address) < LEAST_SIDE:
        return True
    if not said or not (0 < said.width < LEAST_SIDE and 0 < said.height < LEAST_SIDE):
        return False
    return not addresses.is_known_host(address)
