"""The address of a picture's larger form, as hosts are known to serve it. Fetches nothing.

Only safe changes are made: to a size that the host offers for every picture, or to the original
behind a resizing service. An address that is signed for its size stays as it is. Sources: the
services' documentation, and the og:image of the sites' own pages.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TypeVar
from urllib.parse import parse_qsl, unquote, urlsplit, urlunsplit

_ENOUGH = 400
"""Pixels: a wider picture looks good in a chat."""

_MEDIUM = (r"^/(?:max/\d{1,3}|(?:fit/)?[ct]/\d+/\d+)/", "/max/1200/")
_ANTARA = ((r"^(/cache/(?:\w+/)?)\d{2,3}x\d{2,3}/", r"\g<1>1200x800/"),)
_FRANCE = ((r"^(/media/display/[^/]+)/w:\d{2,3}/", r"\1/w:1280/"),)
_FLICKR = ((r"(/\d+_[0-9a-f]+)_[stqmn](?=\.jpg$)", r"\1"),)
_YOUTUBE = ((r"/(?:default|mqdefault|[0-3])\.jpg$", "/hqdefault.jpg"),)
"""480 x 360, the largest that every video has."""
_PATHS: dict[str, tuple[tuple[str, str], ...]] = {
    "ichef.bbci.co.uk": ((r"^/(news|ace/standard|ace/ws)/\d{2,3}/", r"/\1/976/"),),
    "cdn-images-1.medium.com": (_MEDIUM,),
    "miro.medium.com": (_MEDIUM, (r"^/v2/resize:(?:fit|fill):[\d:]+/", "/v2/resize:fit:1200/")),
    "upload.wikimedia.org": (
        (r"/thumb(/\w/\w\w/[^/]+\.(?:jpe?g|png|gif|webp))/[^/]*\d+px-[^/]+$", r"\1"),
    ),
    "static.wixstatic.com": ((r"^(/media/[^/]+)/v1/.*$", r"\1"),),
    "static.dw.com": ((r"^(/image/\d+)_\d{3}\.jpg$", r"\1_6.jpg"),),
    "s.france24.com": _FRANCE,
    "s.rfi.fr": _FRANCE,
    "static.euronews.com": ((r"/\d{2,3}x\d{2,3}(?=_)", "/1200x675"),),
    "antaranews.com": _ANTARA,
    "tstatic.net": ((r"(/foto/bank)/(?:thumbnails2?|medium|small)/", r"\1/images/"),),
    "images.craigslist.org": ((r"_(?:50x50c|300x300)(?=\.jpg$)", "_600x450"),),
    "staticflickr.com": _FLICKR,
    "static.flickr.com": _FLICKR,
    "ytimg.com": _YOUTUBE,
    "img.youtube.com": _YOUTUBE,
    "pbs.twimg.com": ((r"^(/media/[\w.-]+):(?:small|thumb|medium)$", r"\1:large"),),
    "cloudinary.com": (
        (r"(/image/upload)/(?=[^/]*\b[wh]_\d)(?:(?:ar|dpr|fl|[a-hq-tw-y])_[^/,]+,?)+/", r"\1/"),
    ),
}
"""Host (and its subdomains) -> parts of the path and their replacements."""
_SYSTEMS: tuple[tuple[str, str, str], ...] = (
    ("/size/w", r"(/content/images)/size/w\d+(?:h\d+)?(?:/format/\w+)?/", r"\1/"),
    ("/styles/", r"(/files)/styles/\w+/public(/[^?]+?\.(?:jpe?g|png|gif))(?:\.webp)?$", r"\1\2"),
)
"""Ghost and Drupal keep the original beside the smaller ones."""
_QUERIES: dict[str, dict[str, str]] = {
    "akcdn.detik.net.id": {"w": "1200"},
    "imgix.net": {"w": "1280", "h": "", "crop": "", "fit": "max", "dpr": ""},
    "images.unsplash.com": {"w": "1280", "h": "", "crop": "", "fit": "max", "dpr": ""},
    "images.pexels.com": {"w": "1280", "h": "", "dpr": ""},
    "squarespace-cdn.com": {"format": "1500w"},
    "pbs.twimg.com": {"name": "large"},
}
"""Host -> size parameters and their new values; empty ones are removed."""
_ARC = {"width": "1200", "height": ""}
"""Arc XP's resizer: its `auth` is for the picture, not for the size."""
_SIGNED = frozenset(("s", "sig", "signature", "hash", "token"))
_LARGE = re.compile(r"[1-9]\d{3}w?|large|orig|4096x4096")

_BEHIND = re.compile(
    r"https?://(?:[^/]+/cdn-cgi/image/[^/]*=[^/]*/(?P<path>.+)"
    r"|substackcdn\.com/image/fetch/(?:[^/]+/)?(?P<quoted>https?(?::|%3A).+)"
    r"|(?:[^/]+/_next/image|images\.weserv\.nl/?|wsrv\.nl/?)\?(?P<query>.+))",
    re.IGNORECASE,
)
"""Cloudflare, Substack, Next.js, weserv: their addresses contain the original's."""
_SMALL = re.compile(
    r"(?<![a-z])thumb(?:s|nails?|small)?(?![a-z])|[=/_-](\d{2,3})x(\d{2,3})(?=[._/?-]|$)"
    r"|[?&](?:w|width|size)=(\d{2,3})(?!\d)",
    re.IGNORECASE,
)
_NAMED_SIZE = re.compile(
    r"[=/_.-](?P<width>\d{1,4})[x×](?P<height>\d{1,4})(?=[._/?&-]|$)"
    r"|[?&](?:w|width)=(?P<w>\d{1,4})(?!\d)(?:.*?[&](?:h|height)=(?P<h>\d{1,4})(?!\d))?"
)
_SHAPE = 31
_Rule = TypeVar("_Rule")


def larger(host: str, path: str, query: str) -> tuple[str, str]:
    """Path and query of the largest form that is known to exist, else as they are."""
    for written, instead in _of(host, _PATHS) or ():
        path = re.sub(written, instead, path)
    for mark, written, instead in _SYSTEMS:
        if mark in path:
            found = re.sub(written, instead, path)
            path, query = found, query if path == found else ""
    if query:
        rules = _ARC if "/resizer/v2/" in path and "auth=" in query else _of(host, _QUERIES)
        query = _widened(query, rules) if rules else query
    return path, query


def original(address: str) -> str:
    """The original behind a resizing service's address; empty for any other address."""
    if "/image" not in address and "wsrv" not in address and "weserv" not in address:
        return ""
    found = _BEHIND.match(address)
    if not found:
        return ""
    written = found["path"] or unquote(found["quoted"] or "")
    if found["query"]:
        written = dict(parse_qsl(found["query"])).get("url", "")
    if not written or written.startswith(("http://", "https://")):
        return written
    parts = urlsplit(address)
    if "/_next/" not in address and "/cdn-cgi/" not in address:
        return f"https://{written.removeprefix('//')}"
    return urlunsplit((parts.scheme, parts.netloc, f"/{written.lstrip('/')}", "", ""))


def looks_small(address: str) -> bool:
    """Whether an address says that its picture is small."""
    for found in _SMALL.finditer(address):
        sides = [int(one) for one in found.groups() if one]
        if not sides or max(sides) < _ENOUGH:
            return True
    return False


def longest_side(address: str) -> int:
    """The longer side of a picture in pixels, as its address says; 0 if it does not (`16x9` is a
    shape)."""
    found = _NAMED_SIZE.finditer(address)
    longest = max((int(side) for one in found for side in one.groups() if side), default=0)
    return longest if longest > _SHAPE else 0


def is_known(host: str) -> bool:
    """Whether the sizes that a host offers are known; the sizes stated in feeds are then those of
    smaller forms."""
    return _of(host, _PATHS) is not None or _of(host, _QUERIES) is not None


def _of(host: str, table: Mapping[str, _Rule]) -> _Rule | None:
    while "." in host:
        if host in table:
            return table[host]
        host = host.partition(".")[2]
    return None


def _widened(query: str, rules: Mapping[str, str]) -> str:
    fields = [field.partition("=") for field in query.split("&")]
    first = next(iter(rules))
    sizes = [value for name, _, value in fields if name == first]
    if not sizes or _LARGE.fullmatch(sizes[0]) or any(name in _SIGNED for name, _, _ in fields):
        return query
    kept = [(name, rules.get(name, value)) for name, _, value in fields]
    return "&".join(f"{name}={value}" for name, value in kept if value)
