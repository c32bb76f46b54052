"""Looks at feeds over real HTTP into a real database: what is news, and what is corrected."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from bot.core.errors import StorageError
from bot.core.model import ChatKind, Story, TelegramId
from storage import Database, articles, chats, feeds, imports, outbox, set_aside
from tests.conftest import NOON, Clock
from tests.news.polled import HOUR, Desk, open_desk, publish
from tests.support.feed_site import item, open_site
from tests.support.shared import SHARED, needs_shared


@pytest.fixture
async def desk(db: Database, clock: Clock) -> AsyncIterator[Desk]:
    async with open_desk(db, clock) as opened:
        yield opened


async def test_the_first_look_is_quiet(desk: Desk) -> None:
    await desk.look()
    assert await desk.headlines() == ["Berita a", "Berita b"]
    assert await desk.announced() == []
    assert desk.woken == 0


async def test_what_comes_after_it_is_news_oldest_first(desk: Desk) -> None:
    await desk.look()
    publish(desk, "c", published=NOON + 10)
    publish(desk, "d", published=NOON + 20)
    await desk.look()
    assert await desk.announced() == ["Berita c", "Berita d"]
    assert desk.woken == 1
    await desk.look()
    assert await desk.announced() == ["Berita c", "Berita d"]


async def test_a_back_dated_entry_is_news_whatever_its_date(desk: Desk) -> None:
    await desk.look()
    desk.site.items.insert(1, item("late", published=NOON - HOUR - 60))
    await desk.look()
    assert await desk.announced() == ["Berita late"]


async def test_an_undated_entry_is_news(desk: Desk) -> None:
    await desk.look()
    publish(desk, "undated", published=None)
    await desk.look()
    assert await desk.announced() == ["Berita undated"]


async def test_what_slides_into_the_window_from_below_is_stored_and_not_posted(desk: Desk) -> None:
    await desk.look()
    desk.site.items = [desk.site.items[1], item("old", published=NOON - 30 * HOUR)]
    await desk.look()
    assert await desk.headlines() == ["Berita a", "Berita b", "Berita old"]
    assert await desk.announced() == []


async def test_an_empty_first_look_makes_the_next_entry_news(desk: Desk) -> None:
    desk.site.items = []
    await desk.look()
    publish(desk, "first")
    await desk.look()
    assert await desk.announced() == ["Berita first"]


async def test_an_unchanged_feed_is_not_sent_twice(desk: Desk) -> None:
    await desk.look()
    await desk.look()
    assert desk.site.answered == [200, 304]


async def test_an_unchanged_body_without_validators_is_known_by_its_hash(desk: Desk) -> None:
    desk.site.validators = False
    await desk.look()
    read = desk.reader.feeds
    await desk.look()
    assert desk.reader.feeds == read
    assert desk.site.answered == [200, 200]


async def test_a_corrected_headline_is_an_update_and_no_news(desk: Desk) -> None:
    await desk.look()
    desk.site.items[0].title = "Berita b yang benar"
    await desk.look()
    assert await desk.headlines() == ["Berita a", "Berita b yang benar"]
    assert await desk.announced() == []
    assert await desk.announced("edit") == ["Berita b yang benar"]
    assert (await desk.rows("SELECT revision FROM article WHERE id = 2"))[0]["revision"] == 2


async def test_a_changed_address_is_an_update_and_no_news(desk: Desk) -> None:
    await desk.look()
    desk.site.items[0].link = "https://paper.example/2023/08/b-baru.html"
    await desk.look()
    assert len(await desk.headlines()) == 2
    assert await desk.announced() == []


async def test_cosmetic_changes_do_nothing(desk: Desk) -> None:
    await desk.look()
    one = desk.site.items[0]
    one.title, one.body = f" {one.title}  ", one.body.replace(" ", "  ")
    one.link += "?utm_source=rss&utm_medium=feed"
    await desk.look()
    assert await desk.announced("edit") == []


async def test_the_same_story_from_two_feeds_arrives_once_with_both_topics(
    desk: Desk, db: Database
) -> None:
    """Whoever reads only the second feed's topic gets it too, and nobody gets it twice."""
    async with open_site(item("x")) as other:
        await desk.follow(desk.site.feed, other.feed)
        await desk.look()
        for chat, topic in ((1, "Kota"), (2, "Ekonomi"), (3, "")):
            await read_topics(db, chat, topic)
        first = publish(desk, "c", labels=("Kota",))
        await desk.look()
        assert await posts(db, desk.clock.now) == [1, 3]
        again = replace(first, guid="tag:other.example,2023:c", labels=("Ekonomi", "Kota"))
        again.link += "?utm_source=rss"
        other.items.insert(0, again)
        await desk.look()
        assert await desk.announced() == ["Berita c"]
        rows = await desk.rows(
            "SELECT name FROM article_topic JOIN topic ON topic.id = topic_id ORDER BY name"
        )
        assert [row["name"] for row in rows] == ["Ekonomi", "Kota"]
        assert await posts(db, desk.clock.now) == [2]
        other.items[0].body += " Kalimat baru."
        await desk.look()
        assert await posts(db, desk.clock.now) == []


async def read_topics(db: Database, chat: int, topic: str) -> None:
    async with db.transaction() as tx:
        seen = await chats.see(tx, TelegramId(chat), kind=ChatKind.PRIVATE, now=NOON)
        await chats.subscribe(tx, seen.id, topics=(topic,) if topic else (), now=NOON)


async def posts(db: Database, now: int) -> list[int]:
    """The chats to which something goes now."""
    async with db.transaction() as tx:
        claimed = await outbox.claim(tx, 100, now=now, lease=60)
        await tx.run("UPDATE delivery SET state = 'sent', message_id = id WHERE state = 'claimed'")
    return sorted(one.to.telegram_id for one in claimed)


async def test_an_imported_article_is_never_broadcast(desk: Desk, db: Database) -> None:
    await desk.look()
    story = Story(key="x", headline="Berita c", link="https://paper.example/2023/08/c.html")
    async with db.transaction() as tx:
        assert await imports.import_stories(tx, [story], now=NOON) == 1
        assert await imports.import_stories(tx, [story], now=NOON) == 0
    publish(desk, "c")
    await desk.look()
    assert await desk.announced() == []
    assert (await desk.headlines()).count("Berita c") == 1


async def test_entries_that_share_an_address_are_told_apart(desk: Desk) -> None:
    await desk.look()
    for name in ("c", "d"):
        publish(desk, name, link="https://paper.example/", guid="", body=f"Isi tentang {name}.")
    await desk.look()
    assert sorted(await desk.announced()) == ["Berita c", "Berita d"]


async def test_a_failing_feed_backs_off_and_is_named(desk: Desk) -> None:
    desk.site.status = 500
    await desk.poller.tick()
    row = await desk.feed()
    assert row["failures"] == 1
    assert row["due_at"] == NOON + 120
    assert row["trouble"].endswith("answers 500 Internal Server Error.")
    await desk.poller.tick()
    assert desk.site.looks == 1
    desk.clock.pass_(120)
    desk.site.status = 200
    await desk.poller.tick()
    row = await desk.feed()
    assert (row["failures"], row["trouble"], row["due_at"]) == (0, "", NOON + 180)


async def test_a_broken_feed_never_stops_the_others(desk: Desk) -> None:
    async with open_site(item("x")) as broken:
        broken.raw = b"This is no feed at all."
        await desk.follow(broken.feed, desk.site.feed, "http://127.0.0.1:1/feed")
        await desk.look()
    assert await desk.headlines() == ["Berita a", "Berita b"]
    rows = await desk.rows("SELECT failures FROM feed ORDER BY id")
    assert [row["failures"] for row in rows] == [0, 1, 1]


async def test_a_story_that_cannot_be_stored_keeps_no_other_of_its_feed(desk: Desk) -> None:
    await desk.look()
    async with desk.db.transaction() as tx:  # a fault for the second of two of one moment
        await tx.run("CREATE UNIQUE INDEX spoiled ON article (published_at)")
    at = desk.clock()
    desk.site.items[:0] = [
        item("e", published=at - 30),
        item("d", published=at),
        item("c", published=at),
    ]
    await desk.look()
    good = await desk.announced()
    assert len(good) == 2
    assert "Berita e" in good
    async with desk.db.reading() as cx:
        assert await set_aside.counts(cx) == {"article": 1}
    async with desk.db.transaction() as tx:
        await tx.run("DROP INDEX spoiled")
    desk.clock.pass_(60)
    await desk.look()
    assert sorted(await desk.announced()) == ["Berita c", "Berita d", "Berita e"]
    async with desk.db.reading() as cx:
        assert await set_aside.counts(cx) == {}


async def test_a_bug_in_reading_costs_one_look_at_one_feed(
    desk: Desk,
) -> None:
    desk.reader.fault = NameError()
    await desk.look()
    desk.reader.fault = None
    assert (await desk.feed())["failures"] == 1
    desk.clock.pass_(120)
    await desk.look()
    assert len(await desk.headlines()) == 2


async def test_a_failed_look_that_broke_within_storing_leaves_entries_new(
    desk: Desk,
) -> None:
    await desk.look()
    publish(desk, "c")
    desk.db.faults["read_at = :now, whole_at"] = RuntimeError("died here")
    await desk.look()
    desk.db.faults.clear()
    assert len(await desk.headlines()) == 2
    row = await desk.feed()  # it is in trouble, and ends no look at another
    assert row["failures"] == 1
    assert "a fault of Kabar: RuntimeError in tests/support/faulty.py" in row["trouble"]
    desk.clock.pass_(600)
    await desk.look()
    assert await desk.announced() == ["Berita c"]
    assert (await desk.feed())["failures"] == 0


async def test_a_full_disk_postpones_the_look_and_loses_nothing(
    desk: Desk,
) -> None:
    await desk.look()
    publish(desk, "c")
    desk.db.faults["read_at = :now, whole_at"] = StorageError("full")
    await desk.look()
    desk.db.faults.clear()
    assert await desk.announced() == []
    await desk.look()
    assert await desk.announced() == ["Berita c"]


async def test_a_feed_in_trouble_on_a_full_disk_ends_nothing(
    desk: Desk,
) -> None:
    await desk.look()
    desk.db.faults["failures = failures + 1"] = StorageError("full")
    desk.site.status = 500
    await desk.look()
    desk.db.faults.clear()
    desk.site.status = 200
    publish(desk, "c")
    await desk.look()
    assert await desk.announced() == ["Berita c"]


async def test_a_site_leads_to_its_feed(desk: Desk) -> None:
    await desk.follow(desk.site.address + "/")
    await desk.look()
    assert (await desk.feed())["found"] == desk.site.feed
    publish(desk, "c")
    await desk.look()
    assert await desk.announced() == ["Berita c"]


async def test_a_feed_that_became_a_page_is_in_trouble_and_named(desk: Desk) -> None:
    await desk.look()
    desk.site.raw = b'<!DOCTYPE html><html><head><link rel="alternate" type="application/rss+xml"'
    desk.site.raw += b' href="/another"></head><body>Situs baru kami</body></html>'
    await desk.look()
    row = await desk.feed()
    assert row["trouble"] == (
        f"{desk.site.feed} was a feed and is a web page now:"
        " KABAR_FEEDS needs the address of the new feed, or the site's."
    )
    assert (row["found"], desk.site.looks) == ("", 2)
    desk.site.raw = None
    publish(desk, "c")
    desk.clock.pass_(60)
    await desk.look()
    assert await desk.announced() == ["Berita c"]


async def test_a_broken_feed_is_not_replaced_by_another_of_the_site(desk: Desk) -> None:
    desk.site.raw = b"<?xml version='1.0'?><rss><channel><title>x"
    await desk.follow(desk.site.feed + "?label=Ekonomi")
    await desk.look()
    assert desk.site.looks == 1
    assert (await desk.feed())["failures"] == 1


async def test_the_site_is_asked_anew_when_the_feed_behind_it_is_none_any_more(desk: Desk) -> None:
    await desk.follow(desk.site.address + "/")
    await desk.look()
    desk.site.raw = b"<html><body>maaf</body></html>"
    await desk.look()
    assert (await desk.feed())["trouble"] == (
        f"{desk.site.address}/ is no feed: it is a web page, and no feed was found behind it."
    )
    desk.site.raw = None
    desk.clock.pass_(60)
    await desk.look()
    row = await desk.feed()
    assert (row["found"], row["failures"]) == (desk.site.feed, 0)


async def test_a_site_without_a_feed_is_one_sentence(desk: Desk) -> None:
    desk.site.raw = b"<html><body>Halo</body></html>"
    await desk.look()
    assert (await desk.feed())["trouble"] == (
        f"{desk.site.feed} is no feed: it is a web page, and no feed was found behind it."
    )


async def test_topics_and_names_are_kept(desk: Desk, db: Database) -> None:
    publish(desk, "c", labels=("Ekonomi", "Luar Negeri"))
    async with db.transaction() as tx:
        await feeds.configure(tx, [(desk.site.feed, "Nama Pilihan")])
    await desk.look()
    async with db.reading() as cx:
        (newest,) = await articles.newest(cx, limit=1, topic="luar negeri")
    assert newest.topics == ("Ekonomi", "Luar Negeri")
    assert newest.feed_title == "Nama Pilihan"


async def test_unconfigured_feeds_are_left_alone(desk: Desk) -> None:
    await desk.look()
    await desk.follow()
    await desk.look()
    assert desk.site.looks == 1
    assert len(await desk.headlines()) == 2


@needs_shared
async def test_reused_guids_lose_nothing(desk: Desk) -> None:
    """Tempo's guids are positions: the next day they name other articles."""
    days = ["id-tempo-hukum-2026-06-06-07b.xml", "id-tempo-hukum-2026-06-07-07.xml"]
    for day in days:
        desk.site.raw = (SHARED / "feeds" / day).read_bytes()
        await desk.look()
    rows = await desk.rows("SELECT link FROM article")
    assert len({row["link"] for row in rows}) == len(rows) > 9
    assert len(await desk.announced()) == len(rows) - 9
