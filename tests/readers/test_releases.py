"""Digests, quiet hours and limits, through the real sender: never twice, never lost."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.core.hours import Hours
from bot.core.model import ChatId
from bot.core.posts.sponsors import Sponsor
from bot.core.readers.preferences import Digest, Preferences
from bot.i18n import Languages
from bot.readers.releases import Releases
from bot.readers.rendering import ReaderRendering
from storage import Database, deliveries, preferences, sponsors
from tests.conftest import JAKARTA, Clock
from tests.support.picture_server import Downloads, png
from tests.support.sending import (
    SenderKit,
    add_article,
    add_chats,
    add_followers,
    announce,
    context,
    states,
)
from tests.support.strict_server import Server

PLAIN = Preferences(JAKARTA)


def at(day: int, hour: int, minute: int = 0) -> int:
    return int(datetime(2026, 11, day, hour, minute, tzinfo=JAKARTA).timestamp())


async def want(db: Database, chat: int, wants: Preferences) -> None:
    async with db.transaction() as tx:
        await preferences.put(tx, ChatId(chat), 0, wants, default=JAKARTA, now=0)


@asynccontextmanager
async def newsroom(db: Database, clock: Clock, server: Server) -> AsyncIterator[SenderKit]:
    rendering = ReaderRendering(Languages.load("en", JAKARTA), clock=clock)
    sending = context(
        db,
        server.root,
        clock=clock,
        others=rendering.renderers(),
        zone=JAKARTA,
        downloads=Downloads(png()),
    )
    async with sending as office:
        passing = asyncio.create_task(_pass(clock))  # a chat that is busy waits by this clock
        try:
            yield office
        finally:
            passing.cancel()


async def _pass(clock: Clock) -> None:
    while True:
        await asyncio.sleep(0.5)
        clock.now += 1


async def release(db: Database, clock: Clock, office: SenderKit) -> None:
    """A tick of a program that was just started: nothing is kept in memory between two."""
    releases = Releases(db, clock=clock, zone=JAKARTA, wake=office.delivery.wake)
    while await releases.tick():
        pass
    await office.until_idle()


async def news(db: Database, clock: Clock, office: SenderKit, count: int, **more: Any) -> list[int]:
    numbers = [await add_article(db, now=clock(), **more) for _ in range(count)]
    await announce(db, *numbers, now=clock())
    office.delivery.wake()
    await office.until_idle()
    return numbers


async def test_a_digest_takes_the_place_of_single_posts(db: Database, clock: Clock) -> None:
    await add_chats(db, 1, 2)
    await want(db, 1, replace(PLAIN, digest=Digest(7 * 60)))
    clock.now = at(26, 12)
    async with Server() as server, newsroom(db, clock, server) as office:
        await news(db, clock, office, 2)
        assert len(server.texts(2)) == 2
        assert not server.texts(1)
        await release(db, clock, office)
        assert not server.texts(1)
        clock.now = at(27, 7)
        await release(db, clock, office)
        await release(db, clock, office)
        [told] = server.texts(1)
        places = [told.index(f"Berita {n}") for n in (1, 2)]
        assert places == sorted(places)
        clock.now = at(28, 7)
        await release(db, clock, office)
        assert len(server.texts(1)) == 1  # nothing to tell, nothing sent


async def test_a_missed_digest_comes_once(db: Database, clock: Clock) -> None:
    await add_chats(db, 1)
    await want(db, 1, replace(PLAIN, digest=Digest(7 * 60)))
    async with Server() as server, newsroom(db, clock, server) as office:
        for day in (24, 25, 26):
            clock.now = at(day, 12)
            await news(db, clock, office, 1)
        clock.now = at(29, 9)
        await release(db, clock, office)
        [told] = server.texts(1)
        assert all(f"Berita {n}" in told for n in (1, 2, 3))


async def test_what_comes_in_quiet_hours_follows_in_order(db: Database, clock: Clock) -> None:
    await add_chats(db, 1)
    await want(db, 1, replace(PLAIN, quiet=Hours(22 * 60, 6 * 60)))
    clock.now = at(26, 23)
    async with Server() as server, newsroom(db, clock, server) as office:
        await news(db, clock, office, 2)
        assert not server.texts(1)
        clock.now = at(27, 6)
        await release(db, clock, office)
        assert [text[:15] for text in server.texts(1)] == [f"<b>Berita {n}</b>" for n in (1, 2)]


async def test_more_than_five_come_as_one_message(db: Database, clock: Clock) -> None:
    await add_chats(db, 1)
    await want(db, 1, replace(PLAIN, quiet=Hours(22 * 60, 6 * 60)))
    clock.now = at(26, 23)
    async with Server() as server, newsroom(db, clock, server) as office:
        await news(db, clock, office, 6)
        clock.now = at(27, 6)
        await release(db, clock, office)
        assert len(server.texts(1)) == 1


async def test_breaking_news_breaks_digest_and_limit_and_quiet_hours_if_it_is_loud(
    db: Database, clock: Clock
) -> None:
    await add_chats(db, 1, 2)
    await want(db, 1, replace(PLAIN, digest=Digest(7 * 60)))
    await want(db, 2, replace(PLAIN, quiet=Hours(22 * 60, 6 * 60), breaking_only=True))
    clock.now = at(26, 23)
    async with Server() as server, newsroom(db, clock, server) as office:
        await news(db, clock, office, 1, breaking=1)
        assert len(server.texts(1)) == 1
        assert not server.texts(2)
        await news(db, clock, office, 1, breaking=2)
        assert len(server.texts(1)) == 2
        assert len(server.texts(2)) == 1
        await news(db, clock, office, 1)
        clock.now = at(27, 6)
        await release(db, clock, office)
        assert len(server.texts(2)) == 2  # the first breaking one; the last was none


async def test_what_is_over_the_limit_comes_in_the_evening(db: Database, clock: Clock) -> None:
    await add_chats(db, 1)
    await want(db, 1, replace(PLAIN, limit=2))
    clock.now = at(26, 9)
    async with Server() as server, newsroom(db, clock, server) as office:
        await news(db, clock, office, 5)
        assert len(server.texts(1)) == 2
        clock.now = at(26, 20)
        await release(db, clock, office)
        assert "Berita 5" in server.texts(1)[2]
        clock.now = at(27, 0, 1)
        await news(db, clock, office, 1)
        assert len(server.texts(1)) == 4  # another day


async def test_what_the_night_held_keeps_to_the_limit_and_the_rest_waits_for_the_evening(
    db: Database, clock: Clock
) -> None:
    await add_chats(db, 1)
    await want(db, 1, replace(PLAIN, quiet=Hours(22 * 60, 6 * 60), limit=2))
    clock.now = at(26, 23)
    async with Server() as server, newsroom(db, clock, server) as office:
        await news(db, clock, office, 3)
        clock.now = at(27, 6)
        await release(db, clock, office)
        assert len(server.texts(1)) == 2
        await news(db, clock, office, 1)
        assert len(server.texts(1)) == 2  # those of the night count for this day
        clock.now = at(27, 20)
        await release(db, clock, office)
        [told] = server.texts(1)[2:]
        assert "Berita 3" in told
        assert "Berita 4" in told


async def test_the_end_of_quiet_hours_brings_what_they_held_not_the_digest(
    db: Database, clock: Clock
) -> None:
    await add_chats(db, 1)
    await want(db, 1, replace(PLAIN, quiet=Hours(22 * 60, 6 * 60), digest=Digest(7 * 60)))
    await add_followers(db, "beras", 1)
    clock.now = at(26, 23)
    async with Server() as server, newsroom(db, clock, server) as office:
        await news(db, clock, office, 1)
        await news(db, clock, office, 1, lead="Harga beras turun.")
        clock.now = at(27, 6)
        await release(db, clock, office)
        [alert] = server.texts(1)
        assert "Berita 2" in alert
        clock.now = at(27, 7)
        await release(db, clock, office)
        [digest] = server.texts(1)[1:]
        assert "Berita 1" in digest
        assert "Berita 2" not in digest


async def test_a_filter_lets_through_what_matches(db: Database, clock: Clock) -> None:
    await add_chats(db, 1, -100)
    await want(db, 1, replace(PLAIN, filter="beras -gula"))
    clock.now = at(26, 9)
    async with Server() as server, newsroom(db, clock, server) as office:
        await news(db, clock, office, 1, lead="Harga beras turun.")
        await news(db, clock, office, 1, lead="Harga beras dan gula turun.")
        assert len(server.texts(1)) == 1
        assert len(server.texts(-100)) == 2


async def test_an_article_that_is_announced_again_comes_once(db: Database, clock: Clock) -> None:
    await add_chats(db, 1)
    await want(db, 1, replace(PLAIN, digest=Digest(7 * 60)))
    clock.now = at(26, 12)
    async with Server() as server, newsroom(db, clock, server) as office:
        [number] = await news(db, clock, office, 1)
        clock.now = at(27, 7)
        await release(db, clock, office)
        async with db.transaction() as tx:
            assert await deliveries.announce_further(tx, number, since=0)
        office.delivery.wake()
        await office.until_idle()
        clock.now = at(28, 7)
        await release(db, clock, office)
        assert len(server.texts(1)) == 1


async def test_withdrawn_articles_and_chats_that_left_are_told_nothing(
    db: Database, clock: Clock
) -> None:
    await add_chats(db, 1, 2)
    for chat in (1, 2):
        await want(db, chat, replace(PLAIN, digest=Digest(7 * 60)))
    clock.now = at(26, 12)
    async with Server() as server, newsroom(db, clock, server) as office:
        first, _ = await news(db, clock, office, 2)
        async with db.transaction() as tx:
            await tx.run("UPDATE article SET retracted_at = 1 WHERE id = :id", id=first)
            await tx.run("UPDATE chat SET gone_at = 1 WHERE telegram_id = 2")
        clock.now = at(27, 7)
        await release(db, clock, office)
        [told] = server.texts(1)
        assert "Berita 1" not in told
        assert not server.texts(2)
    assert await states(db) == {"sent": 1}


async def test_sound_and_pictures_are_each_chats_own(db: Database, clock: Clock) -> None:
    await add_chats(db, 1, 2)
    await want(db, 1, replace(PLAIN, silent=True, pictures=False))
    async with Server() as server, newsroom(db, clock, server) as office:
        await news(db, clock, office, 1, picture="https://kabar.example/1.jpg")
        got = {one.chat: one for one in server.arrived}
        assert got[1].method == "sendMessage"
        assert got[2].method == "sendPhoto"
        assert got[1].values["disable_notification"]
        assert "disable_notification" not in got[2].values


async def test_a_digest_comes_by_its_chats_clock_and_without_sound(
    db: Database, clock: Clock
) -> None:
    await add_chats(db, 1)
    tokyo = ZoneInfo("Asia/Tokyo")
    await want(db, 1, replace(PLAIN, digest=Digest(7 * 60), zone=tokyo, silent=True))
    clock.now = at(26, 12)
    async with Server() as server, newsroom(db, clock, server) as office:
        await news(db, clock, office, 1, published_at=at(26, 12))
        clock.now = at(27, 4, 59)
        await release(db, clock, office)
        assert not server.texts(1)
        clock.now = at(27, 5)  # seven in Tokyo
        await release(db, clock, office)
        [told] = server.arrived
        assert "27 November 2026" in told.text
        assert told.values["disable_notification"]


async def test_a_weekly_digest_waits_for_its_day(db: Database, clock: Clock) -> None:
    await add_chats(db, 1)
    await want(db, 1, replace(PLAIN, digest=Digest(7 * 60, days=0b0100000)))  # Saturday
    clock.now = at(22, 8)  # a Sunday
    async with Server() as server, newsroom(db, clock, server) as office:
        await news(db, clock, office, 1)
        for day in range(23, 28):
            clock.now = at(day, 8)
            await release(db, clock, office)
        assert not server.texts(1)
        clock.now = at(28, 7)
        await release(db, clock, office)
        assert len(server.texts(1)) == 1


async def test_a_digest_carries_the_advertisement_that_runs_and_counts_it(
    db: Database, clock: Clock
) -> None:
    await add_chats(db, 1)
    await want(db, 1, replace(PLAIN, digest=Digest(7 * 60)))
    clock.now = at(26, 12)
    shop = Sponsor(0, "https://shop.example", "Kopi enak", at(1, 0), at(30, 0), 5)
    async with db.transaction() as tx:
        await sponsors.add(tx, shop, now=clock())
    async with Server() as server, newsroom(db, clock, server) as office:
        await news(db, clock, office, 2)
        clock.now = at(27, 7)
        await release(db, clock, office)
        (digest,) = [one for one in server.arrived if "Berita" in str(one)]
        assert str(digest).count("Kopi enak") == 1
    async with db.reading() as cx:
        assert [one.shown for one in await sponsors.newest(cx, limit=9)] == [1]
