"""/search and its pages, 7 results to one."""

from __future__ import annotations

import asyncio

from bot.core import query, results
from bot.core.model import Post
from handlers.turn import Turn
from storage import search as archive


async def search(turn: Turn) -> None:
    """What a reader typed after /search."""
    text = (turn.message.text or turn.message.caption or "").partition(" ")[2] or turn.words
    if not text.strip():
        await turn.answer(results.how_to_search(turn.tr))
        return
    kept = None
    if not results.fits(text):
        async with turn.desk.db.transaction() as tx:
            kept = await archive.remember(tx, text, now=turn.now)
    await turn.answer(await _page(turn, text, kept=kept, offset=0, as_of=turn.now))


async def turn_page(turn: Turn) -> None:
    """◀ and ▶. Results stay as they were when the search was made, whatever has come since."""
    asked = results.asked_page(turn.data)
    if asked is None:
        return
    text, kept = asked.text, None
    if text is None:
        kept = asked.token
        async with turn.desk.db.reading() as cx:
            text = await archive.remembered(cx, kept)
    if text is None:
        await turn.toast(turn.tr.gettext("This search is too old; please search again."))
        return
    as_of = int(turn.message.date.timestamp())
    page = _page(turn, text, kept=kept, offset=asked.offset, as_of=as_of)
    found, _ = await asyncio.gather(page, turn.toast())  # the button's clock stops at once
    await turn.replace(found)


async def _page(turn: Turn, text: str, *, kept: int | None, offset: int, as_of: int) -> Post:
    wanted = query.parse(text, zone=turn.desk.zone)
    async with turn.desk.db.reading() as cx:
        found = await archive.search(cx, wanted, now=as_of, offset=offset, limit=results.PAGE)
    number = offset // results.PAGE
    return results.page(turn.tr, text, found, number, now=turn.now, kept=kept)
