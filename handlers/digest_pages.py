"""The pages of a digest that one message cannot hold, turned in place."""

from __future__ import annotations

from bot.core.callbacks import PressKind, decode
from bot.core.errors import Refusal
from bot.core.model import ChatKind
from bot.core.posts import content as contents
from bot.core.posts.content import NewsDigest
from bot.readers.rendering import DigestPlace, digest_page
from handlers.context import Context, Handler
from storage import deliveries


async def pressed(ctx: Context) -> None:
    """◀ and ▶. In a channel only administrators may turn pages."""
    press = decode(ctx.data)
    if press is None:
        return
    if ctx.chat.kind is ChatKind.CHANNEL:
        await ctx.require_administrator()
    async with ctx.deps.db.reading() as cx:
        row = await deliveries.at_message(cx, ctx.chat.telegram_id, ctx.message_id)
        told = contents.decode(row["content"], row["data"]) if row else None
        post = None
        if row is not None and isinstance(told, NewsDigest):
            place = DigestPlace(ctx.chat.id, row["thread"], ctx.chat.kind)
            post = await digest_page(
                cx, told, place, ctx.tr, now=row["done_at"] or ctx.now, page=press.numbers[0]
            )
    if post is None:
        raise Refusal(ctx.tr.gettext("This button no longer works."))
    await ctx.replace(post)


BUTTONS: tuple[tuple[PressKind, Handler], ...] = ((PressKind.DIGEST, pressed),)
