"""/topics: labels as buttons, switched on and off in one message."""

from __future__ import annotations

from bot.core.callbacks import PressKind, decode
from bot.core.language import Translator
from bot.core.model import Post
from bot.core.readers import topic_pages
from bot.core.readers.topic_pages import Choice, Wish
from bot.readers import choices
from handlers import places
from handlers.articles import show_newest
from handlers.context import Context, Handler
from handlers.places import Place
from storage import Connection, chats, topic_labels

_NAMED = frozenset({Wish.ONLY, Wish.ON, Wish.OFF})
"""Wishes about the topic that the button names."""


async def topics(ctx: Context) -> None:
    """The labels, with ✓ on those that the chat, or a channel named in private, gets."""
    place, _ = await places.asked(ctx)
    await ctx.answer(await page(ctx, place))


async def pressed(ctx: Context) -> None:
    """A label, a mode, or another page. A newly subscribed chat gets an example at once; a
    channel's goes to the administrator who asked."""
    press = decode(ctx.data)
    if press is None or press.word not in set(Wish):
        return
    chat, thread, topic, number = press.numbers
    wish = Wish(press.word)
    place = await places.pressed(ctx, chat, thread)
    async with ctx.deps.db.transaction() as tx:
        before = await choices.chosen(tx, place.spot(ctx))
        names = await topic_labels.names(tx, [topic]) if wish in _NAMED else []
        await _do(tx, ctx, place, wish, names)
        after = await choices.chosen(tx, place.spot(ctx))
    ctx.deps.wake()
    if place.elsewhere and wish in {Wish.ON, Wish.ONLY, Wish.ALL}:
        await ctx.deps.discussion.threads.learn(place.chat.telegram_id)
    await ctx.replace(await page(ctx, place, number, pick=wish is Wish.PICK))
    if after.active and not before.active:
        await show_newest(ctx, names[0] if names else None)


async def _do(tx: Connection, ctx: Context, place: Place, wish: Wish, names: list[str]) -> None:
    spot = place.spot(ctx)
    if wish is Wish.ALL:
        await choices.subscribe(tx, spot)
    elif wish is Wish.NONE:
        await chats.unsubscribe(tx, spot.chat, thread=spot.thread)
    elif names and wish is Wish.ONLY:
        await choices.only(tx, spot, names)
    elif names and wish is Wish.ON:
        await choices.subscribe(tx, spot, names)
    elif names and wish is Wish.OFF:
        await chats.unsubscribe(tx, spot.chat, thread=spot.thread, topics=names)


async def page(ctx: Context, place: Place, number: int = 0, *, pick: bool = False) -> Post:
    """A page of labels as a message."""
    async with ctx.deps.db.reading() as cx:
        row = await chats.subscription(cx, place.chat.id, place.thread)
        labels = await topic_labels.most_used(cx, row["id"] if row else None)
        ids = await chats.subscribed_numbers(cx, row["id"]) if row else []
        choice = Choice(
            await choices.chosen(cx, place.spot(ctx)),
            frozenset(ids),
            chat=place.number,
            thread=place.thread,
            name=place.name,
        )
    return topic_pages.pages(labels, choice, ctx.tr, number, pick=pick)


def menu(tr: Translator) -> list[tuple[str, str]]:
    """Commands of this module, with what each does."""
    return [("topics", tr.gettext("switch topics on and off"))]


COMMANDS: dict[str, Handler] = {"topics": topics}
BUTTONS: tuple[tuple[PressKind, Handler], ...] = ((PressKind.TOPIC, pressed),)
