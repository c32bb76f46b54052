"""`kabar preview`: an entry as it would be posted, from a file, an address or a site."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest

from bot.__main__ import main
from tests.cli.conftest import Out, lines
from tests.support.article_site import open_press
from tests.support.feed_site import item, open_site
from tests.support.shared import SHARED, needs_shared

FIELDS = {
    "title", "text", "html", "photo", "caption", "credit", "source", "topics", "link", "published",
    "id",
}  # fmt: skip


@needs_shared
def test_preview_of_the_seed(capsys: Out) -> None:
    assert main(["preview", str(SHARED / "seed" / "feed.xml"), "--json"]) == 0
    (post,) = lines(capsys)
    assert set(post) == FIELDS
    assert post["title"] == "Benarkah Putin-Kim Jong Un Diam-diam Saling Surat Nego Beli Senjata?"
    assert post["source"] == "CNN Indonesia"
    assert post["credit"] == "AFP/ALEXEY NIKOLSKY"
    assert post["topics"] == ["Internasional"]
    assert post["published"] == "2023-08-31T09:58:00+07:00"
    assert "/s1600/" in str(post["photo"])
    assert "\n\nJakarta - Amerika Serikat" in str(post["text"])


@needs_shared
def test_preview_for_people(capsys: Out) -> None:
    assert main(["preview", str(SHARED / "seed" / "feed.xml")]) == 0
    out = capsys.readouterr().out
    assert "Sumber: CNN Indonesia" in out
    assert "1 entry in Majalah Jurnalis" in out


async def over_http(*words: str) -> int:
    return await asyncio.to_thread(main, list(words))


async def test_preview_over_http_also_of_a_site(capsys: Out) -> None:
    async with open_site(item("b"), item("a")) as site:
        assert await over_http("preview", site.feed, "--json") == 0
        assert [post["title"] for post in lines(capsys)] == ["Berita b", "Berita a"]
        assert await over_http("preview", site.address + "/", "--json") == 0
        assert len(lines(capsys)) == 2


async def test_preview_says_where_the_feed_was_found(capsys: Out) -> None:
    async with open_site(item("a")) as site:
        assert await over_http("preview", site.address) == 0
        assert f"The feed was found at {site.feed}." in capsys.readouterr().out.replace("\n", " ")
        assert await over_http("preview", site.address, "--json") == 0
        said = capsys.readouterr()
        assert f"found at {site.feed}" in said.err.replace("\n", " ")
        assert json.loads(said.out)["title"] == "Berita a"


async def test_preview_shows_as_many_as_are_wanted(capsys: Out) -> None:
    async with open_site(item("c"), item("b"), item("a")) as site:
        assert await over_http("preview", site.feed, "--json", "--limit", "2") == 0
        assert [post["title"] for post in lines(capsys)] == ["Berita c", "Berita b"]


async def test_preview_reads_pages_when_it_is_asked_to(capsys: Out) -> None:
    async with open_press() as press:
        press.site.items = [press.item("b"), press.item("a")]
        assert await over_http("preview", press.site.feed, "--json") == 0
        assert [post["photo"] for post in lines(capsys)] == [None, None]
        assert press.asked == []
        assert await over_http("preview", press.site.feed, "--json", "--pages", "--limit=1") == 0
        (post,) = lines(capsys)
        assert post["photo"] == f"{press.address}/gambar/sungai.jpg"
        assert press.pages() == ["/b.html"]


@pytest.mark.parametrize(
    "content", [b"", b"\x89PNG\r\n\x1a\n<\x00", b"<html><body>Halo</body></html>"]
)
def test_preview_of_a_file_that_is_no_feed(capsys: Out, content: bytes) -> None:
    Path("x.xml").write_bytes(content)
    assert main(["preview", "x.xml"]) == 1
    said = capsys.readouterr()
    assert "is no feed" in said.err
    assert (said.out, said.err.count("\n")) == ("", 1)


async def test_preview_of_trouble_over_http(capsys: Out) -> None:
    async with open_site() as site:
        site.status = 404
        assert await over_http("preview", site.feed) == 1
        assert capsys.readouterr().err == f"{site.feed} answers 404 Not Found.\n"
        site.status, site.raw = 200, b"<rss>" + b"x" * 11_000_000
        assert await over_http("preview", site.feed) == 1
        assert capsys.readouterr().err == f"{site.feed} sends more than 10,240 KB.\n"
