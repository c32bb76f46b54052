"""/search and its pages; inline queries find articles to share in any chat."""

from __future__ import annotations

from bot.core import query, results
from handlers.turn import Turn
from storage import search as archive

PAGE = 7


async def search(turn: Turn) -> None:
    """What a reader typed after /search, 7 to a page."""
    if not turn.words:
        await turn.answer(results.how_to_search(turn.tr))
        return
    text = turn.message.text or turn.message.caption or ""
    await _show(turn, text.partition(" ")[2] or turn.words, offset=0)


async def turn_page(turn: Turn) -> None:
    """◀ and ▶ under a page of results."""
    page = results.asked_page(turn.data)
    if page is None:
        return
    async with turn.desk.db.reading() as cx:
        text = page.text if page.text is not None else await archive.remembered(cx, page.token)
    if text is None:
        await turn.toast(turn.tr.gettext("This search is too old; please search again."))
        return
    await _show(turn, text, offset=page.offset)


async def _show(turn: Turn, text: str, *, offset: int) -> None:
    wanted = query.parse(text, zone=turn.desk.zone)
    async with turn.desk.db.reading() as cx:
        page = await archive.search(cx, wanted, now=turn.now, offset=offset, limit=PAGE)
    message = results.page(turn.tr, text, page, offset // PAGE, now=turn.now)
    if turn.update.callback_query is not None:
        await turn.replace(message)
    else:
        await turn.answer(message)
