"""No way into private networks, over real sockets: the address that is connected to is checked.

The inner server listens where strangers must not get to; the outer one stands for the internet (a
rule passed in allows its address alone). What counts is that the inner one is never asked.
"""

from __future__ import annotations

import socket
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import pytest
from aiohttp import web
from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.test_utils import TestServer

from bot.core.errors import FeedError
from bot.fetch import Fetcher

INNER, OUTER = "127.0.0.1", "127.0.0.2"


@dataclass
class Network:
    """Both servers. `asked` is what reached the inner one."""

    inner: int = 0
    outer: int = 0
    asked: list[str] = field(default_factory=list)

    async def secret(self, request: web.Request) -> web.Response:
        self.asked.append(request.path_qs)
        return web.Response(text="secret")

    async def redirect(self, request: web.Request) -> web.Response:
        return web.Response(status=302, headers={"Location": request.query_string})

    @property
    def site(self) -> str:
        return f"http://{OUTER}:{self.outer}/to?"


@pytest.fixture
async def network() -> AsyncIterator[Network]:
    found = Network()
    inside, outside = web.Application(), web.Application()
    inside.router.add_get("/{path:.*}", found.secret)
    outside.router.add_get("/to", found.redirect)
    servers = TestServer(inside, host=INNER), TestServer(outside, host=OUTER)
    for server in servers:
        await server.start_server()
    found.inner, found.outer = (server.port or 0 for server in servers)
    yield found
    for server in servers:
        await server.close()


class Names(AbstractResolver):
    """Each name and where it leads, one answer after another; the last one is repeated."""

    def __init__(self, **known: list[str]) -> None:
        self._known = known

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        answers = self._known[host.partition(".")[0]]
        address = answers.pop(0) if len(answers) > 1 else answers[0]
        found: ResolveResult = {
            "hostname": host,
            "host": address,
            "port": port,
            "family": socket.AF_INET6 if ":" in address else socket.AF_INET,
            "proto": 0,
            "flags": 0,
        }
        return [found]

    async def close(self) -> None:
        pass


HOSTS = [
    "127.0.0.1", "localhost", "localhost.", "LOCALHOST", "127.1", "2130706433", "0x7f000001",
    "0x7f.1", "0177.0.0.1", "017700000001", "0", "127.0.0.1.", "127。0。0。1", "１２７.0.0.1",
    "１２７．０．０．１", "127｡0｡0｡1", "①②⑦.0.0.1", "ｌｏｃａｌｈｏｓｔ", "localhost。",
    "[::1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[0:0:0:0:0:ffff:7f00:0001]",
    "[64:ff9b::7f00:1]", "[2002:7f00:1::]", "[2001:0:7f00:1::]", "[::127.0.0.1]", "[fe80::1%25lo]",
    "user@127.0.0.1", "user:pass@127.0.0.1", "paper.example@127。0。0。1", "%31%32%37.0.0.1",
    "127%2e0%2e0%2e1", "127.0.0.1%00.paper.example", "%6c%6f%63%61%6c%68%6f%73%74",
]  # fmt: skip


@pytest.mark.parametrize("host", HOSTS)
async def test_strangers_cannot_name_private_addresses(network: Network, host: str) -> None:
    async with Fetcher() as careful:
        with pytest.raises(FeedError):
            await careful.get(f"http://{host}:{network.inner}/feed")
    assert network.asked == []


@pytest.mark.parametrize("host", HOSTS)
async def test_nor_can_a_redirect(network: Network, host: str) -> None:
    async with Fetcher(allowed=lambda ip: ip == OUTER) as careful:
        with pytest.raises(FeedError):
            await careful.get(f"{network.site}http://{host}:{network.inner}/feed")
    assert network.asked == []


async def test_the_hops_before_are_followed(network: Network) -> None:
    """The guard refuses the address, not redirects: the same way is open where it is allowed."""
    to = f"{network.site}{network.site}http://127。0。0。1:{network.inner}/feed"
    async with Fetcher(allowed={INNER, OUTER}.__contains__) as trusting:
        assert (await trusting.get(to)).body == b"secret"
    async with Fetcher(allowed=lambda ip: ip == OUTER) as careful:
        with pytest.raises(FeedError, match="is in a private network; KABAR_ALLOW_PRIVATE_ADDR"):
            await careful.get(to)


async def test_a_name_that_turns_inwards_later(network: Network) -> None:
    """DNS rebinding: whatever was true of the name before, the socket's address is looked at."""
    names = Names(paper=[OUTER, INNER])
    async with Fetcher(allowed=lambda ip: ip == OUTER, resolver=names) as careful:
        with pytest.raises(FeedError, match="redirects more than"):
            await careful.get(f"http://paper.example:{network.outer}/to?/to?/to")
        with pytest.raises(FeedError, match="is in a private network"):
            await careful.get(f"http://paper.example:{network.inner}/feed")
    assert network.asked == []


@pytest.mark.parametrize("address", ["::1", "::ffff:127.0.0.1", "64:ff9b::7f00:1", "10.0.0.1"])
async def test_a_name_that_leads_inwards(network: Network, address: str) -> None:
    async with Fetcher(resolver=Names(paper=[address])) as careful:
        with pytest.raises(FeedError, match="is in a private network"):
            await careful.get(f"http://paper.example:{network.inner}/feed")
    assert network.asked == []


async def test_a_proxy_of_the_environment_is_no_way_around(
    network: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, f"http://{INNER}:{network.inner}")
    async with Fetcher(resolver=Names(paper=["10.0.0.1"])) as careful:
        with pytest.raises(FeedError, match="is in a private network"):
            await careful.get("http://paper.example/feed")
    assert network.asked == []


async def test_ports_of_other_protocols_are_no_addresses() -> None:
    async with Fetcher(resolver=Names(paper=[INNER])) as careful:
        with pytest.raises(FeedError, match="names a port where no web server is"):
            await careful.get("http://paper.example:25/feed")


async def test_passwords_in_addresses_are_not_told(network: Network) -> None:
    async with Fetcher(allowed=lambda ip: ip == OUTER) as careful:
        with pytest.raises(FeedError) as caught:
            await careful.get(f"http://ayu:sandi@{OUTER}:{network.outer}/no?token=rahasia")
    assert str(caught.value) == (
        f"http://***@{OUTER}:{network.outer}/no?token=*** answers 404 Not Found."
    )
