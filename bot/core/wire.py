"""What servers get wrong in HTTP and browsers forgive: heads, codings, pages that only send on.

    repaired_head   a response's head as RFC 9112 has it
    decoded         a body without its Content-Encoding, whatever the label says
    sends_on_to     where a page leads that is nothing but `<meta http-equiv=refresh>`

Pure: bytes in, bytes out.
"""

from __future__ import annotations

import re
import zlib
from urllib.parse import quote, urljoin

_NAME = re.compile(rb"[!#$%&'*+.^_`|~0-9A-Za-z-]+\Z")
_HEAD_END = re.compile(rb"\r?\n\r?\n")
_GZIP = b"\x1f\x8b"
_ROUNDS = 3
"""Codings inside one another."""
_SMALL_PAGE = 20_000
_UNSEEN = re.compile(
    r"(?is)<noscript.*?(?:</noscript\s*+>|\Z)|<!--.*?(?:-->|\Z)|<script.*?(?:</script\s*+>|\Z)"
)
_REFRESH = re.compile(
    r"<meta\b(?=[^<>]*\bhttp-equiv\s*+=\s*+[\"']?refresh)[^<>]*?\bcontent\s*+=\s*+"
    r"(?:\"\s*(\d+)[^\"]*?url\s*=\s*'?([^\"']+)|'\s*(\d+)[^']*?url\s*=\s*\"?([^\"']+))",
    re.IGNORECASE,
)
_NO_LETTERS = re.compile("[\udc80-\udcff]+")
_LONGEST_WAIT = 10
"""Seconds: a page that is read longer than that is a page."""


def head_end(received: bytes) -> int:
    """Where the head ends in what was received, 0 while it does not."""
    found = _HEAD_END.search(received)
    return found.end() if found else 0


def is_interim(head: bytes) -> bool:
    """Whether a head only says that another one follows (1xx)."""
    return bool(re.match(rb"HTTP/1\.\d 1\d\d", head))


def repaired_head(head: bytes) -> bytes:
    """A response's head without lines that are no headers, and without a length: the body then ends
    where its last chunk or the connection ends."""
    first, *lines = head.split(b"\n")
    kept = [first.rstrip(b"\r")]
    for line in lines:
        name, colon, value = line.rstrip(b"\r").partition(b":")
        name = name.rstrip(b" \t")
        if colon and _NAME.match(name) and name.lower() != b"content-length":
            kept.append(name + b": " + re.sub(rb"[\x00-\x08\x0a-\x1f\x7f]", b"", value.strip()))
    return b"\r\n".join([*kept, b"", b""])


def decoded(body: bytes, coding: str, cap: int) -> bytes:
    """A body without its codings: those that it names, as far as it has them, and a gzip that it
    does not name. Of one that breaks off, what there is. At most `cap` bytes and one."""
    named = [one.strip().lower() for one in coding.split(",")][::-1][:_ROUNDS]
    for one in named:
        if one == "deflate":
            body = _inflated(body, cap)
        elif one in {"gzip", "x-gzip"}:
            body = _gunzipped(body, cap)
    for _ in range(_ROUNDS):
        if not body.startswith(_GZIP):
            break
        body = _gunzipped(body, cap)
    return body


def sends_on_to(body: bytes, address: str) -> str:
    """Where a small page leads that sends its readers on at once; empty where it is a page."""
    if len(body) > _SMALL_PAGE or b"refresh" not in body.lower():
        return ""
    found = _REFRESH.search(_UNSEEN.sub("", body.decode("utf-8", "replace")))
    if not found or int(found[1] or found[3]) > _LONGEST_WAIT:
        return ""
    target = target_of(address, (found[2] or found[4]).strip().replace("&amp;", "&"))
    return "" if target == address else target


def target_of(address: str, location: str) -> str:
    """An address that a server sends on to; bytes in it that are no letters are quoted. Empty where
    it cannot be read."""
    written = _NO_LETTERS.sub(_quoted, location.strip())
    try:
        return urljoin(address, written)
    except ValueError:
        return ""


def _quoted(found: re.Match[str]) -> str:
    return quote(found.group().encode("utf-8", "surrogateescape"))


def _gunzipped(body: bytes, cap: int) -> bytes:
    """All members of a gzip; what follows them is no part of it. Other bytes as they are."""
    out = bytearray()
    rest = body
    while rest.startswith(_GZIP) and len(out) <= cap:
        reader = zlib.decompressobj(31)
        try:
            out += reader.decompress(rest, cap + 1 - len(out))
        except zlib.error:
            return bytes(out) or body
        if not reader.eof:
            break
        rest = reader.unused_data
    return bytes(out) if out or body.startswith(_GZIP) else body


def _inflated(body: bytes, cap: int) -> bytes:
    """With the wrapping of zlib, as RFC 9110 says, or without it, as some servers do."""
    for wrapping in (15, -15):
        try:
            return zlib.decompressobj(wrapping).decompress(body, cap + 1)
        except zlib.error:
            continue
    return body
