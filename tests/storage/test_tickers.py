"""Tickers: whoever sees one as due first has it, on both databases."""

from __future__ import annotations

from storage import Database, tickers
from tests.support.sending import add_chats

NOW = 1_800_000_000


async def test_a_ticker_that_two_see_as_due_is_one_of_theirs(db: Database) -> None:
    await add_chats(db, 7, now=NOW)
    async with db.transaction() as tx:
        chat = await tx.value("SELECT id FROM chat")
        assert await tickers.switch_on(tx, chat, 0, now=NOW)
    async with db.reading() as cx:
        (mine,) = await tickers.due(cx, "1:1", now=NOW, limit=10)
        (theirs,) = await tickers.due(cx, "1:1", now=NOW, limit=10)
    async with db.transaction() as tx:
        assert await tickers.claim(tx, mine, due_at=NOW + 60)
    async with db.transaction() as tx:
        assert not await tickers.claim(tx, theirs, due_at=NOW + 60)
