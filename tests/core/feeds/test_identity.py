"""Which entry is which: guids missing, reused and doubled."""

from __future__ import annotations

import pytest

from tests.support.feeds import item, parse, rss
from tests.support.shared import SHARED, needs_shared

# --- identity -------------------------------------------------------------------------------------


def keys(body: str) -> list[str]:
    return [story.key for story in parse(body).stories]


def test_positions_are_no_identities() -> None:
    yesterday = keys(rss(item(1, guid="1", link="https://p.example/a")))
    today = keys(rss(item(2, guid="1", link="https://p.example/b")))
    assert yesterday == ["https://p.example/a"]
    assert today == ["https://p.example/b"]


@pytest.mark.parametrize(
    "guid",
    [
        "tag:x.example,2024:1",
        "urn:uuid:1",
        "https://p.example/?p=7",
        "6994819b02276e00",
        "1516137394",
    ],
)
def test_a_good_guid_survives_a_new_link_and_headline(guid: str) -> None:
    before = keys(rss(item(1, guid=guid, link="https://p.example/a")))
    after = keys(rss(item(2, guid=guid, link="https://p.example/b")))
    assert before == after == [guid]


def test_without_guid_the_canonical_link_counts() -> None:
    tracked = keys(rss(item(1, link="https://p.example/a?utm_source=rss&amp;id=3")))
    assert tracked == keys(rss(item(2, link="https://p.example/a?id=3&amp;fbclid=x")))


def test_without_both_what_it_says_counts() -> None:
    first, second = keys(rss(item(1) + item(2)))
    assert first != second
    assert keys(rss(item(2))) == [second]


def test_a_guid_that_everybody_has_is_no_identity() -> None:
    body = rss(
        "".join(
            item(n, guid="https://p.example/news", link=f"https://p.example/{n}") for n in range(4)
        )
    )
    assert len(set(keys(body))) == 4


def test_two_stories_under_one_guid_and_link_are_both_kept() -> None:
    guid = {"guid": "https://p.example/2017#a1", "link": "https://p.example/2017#a1"}
    first = item(1, **guid, extra="<description>Jembatan dibuka.</description>")
    second = item(2, **guid, extra="<description>Harga beras naik.</description>")
    told = keys(rss(first + second))
    assert len(set(told)) == 2
    assert told == keys(rss(first + second))


def test_versions_of_one_story_are_one() -> None:
    guid = {"guid": "https://p.example/2017#a1", "link": "https://p.example/2017#a1"}
    body = "<description>Jembatan dibuka.</description>"
    assert len(keys(rss(item(1, **guid, extra=body) + item(2, **guid, extra=body)))) == 1


def test_a_link_that_everybody_has_is_no_identity() -> None:
    assert len(set(keys(rss("".join(item(n, link="https://p.example/") for n in range(4)))))) == 4


def test_of_doubles_the_latest_stays_in_the_first_place() -> None:
    entry = (
        "<entry><id>urn:x:1</id><title>{}</title><link href='https://p.example/1'/>"
        "<updated>2024-01-0{}T00:00:00Z</updated></entry>"
    )
    other = "<entry><id>urn:x:2</id><title>Lain</title></entry>"
    body = (
        "<feed xmlns='http://www.w3.org/2005/Atom'>"
        + entry.format("Lama", 1) + other + entry.format("Baru", 3) + entry.format("Tengah", 2)
        + "</feed>"
    )  # fmt: skip
    assert [story.headline for story in parse(body).stories] == ["Baru", "Lain"]


@needs_shared
def test_tempo_loses_nothing_over_two_days() -> None:
    days = [
        parse((SHARED / "feeds" / name).read_bytes()).stories
        for name in ("id-tempo-hukum-2026-06-06-07b.xml", "id-tempo-hukum-2026-06-07-07.xml")
    ]
    links = {story.link for day in days for story in day}
    assert len({story.key for day in days for story in day}) == len(links) > 9
