"""Addresses as people and programs mistype them -> as they were meant. Fetches nothing.

https://https//paper.example/a    \\gambar\\a.jpg    paper.example/a    paper.exampleberita/a
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

_AROUND = " \t\r\n\"'“”‘’<>"
_SCHEME = r"(?:https?(?::/*|;//|//+:?)|h{0,2}t{1,3}p{1,2}s?://)"
_SCHEMES = re.compile(rf"(?:{_SCHEME})*({_SCHEME})", re.IGNORECASE)
_TWICE = re.compile(rf"https?://(?P<host>[^/?#:]+?)/?(?={_SCHEME})", re.IGNORECASE)
_DOMAIN = re.compile(
    r"^(?:[\w-]++\.)+(?:com|net|org|info|id|news|tv|io|me|co\.[a-z]{2})", re.IGNORECASE
)
_LOST_SLASH = re.compile(r"(?:com|net|org|info|id|news|tv|example)[a-z]{3,30}$")


def mended(address: str, base: str = "") -> str:
    """An address without quotes around it, with slashes and one scheme; with a separate host, if it
    begins with that of `base` or with something that can only be a host. Others stay as they are.
    """
    address = address.strip(_AROUND)
    if "\\" in address:
        end = re.search(r"[?#]|$", address)
        cut = end.start() if end else len(address)
        address = address[:cut].replace("\\", "/") + address[cut:]
    found = _SCHEMES.match(address)
    if found:
        scheme = "https" if "s" in found[1].lower() else "http"
        return _once(f"{scheme}://{address[found.end() :]}", base)
    if address.startswith("://"):
        return address[1:]
    first, slash, _ = address.partition("/")
    own = _host(base)
    known = own and (first == own or own.endswith(f".{first}") or first.endswith(f".{own}"))
    if "." in first and (
        (known and first.count("."))
        or first.startswith("www.")
        or (slash and _DOMAIN.fullmatch(first))
    ):
        return f"{urlsplit(base).scheme or 'https'}://{address}"
    return address


def _once(address: str, base: str) -> str:
    """An address with its site repeated, or not followed by a slash, put right."""
    twice = _TWICE.match(address)
    if twice:
        inner = mended(address[twice.end() :])
        if _host(inner) == _bare(twice["host"]):
            return inner
    own, host = _host(base), _host(address)
    if own and host.startswith(own) and host.count(".") == own.count("."):
        more = host[len(own) :]
        if _LOST_SLASH.search(host) and len(more) > 2 and more.isalnum():
            return address.replace(host, f"{own}/{more}", 1)
    return address


def _host(address: str) -> str:
    try:
        return _bare(urlsplit(address).hostname or "")
    except ValueError:
        return ""


def _bare(host: str) -> str:
    return host.lower().removeprefix("www.")
