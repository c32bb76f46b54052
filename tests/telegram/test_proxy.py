"""Telegram by way of a proxy, over real sockets; nothing else goes that way."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from typing import Protocol

import pytest

from bot.core.model import SendStatus
from bot.fetch import Fetcher
from bot.sandbox import Sandbox
from bot.telegram.transport import Transport
from tests.support.feed_site import open_site
from tests.support.proxies import Relay, open_http_proxy, open_socks


class Open(Protocol):
    def __call__(self, password: str = "") -> AbstractAsyncContextManager[Relay]: ...


KINDS = pytest.mark.parametrize("open_proxy", [open_socks, open_http_proxy])


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    async with Sandbox() as opened:
        yield opened


@KINDS
@pytest.mark.parametrize("password", ["", "kata sandi"])
async def test_telegram_is_asked_through_it(
    sandbox: Sandbox, open_proxy: Open, password: str
) -> None:
    """The name is resolved at the proxy: here there is no host of that name."""
    root = f"http://telegram.invalid:{sandbox.port}"
    async with open_proxy(password) as relay:
        proxy = relay.address.replace(" ", "%20")
        async with Transport(root, sandbox.token, proxy=proxy) as transport:
            result = await transport.call("deleteWebhook", b"{}")
    assert result.status is SendStatus.OK
    assert relay.seen == [f"telegram.invalid:{sandbox.port}"]


@KINDS
async def test_a_wrong_password_sends_nothing(sandbox: Sandbox, open_proxy: Open) -> None:
    async with open_proxy("kata") as relay:
        proxy = relay.address.replace("kata", "salah")
        async with Transport(sandbox.url, sandbox.token, proxy=proxy) as transport:
            result = await transport.call("deleteWebhook", b"{}")
    assert result.status is not SendStatus.OK
    assert relay.seen == []
    assert "salah" not in result.description


@pytest.mark.parametrize("scheme", ["http", "socks5"])
async def test_a_proxy_that_is_away_is_a_message_that_did_not_leave(
    sandbox: Sandbox, scheme: str
) -> None:
    proxy = f"{scheme}://127.0.0.1:1"
    async with Transport(sandbox.url, sandbox.token, proxy=proxy) as transport:
        assert (await transport.call("deleteWebhook", b"{}")).status is SendStatus.UNSENT


@KINDS
async def test_feeds_do_not_go_that_way(
    sandbox: Sandbox, open_proxy: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with (
        open_proxy() as relay,
        open_site() as site,
        Transport(sandbox.url, sandbox.token, proxy=relay.address),
        Fetcher(allow_private=True) as fetcher,
    ):
        await fetcher.get(site.feed)
    assert relay.seen == []
