"""🖼: another picture for an article: from its page, the editor's own, or none."""

from __future__ import annotations

from collections.abc import Sequence

from bot.core.articles.urls import canonical
from bot.core.editorial import cards
from bot.core.editorial.desk import EditorialState
from bot.core.errors import Refusal
from bot.core.model import Actor
from bot.core.posts.article import NO_PICTURE, as_shown
from bot.core.posts.pictures import Sight
from handlers.context import Context
from storage import articles, desk

_OTHER = {"noimage": NO_PICTURE, "ownimage": ""}


async def _found(ctx: Context, article_id: int) -> list[str]:
    """The pictures of the article and its page, kept for the buttons that name them."""
    async with ctx.deps.db.reading() as cx:
        article = await articles.get(cx, article_id)
    found = await ctx.deps.gallery.of(article) if article is not None else []
    async with ctx.deps.db.transaction() as tx:
        await desk.offer_pictures(tx, article_id, found)
    return found


async def offer(ctx: Context, one: EditorialState) -> None:
    """🖼: offer the choices, in a separate message."""
    await _show(ctx, one, await _found(ctx, one.article_id))


async def _show(
    ctx: Context, one: EditorialState, found: Sequence[str], *, instead: bool = False
) -> None:
    async with ctx.deps.db.reading() as cx:
        article = await articles.get(cx, one.article_id)
    shown = as_shown(article).picture if article is not None else None
    post = cards.ask_picture(one, found, shown.address if shown else "", ctx.tr)
    await (ctx.replace(post) if instead else ctx.answer(post, quoting=True))


def is_choice(word: str) -> bool:
    """Whether a button's word is one of these choices."""
    return word in _OTHER or (word.startswith("pic") and word[3:].isdecimal())


async def chosen(ctx: Context, one: EditorialState, word: str, by: Actor) -> None:
    """A picture by its number, none, or the site's. Raises Refusal."""
    picture = _OTHER.get(word, "")
    if word not in _OTHER:
        async with ctx.deps.db.reading() as cx:
            found = await desk.offered_pictures(cx, one.article_id)
        if not 1 <= int(word[3:6]) <= len(found):
            raise Refusal(ctx.tr.gettext("There's nothing left to do here."))
        picture = found[int(word[3:6]) - 1]
        await _usable(ctx, picture)
    await _put(ctx, one, picture, by)


async def _put(ctx: Context, one: EditorialState, picture: str, by: Actor) -> None:
    """Set the picture; the choices stay, with the mark moved."""
    await ctx.deps.editing.put_picture(one.article_id, picture, by=by)
    await ctx.toast(ctx.tr.gettext("🖼 Changed."))
    now = await ctx.deps.editing.get(one.article_id)
    if now is not None:
        async with ctx.deps.db.reading() as cx:
            found = await desk.offered_pictures(cx, one.article_id)
        await _show(ctx, now, found, instead=True)


async def _usable(ctx: Context, address: str) -> None:
    """Raises Refusal for anything that Telegram does not accept as a picture. A slow one may still
    arrive."""
    tr, found = ctx.tr, await ctx.deps.messenger.sight(address)
    if found is Sight.SMALL:
        raise Refusal(tr.gettext("This picture is smaller than 200 pixels; please take another."))
    if found is Sight.MISSING:
        raise Refusal(
            tr.gettext(
                "There is no picture at this address that can be posted (JPEG, PNG or WebP, at "
                "most 20 MB)."
            )
        )


async def sent(ctx: Context, article_id: int, by: Actor) -> None:
    """A reply to the prompt for a picture: a photo, or its address. Raises Refusal."""
    tr, message = ctx.tr, ctx.message
    if message.media_group_id:
        replied_to = message.reply_to_message
        assert replied_to is not None  # it replies to our prompt
        async with ctx.deps.db.transaction() as tx:  # the other parts of the album are ignored
            await desk.forget_question(tx, ctx.chat.id, replied_to.message_id)
        raise Refusal(tr.gettext("One picture, please, not an album: press 🖼 once more."))
    photos, text = message.photo, (message.text or "").strip()
    if message.document is not None:
        raise Refusal(tr.gettext("Please send it as a photo, not as a file."))
    if not photos:
        if canonical(text) == "" or any(char.isspace() for char in text):
            raise Refusal(tr.gettext("Please send a photo, or the address of one (https://...)."))
        await _usable(ctx, text)
    await ctx.deps.editing.put_picture(article_id, photos[-1].file_id if photos else text, by=by)
    await ctx.answer(tr.gettext("🖼 Changed."), quoting=True)
