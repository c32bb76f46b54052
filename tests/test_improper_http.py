"""What browsers forgive: heads, lengths and codings that are wrong, cookies, pages that send on."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import AsyncIterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core import wire
from bot.core.errors import FeedError
from bot.fetch import FEED, Fetcher
from tests.support.raw_site import RawSite, open_raw_site

BODY = b"<rss><channel>" + b"<item><title>Halo</title></item>" * 20 + b"</channel></rss>"
PACKED = gzip.compress(BODY, mtime=0)


@pytest.fixture
async def site() -> AsyncIterator[RawSite]:
    async with open_raw_site() as opened:
        yield opened


@pytest.fixture
async def fetcher() -> AsyncIterator[Fetcher]:
    async with Fetcher(allow_private=True, agent="Uji/1.0") as opened:
        yield opened


def chunks(body: bytes) -> bytes:
    return b"%x\r\n" % len(body) + body + b"\r\n0\r\n\r\n"


HEADS = {
    "no colon": "Server dari kampung",
    "quoted": '"X-Frame-Options: DENY"',
    "blank before the colon": "X-Powered-By : Sistem",
    "empty name": ": kosong",
    "PHP's warning": "<b>Warning</b>: include() failed",
    "length again": f"Content-Length: {len(BODY)}",
    "another length": "Content-Length: 7",
    "a length that is none": "Content-Length: banyak",
    "control characters": "X-Judul: a\x01b\x7f",
}


@pytest.mark.parametrize("line", HEADS.values(), ids=HEADS)
async def test_a_head_that_is_wrong_is_mended(site: RawSite, fetcher: Fetcher, line: str) -> None:
    site.put("/a", BODY, "ETag: x", line)
    for _ in range(2):
        got = await fetcher.get(f"{site.address}/a", accept=FEED)
        assert (got.body, got.etag) == (BODY, "x")
    if len(site.heads) == 4:  # the second time it is known
        pytest.fail("asked strictly twice")


async def test_a_length_beside_chunks_counts_for_nothing(site: RawSite, fetcher: Fetcher) -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\nTransfer-Encoding: chunked\r\n\r\n"
    site.answers["/a"] = head + chunks(BODY)
    assert (await fetcher.get(f"{site.address}/a")).body == BODY


async def test_an_interim_answer_before_a_wrong_head(site: RawSite, fetcher: Fetcher) -> None:
    site.answers["/a"] = (
        b"HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 200 OK\r\nsalah\r\n\r\n" + BODY
    )
    assert (await fetcher.get(f"{site.address}/a")).body == BODY


@pytest.mark.parametrize("length", [len(BODY) + 400, len(BODY) - 40])
async def test_a_feed_with_a_wrong_length_is_read(
    site: RawSite, fetcher: Fetcher, length: int
) -> None:
    head = f"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: {length}\r\n\r\n"
    site.answers["/a"] = head.encode() + BODY
    got = await fetcher.get(f"{site.address}/a", accept=FEED)
    assert got.body in {BODY, BODY[:length]}


@pytest.mark.parametrize(
    "line", ["HTTP/2 200", "http/1.1 200 OK", "HTTP/1.1  200 OK", "ICY 200 OK", "HTTP/1.1 200OK"]
)
async def test_a_first_line_that_is_wrong_is_mended(
    site: RawSite, fetcher: Fetcher, line: str
) -> None:
    site.put("/a", BODY)
    site.answers["/a"] = site.answers["/a"].replace(b"HTTP/1.1 200 OK", line.encode(), 1)
    assert (await fetcher.get(f"{site.address}/a")).body == BODY


async def test_headers_that_nobody_reads_may_be_many(site: RawSite, fetcher: Fetcher) -> None:
    site.put("/a", BODY, *(f"X-{n}: {n}" for n in range(400)), 'ETag: "7"')
    got = await fetcher.get(f"{site.address}/a")
    assert (got.body, got.etag) == (BODY, '"7"')


async def test_a_header_that_sends_on_is_followed(site: RawSite, fetcher: Fetcher) -> None:
    site.put("/a", b"<p>Pindah</p>", "Refresh: 0; url=/b", "Content-Type: text/html")
    site.put("/b", BODY)
    assert (await fetcher.get(f"{site.address}/a")).body == BODY


async def test_what_another_server_passed_on_is_an_answer(site: RawSite, fetcher: Fetcher) -> None:
    site.put("/a", BODY, status="203 Non-Authoritative Information")
    assert (await fetcher.get(f"{site.address}/a")).body == BODY


@pytest.mark.parametrize(
    ("coding", "sent"),
    [
        ("", PACKED),
        ("gzip", PACKED),
        ("x-gzip", PACKED),
        ("GZIP", gzip.compress(PACKED, mtime=0)),
        ("gzip", BODY),
        ("deflate", zlib.compress(BODY)),
        ("deflate", zlib.compress(BODY)[2:-4]),
        ("deflate", BODY),
        ("gzip", PACKED + b"\0\0ekor"),
        ("gzip", gzip.compress(BODY[:300], mtime=0) + gzip.compress(BODY[300:], mtime=0)),
        ("gzip, gzip", gzip.compress(PACKED, mtime=0)),
        ("utf-8", BODY),
        ("none", PACKED),
        ("", zlib.compress(BODY)),
        ("x-deflate", zlib.compress(BODY)),
        ("gzip", zlib.compress(BODY)),
        ("gzip", b"\r\n" + PACKED),
        ("gzip", PACKED[:-8] + bytes(8)),  # another checksum
    ],
)
async def test_a_coding_is_believed_as_far_as_it_is_true(
    site: RawSite, fetcher: Fetcher, coding: str, sent: bytes
) -> None:
    site.put("/a", sent, *([f"Content-Encoding: {coding}"] if coding else []))
    assert (await fetcher.get(f"{site.address}/a")).body == BODY


async def test_a_gzip_that_was_cut_gives_what_there_is(site: RawSite, fetcher: Fetcher) -> None:
    site.put("/a", PACKED[:-12], "Content-Encoding: gzip")
    body = (await fetcher.get(f"{site.address}/a")).body
    assert body
    assert BODY.startswith(body)


async def test_a_cookie_that_a_redirect_gives_is_shown_where_it_leads(
    site: RawSite, fetcher: Fetcher
) -> None:
    site.put("/a", b"", "Location: /b", "Set-Cookie: ijin=7; Path=/", status="302 Found")
    site.put("/b", b"", "Location: /c", "Set-Cookie: lain=8; Path=/", status="307 Again")
    site.put("/c", BODY)
    assert (await fetcher.get(f"{site.address}/a")).body == BODY
    assert "cookie: ijin=7; lain=8\r\n" in site.heads[-1].lower()
    await fetcher.get(f"{site.address}/c")
    assert "cookie" not in site.heads[-1].lower()  # each journey begins without


async def test_no_cookie_goes_to_another_site(site: RawSite, fetcher: Fetcher) -> None:
    async with open_raw_site() as other:
        there = other.address.replace("127.0.0.1", "localhost")
        site.put("/a", b"", f"Location: {there}/b", "Set-Cookie: ijin=7", status="302 Found")
        other.put("/b", BODY)
        await fetcher.get(f"{site.address}/a")
        assert "cookie" not in other.heads[-1].lower()


@pytest.mark.parametrize(
    "page",
    [
        '<meta http-equiv="refresh" content="0; url=/b">',
        "<META content='3;URL=/b' HTTP-EQUIV=Refresh>",
        "<meta http-equiv=refresh content=\"0;url='/b'\">",
        '<meta http-equiv="refresh" content="0;/b">',
        "<meta http-equiv=refresh content=0;url=/b>",
        '<meta http-equiv="refresh" content="0.5, URL=&#47;b">',
        '<script>window.location.href = "/b"</script>',
        "<body>Tunggu ...<script>top.location.replace('/b');</script></body>",
    ],
)
async def test_a_page_that_sends_on_is_followed(site: RawSite, fetcher: Fetcher, page: str) -> None:
    site.put("/a", f"<html><head>{page}</head></html>".encode(), "Content-Type: text/html")
    site.put("/b", BODY)
    got = await fetcher.get(f"{site.address}/a")
    assert (got.body, got.address) == (BODY, f"{site.address}/b")


@pytest.mark.parametrize(
    "page",
    [
        '<meta http-equiv="refresh" content="300; url=/b">',  # a page that renews itself
        '<noscript><meta http-equiv="refresh" content="0; url=/b"></noscript>',
        '<meta http-equiv="refresh" content="0; url=/a">',
        '<meta http-equiv="refresh" content="30">',
        "<p>"
        + "Berita hari ini. " * 9
        + '</p><script>function p() { location.href = "/b" }</script>',
        "<script>location.reload()</script>",
        '<meta http-equiv="refresh" content="0; url=/b">' + "x" * 30_000,
    ],
)
async def test_a_page_that_is_one_stays(site: RawSite, fetcher: Fetcher, page: str) -> None:
    site.put("/a", page.encode(), "Content-Type: text/html")
    assert (await fetcher.get(f"{site.address}/a")).body == page.encode()


CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: Chunked\r\nContent-Type: text/xml\r\n\r\n"


@pytest.mark.parametrize(
    "chunked",
    [
        b"%x\n%s\n%x\n%s\n0\n\n" % (10, BODY[:10], len(BODY) - 10, BODY[10:]),
        b"%x\n%s\r\n0\n\n" % (len(BODY), BODY),
        b"%x \r\n%s\n0\r\n\r\n" % (len(BODY), BODY),
        b"%x;nama=nilai\n%s\n0\nJejak: 1\n\n" % (len(BODY), BODY),
    ],
)
async def test_lines_of_chunks_may_end_in_lf_alone(
    site: RawSite, fetcher: Fetcher, chunked: bytes
) -> None:
    for head in (CHUNKED, CHUNKED.replace(b"\r\n", b"\n")):
        site.answers["/a"] = head + chunked
        assert (await fetcher.get(f"{site.address}/a", accept=FEED)).body == BODY


@given(st.lists(st.binary(min_size=1, max_size=40), max_size=5), st.integers(1, 9), st.booleans())
def test_chunks_are_the_same_however_they_arrive(parts: list[bytes], step: int, bare: bool) -> None:
    body = b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in parts) + b"0\r\n\r\n"
    sent = body if not bare else b"".join(b"%X\n%s\n" % (len(one), one) for one in parts) + b"0\n\n"
    mending = wire.Chunks()
    got = b"".join(mending.mended(sent[at : at + step]) for at in range(0, len(sent), step))
    assert got.lower() == body.lower()


@given(st.binary(max_size=200))
def test_what_is_no_chunk_goes_through(body: bytes) -> None:
    mending = wire.Chunks()
    assert mending.mended(b"zz" + body + b"\n") == b"zz" + body + b"\n"


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n40\r\nabc",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nabc",
        b"BUKAN HTTP\r\n\r\n",
        b"\x00\x01\x02\r\n\r\n",
        b"",
        b"HTTP/1.1 302 Found\r\nLocation: http://[::1\r\nConnection: close\r\n\r\n",
    ],
)
async def test_what_cannot_be_read_is_one_sentence_of_ours(
    site: RawSite, fetcher: Fetcher, answer: bytes
) -> None:
    site.answers["/a"] = answer
    with pytest.raises(FeedError) as caught:
        await fetcher.get(f"{site.address}/a")
    said = str(caught.value)
    assert "\n" not in said
    assert not any(word in said for word in ("message=", "Error", "400", "bytes", "b'", "url="))


async def test_servers_are_told_who_asks(site: RawSite, fetcher: Fetcher) -> None:
    site.put("/a", BODY)
    await fetcher.get(f"{site.address}/a")
    assert "user-agent: uji/1.0\r\n" in site.heads[-1].lower()


@given(st.binary(max_size=300), st.sampled_from(["gzip", "deflate", "x-gzip, deflate", ""]))
def test_any_bytes_can_be_decoded(body: bytes, coding: str) -> None:
    assert len(wire.decoded(body, coding, 1000)) <= 1001
    assert b"\r\n\r\n" in wire.repaired_head(body)
    wire.sends_on_to(body, "http://p.example/")
