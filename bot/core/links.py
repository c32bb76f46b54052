"""Which addresses Telegram accepts for a button: posts with others have to do without. Pure.

The rules are TDLib's (HttpUrl.cpp, LinkManager.cpp); anything else that Telegram refuses is learned
when it does so (`bot.core.posts.outcome`).
"""

from __future__ import annotations

import ipaddress
import re
from urllib.parse import urlsplit

_HOST = re.compile(r"(?:[a-z0-9._!$,~*'();&+=\-\u0080-\U0010ffff]|%[a-f0-9]{2})+", re.IGNORECASE)


def fits_button(address: str) -> bool:
    """Whether a button may lead to a web address: its host has a dot inside, or is an IPv6 one."""
    try:
        parts = urlsplit(address)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return False
    if parts.scheme not in {"http", "https"} or not host or port == 0:
        return False
    if parts.netloc.rpartition("@")[2].startswith("["):
        return _is_ipv6(host)
    return bool(_HOST.fullmatch(host)) and "." in host.strip(".")


def _is_ipv6(host: str) -> bool:
    try:
        ipaddress.IPv6Address(host)
    except ValueError:
        return False
    return True
