"""Fetches untrusted addresses: conditional GET with caps on size, time, redirects and addresses.

Knows HTTP and networks, not what the bytes mean. Every address comes from somebody else (a feed, a
redirect, a picture), so the check is made at the socket, on the IP address actually connected to:
whatever the host is called, however its digits are spelled and whatever its name resolves to by
then.

strict client -> answer                    not proper HTTP -> lenient client (`bot.lenient`)
"""

from __future__ import annotations

import asyncio
import socket
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from functools import partial
from http.cookies import SimpleCookie
from time import time
from typing import Any, Self

import aiohttp
from aiohttp.abc import AbstractResolver
from aiohttp.connector import AddrInfoType
from aiohttp.http_exceptions import HttpProcessingError
from yarl import URL

from bot import http_faults
from bot.core import wire
from bot.core.errors import FeedError
from bot.core.networks import is_public, is_web_port
from bot.core.text import whole_number
from bot.lenient import LenientHandler
from bot.runtime import LARGE, beside_loop

MAX_BYTES = 10 * 1024 * 1024
_TIMEOUT = aiohttp.ClientTimeout(total=30, connect=10)
_REDIRECTS = 5
_REASON_BYTES = 1024
_HOSTS = 1000
"""So many servers that do not speak proper HTTP are remembered."""
_CODINGS = "gzip, deflate"
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
    """Its own address and its hub, if the answer's Link header names them (WebSub)."""

    @property
    def not_modified(self) -> bool:
        return self.status == 304


@dataclass(frozen=True, slots=True)
class _SentOn:
    """A redirect, with the cookies to send along."""

    to: str
    url: URL
    cookies: SimpleCookie


class _PrivateNetworkError(OSError):
    """We refused to connect to a private network."""


class Fetcher:
    """One HTTP client for all untrusted addresses. Use as an async context manager.

    `allowed` says of an IP address whether it may be connected to; `resolver` is the system's
    unless a test gives its own; `agent` is our User-Agent. Proxies and passwords from the
    environment are not used.
    """

    def __init__(
        self,
        *,
        allow_private: bool = False,
        allowed: Callable[[str], bool] = is_public,
        resolver: AbstractResolver | None = None,
        connections: int = 50,
        agent: str = AGENT,
    ) -> None:
        self._allow_private = allow_private
        self._allowed = allowed
        self._resolver = resolver
        self._connections = connections
        self.agent = agent
        self._session: aiohttp.ClientSession | None = None
        self._lenient: aiohttp.ClientSession | None = None
        self._improper: OrderedDict[str, None] = OrderedDict()
        """Servers that the strict client could not read, the most recently used last."""

    async def __aenter__(self) -> Self:
        self._session, self._lenient = self._client(), self._client(lenient=True)
        return self

    async def __aexit__(self, *_: object) -> None:
        for session in (self._session, self._lenient):
            assert session is not None  # entered before
            await session.close()

    def _client(self, *, lenient: bool = False) -> aiohttp.ClientSession:
        connector = aiohttp.TCPConnector(
            limit=self._connections,
            limit_per_host=4,
            resolver=self._resolver,
            ttl_dns_cache=60,
            socket_factory=None if self._allow_private else self._socket,
            force_close=lenient,
        )
        if lenient:  # there is no public way to set another protocol
            handler: Any = partial(LenientHandler, asyncio.get_running_loop())
            connector._factory = handler  # noqa: SLF001
        return aiohttp.ClientSession(
            connector=connector,
            timeout=_TIMEOUT,
            headers={"User-Agent": self.agent, "Accept-Encoding": _CODINGS},
            cookie_jar=aiohttp.DummyCookieJar(),
            auto_decompress=False,
            max_line_size=16_384,
            max_field_size=65_536 if lenient else 16_384,
            trust_env=False,
        )

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
        jar: aiohttp.CookieJar | None = None
        try:
            for _ in range(_REDIRECTS + 1):
                self._check(address)
                headers.pop("Cookie", "")
                if jar is not None and (known := jar.filter_cookies(URL(address))):
                    headers["Cookie"] = known.output([], "", ";").strip()
                answer = await self._ask(address, headers, max_bytes)
                if isinstance(answer, Fetched):
                    return answer
                if not answer.to:
                    raise FeedError(f"{address} redirects to what is no address.", status=302)
                address = answer.to
                if answer.cookies:
                    jar = jar or aiohttp.CookieJar(unsafe=True)
                    jar.update_cookies(answer.cookies, answer.url)
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

    async def _ask(self, address: str, headers: dict[str, str], cap: int) -> Fetched | _SentOn:
        """The answer, or a redirect; requested again leniently if it is not proper HTTP."""
        assert self._session is not None  # entered before
        assert self._lenient is not None
        if not self._improper or URL(address).authority not in self._improper:
            try:
                return await self._one(self._session, address, headers, cap)
            except (aiohttp.ClientResponseError, HttpProcessingError):
                self._improper[URL(address).authority] = None
            except aiohttp.ClientPayloadError as error:
                broken_off = "content length" in str(error).lower()
                if not broken_off or headers["Accept"] != FEED:
                    raise
        elif len(self._improper) > _HOSTS:
            self._improper.popitem(last=False)
        return await self._one(self._lenient, address, headers, cap)

    async def _one(
        self, client: aiohttp.ClientSession, address: str, headers: dict[str, str], cap: int
    ) -> Fetched | _SentOn:
        async with client.get(address, headers=headers, allow_redirects=False) as answer:
            location = answer.headers.get("Location")
            if answer.status in {300, 301, 302, 303, 307, 308} and location is not None:
                return _SentOn(wire.target_of(address, location), answer.url, answer.cookies)
            if answer.status == 304 and {"If-None-Match", "If-Modified-Since"} & headers.keys():
                return Fetched(304, address)
            if answer.status not in {200, 203}:
                raise FeedError(
                    f"{address} answers {answer.status} {answer.reason or ''}".rstrip() + ".",
                    gone=answer.status in {404, 410},
                    retry_after=retry_after(answer.headers.get("Retry-After", "")),
                    status=answer.status,
                )
            body = await _read(answer, address, cap)
            kind = answer.headers.get("Content-Type", "")
            if "html" in kind or not kind:
                refresh = answer.headers.get("Refresh", "")
                if onward := wire.sends_on_to(body, address, refresh=refresh):
                    return _SentOn(onward, answer.url, answer.cookies)
            return Fetched(
                200,
                address,
                body,
                kind,
                answer.headers.get("ETag", ""),
                answer.headers.get("Last-Modified", ""),
                *_links(answer, address),
            )

    async def post(self, address: str, form: Mapping[str, str]) -> tuple[int, str]:
        """Post a form; returns the status and the beginning of the answer. 307 and 308 are
        followed, with the same checks as for all addresses. Raises FeedError if there is no
        answer."""
        assert self._session is not None  # entered before
        try:
            for _ in range(_REDIRECTS + 1):
                self._check(address)
                async with self._session.post(address, data=form, allow_redirects=False) as answer:
                    if answer.status not in {307, 308} or "Location" not in answer.headers:
                        said = await answer.content.read(_REASON_BYTES)
                        return answer.status, said.decode("utf-8", "replace")
                    address = wire.target_of(address, answer.headers["Location"])
        except TimeoutError as error:
            raise FeedError(f"{address} did not answer.", kind="timeout") from error
        except (aiohttp.ClientError, OSError, ValueError) as error:
            raise FeedError(
                f"{address} cannot be reached: {_reason(error)}.", kind="unreachable"
            ) from error
        raise FeedError(f"{address} redirects too often.", status=307, kind="redirects")


def _links(answer: aiohttp.ClientResponse, address: str) -> tuple[str, str]:
    """The addresses of the hub and of the document itself, if Link headers name them (WebSub)."""
    named = wire.linked(", ".join(answer.headers.getall("Link", ())), address)
    return named.get("hub", ""), named.get("self", "")


async def _read(answer: aiohttp.ClientResponse, address: str, cap: int) -> bytes:
    body = bytearray()
    async for chunk in answer.content.iter_any():
        body += chunk
        if len(body) > cap:
            break
    whole = bytes(body)
    if len(body) <= cap:
        coding = answer.headers.get("Content-Encoding", "")
        packed, begun = whole, min(cap, LARGE)  # few bytes may become many
        whole = await beside_loop(len(packed), wire.decoded, packed, coding, begun)
        if whole is not packed and len(whole) > begun:
            whole = await asyncio.to_thread(wire.decoded, packed, coding, cap)
    if len(whole) > cap:
        raise FeedError(f"{address} sends more than {cap // 1024:,} KB.", status=200, kind="size")
    return whole


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
    cause = error.os_error if isinstance(error, aiohttp.ClientConnectorError) else error
    if isinstance(cause, _PrivateNetworkError):
        return f"{cause}; KABAR_ALLOW_PRIVATE_ADDRESSES=true allows it"
    return http_faults.reason(error)
