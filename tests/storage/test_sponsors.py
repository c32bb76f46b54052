"""Whose turn an advertisement is: every Nth post of a chat, three a day, one in a message."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.core.posts.delivery import Delivery, DeliveryKind
from bot.core.posts.outcome import Judged, Sent
from bot.core.posts.sponsors import A_DAY, Sponsor
from storage import Database, deliveries, outbox, outcomes, sponsors
from tests.conftest import JAKARTA, NOON
from tests.support.sending import add_article, add_chats

DAY = 86_400
SHOP = Sponsor(0, "https://shop.example", "Kopi", NOON - DAY, NOON + 90 * DAY, 5)


async def advertise(db: Database, **changes: int) -> int:
    async with db.transaction() as tx:
        return await sponsors.add(tx, replace(SHOP, **changes), now=NOON)  # type: ignore[arg-type]


async def publish(db: Database, number: int, *, now: int, breaking: int = 0) -> list[Delivery]:
    """An article goes to everybody; its posts."""
    article = await add_article(db, number=number)
    async with db.transaction() as tx:
        await tx.run("UPDATE article SET breaking = :b WHERE id = :id", b=breaking, id=article)
        await deliveries.announce(tx, article, breaking=breaking > 0, now=now)
        taken = await outbox.claim(tx, 100, now=now, lease=60, zone=JAKARTA)
        told = [Judged(one, Sent(number)) for one in taken]
        await outcomes.record(tx, told, now=now)
    return [one for one in taken if one.kind is DeliveryKind.POST]


async def shown(db: Database) -> list[int]:
    async with db.reading() as cx:
        return [one.shown for one in await sponsors.newest(cx, limit=9)][::-1]


async def test_every_fifth_post_of_a_chat_carries_it_and_it_is_counted(db: Database) -> None:
    await add_chats(db, 1, 2)
    await publish(db, 1, now=NOON)  # before it runs
    number = await advertise(db)
    had = [await publish(db, post, now=NOON) for post in range(2, 13)]
    carried = [at for at, post in enumerate(had, 1) if post[0].sponsor_id == number]
    assert carried == [5, 10]
    assert await shown(db) == [4]


async def test_three_a_day_at_most(db: Database) -> None:
    await add_chats(db, 1)
    await advertise(db, every=1)
    for post in range(6):
        await publish(db, post + 1, now=NOON + post)
    assert await shown(db) == [3]
    await publish(db, 7, now=NOON + DAY)
    assert await shown(db) == [4]


async def test_breaking_news_carries_none(db: Database) -> None:
    await add_chats(db, 1)
    await advertise(db, every=1)
    (one,) = await publish(db, 1, now=NOON, breaking=1)
    assert one.sponsor_id is None


async def test_it_ends_by_its_date_and_by_hand(db: Database) -> None:
    await add_chats(db, 1)
    await advertise(db, every=1, ends_at=NOON + 10)
    other = await advertise(db, every=1)
    async with db.transaction() as tx:
        assert await sponsors.stop(tx, other, now=NOON + 5)
        assert not await sponsors.stop(tx, other, now=NOON + 6)
    (one,) = await publish(db, 1, now=NOON + 9)
    assert one.sponsor_id == 1
    (two,) = await publish(db, 2, now=NOON + 10)
    assert two.sponsor_id is None


async def test_several_share_their_turns(db: Database) -> None:
    await add_chats(db, 1)
    for later in range(2):
        await advertise(db, every=1, ends_at=SHOP.ends_at + later)
    for post in range(2):
        await publish(db, post + 1, now=NOON)
    assert await shown(db) == [1, 1]


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    every=st.integers(1, 6),
    hours=st.lists(st.integers(0, 20), min_size=1, max_size=12),
    loud=st.sets(st.integers(0, 11)),
)
async def test_in_any_order_of_posts(
    db: Database, every: int, hours: list[int], loud: set[int]
) -> None:
    async with db.transaction() as tx:
        for table in ("delivery", "broadcast", "sponsor_turn", "sponsor", "subscription"):
            await tx.run(f"DELETE FROM {table}")
        await tx.run("DELETE FROM article_topic")
        start = int(await tx.value("SELECT COALESCE(MAX(id), 0) FROM article"))
    await add_chats(db, 1, 2)
    await advertise(db, every=every)
    now, since, a_day = NOON, defaultdict[int, int](int), defaultdict[tuple[int, int], int](int)
    for place, wait in enumerate(hours):
        now += wait * 3600
        for one in await publish(db, start + place + 1, now=now, breaking=int(place in loud)):
            since[one.chat_id] += place not in loud
            if one.sponsor_id is not None:
                assert place not in loud
                assert since[one.chat_id] >= every
                since[one.chat_id] = 0
                a_day[one.chat_id, (now + 7 * 3600) // DAY] += 1
    assert max(a_day.values(), default=0) <= A_DAY
    assert await shown(db) == [sum(a_day.values())]
