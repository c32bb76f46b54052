"""Telegram through a SOCKS proxy. Knows only the library for it; imported when needed."""

from __future__ import annotations

from typing import Any

import aiohttp
from aiohttp_socks import ProxyConnectionError, ProxyConnector, ProxyError, ProxyTimeoutError


class SocksConnector(ProxyConnector):
    """`ProxyConnector` with aiohttp's own exceptions: after one, nothing of the request was
    sent."""

    async def connect(self, req: Any, *args: Any, **more: Any) -> Any:
        try:
            return await super().connect(req, *args, **more)
        except (ProxyError, ProxyConnectionError, ProxyTimeoutError) as error:
            raise aiohttp.ClientProxyConnectionError(
                req.connection_key, OSError(type(error).__name__)
            ) from error


def connector(proxy: str, **options: Any) -> aiohttp.TCPConnector:
    """Connections through `socks5://[user:password@]host:port`, which resolves names itself: where
    Telegram is blocked its names are too."""
    return SocksConnector.from_url(proxy, rdns=True, **options)
