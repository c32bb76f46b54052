"""Gets a stranger's bytes: conditional GET with caps on size, time, redirects and addresses.

Knows HTTP and networks, not what the bytes mean. Every address comes from somebody else (a feed, a
redirect, a picture), so what is checked is the one that is connected to, at the socket: whatever a
host is called, however its digits are spelled and wherever a name leads by then.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from time import time
from typing import Self
from urllib.parse import urljoin

import aiohttp
from aiohttp.abc import AbstractResolver
from aiohttp.connector import AddrInfoType
from yarl import URL

from bot.core.errors import FeedError
from bot.core.networks import is_public, is_web_port
from bot.core.text import whole_number

MAX_BYTES = 10 * 1024 * 1024
_TIMEOUT = aiohttp.ClientTimeout(total=30, connect=10)
_REDIRECTS = 5
_REASON_BYTES = 1024
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
    hub: str = ""
    itself: str = ""
    """Its hub and its own address, where the answer's Link header names them (WebSub)."""

    @property
    def not_modified(self) -> bool:
        return self.status == 304


class _PrivateNetworkError(OSError):
    """Our own refusal to connect, not the network's."""


class Fetcher:
    """One HTTP client for everything that strangers name. Use as an async context manager.

    `allowed` says of an IP address whether it may be connected to; `resolver` is the system's
    unless a test gives its own. No proxy and no password of the environment is used.
    """

    def __init__(
        self,
        *,
        allow_private: bool = False,
        allowed: Callable[[str], bool] = is_public,
        resolver: AbstractResolver | None = None,
        connections: int = 50,
    ) -> None:
        self._allow_private = allow_private
        self._allowed = allowed
        self._resolver = resolver
        self._connections = connections
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        connector = aiohttp.TCPConnector(
            limit=self._connections,
            limit_per_host=4,
            resolver=self._resolver,
            ttl_dns_cache=60,
            socket_factory=None if self._allow_private else self._socket,
        )
        self._session = aiohttp.ClientSession(
            connector=connector,
            timeout=_TIMEOUT,
            headers={"User-Agent": AGENT},
            cookie_jar=aiohttp.DummyCookieJar(),
            max_line_size=16_384,
            max_field_size=16_384,
            trust_env=False,
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
            raise FeedError(
                f"{address} did not answer within 30 seconds.", kind="timeout"
            ) from error
        except (aiohttp.ClientError, OSError, ValueError, asyncio.IncompleteReadError) as error:
            raise FeedError(
                f"{address} cannot be reached: {_reason(error)}.", kind="unreachable"
            ) from error
        raise FeedError(
            f"{address} redirects more than {_REDIRECTS} times.", status=302, kind="redirects"
        )

    def _check(self, address: str) -> None:
        url = URL(address)
        if url.scheme not in {"http", "https"} or not url.host:
            raise FeedError(f"{address} is no http or https address.")
        if not self._allow_private and not is_web_port(url.port or 0):
            raise FeedError(f"{address} names a port where no web server is.")

    def _socket(self, info: AddrInfoType) -> socket.socket:
        """Every connection begins here, with the address that it is going to."""
        family, kind, protocol, _, to = info
        if not self._allowed(str(to[0])):
            raise _PrivateNetworkError("it is in a private network")
        return socket.socket(family, kind, protocol)

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
                *_links(answer),
            )

    async def post(self, address: str, form: Mapping[str, str]) -> tuple[int, str]:
        """The status and the beginning of the answer to a form; 307 and 308 are followed, under the
        same guard as all addresses. Raises FeedError when there is no answer."""
        assert self._session is not None  # entered before
        try:
            for _ in range(_REDIRECTS + 1):
                self._check(address)
                async with self._session.post(address, data=form, allow_redirects=False) as answer:
                    if answer.status not in {307, 308} or "Location" not in answer.headers:
                        said = await answer.content.read(_REASON_BYTES)
                        return answer.status, said.decode("utf-8", "replace")
                    address = urljoin(address, answer.headers["Location"])
        except TimeoutError as error:
            raise FeedError(f"{address} did not answer.", kind="timeout") from error
        except (aiohttp.ClientError, OSError, ValueError) as error:
            raise FeedError(
                f"{address} cannot be reached: {_reason(error)}.", kind="unreachable"
            ) from error
        raise FeedError(f"{address} redirects too often.", status=307, kind="redirects")


def _links(answer: aiohttp.ClientResponse) -> tuple[str, str]:
    """Where a Link header says that the hub and the document itself are (RFC 8288)."""
    try:
        named = {rel.lower(): str(link["url"]) for rel, link in reversed([*answer.links.items()])}
    except ValueError:
        return "", ""
    return named.get("hub", ""), named.get("self", "")


async def _read(answer: aiohttp.ClientResponse, address: str, cap: int) -> bytes:
    body = bytearray()
    async for chunk in answer.content.iter_any():
        body += chunk
        if len(body) > cap:
            raise FeedError(
                f"{address} sends more than {cap // 1024:,} KB.", status=200, kind="size"
            )
    return bytes(body)


def retry_after(value: str) -> float | None:
    """Seconds of a Retry-After header (a number or a date), or None."""
    seconds = whole_number(value.strip())
    if seconds is not None:
        return float(seconds)
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
    if isinstance(error, aiohttp.ClientConnectorDNSError):
        return "there is no host of that name"
    if isinstance(error, aiohttp.ClientConnectorError):
        error = error.os_error
    if isinstance(error, _PrivateNetworkError):
        return f"{error}; KABAR_ALLOW_PRIVATE_ADDRESSES=true allows it"
    if isinstance(error, ConnectionRefusedError):
        return "nobody listens there"
    text = str(error) or type(error).__name__
    return text[:200].rstrip(".")
