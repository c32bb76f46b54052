"""Addresses from feeds and pages made absolute, canonical, or those of a picture's largest form.

Knows the grammar of addresses and the habits of known hosts; fetches nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from urllib.parse import (
    SplitResult,
    parse_qsl,
    quote,
    unquote_to_bytes,
    urljoin,
    urlsplit,
    urlunsplit,
)

from bot.core.articles import parameters, sizes
from bot.core.articles.mistyped import mended

_LONGEST = 2048
_LINKED = 10  # addresses of a text's links that are kept
_IN_ORDER = re.compile(
    r"https?://(?!https?[:/]|[^/]*\.(?:com|net|org|info|id|news|tv|example)[a-z]{3,}/)"
    r"[a-z0-9-]+(?:\.[a-z0-9-]+)+/(?!https?[:/])[\w/%.~!$&'()*+,;=:@-]*"
    r"(?:\?[\w/%.~!$&'()*+,;=:@-]*)?(?:#[\w/%.~!$&'()*+,;=:@-]*)?",
    re.ASCII,
)
"""Most addresses: nothing has to be done about them."""

_LONE = re.compile(r"%(?![0-9a-fA-F]{2})")
_ESCAPED = re.compile(r"&(?:amp;)+")

_IDLE_FRAGMENT = re.compile(
    r"^(?:\d?|\w+=[^/!]*|comments?|respond|comment-form|more|top|(?:utm_|xtor=|ref=|at_|ftag|rss|echobox).*"
    r"|.*[?&=](?:rss|feed).*)$",
    re.IGNORECASE,
)
_BLOGGER_HOST = re.compile(
    r"^(?:(?:\d+|www)\.bp\.blogspot\.com|bp\d?\.blogger\.com|blogger\.googleusercontent\.com"
    r"|(?:lh|gp|yt|ap|ci)\d+(?:-\w+)?\.(?:googleusercontent|ggpht)\.com)$",
    re.IGNORECASE,
)
_SIZE = r"[swh]\d+(?:-[a-z0-9]+)*"
_SIZE_PART = re.compile(rf"/({_SIZE})/(?=[^/]*$)", re.IGNORECASE)
_SIZE_END = re.compile(rf"=({_SIZE})$", re.IGNORECASE)
_LARGEST = "s1600"
_PICTURE_NAME = re.compile(r"\.(?:jpe?g|png|gif|webp|avif)$", re.IGNORECASE)
_SIZE_NAME = re.compile(
    r"^(?:thumb|thumbnail|tn|small|mini|preview)[-_.]"
    r"|(?:[-_.](?:\d{2,4}x\d{2,4}|\d{2,4}[wh]?|t|th|thumb|thumbnail|tn|small|s|m|medium|preview|mini)){1,5}$"
)
"""Suffixes that mark a smaller form of a picture."""
_WP_SIZE = re.compile(r"-\d{2,4}x\d{2,4}(?=\.(?:jpe?g|png|gif|webp|avif)$)", re.IGNORECASE)
_UPLOADS = re.compile(r"/(?:wp-content|app)/uploads/")
"""WordPress, and WordPress in Bedrock's layout."""
_PHOTON = re.compile(r"i\d\.wp\.com$")
_WP_HOST = re.compile(r"^(?:i\d\.wp\.com|.*\.files\.wordpress\.com)$", re.IGNORECASE)
_WP_QUERY = {"resize", "w", "h", "fit", "crop", "quality", "zoom", "strip", "width", "height"}
_VOLATILE = re.compile(
    r"^(?:resize|w|h|fit|crop|quality|zoom|strip|width|height|s|st|se|sp|sr|sv|ss|srt|spr|sk\w+|sig"
    r"|sign|sign(?:ed|ature)?|policy|key-pair-id|awsaccesskeyid|googleaccessid|x-(?:amz|goog|oss|cos|bce)-.*"
    r"|x-(?:expires|signature|date|token)\w*|q-(?:sign|ak|header|url|key)\w*.*|response-.*|_nc_\w+|oh|oe|stp|ccb|edm|efg|ig_cache_key"
    r"|h(?:dn\w+|mac)|token|tok|auth|hash|exp(?:ires|iry)?|e|v|ver|version|t|_t|ts|timestamp|time"
    r"|updated|modified|_+|q|auto|dpr|format|fm|ssl|itok|cb|rev|rnd|rand|nocache|cache\w*)$",
    re.IGNORECASE,
)
"""Parameters of a picture's query: its size, and signatures of its host (S3, Google, Azure,
Facebook, CloudFront, Alibaba, Tencent, Akamai)."""
_NAMING_PICTURE = re.compile(
    r"^(?:\w*id|img|image|file\w*|src|url|path|photo|pic|name|f)$", re.IGNORECASE
)
_INSIDE = re.compile(
    r"(?:^|\?)(?:[^?/]|(?<![a-z0-9])/)*+/[^?]*/https?:/{1,2}([\w.-]+\.[a-z]{2,}/.+)$",
    re.IGNORECASE,
)
"""The original's address inside that of a resizing proxy."""
_CONVERTED = re.compile(r"(\.(?:jpe?g|png))\.(?:webp|avif)$", re.IGNORECASE)
_SHARED_HOST = re.compile(r"^(?:[\w-]++\.)+(fbcdn\.net|cdninstagram\.com)$", re.IGNORECASE)
"""Hosts where one picture is served from many machines, under the same name."""
_TWIN_HOST = re.compile(r"^([a-z][a-z-]*)\d+(?=\.[^.]+\.)", re.IGNORECASE)
"""One of several hosts that serve the same files: `cdn2.paper.example`,
`lh3.googleusercontent.com`."""
_MACHINE = re.compile(r"^([a-z][a-z-]*?)-?\d+(?=\.[^.]+\.)")
_SIGNED_PART = re.compile(
    r"^(?:v\d{6,}|s--[\w-]+--)$|(?:token|hmac|signature|expires)=", re.IGNORECASE
)
"""Parts of a path: Cloudinary's version and signature, or an access token."""
_PLAIN_NAME = re.compile(
    r"^(?:image|img|picture|pic|photo|foto|gambar|default|original|large|full|medium|small|cover"
    r"|featured|thumb(?:nail)?|preview|hero|master|main|get\w*+|\d++(?:x\d++)?|[whs]\d++)(?:[-_]?\d+)?$",
    re.IGNORECASE,
)
"""File names that are the same in every folder."""
_DISTINCT = 16
"""A file name with so many characters is no other picture's."""
_PART_OF_PATH = re.compile(
    r";(?:jsessionid|phpsessid|sid|sessionid)=[^/;]*|/\([A-Z]\([\w-]+\)\)(?=/)", re.IGNORECASE
)
"""A session in the path, as in Java and ASP."""
_DOORS = re.compile(r"/(?:index|default)\.(?:html?|php\d?|aspx?|jsp)$", re.IGNORECASE)
_SLASHES = re.compile(r"/{2,}")
_PHONE = re.compile(r"(?<![^.@])(?:www\d?|m|mobile|amp)\.(?=[^.]+\.)", re.IGNORECASE)


def absolute(address: str, base: str = "") -> str:
    """An http(s) address that can be fetched, or empty. Characters that an address may not contain
    are quoted, what is already quoted stays as it is; `&amp;` in it was escaped once too often."""
    if not address:
        return ""
    if "&amp;" in address:
        address = _ESCAPED.sub("&", address)
    if len(address) <= _LONGEST and _IN_ORDER.fullmatch(address):
        return address if "%" not in address else _LONE.sub("%25", address)
    address = mended("".join(address.split("\n")).replace("\t", "").replace("\r", ""), base)
    if not address or len(address) > _LONGEST:
        return ""
    try:
        known = address.startswith(("http://", "https://"))
        parts = urlsplit(urljoin(base, address) if base and not known else address)
        host = parts.hostname or ""
        port = parts.port
    except ValueError:
        return ""
    scheme = parts.scheme.lower()
    if scheme not in {"http", "https"} or not _is_host(host):
        return ""
    usual = port is None or port == {"http": 80, "https": 443}[scheme]
    name = f"[{host}]" if ":" in host else host
    return urlunsplit(
        (
            scheme,
            name if usual else f"{name}:{port}",
            _quoted(parts.path, "") or "/",
            _quoted(parts.query, "?[]"),
            _quoted(parts.fragment, "?"),
        )
    )


def joined(base: str, address: str) -> str:
    """An address resolved against a base, both as found: what cannot be joined stays as it is."""
    if _IN_ORDER.fullmatch(address):
        return address
    try:
        return urljoin(base, mended(address, base))
    except ValueError:
        return address


def canonical(address: str, base: str = "") -> str:
    """The address of an article without tracking and session parameters; empty if it is not a
    usable http(s) address."""
    address = absolute(address, base)
    idle = "?" in address or "#" in address or ";" in address or "(" in address
    return urlunsplit(_without_idle(urlsplit(address))) if idle else address


def _without_idle(parts: SplitResult) -> SplitResult:
    path, query, fragment = parts.path, parts.query, parts.fragment
    if query:
        alone = not _DOORS.sub("", path).strip("/")
        fields = query.split("&")
        query = "&".join(one for one in fields if not parameters.is_idle(one, alone=alone))
    if path.endswith(".html") and query in {"m=0", "m=1"}:  # Blogger's page for phones
        query = ""
    if fragment and _IDLE_FRAGMENT.match(fragment):
        fragment = ""
    if ";" in path or "(" in path:
        path = _PART_OF_PATH.sub("", path)
    return SplitResult(parts.scheme, parts.netloc, path, query, fragment)


def identity(address: str) -> str:
    """The form of an article's address by which it is identified, empty if it has none: the same
    with and without `www.`, a trailing slash, TLS or a session. It need not be fetchable."""
    return _identity(absolute(address))


@lru_cache(maxsize=256)
def _identity(address: str) -> str:
    """Cached because a feed asks for the same address several times: as an entry's key, as its guid
    and to tell it from what it links to."""
    if not address or len(address) > _LONGEST:
        return ""
    parts = _without_idle(urlsplit(address))
    place = _PHONE.sub("", parts.netloc, count=1).removesuffix(":443").removesuffix(":80")
    path = _DOORS.sub("", _SLASHES.sub("/", parts.path)).rstrip("/").removesuffix("/amp")
    if "%" in path:
        path = quote(unquote_to_bytes(path), safe="/:@!$&'()*+,;=~-._")
    query = "&".join(sorted(parts.query.split("&")))
    return urlunsplit(("https", place, path or "/", query, parts.fragment))


def linked(targets: Iterable[str], base: str, own: str) -> tuple[str, ...]:
    """What a text links to, in the form of `identity`: the first few, without the text's own
    address and without front pages."""
    found: dict[str, None] = {}
    mine = identity(own)
    for target in targets:
        key = _identity(absolute(target, base))
        if key and key != mine and not key.endswith("/"):  # only a front page ends like this
            found[key] = None
            if len(found) == _LINKED:
                break
    return tuple(found)


def place_in_site(address: str) -> str:
    """An address without its host, empty for a front page: what stays the same when a site
    moves."""
    parts = urlsplit(identity(address))
    rest = urlunsplit(("", "", parts.path, parts.query, parts.fragment))
    return "" if rest == "/" else rest


def is_front_page(address: str) -> bool:
    """Whether an address is a site's front page, and so no article's."""
    return bool(address) and not place_in_site(address)


def is_same_page(one: str, other: str) -> bool:
    """Whether two addresses that one entry had at two polls lead to the same page: they are equal,
    or differ only in values that cannot identify the article, or in the number of the machine that
    serves it."""
    one, other = identity(one), identity(other)
    if one == other:
        return True
    here, there = urlsplit(one), urlsplit(other)
    hosts = {_MACHINE.sub(r"\1", parts.netloc) for parts in (here, there)}
    if len(hosts) > 1 or here.path != there.path or here.path == "/":
        return False
    ours, theirs = (dict(parse_qsl(parts.query, True)) for parts in (here, there))
    changed = [name for name in ours.keys() | theirs.keys() if ours.get(name) != theirs.get(name)]
    return here.fragment == there.fragment and not any(map(parameters.may_name, changed))


@lru_cache(maxsize=256)
def host(address: str) -> str:
    """The host's name without `www.`, empty if there is none."""
    try:
        return (urlsplit(address).hostname or "").removeprefix("www.")
    except ValueError:
        return ""


def full_size(address: str, linked: str = "") -> str:
    """A picture's address in the largest form that its host is known to serve.

    `linked` is where a click on the picture leads: on Blogger often to the full size.
    """
    parts = urlsplit(address)
    name = parts.hostname or ""
    if _BLOGGER_HOST.match(name):
        return _blogger(address, linked)
    if linked and _is_larger(linked, address):
        return full_size(linked)
    behind = absolute(sizes.original(address))
    if behind and behind != address:
        return full_size(behind)
    path, query = sizes.larger(name, parts.path, parts.query)
    if _WP_HOST.match(name) or _UPLOADS.search(path):
        fields = parse_qsl(query, keep_blank_values=True)
        if all(key in _WP_QUERY or key == "ssl" for key, _ in fields):
            query = "&".join(f"{key}={value}" for key, value in fields if key not in _WP_QUERY)
    if _UPLOADS.search(path) or name.endswith(".files.wordpress.com"):
        path = _WP_SIZE.sub("", path)
    return urlunsplit((parts.scheme, parts.netloc, path, query, ""))


def is_known_host(address: str) -> bool:
    """Whether `full_size` knows which sizes this host serves."""
    name = host(address)
    return bool(_BLOGGER_HOST.match(name)) or sizes.is_known(name)


@lru_cache(maxsize=512)
def picture_identity(address: str) -> str:
    """Equal for all sizes, host numbers and signatures of one picture."""
    large = full_size(address)
    inside = _INSIDE.search(large)  # a proxy's size and signature come before it
    parts = urlsplit(f"https://{inside[1]}" if inside else large)
    name = parts.hostname or ""
    path = _CONVERTED.sub(r"\1", parts.path)
    if _BLOGGER_HOST.match(name):
        name = re.sub(r"^\d+\.", "", name)
        path = _SIZE_END.sub("", _SIZE_PART.sub("/", path))
    if _PHOTON.match(name):  # WordPress's image network names the host that it takes pictures from
        name, _, path = path[1:].partition("/")
        path = f"/{path}"
    name = _TWIN_HOST.sub(r"\1", name)
    file = path.rpartition("/")[2]
    if not _PICTURE_NAME.search(file):
        kept = [field for field in parts.query.split("&") if not _is_volatile(field)]
        return f"{name}{path}?{'&'.join(kept)}"
    kept = [one for one in parts.query.split("&") if _NAMING_PICTURE.match(one.partition("=")[0])]
    query = "&".join(field for field in kept if not _is_volatile(field))
    stem = file.rpartition(".")[0]
    if _PLAIN_NAME.match(stem):
        return f"{name}{path}?{query}"
    if len(stem) >= _DISTINCT or _SHARED_HOST.match(name):
        return f"{file}?{query}"
    # A machine-made part is a signature if it comes before a name that a person gave.
    path = "/".join(
        part
        for part in path.split("/")
        if not parameters.is_nonce(part) and not _SIGNED_PART.search(part)
    )
    return f"{name}{path}?{query}"


def _is_volatile(field: str) -> bool:
    name, _, value = field.partition("=")
    return not name or bool(_VOLATILE.match(name)) or parameters.is_nonce(value)


def _blogger(address: str, linked: str) -> str:
    if _BLOGGER_HOST.match(host(linked)) and _file_name(linked) == _file_name(address):
        found = _SIZE_PART.search(linked)
        if found and _longest_side(found[1]) >= 1600:
            # "s1600-h" leads to a page about the picture: only the number is kept.
            return linked.replace(found[0], f"/{found[1].partition('-')[0]}/")
    address = _SIZE_PART.sub(f"/{_LARGEST}/", address)
    return _SIZE_END.sub(f"={_LARGEST}", address)


def _is_larger(linked: str, address: str) -> bool:
    """Whether a link behind a picture leads to the same picture, only larger."""
    if host(linked) != host(address) or not _PICTURE_NAME.search(urlsplit(linked).path):
        return False
    return _stem(linked) == _stem(address)


def _stem(address: str) -> str:
    name = _file_name(address).lower().rpartition(".")[0]
    return _SIZE_NAME.sub("", name)


def _longest_side(size: str) -> int:
    return max(int(number[:9]) for number in re.findall(r"\d+", size) or ["0"])


def _file_name(address: str) -> str:
    return urlsplit(address).path.rpartition("/")[2]


def _quoted(text: str, more: str) -> str:
    """A part of an address with its forbidden characters quoted, including a lone `%`."""
    return _LONE.sub("%25", quote(text, safe=f"/%:@!$&'()*+,;=~-._{more}"))


def _is_host(name: str) -> bool:
    return bool(name) and len(name) <= 253 and not re.search(r"[\s<>\"\\^`{}|%]", name)
