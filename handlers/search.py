"""/search and its pages of 7 results."""

from __future__ import annotations

import asyncio

from bot.core.model import ChatKind, Post
from bot.core.search import query, results
from handlers.context import Context
from storage import remembered
from storage import search as archive


async def search(ctx: Context) -> None:
    """What a reader typed after /search."""
    text = ctx.message.text or ctx.message.caption or ""
    text = text.split(maxsplit=1)[1] if text.split()[1:] else ctx.words
    if not text.strip():
        await ctx.answer(results.how_to_search(ctx.tr))
        return
    await ctx.answer(await _page(ctx, text, offset=0, as_of=ctx.now))


async def turn_page(ctx: Context) -> None:
    """◀ and ▶. Results stay as they were at the time of the search, whatever has come in since."""
    asked = results.asked_page(ctx.data)
    if asked is None:
        return
    if ctx.chat.kind is ChatKind.CHANNEL:
        await ctx.require_administrator()
    text = asked.text
    if text is None:
        async with ctx.deps.db.reading() as cx:
            text = await remembered.query(cx, asked.token)
    if text is None:
        await ctx.toast(ctx.tr.gettext("This search has expired; please search again."))
        return
    message = ctx.update.effective_message  # Telegram may give no date for an old one
    as_of = int(message.date.timestamp()) if message is not None else ctx.now
    page = _page(ctx, text, offset=asked.offset, as_of=as_of)
    found, _ = await asyncio.gather(
        page, ctx.toast()
    )  # the button's progress indicator stops at once
    await ctx.replace(found)


async def _page(ctx: Context, text: str, *, offset: int, as_of: int) -> Post:
    wanted = query.parse(text, zone=ctx.deps.zone, now=as_of)
    async with ctx.deps.db.reading() as cx:
        found = await archive.search(cx, wanted, now=as_of, offset=offset, limit=results.PAGE)
    kept = {}
    if long := [one for one in results.texts(text, found) if not results.fits(one)]:
        async with ctx.deps.db.transaction() as tx:
            kept = {one: await remembered.remember(tx, one, now=ctx.now) for one in long}
    number = offset // results.PAGE
    return results.page(ctx.tr, text, found, number, now=ctx.now, kept=kept)
