"""Gets a stranger's bytes: conditional GET with caps on size, time, redirects and addresses.

Knows HTTP and networks, not what the bytes mean. Every address comes from somebody else (a feed, a
redirect, a picture), so each one is resolved and refused if it leads into a private network.
"""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from time import time
from typing import Self
from urllib.parse import urljoin, urlsplit

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.resolver import DefaultResolver

from bot.core.errors import FeedError

MAX_BYTES = 10 * 1024 * 1024
_TIMEOUT = aiohttp.ClientTimeout(total=30, connect=10)
_REDIRECTS = 5
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
AGENT = "Kabar/0.1 (newsroom's bot in Telegram)"
FEED = (
    "application/atom+xml, application/rss+xml, application/feed+json, "
    "application/xml;q=0.9, */*;q=0.8"
)


@dataclass(frozen=True, slots=True)
class Fetched:
    """An answer: `body` is empty for 304. `address` is where it came from after redirects."""

    status: int
    address: str
    body: bytes = b""
    content_type: str = ""
    etag: str = ""
    last_modified: str = ""

    @property
    def not_modified(self) -> bool:
        return self.status == 304


class _PublicOnly(AbstractResolver):
    """Names that lead to private networks do not resolve."""

    def __init__(self) -> None:
        self._inner = DefaultResolver()

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        found = await self._inner.resolve(host, port, family)
        public = [one for one in found if is_public(one["host"])]
        if not public:
            raise OSError(f"{host} is in a private network")
        return public

    async def close(self) -> None:
        await self._inner.close()


def is_public(address: str) -> bool:
    """Whether an IP address may be fetched from: global, and not a disguised private one."""
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    inner = _inside(ip)
    return ip.is_global and not ip.is_multicast and (inner is None or inner.is_global)


def _inside(ip: ipaddress.IPv4Address | ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    """The IPv4 address that an IPv6 one carries (mapped, 6to4, NAT64)."""
    if isinstance(ip, ipaddress.IPv4Address):
        return None
    if ip in _NAT64:
        return ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
    return ip.ipv4_mapped or ip.sixtofour


class Fetcher:
    """One HTTP client for everything that strangers name. Use as an async context manager."""

    def __init__(self, *, allow_private: bool = False, connections: int = 50) -> None:
        self._allow_private = allow_private
        self._connections = connections
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        resolver = None if self._allow_private else _PublicOnly()
        connector = aiohttp.TCPConnector(
            limit=self._connections, limit_per_host=4, resolver=resolver, ttl_dns_cache=60
        )
        self._session = aiohttp.ClientSession(
            connector=connector,
            timeout=_TIMEOUT,
            headers={"User-Agent": AGENT},
            cookie_jar=aiohttp.DummyCookieJar(),
            max_line_size=16_384,
            max_field_size=16_384,
        )
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._session is not None  # entered before
        await self._session.close()

    async def get(
        self,
        address: str,
        *,
        etag: str = "",
        last_modified: str = "",
        max_bytes: int = MAX_BYTES,
        accept: str = "*/*",
    ) -> Fetched:
        """A body of at most `max_bytes`, or "not modified". Raises FeedError with one sentence."""
        headers = {"Accept": accept}
        if etag:
            headers["If-None-Match"] = etag
        if last_modified:
            headers["If-Modified-Since"] = last_modified
        try:
            for _ in range(_REDIRECTS + 1):
                self._check(address)
                answer = await self._one(address, headers, max_bytes)
                if isinstance(answer, Fetched):
                    return answer
                address = urljoin(address, answer)
        except TimeoutError as error:
            raise FeedError(f"{address} did not answer within 30 seconds.") from error
        except (aiohttp.ClientError, OSError, ValueError, asyncio.IncompleteReadError) as error:
            raise FeedError(f"{address} cannot be reached: {_reason(error)}.") from error
        raise FeedError(f"{address} redirects more than {_REDIRECTS} times.", status=302)

    def _check(self, address: str) -> None:
        parts = urlsplit(address)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise FeedError(f"{address} is no http or https address.")
        literal = parts.hostname.replace(".", "").isdigit() or ":" in parts.hostname
        if literal and not self._allow_private and not is_public(parts.hostname):
            raise FeedError(
                f"{address} is in a private network; KABAR_ALLOW_PRIVATE_ADDRESSES=true allows it."
            )

    async def _one(self, address: str, headers: dict[str, str], cap: int) -> Fetched | str:
        """The answer, or where it redirects to."""
        assert self._session is not None  # entered before
        async with self._session.get(address, headers=headers, allow_redirects=False) as answer:
            if answer.status in {301, 302, 303, 307, 308} and "Location" in answer.headers:
                return answer.headers["Location"]
            if answer.status == 304:
                return Fetched(304, address)
            if answer.status != 200:
                raise FeedError(
                    f"{address} answers {answer.status} {answer.reason or ''}".rstrip() + ".",
                    gone=answer.status in {404, 410},
                    retry_after=retry_after(answer.headers.get("Retry-After", "")),
                    status=answer.status,
                )
            body = await _read(answer, address, cap)
            return Fetched(
                200,
                address,
                body,
                answer.headers.get("Content-Type", ""),
                answer.headers.get("ETag", ""),
                answer.headers.get("Last-Modified", ""),
            )


async def _read(answer: aiohttp.ClientResponse, address: str, cap: int) -> bytes:
    body = bytearray()
    async for chunk in answer.content.iter_any():
        body += chunk
        if len(body) > cap:
            raise FeedError(f"{address} sends more than {cap // 1024:,} KB.", status=200)
    return bytes(body)


def retry_after(value: str) -> float | None:
    """Seconds of a Retry-After header (a number or a date), or None."""
    if value.strip().isdigit():
        return float(value)
    try:
        return max(0.0, parsedate_to_datetime(value).timestamp() - time())
    except (ValueError, TypeError):
        return None


def _reason(error: BaseException) -> str:
    """Why there was no answer, as a person would say it."""
    if isinstance(error, aiohttp.ClientConnectorCertificateError):
        return "its certificate is not trusted"
    if isinstance(error, aiohttp.ClientSSLError):
        return "it does not speak TLS as it should (https)"
    if isinstance(error, aiohttp.ClientConnectorDNSError) and not _is_ours(error.os_error):
        return "there is no host of that name"
    if isinstance(error, aiohttp.ClientConnectorError):
        error = error.os_error
    if isinstance(error, ConnectionRefusedError):
        return "nobody listens there"
    text = str(error) or type(error).__name__
    return text[:200].rstrip(".")


def _is_ours(error: OSError) -> bool:
    """Our own refusal of a private network, not the resolver's answer."""
    return error.errno is None
