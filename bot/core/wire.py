"""What servers get wrong in HTTP and browsers forgive: headers, codings, pages that only redirect.

    repaired_head   a response's head in the form of RFC 9112
    decoded         a body without its Content-Encoding, whatever the label says
    Chunks          a chunked body in the form of RFC 9112
    sends_on_to     where a page that only redirects leads to

Pure: bytes in, bytes out.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from html import unescape
from urllib.parse import quote, urljoin

_HEAD_END = re.compile(rb"\r?\n\r?\n")
_GZIP = b"\x1f\x8b"
_ZLIB = (b"x\x01", b"x\x5e\xed", b"x\x9c", b"x\xda")
"""Beginnings that no text has."""
_STEP = 8
"""Bytes: a gzip ends with its checksum and its length."""
_ROUNDS = 3
"""Codings inside one another."""
_SMALL_PAGE = 20_000
_UNSEEN = re.compile(
    r"(?is)<noscript.*?(?:</noscript\s*+>|\Z)|<!--.*?(?:-->|\Z)|<script.*?(?:</script\s*+>|\Z)"
)
_STATUS = re.compile(rb"(?i:http|icy)(?:/[\d.]*)?\s*+(\d{3})(?!\d)[ \t]*+")
_READ_HEADERS = frozenset(
    (b"content-type", b"content-encoding", b"transfer-encoding", b"location", b"refresh", b"etag",
     b"last-modified", b"link", b"set-cookie", b"retry-after", b"connection")
)  # fmt: skip
"""The headers that are used: of the others there may be too many, or they may be too long."""
_REFRESH = re.compile(
    r"<meta\b(?=[^<>]*\bhttp-equiv\s*+=\s*+[\"']?refresh)[^<>]*?\bcontent\s*+=\s*+"
    r"(?:\"([^\"<>]*)\"|'([^'<>]*)'|([^\s<>]+))",
    re.IGNORECASE,
)
_SENT = re.compile(
    r"^\s*+(\d++)[\d.]*+\s*+(?:[;,]\s*+(?:url\s*+=\s*+)?|\s)[\"']?([^\"']+)", re.IGNORECASE
)
"""A refresh: seconds and an address (HTML standard, 4.2.5.3)."""
_SCRIPT = re.compile(
    r"(?:^|[\s;{.>])location(?:\.href)?\s*(?:=\s*|\.(?:replace|assign)\(\s*)[\"']([^\"'\s<>]{1,500})[\"']"
)
_TAG = re.compile(r"<[^<>]*>")
_LINK = re.compile(
    r"<([^<>]*+)>((?:\s*+;\s*+[^\s=;,<\"]++(?:\s*+=\s*+(?:\"(?:[^\"\\]|\\.)*+\"|[^\s;,\"]*+))?+)*+)"
)
"""One link of a Link header, and its parameters (RFC 8288)."""
_PARAMETER = re.compile(
    r"(?<![^\s=;,<\"])([^\s=;,<\"]++)\s*+=\s*+(?:\"((?:[^\"\\]|\\.)*+)\"|([^\s;,\"]*+))"
)
_FEW_LETTERS = 80
"""Letters of a page that says nothing but that it redirects."""
_NO_LETTERS = re.compile("[\udc80-\udcff]+")
_SIZE = re.compile(rb"[0-9a-fA-F]{1,8}[ \t]*(?:;.*)?")
_LONGEST_LINE = 4096
"""Bytes: a longer line is not a chunk's size."""
_LONGEST_WAIT = 10
"""Seconds: a page that is shown for longer is a real page."""


def head_end(received: bytes) -> int:
    """Where the head ends in what was received; 0 if it does not yet."""
    found = _HEAD_END.search(received)
    return found.end() if found else 0


def is_interim(head: bytes) -> bool:
    """Whether a head only announces another one (1xx)."""
    return bool(re.match(rb"HTTP/1\.\d 1\d\d", head))


def is_chunked(head: bytes) -> bool:
    """Whether a head says that a body in chunks follows."""
    return bool(re.search(rb"(?im)^transfer-encoding[ \t]*:.*\bchunked[ \t]*\r?$", head))


def repaired_head(head: bytes) -> bytes:
    """A response's head with only the headers that are used, and without a length: the body then
    ends with its last chunk or the connection."""
    first, *lines = head.split(b"\n")
    kept = [_STATUS.sub(rb"HTTP/1.1 \1 ", first.rstrip(b"\r"), count=1)]
    for line in lines:
        name, colon, value = line.rstrip(b"\r").partition(b":")
        name = name.rstrip(b" \t")
        if colon and name.lower() in _READ_HEADERS:
            kept.append(name + b": " + re.sub(rb"[\x00-\x08\x0a-\x1f\x7f]", b"", value.strip()))
    return b"\r\n".join([*kept, b"", b""])


class Chunks:
    """A chunked body whose lines may end in LF alone, with CRLF behind each (RFC 9112, 7.1). What
    is no chunk goes through as it came, for the parser to refuse; trailers are left out."""

    def __init__(self) -> None:
        self._held = b""
        self._left = 0
        """Bytes of the chunk that is being read; its line break is due after them."""
        self._within = False
        self._refused = False
        self._ended = False

    def mended(self, received: bytes) -> bytes:
        """What can be told by now."""
        self._held += received
        parts = []
        while not (self._refused or self._ended) and (part := self._next()):
            parts.append(part)
        if self._refused:
            parts.append(self._held)
        if self._refused or self._ended:
            self._held = b""
        return b"".join(parts)

    def _next(self) -> bytes:
        """The next line, or as much of a chunk as is there; empty while there is none."""
        if self._left:
            part, self._held = self._held[: self._left], self._held[self._left :]
            self._left -= len(part)
            return part
        line, ended, rest = self._held.partition(b"\n")
        if not ended and len(line) <= _LONGEST_LINE:
            return b""
        line = line.removesuffix(b"\r")
        size = (None if line else 0) if self._within else _size(line)
        if not ended or size is None:
            self._refused = True
            return b""
        self._held = rest
        self._ended = not self._within and size == 0
        self._within, self._left = not self._within, size
        return line + (b"\r\n\r\n" if self._ended else b"\r\n")


def _size(line: bytes) -> int | None:
    """What a chunk's first line says of its length in bytes."""
    return int(re.split(rb"[ \t;]", line)[0], 16) if _SIZE.fullmatch(line) else None


def decoded(body: bytes, coding: str, cap: int) -> bytes:
    """A body without its codings: those named, as far as they apply, and a gzip that is not named.
    If it breaks off, what there is. At most `cap` + 1 bytes."""
    if not coding and body[:1] == b"<":  # most feeds, most pages
        return body
    named = [one.strip().lower() for one in coding.split(",")][::-1][:_ROUNDS]
    for one in named:
        if one in {"deflate", "x-deflate"}:
            body = _inflated(body, cap)
        elif one in {"gzip", "x-gzip"}:
            body = _gunzipped(body, cap)
    if body[:1].isspace() and body.lstrip().startswith(_GZIP):
        body = body.lstrip()
    for _ in range(_ROUNDS):
        if not body.startswith(_GZIP):
            break
        body = _gunzipped(body, cap)
    return _inflated(body, cap) if body.startswith(_ZLIB) else body


def sends_on_to(body: bytes, address: str, *, refresh: str = "") -> str:
    """Where a small page that redirects at once leads to: by `<meta>`, by a header (`refresh`), or
    by a script if it says nothing else; empty for a real page."""
    if len(body) > _SMALL_PAGE:
        return ""
    text = body.decode("utf-8", "replace")
    told = refresh or next(filter(None, _refreshes(text)), "")
    found = _SENT.match(told)
    if found and int(found[1]) <= _LONGEST_WAIT:
        written = found[2]
    elif "location" in text and len(_TAG.sub("", _UNSEEN.sub("", text)).strip()) < _FEW_LETTERS:
        script = _SCRIPT.search(text)
        written = script[1] if script else ""
    else:
        return ""
    target = target_of(address, written.strip().replace("&amp;", "&")) if written else ""
    return "" if target == address else target


def _refreshes(text: str) -> Iterator[str]:
    if "refresh" in text.lower():
        for found in _REFRESH.finditer(_UNSEEN.sub("", text)):
            yield unescape(found[1] or found[2] or found[3] or "")


def target_of(address: str, location: str) -> str:
    """The address that a server redirects to; bytes that are not ASCII are quoted. Empty if
    it cannot be read."""
    written = _NO_LETTERS.sub(_quoted, location.strip())
    try:
        return urljoin(address, written)
    except ValueError:
        return ""


def linked(header: str, address: str) -> dict[str, str]:
    """What a Link header names, by relation in lower case, as absolute addresses; the first of each
    relation counts."""
    found: dict[str, str] = {}
    for target, parameters in _LINK.findall(header):
        named = {
            name.lower(): quoted or bare
            for name, quoted, bare in reversed(_PARAMETER.findall(parameters))
        }
        absolute = target_of(address, target)
        for relation in named.get("rel", "").lower().split():
            if absolute.startswith(("http://", "https://")):
                found.setdefault(relation, absolute)
    return found


def _quoted(found: re.Match[str]) -> str:
    return quote(found.group().encode("utf-8", "surrogateescape"))


def _gunzipped(body: bytes, cap: int) -> bytes:
    """All members of a gzip, ignoring what follows them. Other bytes as they are."""
    out = bytearray()
    rest = body
    while rest.startswith(_GZIP) and len(out) <= cap:
        reader = zlib.decompressobj(31)
        try:
            out += reader.decompress(rest, cap + 1 - len(out))
        except zlib.error:
            return bytes(out + _until_fault(rest, cap + 1 - len(out))) or body
        if not reader.eof:
            break
        rest = reader.unused_data
    return bytes(out) if out or body.startswith(_GZIP) else body


def _until_fault(packed: bytes, cap: int) -> bytes:
    """What a gzip yields before its fault: a wrong checksum spoils nothing."""
    reader, out = zlib.decompressobj(31), bytearray()
    try:
        for at in range(0, len(packed), _STEP):
            out += reader.decompress(packed[at : at + _STEP], max(cap - len(out), 1))
            if len(out) >= cap:
                break
    except zlib.error:
        pass
    return bytes(out)


def _inflated(body: bytes, cap: int) -> bytes:
    """Inflated, with the zlib wrapping that RFC 9110 requires or without it, as some servers send
    it."""
    for wrapping in (15, -15):
        try:
            return zlib.decompressobj(wrapping).decompress(body, cap + 1)
        except zlib.error:
            continue
    return body
