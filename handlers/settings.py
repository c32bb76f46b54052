"""/settings: everything that a chat can choose, as buttons in one message."""

from __future__ import annotations

from dataclasses import replace

from bot.core.callbacks import PressKind, decode
from bot.core.comments import receipts
from bot.core.comments.model import Signature
from bot.core.language import Translator
from bot.core.model import Post, TelegramId
from bot.core.names import clean_name
from bot.core.readers import panel_changes, panels
from bot.core.readers.panel_parts import WORDS, InForce, Page, chosen_page
from bot.readers import choices
from handlers import alerts, places, preferences, ticker, topic_choice, typed
from handlers.context import Context, Handler
from handlers.places import Place
from storage import Connection, chats, readers, tickers
from storage import alerts as kept_alerts
from storage import preferences as kept_preferences


async def settings(ctx: Context) -> None:
    """What is in force here, or in a channel that is named in private."""
    place, _ = await places.asked(ctx)
    await ctx.answer(await _show(ctx, place, Page.MAIN))


async def pressed(ctx: Context) -> None:
    """A page, or a choice on one: the message then shows what is in force."""
    press = decode(ctx.data)
    found = chosen_page(press) if press else None
    if press is None or found is None:
        return
    place = await places.pressed(ctx, *press.numbers)
    page, value = found
    if value == WORDS and page in typed.ASKED:
        await typed.ask(ctx, place, page)
        return
    if value:
        await _set(ctx, place, page, value)
    await ctx.replace(await _show(ctx, place, page))


async def _show(ctx: Context, place: Place, page: Page) -> Post:
    if page is Page.TOPICS:
        return await topic_choice.page(ctx, place)
    if page is Page.ALERTS:
        return await alerts.page(ctx, place, back=True)
    async with ctx.deps.db.reading() as cx:
        state = await in_force(cx, ctx, place)
    return panels.panel(page, state, ctx.tr)


async def _set(ctx: Context, place: Place, page: Page, value: str) -> None:
    if page is Page.TICKER and value in {"on", "off"}:
        await ticker.switch(ctx, place, on=value == "on")
    elif page is Page.LANGUAGE and value in ctx.deps.languages.codes:
        async with ctx.deps.db.transaction() as tx:
            await chats.set_language(tx, place.chat.id, value)
        if not place.elsewhere:
            ctx.tr = ctx.deps.languages.of(value)
    elif page is Page.SIGNATURE and value in set(Signature) and ctx.private:
        await _sign(ctx, Signature(value))
    else:
        wants = panel_changes.changed(page, value, await preferences.current(ctx, place))
        if wants is not None:
            await preferences.change(
                ctx,
                place,
                lambda now: panel_changes.changed(page, value, now) or now,
                join=page in {Page.DIGEST, Page.BREAKING} and value != "off",
            )


async def _sign(ctx: Context, how: Signature) -> None:
    person = TelegramId(ctx.user.id)
    async with ctx.deps.db.transaction() as tx:
        reader = await readers.see(
            tx,
            person,
            chat_id=ctx.chat.id,
            name=ctx.user.full_name,
            username=ctx.user.username or "",
            now=ctx.now,
        )
        await readers.set_sign(tx, reader.id, how)


async def in_force(cx: Connection, ctx: Context, place: Place) -> InForce:
    """All choices of this chat, or of a channel that is set up in private."""
    deps, spot = ctx.deps, place.spot(ctx)
    chat = await chats.by_id(cx, place.chat.id)
    found = InForce(
        wants=await kept_preferences.get(cx, spot.chat, spot.thread, default=deps.zone),
        chosen=await choices.chosen(cx, spot),
        now=ctx.now,
        language=(chat.language if chat else "") or deps.languages.default,
        languages=tuple(deps.languages.names().items()),
        chat=place.number,
        thread=place.thread,
        name=place.name,
        alerts=len(await kept_alerts.of_chat(cx, spot.chat, spot.thread)),
        ticker=await tickers.get(cx, spot.chat, spot.thread) is not None,
    )
    if not (ctx.private and deps.commenting) or place.elsewhere:
        return found
    reader = await readers.of_person(cx, TelegramId(ctx.user.id))
    signs = {
        one: receipts.signature(one, reader.id, reader.name, ctx.tr) if reader else "R-…"
        for one in Signature
    }
    if reader is None:  # somebody without a number has no alias either
        signs |= {
            Signature.NAME: clean_name(ctx.user.full_name),
            Signature.ANONYMOUS: ctx.tr.gettext("Anonymous"),
        }
    sign = reader.sign if reader else Signature.NAME
    if not clean_name(reader.name if reader else ctx.user.full_name):
        del signs[Signature.NAME]  # the name is invisible: the alias is shown instead
        sign = Signature.ALIAS if sign is Signature.NAME else sign
    return replace(found, signs=tuple(signs.items()), sign=sign)


def menu(tr: Translator) -> list[tuple[str, str]]:
    """Commands of this module, with what each does."""
    return [("settings", tr.gettext("all settings of this chat"))]


COMMANDS: dict[str, Handler] = {"settings": settings}
BUTTONS: tuple[tuple[PressKind, Handler], ...] = ((PressKind.SETTING, pressed),)
