"""Which picture stands for an article. Knows pixels, buttons and signatures; fetches nothing.

pictures in the text, pictures named beside it -> the first real one, in full size
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from bot.core import address as addresses
from bot.core import caption as captions
from bot.core.entry import Media
from bot.core.images import Image
from bot.core.model import Picture

_COUNTERS = (
    r"feedburner\.com|feedsportal\.com|doubleclick\.net|googlesyndication|google-analytics|adservice"
    r"|amazon-adsystem|(?:pixel|stats)\.wp\.com|(?:feeds|stats)\.wordpress\.com|feedads|adserver"
    r"|/ads?/|//ads?\.|/adv/|zergnet|taboola|outbrain|quantserve|scorecardresearch|statcounter|histats"
    r"|sitemeter|flattr|chartbeat|comscore|moatads|krxd\.net|rss-pixel|/pixel(?:[/?.]|$)|imp\?"
    r"|/beacon|/track(?:ing|er)?[/.?]|/stat\?"
)
_ORNAMENTS = (
    r"gravatar\.com/avatar|s\.w\.org/images|/emoji/|twemoji|/smil(?:ies|eys?)/|wp-includes/images"
    r"|buymeacoffee|ko-fi\.com|paypal(?:objects)?\.com|patreon_|creativecommons\.org/l"
    r"|licensebuttons\.net|blogblog\.com/img|//(?:www|buttons)\.blogger\.com/img|/img/icon\d+_"
    r"|(?:^|[/_-])(?:signature|sig|tanda-?tangan)[\w-]{0,12}\.(?:gif|png|jpe?g)"
)
_ICONS = (
    r"icon_\w+\.gif|/(?:buttons?|icons?|badges?|share|social|favicons?|avatars?)/"
    r"|(?:^|[/_-])(?:icon|favicon|avatar|button|badge)[\w-]{0,20}\.(?:gif|png|svg|ico|jpe?g)"
    r"|(?:addthis|sharethis|addtoany|technorati|delicious|stumbleupon|digg|reddit|facebook|twitter"
    r"|whatsapp|telegram|linkedin|pinterest|tumblr|google_?plus|rss|email|print|share|follow|subscribe"
    r"|flipboard)[\w-]{0,30}\.(?:gif|png|svg)(?:[?#]|$)"
)
_EMPTY = (
    r"(?:^|[/._-])(?:pixel|1x1|spacer|blank|transparent|placeholder|loading|lazyload|grey|gray|dot|clear)"
    r"(?:[._-]\w{0,12})?\.(?:gif|png|svg|jpe?g)|default[_-](?:image|thumb|avatar|pic|photo|logo|\d{3,})|no-?image|noimg"
)
_NO_PICTURE = re.compile("|".join((_COUNTERS, _ORNAMENTS, _EMPTY)), re.IGNORECASE)
_ICON = re.compile(_ICONS, re.IGNORECASE)
"""Names of icons and buttons: believed unless the picture says it is large."""
_NOT_SHOWABLE = re.compile(
    r"\.(?:svgz?|ico|bmp|tiff?|swf|mp3|mp4|m4a|m4v|mov|webm|ogg|pdf|avi)(?:$|\?)", re.IGNORECASE
)
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
_RANK = {"enclosure": 0, "content": 0, "field": 1, "thumbnail": 2}
_TOP = 900
"""Signs of text above a picture after which it is only one of several in the article."""


@dataclass(frozen=True, slots=True)
class Found:
    """A picture in the text, and the line below it when that is its caption."""

    image: Image
    above: int = 0
    """Signs of text above it."""
    below: str = ""
    credit: str = ""
    """From a line of its own anywhere in the text (`(Image credit: ...)`)."""


def choose(
    inside: Sequence[Found], beside: Sequence[Media], base: str, *, ornaments: frozenset[str]
) -> Picture | None:
    """The picture of an article, or None. `ornaments` are pictures of the whole paper (signatures,
    banners), as `addresses.picture_identity` names them."""
    here = [one for one in (_of_image(found, base, ornaments) for found in inside) if one]
    named = _named(beside, base, ornaments)
    top = next((picture for found, picture in here if found.above <= _TOP), None)
    large = next((picture for media, picture in named if media.kind != "thumbnail"), None)
    any_inside = here[0][1] if here else None
    any_named = named[0][1] if named else None
    best = top or large or any_inside or any_named
    return _completed(best, [picture for _, picture in named]) if best else None


def address_of(image: Image, base: str = "") -> str:
    """The full-size address of a real picture, empty for pixels, icons, ads and placeholders."""
    if _too_small(image.width, image.height) or _MARKS.search(image.marks):
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
    if not address or _NO_PICTURE.search(address) or _NOT_SHOWABLE.search(address):
        return ""
    return "" if not large and _ICON.search(address) else address


def identities(images: Iterable[Image], media: Iterable[Media], base: str) -> set[str]:
    """What an entry shows, for counting how many entries show the same."""
    found = {address_of(one, base) for one in images} | {
        showable(one.address, base) for one in media
    }
    return {addresses.picture_identity(one) for one in found if one}


def _of_image(found: Found, base: str, ornaments: frozenset[str]) -> tuple[Found, Picture] | None:
    address = address_of(found.image, base)
    if not address or addresses.picture_identity(address) in ornaments:
        return None
    text = found.image.caption or found.below
    caption, credit = captions.split(text, found.credit)
    return found, Picture(address, caption, credit)


def _named(
    beside: Sequence[Media], base: str, ornaments: frozenset[str]
) -> list[tuple[Media, Picture]]:
    """Pictures named beside the text, best first: full ones by width, then thumbnails."""
    good: list[tuple[tuple[int, int, int], Media, Picture]] = []
    for place, media in enumerate(beside):
        if _too_small(media.width, media.height) and media.kind != "thumbnail":
            continue
        address = showable(media.address, base) if _is_picture(media) else ""
        if not address or addresses.picture_identity(address) in ornaments:
            continue
        caption, credit = captions.split(media.caption, media.credit)
        picture = Picture(addresses.full_size(address), caption, credit)
        good.append(((_RANK.get(media.kind, 3), -media.width, place), media, picture))
    good.sort(key=lambda one: one[0])
    return [(media, picture) for _, media, picture in good]


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


def _too_small(width: int, height: int) -> bool:
    if 0 < width <= _PIXEL or 0 < height <= _PIXEL:
        return True
    known = [side for side in (width, height) if side]
    return bool(known) and max(known) < _SMALL
