"""Fetching over real HTTP: conditions, caps, redirects, faults as sentences."""

from __future__ import annotations

import gzip
from collections.abc import AsyncIterator

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.core.errors import FeedError
from bot.fetch import Fetcher, retry_after

BODY = b"<rss>hello</rss>"


async def feed(request: web.Request) -> web.Response:
    headers = {"ETag": '"v1"', "Last-Modified": "Thu, 31 Aug 2023 02:58:00 GMT"}
    if request.headers.get("If-None-Match") == '"v1"':
        return web.Response(status=304, headers=headers)
    return web.Response(body=BODY, content_type="application/rss+xml", headers=headers)


async def bomb(request: web.Request) -> web.Response:
    packed = gzip.compress(b"x" * 5_000_000)
    return web.Response(body=packed, headers={"Content-Encoding": "gzip"})


async def endless(request: web.Request) -> web.StreamResponse:
    answer = web.StreamResponse()
    await answer.prepare(request)
    try:
        while True:
            await answer.write(b"x" * 65_536)
    except ConnectionError:
        return answer


async def busy(request: web.Request) -> web.Response:
    return web.Response(status=429, headers={"Retry-After": "120"})


async def gone(request: web.Request) -> web.Response:
    return web.Response(status=410)


async def around(request: web.Request) -> web.Response:
    raise web.HTTPFound("/around")


async def moved(request: web.Request) -> web.Response:
    raise web.HTTPMovedPermanently("/feed")


async def inwards(request: web.Request) -> web.Response:
    raise web.HTTPFound("file:///etc/hostname")


@pytest.fixture
async def site() -> AsyncIterator[str]:
    app = web.Application()
    for handler in (feed, bomb, endless, busy, gone, around, moved, inwards):
        app.router.add_get(f"/{handler.__name__}", handler)
    server = TestServer(app)
    await server.start_server()
    yield f"http://127.0.0.1:{server.port}"
    await server.close()


@pytest.fixture
async def fetcher() -> AsyncIterator[Fetcher]:
    async with Fetcher(allow_private=True) as opened:
        yield opened


async def test_a_body_with_its_validators(site: str, fetcher: Fetcher) -> None:
    got = await fetcher.get(f"{site}/feed")
    assert (got.status, got.body, got.content_type) == (200, BODY, "application/rss+xml")
    again = await fetcher.get(f"{site}/feed", etag=got.etag, last_modified=got.last_modified)
    assert again.not_modified
    assert again.body == b""


async def test_redirects_are_followed(site: str, fetcher: Fetcher) -> None:
    got = await fetcher.get(f"{site}/moved")
    assert (got.body, got.address) == (BODY, f"{site}/feed")


@pytest.mark.parametrize(
    ("path", "sentence"),
    [
        ("endless", "sends more than 97 KB"),
        ("bomb", "sends more than 97 KB"),
        ("around", "redirects more than 5 times"),
        ("inwards", "is no http or https address"),
        ("nowhere", "answers 404 Not Found"),
    ],
)
async def test_faults_are_one_sentence(
    site: str, fetcher: Fetcher, path: str, sentence: str
) -> None:
    with pytest.raises(FeedError, match=sentence):
        await fetcher.get(f"{site}/{path}", max_bytes=100_000)


async def test_what_is_gone_is_told(site: str, fetcher: Fetcher) -> None:
    with pytest.raises(FeedError) as caught:
        await fetcher.get(f"{site}/gone")
    assert caught.value.gone


async def test_a_busy_server_says_when_to_come_back(site: str, fetcher: Fetcher) -> None:
    with pytest.raises(FeedError) as caught:
        await fetcher.get(f"{site}/busy")
    assert caught.value.retry_after == 120
    assert not caught.value.gone


async def test_nobody_listens(fetcher: Fetcher) -> None:
    with pytest.raises(FeedError, match="cannot be reached: nobody listens there"):
        await fetcher.get("http://127.0.0.1:1/feed")


async def test_a_host_that_is_not_there(fetcher: Fetcher) -> None:
    with pytest.raises(FeedError, match="there is no host of that name"):
        await fetcher.get("http://no.such.host.invalid/feed")


async def test_a_server_without_tls(site: str, fetcher: Fetcher) -> None:
    with pytest.raises(FeedError, match="it does not speak TLS as it should"):
        await fetcher.get(site.replace("http:", "https:") + "/feed")


@pytest.mark.parametrize(("text", "seconds"), [("30", 30.0), ("soon", None), ("", None)])
def test_retry_after(text: str, seconds: float | None) -> None:
    assert retry_after(text) == seconds


def test_retry_after_a_date_in_the_past_is_now() -> None:
    assert retry_after("Thu, 31 Aug 2023 02:58:00 GMT") == 0
