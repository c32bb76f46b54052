"""Addresses that strangers write: absolute, canonical, and of a picture's largest form.

Knows the grammar of addresses and the habits of known hosts; fetches nothing.
"""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, quote, urljoin, urlsplit, urlunsplit

from bot.core.articles import sizes

_LONGEST = 2048
_IN_ORDER = re.compile(
    r"https?://[a-z0-9-]+(?:\.[a-z0-9-]+)+/[\w/%.~!$&'()*+,;=:@-]*(?:\?[\w/%.~!$&'()*+,;=:@-]*)?"
    r"(?:#[\w/%.~!$&'()*+,;=:@-]*)?",
    re.ASCII,
)
"""Most addresses: nothing to be done about them."""

_ESCAPED = re.compile(r"&(?:amp;)+")

# Parameters that say how a reader came, never which article it is.
_TRACKING = re.compile(
    r"(?:utm_|at_|ns_|pk_|mtm_|hsa_|vero_|wt[._]|__twitter|fb_|ga_|mc_[ce]id|_hs|oly_|mkt_|trk)"
    r"|(?:fbclid|gclid|gclsrc|dclid|msclkid|yclid|igshid|igsh|twclid|ttclid|wbraid|gbraid|_ga|_gl"
    r"|xtor|cmp|cmpid|cmp_id|cid|ocid|icid|intcid|intcmp|ito|ftag|smid|smtyp|emc|partner|mod"
    r"|feedtype|feedname|traffic_source|tsmusaid|share|spm|ref|ref_src|referrer|rss|source|src"
    r"|via|campaign|taid|sr_share|amp|emailsource|mbid|rssfeed|from|link_source|soc_src|soc_trk)$",
    re.IGNORECASE,
)
# These names also carry meaning (a search, a section), so their value has to give them away.
_AMBIGUOUS = {"ref", "source", "src", "via", "from", "share", "cid", "partner", "mod", "campaign"}
_FEEDLIKE = re.compile(
    r"rss|feed|atom|twitter|facebook|whatsapp|telegram|newsletter|email|social|share|google",
    re.IGNORECASE,
)
_FROM_RSS = re.compile(r"(?<![a-z])rss(?![a-z])|(?<![a-zA-Z])RSS|PCRSS")
_IDLE_FRAGMENT = re.compile(
    r"(?:\d?|\w+=[^/!]*|comments?|respond|comment-form|more|top|(?:utm_|xtor=|ref=|at_|ftag|rss|echobox).*"
    r"|.*[?&=](?:rss|feed).*)$",
    re.IGNORECASE,
)
_BLOGGER_HOST = re.compile(
    r"(?:(?:\d+|www)\.bp\.blogspot\.com|bp\d?\.blogger\.com|blogger\.googleusercontent\.com"
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
    r"|(?:[-_.](?:\d{2,4}x\d{2,4}|\d{2,4}[wh]?|t|th|thumb|thumbnail|tn|small|s|m|medium|preview|mini))+$"
)
"""What is added to a picture's name for a smaller one."""
_WP_SIZE = re.compile(r"-\d{2,4}x\d{2,4}(?=\.(?:jpe?g|png|gif|webp|avif)$)", re.IGNORECASE)
_UPLOADS = re.compile(r"/(?:wp-content|app)/uploads/")
"""WordPress, and WordPress as Bedrock lays it out."""
_PHOTON = re.compile(r"i\d\.wp\.com$")
_WP_HOST = re.compile(r"(?:i\d\.wp\.com|.*\.files\.wordpress\.com)$", re.IGNORECASE)
_WP_QUERY = {"resize", "w", "h", "fit", "crop", "quality", "zoom", "strip", "width", "height"}
_VOLATILE = _WP_QUERY | {
    "s", "sig", "signature", "token", "expires", "v", "ver", "t", "ts", "_", "q", "auto", "dpr",
    "format", "ssl", "itok", "cb", "rev",
}  # fmt: skip


def absolute(address: str, base: str = "") -> str:
    """An http(s) address that can be fetched, or empty. What no address may hold is quoted,
    what is quoted already stays as it is; `&amp;` in it was escaped once too often."""
    if "&amp;" in address:
        address = _ESCAPED.sub("&", address)
    if len(address) <= _LONGEST and _IN_ORDER.fullmatch(address):
        return address
    address = "".join(address.split("\n")).replace("\t", "").replace("\r", "").strip()
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
            quote(parts.path, safe="/%:@!$&'()*+,;=~-._") or "/",
            quote(parts.query, safe="/%:@!$&'()*+,;=~-._?[]"),
            quote(parts.fragment, safe="/%:@!$&'()*+,;=~-._?"),
        )
    )


def joined(base: str, address: str) -> str:
    """An address as it reads from a base, both as strangers write them: what cannot be joined
    stays as it is."""
    try:
        return urljoin(base, address)
    except ValueError:
        return address


def canonical(address: str, base: str = "") -> str:
    """The address of an article without what only says how the reader came to it; empty if it is
    no usable http(s) address."""
    address = absolute(address, base)
    if "?" not in address and "#" not in address:
        return address
    parts = urlsplit(address)
    query = "&".join(field for field in parts.query.split("&") if not _is_tracking(field))
    if parts.path.endswith(".html") and query in {"m=0", "m=1"}:  # Blogger's page for phones
        query = ""
    fragment = "" if _IDLE_FRAGMENT.match(parts.fragment) else parts.fragment
    return urlunsplit((parts.scheme, parts.netloc, parts.path, query, fragment))


def host(address: str) -> str:
    """The host's name without `www.`, empty if there is none."""
    try:
        return (urlsplit(address).hostname or "").removeprefix("www.")
    except ValueError:
        return ""


def full_size(address: str, linked: str = "") -> str:
    """A picture's address in the largest form that its host is known to serve.

    `linked` is where the picture leads when clicked: Blogger's writers link the full one.
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


def picture_identity(address: str) -> str:
    """The same for all sizes, hosts' numbers and signatures of one picture."""
    parts = urlsplit(full_size(address))
    name = parts.hostname or ""
    path = parts.path
    if _BLOGGER_HOST.match(name):
        name = re.sub(r"^\d+\.", "", name)
        path = _SIZE_END.sub("", _SIZE_PART.sub("/", path))
    if _PHOTON.match(name):  # WordPress's network for pictures names the host it has them from
        name, _, path = path[1:].partition("/")
        path = f"/{path}"
    fields = [field for field in parts.query.split("&") if field.partition("=")[0] not in _VOLATILE]
    return f"{name}{path}?{'&'.join(fields)}"


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
    return max(int(number) for number in re.findall(r"\d+", size) or ["0"])


def _file_name(address: str) -> str:
    return urlsplit(address).path.rpartition("/")[2]


def _is_tracking(field: str) -> bool:
    name, _, value = field.partition("=")
    if _FROM_RSS.search(value):
        return True
    if not name or not _TRACKING.match(name):
        return not name and not value
    return name.lower() not in _AMBIGUOUS or bool(_FEEDLIKE.search(value))


def _is_host(name: str) -> bool:
    return bool(name) and len(name) <= 253 and not re.search(r"[\s<>\"\\^`{}|]", name)
