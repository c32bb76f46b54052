"""What a pinned message counts and shows, over a real database."""

from __future__ import annotations

from bot.core.model import ChatId, Destination
from bot.core.posts.sponsors import Sponsor
from bot.readers.tickers import Tickers
from storage import Database, sponsors, tickers
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
