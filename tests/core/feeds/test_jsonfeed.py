"""JSON Feed, and JSON that only looks like it."""

from __future__ import annotations

import json
from contextlib import suppress

import pytest

from bot.core.errors import FeedError
from tests.support.feeds import parse

# --- JSON -----------------------------------------------------------------------------------------


def test_json_feed_gives_all_it_says() -> None:
    parsed = parse(
        json.dumps(
            {
                "version": "https://jsonfeed.org/version/1.1",
                "title": "Kabar <Kota>",
                "home_page_url": "https://paper.example/",
                "language": "id-ID",
                "next_url": "https://paper.example/feed.json?page=2",
                "hubs": [
                    {"type": "rssCloud", "url": "https://cloud.example/"},
                    {"type": "WebSub", "url": "https://hub.example/"},
                ],
                "authors": [{"name": "Redaksi Kota"}],
                "items": [
                    {
                        "id": 1516137394,
                        "url": "https://paper.example/1?utm_source=json",
                        "title": "A < B & C",
                        "content_html": "<p>Isi berita.</p>",
                        "image": "https://i.example/a.jpg",
                        "date_published": "2024-03-01T08:00:00+07:00",
                        "tags": ["Kota", "Dunia"],
                    },
                    "no entry",
                    {"content_text": "Baris satu.\n\n1 < 2 & 3", "authors": [{"name": "Sari"}]},
                ],
            }
        )
    )
    first, second = parsed.stories
    assert (parsed.title, parsed.language, parsed.hub) == (
        "Kabar <Kota>", "id", "https://hub.example/",
    )  # fmt: skip
    assert parsed.next_page == "https://paper.example/feed.json?page=2"
    assert (first.key, first.headline, first.link) == (
        "1516137394", "A < B & C", "https://paper.example/1",
    )  # fmt: skip
    assert first.picture is not None
    assert (first.author, first.topics, first.published) == (
        "Redaksi Kota", ("Kota", "Dunia"), 1_709_254_800,
    )  # fmt: skip
    assert (second.headline, second.author) == ("Baris satu.", "Sari")
    assert "1 < 2 & 3" in second.body


@pytest.mark.parametrize("value", [None, 7, "x", [], {}, [None], {"$t": None}, True])
def test_json_of_the_wrong_shape_is_no_disaster(value: object) -> None:
    names = ("id", "title", "url", "content_html", "authors", "tags", "attachments", "image")
    for body in (
        {"items": [dict.fromkeys(names, value)], "hubs": value, "title": value},
        {"feed": {"title": value, "link": value, "entry": [dict.fromkeys(names, value)]}},
        {"feed": {"entry": [{"category": [value], "media$thumbnail": value, "author": [value]}]}},
    ):
        with suppress(FeedError):
            parse(json.dumps(body))


def test_an_address_that_names_an_item_is_its_page() -> None:
    items = [{"id": "https://paper.example/3", "content_text": "Baris satu."}, {"id": "tag:x"}]
    parsed = parse(json.dumps({"version": "https://jsonfeed.org/version/1.1", "items": items}))
    assert parsed.stories[0].link == "https://paper.example/3"
