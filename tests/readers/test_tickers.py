"""What a pinned message counts and shows, over a real database."""

from __future__ import annotations

import pytest

from bot.core.model import ChatId, Destination
from bot.core.posts.delivery import DeliveryKind
from bot.core.posts.outcome import Judged, Sent
from bot.core.posts.sponsors import Sponsor
from bot.readers.tickers import Tickers
from storage import Database, outbox, outcomes, sponsors, tickers
from tests.conftest import NOON, Clock
from tests.support.sending import add_article, add_chats

DAY = 86_400


async def _pin(to: Destination, message_id: int, on: bool) -> None:
    """Nobody looks at it."""


async def test_an_advertisement_is_counted_once_in_each_pinned_message(
    db: Database, clock: Clock
) -> None:
    await add_chats(db, 1, 2)
    async with db.transaction() as tx:
        for chat in (1, 2):
            await tickers.switch_on(tx, ChatId(chat), 0, now=NOON)
        for text, begin in (("Kopi", NOON), ("Teh", NOON + DAY)):
            new = Sponsor(0, "https://toko.example", text, begin, begin + DAY, 5)
            await sponsors.add(tx, new, now=NOON)
    pinned = Tickers(db, clock=clock, wake=lambda: None, pin=_pin)
    await add_article(db)
    await pinned.tick()
    clock.pass_(61)
    await add_article(db)
    assert await pinned.tick() == 2
    assert await shown(db) == {"Kopi": 2, "Teh": 0}
    clock.pass_(DAY)
    assert await pinned.tick() == 2
    assert await shown(db) == {"Kopi": 2, "Teh": 2}


async def test_a_ticker_is_edited_for_news_once_a_minute_and_left_alone_otherwise(
    db: Database, clock: Clock
) -> None:
    await add_chats(db, 1)
    async with db.transaction() as tx:
        await tickers.switch_on(tx, ChatId(1), 0, now=NOON)
    pins: list[int] = []

    async def pin(to: Destination, message_id: int, on: bool) -> None:
        pins.append(message_id)

    pinned = Tickers(db, clock=clock, wake=lambda: None, pin=pin)
    await add_article(db)
    assert await pinned.tick() == 1
    assert await _sent(db, clock) == [DeliveryKind.SEND]
    await add_article(db)
    assert await pinned.tick() == 0  # news within the minute waits
    clock.pass_(61)
    await add_article(db)
    assert await pinned.tick() == 1
    assert await _sent(db, clock) == [DeliveryKind.EDIT]
    clock.pass_(61)
    assert await pinned.tick() == 1
    assert pins == [7]
    for _ in range(2):
        clock.pass_(61)
        assert await pinned.tick() == 0
    assert await _sent(db, clock) == []


@pytest.mark.parametrize(
    "lost", ["state = 'dead'", "state = 'gone'", "state = 'sent', message_id = NULL"]
)
async def test_a_ticker_whose_message_is_lost_gets_another(
    db: Database, clock: Clock, lost: str
) -> None:
    await add_chats(db, 1)
    async with db.transaction() as tx:
        await tickers.switch_on(tx, ChatId(1), 0, now=NOON)
    pinned = Tickers(db, clock=clock, wake=lambda: None, pin=_pin)
    await add_article(db)
    await pinned.tick()
    async with db.transaction() as tx:
        await tx.run(f"UPDATE delivery SET {lost}")
    clock.pass_(61)
    assert await pinned.tick() == 1
    assert await _sent(db, clock) == [DeliveryKind.SEND]


async def _sent(db: Database, clock: Clock) -> list[DeliveryKind]:
    """Everything that waits arrives; what kinds of messages that was."""
    async with db.transaction() as tx:
        taken = await outbox.claim(tx, 10, now=clock(), lease=60)
        await outcomes.record(tx, [Judged(one, Sent(7)) for one in taken], now=clock())
    return [one.kind for one in taken]


async def shown(db: Database) -> dict[str, int]:
    async with db.reading() as cx:
        return {one.text: one.shown for one in await sponsors.newest(cx, limit=9)}


async def test_several_advertisements_take_a_day_each(db: Database) -> None:
    async with db.transaction() as tx:
        for text in ("Kopi", "Teh"):
            new = Sponsor(0, "https://toko.example", text, NOON - DAY, NOON + 9 * DAY, 5)
            await sponsors.add(tx, new, now=NOON)
        days = [await sponsors.of_the_day(tx, now=NOON + n * DAY) for n in range(3)]
        await tx.batch(*sponsors.shown({1: 5, 2: 3}))
        assert await sponsors.of_the_day(tx, now=NOON) == days[0]
    names = [one.text for one in days if one]
    assert set(names) == {"Kopi", "Teh"}
    assert names[0] == names[2]
