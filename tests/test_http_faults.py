"""What went wrong with a request, in our words."""

from __future__ import annotations

import errno
import socket

import aiohttp
import pytest
from aiohttp.client_reqrep import ConnectionKey

from bot.http_faults import reason

KEY = ConnectionKey("paper.example", 443, True, True, None, None, None)


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (
            aiohttp.ClientConnectorError(KEY, ConnectionRefusedError(errno.ECONNREFUSED, "x")),
            "nobody listens there",
        ),
        (aiohttp.ClientConnectorDNSError(KEY, socket.gaierror(8, "x")), "no host of that name"),
        (aiohttp.ClientConnectorError(KEY, OSError(errno.ENETUNREACH, "x")), "no way to it"),
        (aiohttp.ServerDisconnectedError(), "hung up"),
        (ConnectionResetError(), "hung up"),
        (RuntimeError("token 1:abc"), "the connection failed (RuntimeError)"),
    ],
    ids=lambda one: type(one).__name__,
)
def test_a_fault_is_said_without_a_librarys_words(error: BaseException, said: str) -> None:
    assert said in reason(error)
