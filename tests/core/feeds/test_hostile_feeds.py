"""Feeds that mean harm, or are broken where it hurts: they end early, cheaply, and lose little."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import pytest

from bot.core.errors import FeedError
from tests.support.feeds import ATOM, KINDS, item, only, parse, rss


@pytest.mark.parametrize("broken", ["http://[::1", "https://a]b/", "http://\u2100.example/x"])
def test_an_address_that_is_none_costs_only_itself(broken: str) -> None:
    """urllib refuses some with an exception, wherever they are."""
    text = f"&lt;img src='{broken}'&gt;&lt;a href='{broken}'&gt;x&lt;/a&gt;"
    extra = f"<description>{text}</description>"
    body = rss(
        item(1, link=broken, guid=broken, extra=extra) + item(2, link="https://p.example/2"),
        head=f"<link>{broken}</link>",
    )
    assert [story.headline for story in parse(body).stories] == ["Berita 1", "Berita 2"]
    atom = ATOM.replace("https://paper.example/", broken)
    assert len(parse(atom).stories) == 1
    based = f"<feed xml:base='{broken}'><entry><title>A</title></entry></feed>"
    assert len(parse(based).stories) == 1


def test_bloggers_address_never_shows() -> None:
    """A tag in the wrong place makes the rest of the entry its title."""
    story = only(parse(ATOM.replace("<title>Jalan", "<title><item>Jalan")))
    assert story.headline
    assert "noreply" not in story.headline + story.lead


def test_what_a_damaged_feed_does_not_say_is_nothing() -> None:
    """feedparser answers None for a site that it cannot make out."""
    body = "<rss </title<item><title<guid</guid</item\n</guid<item<title>4</title></rss>"
    assert only(parse(body)).headline == "4"


def test_entities_never_explode_and_nothing_is_fetched() -> None:
    bomb = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
    body = (
        f'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY l0 "ha">{bomb}<!ENTITY own "milik kita">'
        '<!ENTITY file SYSTEM "file:///etc/passwd">]>'
    ) + rss("<item><title>&own; &l11; &file;!</title></item>")
    story = only(parse(body))
    assert story.headline == "milik kita &l11; !"


@pytest.mark.parametrize(
    "body",
    [
        b"<rss><channel><item>" + b"<a " * 200_000,
        b"<rss><channel><item>" + b"<![CDATA[" * 100_000,
        b"<rss><channel><item><title>" + b"&" * 600_000,
        b"<rss><channel>" + b"<item>" * 100_000,
        b"<rss><channel><item><description>" + b"&lt;b&gt;" * 80_000,
        b"<rss><channel><item><description>" + b"&lt;b " * 80_000,
        b"<rss><channel><item><description>" + b"&lt;p&gt;a" * 80_000,
        b"<rss><channel><item><description>" + b"&lt;img src=x&gt;" * 40_000,
        b"<rss><channel><item><description>" + b"(a. " * 150_000,
        b"<rss><channel><item><description>" + b"[{(" * 150_000,
        b"<rss><channel>" + b"<title>" * 100_000,
        b"<rss><channel>" + b"<!-- <rss " * 100_000,
        b"[" * 300_000,
        b'{"items": [' + b'{"id": ' * 100_000,
    ],
)
def test_endless_bodies_end_early(body: bytes) -> None:
    began = time.process_time()
    with suppress(FeedError):
        parse(body)
    assert time.process_time() - began < 5


def test_no_more_entries_than_asked_for() -> None:
    assert len(parse(rss("".join(item(n) for n in range(50))), limit=7).stories) == 7


def test_several_threads_at_once() -> None:
    bodies = [KINDS[kind].encode() for kind in sorted(KINDS)] * 6
    alone = [parse(body) for body in bodies]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(parse, bodies)) == alone
