"""Which addresses are not those of an article's picture: counters, icons, signatures, placeholders.

Knows hosts and the names that systems give such files. A host decides by itself; the name of a file
or folder is only a first clue (news is about signatures, pixels and avatars too), unless it
contains nothing else. Plain substrings are used where they suffice, since every picture is checked.
"""

from __future__ import annotations

import re
from functools import lru_cache

from bot.core.text import holds_any

_COUNTERS = (
    "feedburner.com", "feedsportal.com", "doubleclick.net", "googlesyndication", "google-analytics",
    "adservice", "amazon-adsystem", "pixel.wp.com", "stats.wp.com", "feeds.wordpress.com",
    "stats.wordpress.com", "feedads", "adserver", "zergnet", "taboola", "outbrain", "quantserve",
    "scorecardresearch", "statcounter", "histats", "sitemeter", "flattr", "chartbeat", "comscore",
    "moatads", "krxd.net", "gravatar.com", "buymeacoffee", "ko-fi.com", "paypal.com",
    "paypalobjects.com", "licensebuttons.net", "buttons.blogger.com", "s.w.org",
)  # fmt: skip
"""Hosts, or parts of their names."""
_FIRST_LABELS = ("ad.", "ads.", "pixel.", "track.", "tracker.", "beacon.", "analytics.")
_SYSTEMS = (
    "/~a/", "/~c/", "/~r/", "/~ff/", "wp-includes/images", "blogblog.com/img", "/img/icon18_",
    "www.blogger.com/img", "creativecommons.org/l", "/twemoji/", "rss-pixel",
)  # fmt: skip
"""Folders that only publishing systems use."""
_COUNTING = re.compile(
    r"/(?:ads?|adv|pixels?|beacons?|track(?:er|ing|ers)?|stats?|imp|counter|open)(?=[/.?]|$)"
)
_PICTURE_FILE = re.compile(r"\.(?:jpe?g|png|gif|webp|avif|jfif)$")
_NOT_SHOWABLE = re.compile(r"\.(?:svgz?|ico|bmp|tiff?|swf|mp3|mp4|m4a|m4v|mov|webm|ogg|pdf|avi)$")
_EMPTY = (
    r"pixel|1x1|1px|spacer|blank|transparent|trans|placeholder|loading|loader|ajax-?loader"
    r"|preloader|lazy-?load(?:er|ing)?|lazy|gr[ea]y|dot|clear|empty|dummy|px|separator|divider"
)
_NOTHING = re.compile(
    rf"(?:{_EMPTY})(?:[-_.](?:{_EMPTY}|image|img|\d{{1,4}}(?:x\d{{1,4}})?)){{0,2}}\.(?:gif|png|svg)$"
    r"|no[-_]?(?:image|img|photo|pic|picture|foto|thumb(?:nail)?)"
    r"(?:[-_]?(?:available|found|default|yet|\d+(?:x\d+)?|large|small|thumb))*\.(?:gif|png|jpe?g|webp)$"
    r"|(?:default|placeholder)(?:[-_](?:image|img|thumb(?:nail)?|pic(?:ture)?|photo|foto|avatar|post|og)"
    r"|[-_]\d+(?:x\d+)?){1,2}\.(?:gif|png|jpe?g|webp)$"
    r"|(?:signature|sig|tanda-?tangan|ttd)\.(?:gif|png|jpe?g)$"
)
"""Whole names of files that show nothing."""
_BUTTON = re.compile(
    r"(?:(?:icon|ic|btn|button|logo|share|follow|social)[-_]?)?"
    r"(?:addthis|sharethis|addtoany|technorati|delicious|stumbleupon|digg|reddit|facebook|fb|twitter"
    r"|whatsapp|wa|telegram|linkedin|pinterest|tumblr|google[-_]?plus|rss|email|print|share|follow"
    r"|subscribe|flipboard|instagram|youtube)"
    r"(?:[-_]?(?:icon|logo|button|btn|share|\d{1,3}(?:x\d{1,3})?))*\.(?:gif|png|ico)$"
)
"""Whole names of buttons."""
_BANNER = re.compile(
    r"(?<!\d)(?:728[x-]90|468[x-]60|970[x-](?:90|250)|320[x-]50|234[x-]60|160[x-]600|120[x-]600|88[x-]31)(?!\d)"
)
"""Sizes in which advertisements are sold (IAB), as their files are named."""
_DOUBTFUL = re.compile(
    r"(?:^|[._-])(?:logo|banner|iklan|advert|sponsor|author|penulis|profil)(?:[._-]|$)"
    r"|^(?:hq|mq|sd|maxres)?default\.jpg$"
)
_FURNITURE = re.compile(
    r"/(?:buttons?|icons?|badges?|share|social|favicons?|avatars?|emojis?|smil(?:ie|ey)s|ads?|adv"
    r"|track(?:er|ing)?|pixels?|beacons?)/"
)
_FURNITURE_NAMED = re.compile(
    rf"(?:^|[._-])(?:{_EMPTY}|default|no-?image|no-?img|icon|favicon|avatar|button|badge"
    r"|tanda-?tangan|signature|sig|tracker|beacon)(?:[._-]|$)|icon_\w"
    r"|(?:addthis|sharethis|addtoany|facebook|twitter|whatsapp|telegram|linkedin|pinterest|rss|email"
    r"|print|share|follow|subscribe|flipboard)[\w-]{0,30}\.(?:gif|png)$"
)
_SITES_OWN = re.compile(r"/(?:themes?|plugins?|assets?|static|templates?|skins?|layouts?)/|\.gif$")
"""Where a site keeps its furniture, and file types used for it: a second clue."""


def is_none(address: str) -> bool:
    """Whether it certainly is not a picture that a post could show."""
    low, place, name = _parts(address)
    if holds_any(place, _COUNTERS):
        return True
    if place.startswith(_FIRST_LABELS) and place.count(".") > 1:
        return True
    if holds_any(low, _SYSTEMS):
        return True
    if not _PICTURE_FILE.search(name) and _COUNTING.search(low):
        return True
    if _NOTHING.match(name) or _BUTTON.match(name):
        return True
    return bool(_NOT_SHOWABLE.search(name) or _BANNER.search(name))


def is_doubtful(address: str) -> bool:
    """Whether any other picture of the article is better than this one: logos, portraits of the
    author, stills from videos."""
    return bool(_DOUBTFUL.search(_parts(address)[2]))


def is_named_badly(address: str) -> bool:
    """Whether its file is named like a logo or a part of the page, wherever it lies."""
    name = _parts(address)[2]
    return bool(_DOUBTFUL.search(name) or _FURNITURE_NAMED.search(name))


def is_furniture(address: str) -> bool:
    """Whether it is named like page furniture: an icon, a button, a counter. Not enough without a
    second clue."""
    low, _, name = _parts(address)
    return bool(_FURNITURE_NAMED.search(name) or _FURNITURE.search(low))


def is_of_the_site(address: str) -> bool:
    """Whether it lies where a site keeps its own pictures, or has a file type not used for
    photos."""
    return bool(_SITES_OWN.search(_parts(address)[0]))


@lru_cache(maxsize=256)
def _parts(address: str) -> tuple[str, str, str]:
    """In lower case: the address without its query, its host, its file name."""
    low = address.lower().partition("#")[0].partition("?")[0]
    return low, low.partition("//")[2].partition("/")[0], low.rpartition("/")[2]
