"""How Telegram fetches an address that a bot sends in place of a file. Knows no chat.

Only http and https; what fails is remembered as long as what succeeds, as at Telegram (a few
days), so a broken address stays broken until its query changes or `forget` is called.
"""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from typing import Final

import aiohttp
from aiohttp.connector import AddrInfoType

from bot.sandbox import links
from bot.sandbox.errors import ApiError, bad_request
from bot.sandbox.files import MB, Files, StoredFile, picture_size
from bot.sandbox.params import Upload

PHOTO_MOST: Final = 5 * MB
OTHER_MOST: Final = 20 * MB
TIMEOUT_S: Final = 15


class TelegramFetcher:
    """Turns addresses into kept files. `loopback` lets it fetch from this machine as well."""

    def __init__(self, files: Files, *, loopback: bool) -> None:
        self._files = files
        self._loopback = loopback
        self._known: dict[tuple[str, str], StoredFile | ApiError] = {}
        self._under_way: dict[tuple[str, str], asyncio.Lock] = {}
        self._session: aiohttp.ClientSession | None = None

    async def close(self) -> None:
        """Close the connections."""
        if self._session is not None:
            await self._session.close()

    def forget(self) -> None:
        """Fetch everything anew from now on."""
        self._known.clear()

    async def get(self, url: str, kind: str) -> StoredFile:
        """The file behind an address. Raises ApiError with Telegram's sentence."""
        key = (url, kind)
        lock = self._under_way.setdefault(key, asyncio.Lock())
        async with lock:
            found = self._known.get(key)
            if found is None:
                found = await self._result(url, kind)
                self._known[key] = found
        self._under_way.pop(key, None)
        if isinstance(found, ApiError):
            raise ApiError(found.code, found.description)
        return found

    async def _result(self, url: str, kind: str) -> StoredFile | ApiError:
        try:
            address = links.parse(url)
        except links.LinkError as error:
            return bad_request(f"invalid file HTTP URL specified: {error}")
        try:
            async with asyncio.timeout(TIMEOUT_S):
                upload = await self._download(str(address), kind)
        except (aiohttp.ClientError, OSError, TimeoutError, ValueError):
            return bad_request("failed to get HTTP URL content")
        return self._kept(kind, upload)

    def _kept(self, kind: str, upload: Upload) -> StoredFile | ApiError:
        wrong = bad_request("wrong type of the web page content")
        if not upload.content or not _fits(kind, upload.mime):
            return wrong
        try:
            if kind == "photo":
                picture_size(upload.content)
            return self._files.add(kind, upload)
        except ApiError as error:
            return wrong if "IMAGE_PROCESS_FAILED" in error.description else error

    async def _download(self, url: str, kind: str) -> Upload:
        most = PHOTO_MOST if kind == "photo" else OTHER_MOST
        if self._session is None:
            connector = aiohttp.TCPConnector(socket_factory=self._socket)
            self._session = aiohttp.ClientSession(connector=connector, auto_decompress=True)
        headers = {"User-Agent": "TelegramBot (like TwitterBot)"}
        async with self._session.get(url, headers=headers, max_redirects=5) as response:
            response.raise_for_status()
            content = await response.content.read(most + 1)
            while len(content) <= most and (more := await response.content.read(most)):
                content += more
            if len(content) > most:
                raise ValueError("the file is too big")
            name = response.url.name
            return Upload(name, content, response.content_type)

    def _socket(self, info: AddrInfoType) -> socket.socket:
        """Could Telegram's servers reach it? Private networks only when allowed; every connection
        begins here, also those of redirects."""
        family, kind, protocol, _, to = info
        if not self._loopback and not ipaddress.ip_address(str(to[0]).partition("%")[0]).is_global:
            raise OSError("not reachable from Telegram")
        return socket.socket(family, kind, protocol)


def _fits(kind: str, mime: str) -> bool:
    if kind == "photo":
        return mime.startswith("image/") or mime == "application/octet-stream"
    if kind == "document":
        return mime in {"application/pdf", "application/zip", "image/gif"}
    return not mime.startswith("text/")
