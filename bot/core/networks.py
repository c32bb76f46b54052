"""Networks and addresses: which ones strangers may have us connect to, and which parts may be
shown.

Knows the registries of special addresses and ports; connects to nothing.
"""

from __future__ import annotations

import re
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from urllib.parse import SplitResult, urlsplit

_SPECIAL_V4 = tuple(
    IPv4Network(one) for one in ("192.0.0.0/24", "192.88.99.0/24", "224.0.0.0/4", "240.0.0.0/4")
)
"""Networks that some Python versions call global: protocol assignments, 6to4 relays, multicast,
reserved."""
_GLOBAL_V6 = IPv6Network("2000::/3")
_SPECIAL_V6 = tuple(
    IPv6Network(one) for one in ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20")
)
"""Within the former: Teredo, ORCHID and other protocols; documentation; 6to4. No news site is
there, and each of these addresses can contain an IPv4 address."""
_NAT64 = IPv6Network("64:ff9b::/96")

# fmt: off
_BLOCKED_PORTS = frozenset({
    1, 7, 9, 11, 13, 15, 17, 19, 20, 21, 22, 23, 25, 37, 42, 43, 53, 69, 77, 79, 87, 95, 101, 102,
    103, 104, 109, 110, 111, 113, 115, 117, 119, 123, 135, 137, 139, 143, 161, 179, 389, 427, 465,
    512, 513, 514, 515, 526, 530, 531, 532, 540, 548, 554, 556, 563, 587, 601, 636, 989, 990, 993,
    995, 1719, 1720, 1723, 2049, 3659, 4045, 4190, 5060, 5061, 6000, 6566, 6665, 6666, 6667, 6668,
    6669, 6679, 6697, 10080,
})
# fmt: on
"""The Fetch standard's "bad ports": an HTTP request there would reach another protocol's server."""

_USER = re.compile(r"(?<=://)[^/?#\s\"'<>]*@")
_SECRET_FIELD = re.compile(
    r"(?i)(?<=[?&;])((?:[a-z]+[_-])?(?:token|key|apikey|auth|password|passwd|pwd|secret|signature))="
    r"[^&;#\s\"'<>]+"
)


def is_public(address: str) -> bool:
    """Whether we may connect to an IP address that a stranger named: it is global, and not a
    private one in disguise (IPv4-mapped, NAT64). Texts that are not IP addresses are not public."""
    try:
        ip = ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(ip, IPv6Address):
        inner = IPv4Address(int(ip) & 0xFFFFFFFF) if ip in _NAT64 else ip.ipv4_mapped
        if inner is None:
            return ip in _GLOBAL_V6 and not any(ip in one for one in _SPECIAL_V6)
        ip = inner
    return ip.is_global and not any(ip in one for one in _SPECIAL_V4)


def is_web_port(port: int) -> bool:
    """Whether we may connect to a port that a stranger named: not to those of other protocols."""
    return 0 < port < 65_536 and port not in _BLOCKED_PORTS


def parts_of(address: str) -> SplitResult | None:
    """The parts of an address, its port within bounds; None if it cannot be read."""
    try:
        parts = urlsplit(address)
        _ = parts.port
    except ValueError:
        return None
    return parts


def is_web_address(address: str) -> bool:
    """Whether it is an http or https address with a host."""
    parts = parts_of(address)
    return parts is not None and parts.scheme in {"http", "https"} and bool(parts.hostname)


def without_credentials(text: str) -> str:
    """A text with users, passwords and secret parameters removed from its addresses."""
    if "://" not in text:
        return text
    return _SECRET_FIELD.sub(r"\1=***", _USER.sub("***@", text))
