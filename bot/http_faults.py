"""Why an HTTP request got no answer, in plain words instead of a library's."""

from __future__ import annotations

import asyncio
import socket

import aiohttp
from aiohttp.http_exceptions import HttpProcessingError

_REASONS: tuple[tuple[type[BaseException] | tuple[type[BaseException], ...], str], ...] = (
    (aiohttp.ClientConnectorCertificateError, "its certificate is not trusted"),
    (aiohttp.ClientSSLError, "it does not speak TLS as it should (https)"),
    (aiohttp.ClientConnectorDNSError, "there is no host of that name"),
    (socket.gaierror, "there is no host of that name"),
    (TimeoutError, "it does not answer in time"),
    (ConnectionRefusedError, "nobody listens there"),
    (aiohttp.ServerDisconnectedError, "it hung up without an answer"),
    (ConnectionError, "it hung up"),
    ((aiohttp.ClientPayloadError, asyncio.IncompleteReadError), "its answer breaks off"),
    (aiohttp.InvalidURL, "its address cannot be read"),
    ((aiohttp.ClientResponseError, HttpProcessingError), "its answer is no proper HTTP"),
    (ValueError, "its address cannot be read"),
    (OSError, "there is no way to it in the network"),
)
_WRAPPERS = (
    aiohttp.ClientConnectorDNSError,
    aiohttp.ClientConnectorCertificateError,
    aiohttp.ClientSSLError,
)
"""Exceptions that say more than the system error that they wrap."""


def reason(error: BaseException) -> str:
    """One clause, without an address and without a full stop."""
    if isinstance(error, aiohttp.ClientConnectorError) and not isinstance(error, _WRAPPERS):
        error = error.os_error
    for kinds, said in _REASONS:
        if isinstance(error, kinds):
            return said
    return f"the connection failed ({type(error).__name__})"
