"""Which addresses are of no article's picture: counters, icons, signatures, placeholders.

Knows hosts and the names that systems give such files. Told by plain substrings where they do:
this is asked for every picture of every entry.
"""

from __future__ import annotations

import re

_COUNTERS = (
    "feedburner.com", "feedsportal.com", "doubleclick.net", "googlesyndication", "google-analytics",
    "adservice", "amazon-adsystem", "pixel.wp.com", "stats.wp.com", "feeds.wordpress.com",
    "stats.wordpress.com", "feedads", "adserver", "/ad/", "/ads/", "//ad.", "//ads.", "/adv/",
    "zergnet", "taboola", "outbrain", "quantserve", "scorecardresearch", "statcounter", "histats",
    "sitemeter", "flattr", "chartbeat", "comscore", "moatads", "krxd.net", "rss-pixel", "/pixel/",
    "/pixel.", "/pixel?", "imp?", "/beacon", "/track/", "/track?", "/tracking/", "/tracker",
    "/stat?", "/~a/", "/~c/", "/~r/", "/~ff/",
)  # fmt: skip
_ORNAMENTS = (
    "gravatar.com/avatar", "s.w.org/images", "/emoji/", "twemoji", "/smilies/", "/smileys/",
    "wp-includes/images", "buymeacoffee", "ko-fi.com", "paypal.com", "paypalobjects.com",
    "patreon_",
    "creativecommons.org/l", "licensebuttons.net", "blogblog.com/img", "//www.blogger.com/img",
    "//buttons.blogger.com/img", "/img/icon18_", "no-image", "noimage", "noimg",
)  # fmt: skip
_NEVER = (*_COUNTERS, *_ORNAMENTS)
_NEVER_NAMED = re.compile(
    r"(?:^|[._-])(?:pixel|1x1|spacer|blank|transparent|placeholder|loading|lazyload|gr[ea]y|dot|clear)"
    r"(?:[._-]\w{0,12})?\.(?:gif|png|svg|jpe?g)"
    r"|default[_-](?:image|thumb|avatar|pic|photo|logo|\d{3,})"
    r"|(?:^|[_-])(?:signature|sig|tanda-?tangan)[\w-]{0,12}\.(?:gif|png|jpe?g)"
)
_BANNER = re.compile(
    r"(?<!\d)(?:728[x-]90|468[x-]60|970[x-](?:90|250)|320[x-]50|234[x-]60|160[x-]600|120[x-]600|88[x-]31)(?!\d)"
)
"""Sizes in which advertisements are sold (IAB), as their files are named."""
_DOUBTFUL = re.compile(
    r"(?:^|[._-])(?:logo|banner|iklan|advert|sponsor|author|penulis|profil)[._-]"
    r"|^(?:hq|mq|sd|maxres)?default\.jpg$"
)
_ICON_FOLDER = re.compile(r"/(?:buttons?|icons?|badges?|share|social|favicons?|avatars?)/")
_ICON_NAMED = re.compile(
    r"icon_\w+\.gif|(?:^|[_-])(?:icon|favicon|avatar|button|badge)[\w-]{0,20}\.(?:gif|png|ico|jpe?g)"
    r"|(?:addthis|sharethis|addtoany|technorati|delicious|stumbleupon|digg|reddit|facebook|twitter"
    r"|whatsapp|telegram|linkedin|pinterest|tumblr|google_?plus|rss|email|print|share|follow"
    r"|subscribe|flipboard)[\w-]{0,30}\.(?:gif|png)$"
)
_NOT_SHOWABLE = re.compile(r"\.(?:svgz?|ico|bmp|tiff?|swf|mp3|mp4|m4a|m4v|mov|webm|ogg|pdf|avi)$")


def is_none(address: str) -> bool:
    """Whether it is certainly no picture that a post could show."""
    low = address.lower()
    if any(part in low for part in _NEVER):
        return True
    name = _name(low)
    return bool(_NOT_SHOWABLE.search(name) or _NEVER_NAMED.search(name) or _BANNER.search(name))


def is_doubtful(address: str) -> bool:
    """Whether an article has a better picture than this if it has another: logos, portraits of its
    author, stills of films."""
    return bool(_DOUBTFUL.search(_name(address.lower())))


def is_icon(address: str) -> bool:
    """Whether it is named like an icon or a button: believed unless the picture is large."""
    low = address.lower()
    return bool(_ICON_NAMED.search(_name(low)) or _ICON_FOLDER.search(low))


def _name(address: str) -> str:
    return address.partition("?")[0].rpartition("/")[2]
