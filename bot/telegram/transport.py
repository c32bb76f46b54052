"""One aiohttp session to the Bot API: the lean path, and PTB's requests over the same connections.

    Transport.call(method, body)  ->  SendResult        what Kabar sends (no PTB object is built)
    PtbRequest                    ->  telegram.Bot       what Kabar asks (updates, members, menus)

Knows connections and the token; the token never leaves it, neither in an exception nor in a log.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Self

import aiohttp
import orjson
from aiohttp.abc import AbstractStreamWriter
from multidict import CIMultiDict
from telegram._utils.defaultvalue import DEFAULT_NONE
from telegram.error import NetworkError, TelegramError, TimedOut
from telegram.request import BaseRequest, RequestData
from yarl import URL

from bot import http_faults
from bot.core.model import SendResult, SendStatus
from bot.telegram import botapi
from bot.telegram.posting import KeptBack, NotSent, Posting

_KEEP_ALIVE = 25.0
"""Seconds that an idle connection is kept: less than servers do, or requests would meet closed
ones."""
_JSON = CIMultiDict({"Content-Type": "application/json"})
_SECONDS = 35.0
"""Seconds for an answer. Telegram answers a request with a picture's address only once it has
fetched that, which takes seconds."""
_UPLOAD_TIMEOUT = aiohttp.ClientTimeout(total=90, sock_connect=10)
_NOT_SENT = (
    aiohttp.ClientConnectorError,
    aiohttp.ConnectionTimeoutError,
    aiohttp.ClientHttpProxyError,
    aiohttp.InvalidURL,
    NotSent,
)
"""Exceptions after which nothing of the request was sent; any other leaves that open."""


_NOT_OURS = SendResult(SendStatus.UNSENT, description="another process has taken over")


class _Guarded(aiohttp.BytesPayload):
    """A body that is sent only if this process may still send when everything else is ready: it may
    have been paused at any moment before, even while it waited for a connection."""

    def __init__(self, body: bytes, may: Callable[[], bool]) -> None:
        super().__init__(body, content_type="application/json")
        self._may = may
        self.kept = False

    async def write_with_length(
        self, writer: AbstractStreamWriter, content_length: int | None
    ) -> None:
        if not self._may():
            self.kept = True
            raise aiohttp.ClientConnectionError("another process has taken over")
        await super().write_with_length(writer, content_length)


class Transport:
    """Calls `{root}/bot{token}/{method}`. Use as an async context manager.

    `connections` limits how many requests of each kind are on their way at once; `count` is called
    with the HTTP status of each answer, 0 for none; `proxy` is `http://` or `socks5://`, empty for
    none; `may` is asked, at the moment when a request is sent, whether this process may still send.
    """

    def __init__(
        self,
        root: str,
        token: str,
        *,
        connections: int = 256,
        count: Callable[[int], None] = lambda _: None,
        proxy: str = "",
        may: Callable[[], bool] | None = None,
    ) -> None:
        self._proxy = proxy
        self._may = may
        self._base = f"{root.rstrip('/')}/bot{token}/"
        self._connections = connections
        self.count = count
        self._session: aiohttp.ClientSession | None = None
        self._posting: Posting | None = None
        self._urls: dict[str, URL] = {}
        self.takes_rich = True
        """As far as we know: a server older than Bot API 10.1 does not support rich messages."""

    async def __aenter__(self) -> Self:
        by_socks = self._proxy.startswith("socks5")
        connector = self._connector(by_socks=by_socks)
        if by_socks or not self._proxy:
            self._posting = Posting(
                connector, self._base, limit=self._connections, keep=_KEEP_ALIVE, may=self._may
            )
        self._session = aiohttp.ClientSession(
            connector=connector,
            proxy=None if by_socks else self._proxy or None,
            timeout=aiohttp.ClientTimeout(total=_SECONDS, sock_connect=10),
            cookie_jar=aiohttp.DummyCookieJar(),
            auto_decompress=True,
        )
        return self

    def _connector(self, *, by_socks: bool) -> aiohttp.TCPConnector:
        limit = 2 * self._connections  # what is kept for posting keeps no other from its own
        if by_socks:
            from bot.telegram import socks  # noqa: PLC0415 - few need it

            return socks.connector(self._proxy, limit=limit, keepalive_timeout=_KEEP_ALIVE)
        return aiohttp.TCPConnector(limit=limit, ttl_dns_cache=300, keepalive_timeout=_KEEP_ALIVE)

    async def __aexit__(self, *_: object) -> None:
        if self._posting is not None:
            self._posting.close()
        await self.session.close()

    @property
    def session(self) -> aiohttp.ClientSession:
        """The open session. Raises RuntimeError outside the context."""
        if self._session is None:
            raise RuntimeError("the transport is not open")
        return self._session

    async def call(self, method: str, body: bytes, *, patience: float | None = None) -> SendResult:
        """One request with a JSON body. Never raises for what network or server do. `patience`:
        seconds to wait for an answer, if repeating the request does no harm."""
        seconds = _SECONDS if patience is None else patience
        try:
            if self._posting is not None:
                status, content = await self._posting.post(method, body, seconds=seconds)
            else:
                status, content = await self._by_proxy(method, body, seconds)
        except KeptBack:
            return _NOT_OURS
        except (aiohttp.ClientError, OSError, TimeoutError, NotSent) as error:
            self.count(0)
            return _broken(error)
        self.count(status)
        return self._read(status, content, method)

    async def _by_proxy(self, method: str, body: bytes, seconds: float) -> tuple[int, bytes]:
        """Like `Posting`, through a proxy that may need requests of its own form."""
        guarded = None if self._may is None else _Guarded(body, self._may)
        try:
            async with self.session.post(
                self._url(method),
                data=guarded or body,
                headers=_JSON,
                timeout=aiohttp.ClientTimeout(total=seconds, sock_connect=10),
                allow_redirects=False,
            ) as answer:
                return answer.status, await answer.read()
        except aiohttp.ClientError:
            if guarded is not None and guarded.kept:
                raise KeptBack from None
            raise

    async def upload(
        self,
        method: str,
        fields: Mapping[str, str],
        name: str,
        content: bytes,
        *,
        filename: str = "",
        content_type: str = "image/jpeg",
    ) -> SendResult:
        """One request with a file (a JPEG unless said otherwise) in the field `name`. Never raises
        for network or server."""
        if self._may is not None and not self._may():
            return _NOT_OURS
        form = aiohttp.FormData(quote_fields=False)
        for key, value in fields.items():
            form.add_field(key, value)
        filename = filename or f"{name}.jpg"
        form.add_field(name, content, filename=filename, content_type=content_type)
        try:
            async with self.session.post(
                self._url(method), data=form, timeout=_UPLOAD_TIMEOUT, allow_redirects=False
            ) as answer:
                self.count(answer.status)
                return self._read(answer.status, await answer.read(), method)
        except (aiohttp.ClientError, OSError, TimeoutError) as error:
            self.count(0)
            return _broken(error)

    def _read(self, status: int, content: bytes, method: str) -> SendResult:
        result = botapi.read_answer(status, content, method)
        if "method not found" in result.description and method == botapi.RICH:
            self.takes_rich = False
        return result

    def _url(self, method: str) -> URL:
        url = self._urls.get(method)
        if url is None:
            url = self._urls[method] = URL(self._base + method)
        return url


def _broken(error: Exception) -> SendResult:
    """The result for an error, with only its kind: its text may contain the address, and so the
    token."""
    status = SendStatus.UNSENT if isinstance(error, _NOT_SENT) else SendStatus.UNKNOWN
    kind = str(error) if isinstance(error, NotSent) else type(error).__name__
    return SendResult(status, description=kind)


class PtbRequest(BaseRequest):
    """PTB's seam for HTTP, over the transport's session; opened and closed by the transport."""

    def __init__(self, transport: Transport, *, read_timeout: float = 20.0) -> None:
        self._transport = transport
        self._read_timeout = read_timeout

    @property
    def read_timeout(self) -> float:
        """Seconds to wait for an answer; PTB adds a long poll's own time to it."""
        return self._read_timeout

    async def initialize(self) -> None:
        """Nothing to do: the session is the transport's."""

    async def shutdown(self) -> None:
        """Nothing to do: the session is the transport's."""

    async def do_request(  # noqa: PLR0917 - the signature is PTB's
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Any = DEFAULT_NONE,
        write_timeout: Any = DEFAULT_NONE,  # noqa: ARG002 - covered by the whole request's time
        connect_timeout: Any = DEFAULT_NONE,  # noqa: ARG002 - the session has its own
        pool_timeout: Any = DEFAULT_NONE,  # noqa: ARG002 - waiting for a connection is no fault
    ) -> tuple[int, bytes]:
        """Raises TimedOut and NetworkError, whose texts never hold the address."""
        seconds = self._read_timeout if read_timeout is DEFAULT_NONE else read_timeout
        timeout = aiohttp.ClientTimeout(total=seconds, sock_connect=10)
        try:
            async with self._transport.session.request(
                method,
                URL(url, encoded=True),
                timeout=timeout,
                allow_redirects=False,
                **_payload(request_data),
            ) as answer:
                self._transport.count(answer.status)
                return answer.status, _sensible(answer.status, await answer.read())
        except TimeoutError:
            # The cause is left out on purpose: its text may hold the address.
            self._transport.count(0)
            raise TimedOut from None
        except (aiohttp.ClientError, OSError) as error:
            self._transport.count(0)
            raise NetworkError(http_faults.reason(error)) from None

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """Faster than PTB's own, and logs no payload: people's words. Raises TelegramError."""
        try:
            found = _parsed(payload)
        except (ValueError, RecursionError):
            raise TelegramError("Invalid server response") from None
        if not isinstance(found, dict):
            raise TelegramError("Invalid server response")
        return found


def _sensible(status: int, payload: bytes) -> bytes:
    """An answer that PTB can read. Raises NetworkError for one that no Bot API gives: PTB would
    take a proxy's 404 for a wrong token, and crash over others."""
    if 200 <= status < 300:
        if b'"result"' not in payload:
            raise NetworkError(f"an answer without a result, with status {status}")
        return payload
    try:
        found = _parsed(payload)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict) or found.get("ok") is not False:
        raise NetworkError(f"an unreadable answer with status {status}")
    more = botapi.parameters(found)
    return orjson.dumps({"description": str(found.get("description") or ""), "parameters": more})


def _parsed(payload: bytes) -> Any:
    try:
        return orjson.loads(payload)
    except orjson.JSONDecodeError:  # one number too large, or a lone surrogate, in one update
        return json.loads(payload)


_NO_PAYLOAD: Mapping[str, Any] = MappingProxyType({})


def _payload(data: RequestData | None) -> Mapping[str, Any]:
    if data is None:
        return _NO_PAYLOAD
    if not data.contains_files:
        return {"data": orjson.dumps(data.parameters), "headers": _JSON}
    form = aiohttp.FormData(quote_fields=False)
    for key, value in data.json_parameters.items():
        form.add_field(key, value)
    for key, (filename, content, kind) in (data.multipart_data or {}).items():
        form.add_field(key, content, filename=filename, content_type=kind)
    return {"data": form}
