"""Looks at feeds over real HTTP into a real database: what is news, and what is corrected."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from bot.core.errors import StorageError
from bot.core.model import ChatKind, Story, TelegramId
from storage import Database, articles, chats, feeds, imports, outbox, set_aside
from tests.conftest import NOON, Clock
from tests.news.polled import HOUR, PollerKit, open_poller, publish
from tests.support.feed_site import item, open_site
from tests.support.shared import SHARED, needs_shared


@pytest.fixture
async def kit(db: Database, clock: Clock) -> AsyncIterator[PollerKit]:
    async with open_poller(db, clock) as opened:
        yield opened


async def test_the_first_look_is_quiet(kit: PollerKit) -> None:
    await kit.look()
    assert await kit.headlines() == ["Berita a", "Berita b"]
    assert await kit.announced() == []
    assert kit.woken == 0


async def test_what_comes_after_it_is_news_oldest_first(kit: PollerKit) -> None:
    await kit.look()
    publish(kit, "c", published=NOON + 10)
    publish(kit, "d", published=NOON + 20)
    await kit.look()
    assert await kit.announced() == ["Berita c", "Berita d"]
    assert kit.woken == 1
    await kit.look()
    assert await kit.announced() == ["Berita c", "Berita d"]


async def test_a_back_dated_entry_is_news_whatever_its_date(kit: PollerKit) -> None:
    await kit.look()
    kit.site.items.insert(1, item("late", published=NOON - HOUR - 60))
    await kit.look()
    assert await kit.announced() == ["Berita late"]


async def test_an_undated_entry_is_news(kit: PollerKit) -> None:
    await kit.look()
    publish(kit, "undated", published=None)
    await kit.look()
    assert await kit.announced() == ["Berita undated"]


async def test_what_slides_into_the_window_from_below_is_stored_and_not_posted(
    kit: PollerKit,
) -> None:
    await kit.look()
    kit.site.items = [kit.site.items[1], item("old", published=NOON - 30 * HOUR)]
    await kit.look()
    assert await kit.headlines() == ["Berita a", "Berita b", "Berita old"]
    assert await kit.announced() == []


async def test_an_empty_first_look_makes_the_next_entry_news(kit: PollerKit) -> None:
    kit.site.items = []
    await kit.look()
    publish(kit, "first")
    await kit.look()
    assert await kit.announced() == ["Berita first"]


async def test_an_unchanged_feed_is_not_sent_twice(kit: PollerKit) -> None:
    await kit.look()
    await kit.look()
    assert kit.site.answered == [200, 304]


async def test_an_unchanged_body_without_validators_is_known_by_its_hash(kit: PollerKit) -> None:
    kit.site.validators = False
    await kit.look()
    read = kit.reader.feeds
    await kit.look()
    assert kit.reader.feeds == read
    assert kit.site.answered == [200, 200]


async def test_a_corrected_headline_is_an_update_and_no_news(kit: PollerKit) -> None:
    await kit.look()
    kit.site.items[0].title = "Berita b yang benar"
    await kit.look()
    assert await kit.headlines() == ["Berita a", "Berita b yang benar"]
    assert await kit.announced() == []
    assert await kit.announced("edit") == ["Berita b yang benar"]
    assert (await kit.rows("SELECT revision FROM article WHERE id = 2"))[0]["revision"] == 2


async def test_a_changed_address_is_an_update_and_no_news(kit: PollerKit) -> None:
    await kit.look()
    kit.site.items[0].link = "https://paper.example/2023/08/b-baru.html"
    await kit.look()
    assert len(await kit.headlines()) == 2
    assert await kit.announced() == []


async def test_cosmetic_changes_do_nothing(kit: PollerKit) -> None:
    await kit.look()
    one = kit.site.items[0]
    one.title, one.body = f" {one.title}  ", one.body.replace(" ", "  ")
    one.link += "?utm_source=rss&utm_medium=feed"
    await kit.look()
    assert await kit.announced("edit") == []


async def test_the_same_story_from_two_feeds_arrives_once_with_both_topics(
    kit: PollerKit, db: Database
) -> None:
    """Whoever reads only the second feed's topic gets it too, and nobody gets it twice."""
    async with open_site(item("x")) as other:
        await kit.follow(kit.site.feed, other.feed)
        await kit.look()
        for chat, topic in ((1, "Kota"), (2, "Ekonomi"), (3, "")):
            await read_topics(db, chat, topic)
        first = publish(kit, "c", labels=("Kota",))
        await kit.look()
        assert await posts(db, kit.clock.now) == [1, 3]
        again = replace(first, guid="tag:other.example,2023:c", labels=("Ekonomi", "Kota"))
        again.link += "?utm_source=rss"
        other.items.insert(0, again)
        await kit.look()
        assert await kit.announced() == ["Berita c"]
        rows = await kit.rows(
            "SELECT name FROM article_topic JOIN topic ON topic.id = topic_id ORDER BY name"
        )
        assert [row["name"] for row in rows] == ["Ekonomi", "Kota"]
        assert await posts(db, kit.clock.now) == [2]
        other.items[0].body += " Kalimat baru."
        await kit.look()
        assert await posts(db, kit.clock.now) == []


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


async def test_an_imported_article_is_never_broadcast(kit: PollerKit, db: Database) -> None:
    await kit.look()
    story = Story(key="x", headline="Berita c", link="https://paper.example/2023/08/c.html")
    async with db.transaction() as tx:
        assert await imports.import_stories(tx, [story], now=NOON) == 1
        assert await imports.import_stories(tx, [story], now=NOON) == 0
    publish(kit, "c")
    await kit.look()
    assert await kit.announced() == []
    assert (await kit.headlines()).count("Berita c") == 1


async def test_entries_that_share_an_address_are_told_apart(kit: PollerKit) -> None:
    await kit.look()
    for name in ("c", "d"):
        publish(kit, name, link="https://paper.example/", guid="", body=f"Isi tentang {name}.")
    await kit.look()
    assert sorted(await kit.announced()) == ["Berita c", "Berita d"]


async def test_a_failing_feed_backs_off_and_is_named(kit: PollerKit) -> None:
    kit.site.status = 500
    await kit.poller.tick()
    row = await kit.feed()
    assert row["failures"] == 1
    assert row["due_at"] == NOON + 120
    assert row["trouble"].endswith("answers 500 Internal Server Error.")
    await kit.poller.tick()
    assert kit.site.looks == 1
    kit.clock.pass_(120)
    kit.site.status = 200
    await kit.poller.tick()
    row = await kit.feed()
    assert (row["failures"], row["trouble"], row["due_at"]) == (0, "", NOON + 180)


async def test_a_broken_feed_never_stops_the_others(kit: PollerKit) -> None:
    async with open_site(item("x")) as broken:
        broken.raw = b"This is no feed at all."
        await kit.follow(broken.feed, kit.site.feed, "http://127.0.0.1:1/feed")
        await kit.look()
    assert await kit.headlines() == ["Berita a", "Berita b"]
    rows = await kit.rows("SELECT failures FROM feed ORDER BY id")
    assert [row["failures"] for row in rows] == [0, 1, 1]


async def test_a_story_that_cannot_be_stored_keeps_no_other_of_its_feed(kit: PollerKit) -> None:
    await kit.look()
    async with kit.db.transaction() as tx:  # a fault for the second of two of one moment
        await tx.run("CREATE UNIQUE INDEX spoiled ON article (published_at)")
    at = kit.clock()
    kit.site.items[:0] = [
        item("e", published=at - 30),
        item("d", published=at),
        item("c", published=at),
    ]
    await kit.look()
    good = await kit.announced()
    assert len(good) == 2
    assert "Berita e" in good
    async with kit.db.reading() as cx:
        assert await set_aside.counts(cx) == {"article": 1}
    async with kit.db.transaction() as tx:
        await tx.run("DROP INDEX spoiled")
    kit.clock.pass_(60)
    await kit.look()
    assert sorted(await kit.announced()) == ["Berita c", "Berita d", "Berita e"]
    async with kit.db.reading() as cx:
        assert await set_aside.counts(cx) == {}


async def test_a_bug_in_reading_costs_one_look_at_one_feed(
    kit: PollerKit,
) -> None:
    kit.reader.fault = NameError()
    await kit.look()
    kit.reader.fault = None
    assert (await kit.feed())["failures"] == 1
    kit.clock.pass_(120)
    await kit.look()
    assert len(await kit.headlines()) == 2


async def test_a_failed_look_that_broke_within_storing_leaves_entries_new(
    kit: PollerKit,
) -> None:
    await kit.look()
    publish(kit, "c")
    kit.db.faults["read_at = :now, whole_at"] = RuntimeError("died here")
    await kit.look()
    kit.db.faults.clear()
    assert len(await kit.headlines()) == 2
    row = await kit.feed()  # it is in trouble, and ends no look at another
    assert row["failures"] == 1
    assert "a fault of Kabar: RuntimeError in tests/support/faulty.py" in row["trouble"]
    kit.clock.pass_(600)
    await kit.look()
    assert await kit.announced() == ["Berita c"]
    assert (await kit.feed())["failures"] == 0


async def test_a_full_disk_postpones_the_look_and_loses_nothing(
    kit: PollerKit,
) -> None:
    await kit.look()
    publish(kit, "c")
    kit.db.faults["read_at = :now, whole_at"] = StorageError("full")
    await kit.look()
    kit.db.faults.clear()
    assert await kit.announced() == []
    await kit.look()
    assert await kit.announced() == ["Berita c"]


async def test_a_feed_in_trouble_on_a_full_disk_ends_nothing(
    kit: PollerKit,
) -> None:
    await kit.look()
    kit.db.faults["failures = failures + 1"] = StorageError("full")
    kit.site.status = 500
    await kit.look()
    kit.db.faults.clear()
    kit.site.status = 200
    publish(kit, "c")
    await kit.look()
    assert await kit.announced() == ["Berita c"]


async def test_a_site_leads_to_its_feed(kit: PollerKit) -> None:
    await kit.follow(kit.site.address + "/")
    await kit.look()
    assert (await kit.feed())["found"] == kit.site.feed
    publish(kit, "c")
    await kit.look()
    assert await kit.announced() == ["Berita c"]


async def test_a_feed_that_became_a_page_is_in_trouble_and_named(kit: PollerKit) -> None:
    await kit.look()
    kit.site.raw = b'<!DOCTYPE html><html><head><link rel="alternate" type="application/rss+xml"'
    kit.site.raw += b' href="/another"></head><body>Situs baru kami</body></html>'
    await kit.look()
    row = await kit.feed()
    assert row["trouble"] == (
        f"{kit.site.feed} was a feed and is a web page now:"
        " KABAR_FEEDS needs the address of the new feed, or the site's."
    )
    assert (row["found"], kit.site.looks) == ("", 2)
    kit.site.raw = None
    publish(kit, "c")
    kit.clock.pass_(60)
    await kit.look()
    assert await kit.announced() == ["Berita c"]


async def test_a_broken_feed_is_not_replaced_by_another_of_the_site(kit: PollerKit) -> None:
    kit.site.raw = b"<?xml version='1.0'?><rss><channel><title>x"
    await kit.follow(kit.site.feed + "?label=Ekonomi")
    await kit.look()
    assert kit.site.looks == 1
    assert (await kit.feed())["failures"] == 1


async def test_the_site_is_asked_anew_when_the_feed_behind_it_is_none_any_more(
    kit: PollerKit,
) -> None:
    await kit.follow(kit.site.address + "/")
    await kit.look()
    kit.site.raw = b"<html><body>maaf</body></html>"
    await kit.look()
    assert (await kit.feed())["trouble"] == (
        f"{kit.site.address}/ is no feed: it is a web page, and no feed was found behind it."
    )
    kit.site.raw = None
    kit.clock.pass_(60)
    await kit.look()
    row = await kit.feed()
    assert (row["found"], row["failures"]) == (kit.site.feed, 0)


async def test_a_site_without_a_feed_is_one_sentence(kit: PollerKit) -> None:
    kit.site.raw = b"<html><body>Halo</body></html>"
    await kit.look()
    assert (await kit.feed())["trouble"] == (
        f"{kit.site.feed} is no feed: it is a web page, and no feed was found behind it."
    )


async def test_topics_and_names_are_kept(kit: PollerKit, db: Database) -> None:
    publish(kit, "c", labels=("Ekonomi", "Luar Negeri"))
    async with db.transaction() as tx:
        await feeds.configure(tx, [(kit.site.feed, "Nama Pilihan")])
    await kit.look()
    async with db.reading() as cx:
        (newest,) = await articles.newest(cx, limit=1, topic="luar negeri")
    assert newest.topics == ("Ekonomi", "Luar Negeri")
    assert newest.feed_title == "Nama Pilihan"


async def test_unconfigured_feeds_are_left_alone(kit: PollerKit) -> None:
    await kit.look()
    await kit.follow()
    await kit.look()
    assert kit.site.looks == 1
    assert len(await kit.headlines()) == 2


@needs_shared
async def test_reused_guids_lose_nothing(kit: PollerKit) -> None:
    """Tempo's guids are positions: the next day they name other articles."""
    days = ["id-tempo-hukum-2026-06-06-07b.xml", "id-tempo-hukum-2026-06-07-07.xml"]
    for day in days:
        kit.site.raw = (SHARED / "feeds" / day).read_bytes()
        await kit.look()
    rows = await kit.rows("SELECT link FROM article")
    assert len({row["link"] for row in rows}) == len(rows) > 9
    assert len(await kit.announced()) == len(rows) - 9
