"""Which addresses a link may have, and their one form. Knows no text around them.

The rules are those of TDLib's HttpUrl.cpp and LinkManager.cpp.
"""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass

_SPACE = " \t\r\n\0\v"
_HOST = re.compile(r"(?:[a-z0-9._!$,~*'();&+=\-\u0080-\U0010ffff]|%[a-f0-9]{2})*\Z")
_USER_LINK = re.compile(r"tg:(?://)?user/*\?", re.IGNORECASE)
_PROTOCOL = re.compile(r"([^:/?#@\[\]]*)://")
_UPPER = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "abcdefghijklmnopqrstuvwxyz")


class LinkError(ValueError):
    """What is wrong with an address, as TDLib says it."""


@dataclass(frozen=True, slots=True)
class Address:
    """The parts of an HTTP address."""

    protocol: str
    userinfo: str
    host: str
    port: int
    """0 when not written."""
    query: str

    @property
    def ipv6(self) -> bool:
        return self.host.startswith("[") and self.host.endswith("]")

    def __str__(self) -> str:
        user = f"{self.userinfo}@" if self.userinfo else ""
        port = f":{self.port}" if self.port else ""
        return f"{self.protocol}://{user}{self.host}{port}{self.query}"


def lowered(text: str) -> str:
    """ASCII letters in lower case, all others as they are."""
    return text.translate(_UPPER)


def parse(url: str) -> Address:
    """Take an address apart. Raises LinkError."""
    protocol, rest = "http", url
    if match := _PROTOCOL.match(url):
        protocol, rest = lowered(match[1]), url[match.end() :]
        if protocol not in {"http", "https"}:
            raise LinkError("Unsupported URL protocol")
    cut = re.search(r"[/?#]", rest)
    authority, query = (rest[: cut.start()], rest[cut.start() :]) if cut else (rest, "")
    user_host, port = _port(authority)
    userinfo, _, host = user_host.rpartition("@")
    _check_host(host)
    return Address(protocol, userinfo, _host(host), port, _query(query))


def check(url: str) -> str:
    """The one form of an address that a link may have. Raises LinkError."""
    lower = lowered(url[:10])
    for scheme in ("tg", "ton", "tonsite"):
        if lower.startswith(scheme + ":"):
            return _app_link(scheme, url[len(scheme) + 1 :])
    address = parse(url)
    if "." not in address.host and not address.ipv6:
        raise LinkError("Wrong HTTP URL")
    return str(address)


def user_of(url: str) -> int:
    """The user of a `tg://user?id=` link, 0 when it is none."""
    if not (match := _USER_LINK.match(url)):
        return 0
    for part in url[match.end() :].split("#", maxsplit=1)[0].split("&"):
        name, _, value = part.partition("=")
        if name == "id":
            return int(value) if value.isascii() and value.isdigit() else 0
    return 0


def _app_link(scheme: str, rest: str) -> str:
    rest = rest.removeprefix("//")
    address = parse(rest)
    if (
        lowered(rest[:7]) == "http://"
        or address.protocol == "https"
        or address.userinfo
        or address.port
        or address.ipv6
    ):
        raise LinkError("Wrong tg URL" if scheme == "tg" else "Wrong ton URL")
    allowed = r"[A-Za-z0-9_.\-]*\Z" if scheme == "tonsite" else r"[A-Za-z0-9_\-]*\Z"
    if not re.match(allowed, address.host):
        raise LinkError("Unallowed characters in URL host")
    query = address.query[1:] if address.query.startswith("/?") else address.query
    return f"{scheme}://{address.host}{query}"


def _port(authority: str) -> tuple[str, int]:
    colon = max(authority.rfind(char) for char in ":]@")
    if colon <= 0 or authority[colon] != ":":
        return authority, 0
    digits = authority[colon + 1 :].lstrip("0") or authority[colon + 1 :][-1:]
    if not re.match(r"-?[0-9]{1,10}\Z", digits) or not 0 < int(digits) <= 65535:
        raise LinkError("Wrong port number specified in the URL")
    return authority[:colon], int(digits)


def _check_host(host: str) -> None:
    if host.startswith("[") and host.endswith("]"):
        try:
            ipaddress.IPv6Address(host[1:-1])
        except ValueError as error:
            raise LinkError("Wrong IPv6 address specified in the URL") from error
    if not host:
        raise LinkError("URL host is empty")
    if host == ".":
        raise LinkError("Host is invalid")


def _host(host: str) -> str:
    host = lowered(host)
    if host.startswith("["):
        if not re.match(r"\[[:0-9a-f.]*\]\Z", host):
            raise LinkError("Wrong IPv6 URL host")
    elif not _HOST.match(host):
        wrong = re.search(r"%(?![a-f0-9]{2})", host)
        raise LinkError("Wrong percent-encoded symbol in URL host" if wrong else "Wrong URL host")
    return host


def _query(query: str) -> str:
    query = query.rstrip(_SPACE)
    if not query.startswith("/"):
        query = "/" + query
    return re.sub(r"[\x00-\x20]", lambda found: f"%{ord(found[0]):02X}", query)
