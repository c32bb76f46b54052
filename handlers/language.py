"""/language: the language in which a chat sees labels, dates and answers."""

from __future__ import annotations

from bot.core import callbacks
from bot.core.errors import Refusal
from bot.core.model import Button, Post, in_rows
from bot.core.text import fit
from handlers import channels, places
from handlers.context import Context
from storage import chats

_SHOWN = 1
"""So many other languages are named on the button that opens the choice."""
_BESIDE = 2
"""So many names of languages fit side by side on a narrow screen."""


def choose_button(ctx: Context) -> Button:
    """The button that opens the choice, readable for people who do not know the chat's language: it
    names the newsroom's own language, else English."""
    names, first = ctx.deps.languages.names(), (ctx.deps.languages.default, "en")
    codes = [*(code for code in first if code in names), *names]
    others = [names[code] for code in dict.fromkeys(codes) if code != ctx.tr.code]
    shown = " / ".join((ctx.tr.own_name, *others[:_SHOWN]))
    return Button(f"🌐 {shown}" + (" …" if len(others) > _SHOWN else ""), data=callbacks.LANGUAGES)


async def language(ctx: Context) -> None:
    """`/language en` sets the language, in private also a channel's; without an argument it shows
    buttons to choose from."""
    place, text = await places.asked(ctx)
    if place.elsewhere and text:
        code = _known(ctx, text)
        async with ctx.deps.db.transaction() as tx:
            await chats.set_language(tx, place.chat.id, code)
    if place.elsewhere:
        await ctx.answer(await channels.panel(ctx, place.chat))
        return
    if ctx.args:
        await _set(ctx, _known(ctx, ctx.words))
        return
    buttons = (
        Button(("✓ " if code == ctx.tr.code else "") + name, data=callbacks.language(code))
        for code, name in ctx.deps.languages.names().items()
    )
    rows = in_rows(buttons, _BESIDE)
    await ctx.answer(Post(ctx.tr.html("Choose a language"), keyboard=rows))


async def choose(ctx: Context) -> None:
    """A pressed button: one of the choice, or the one that opens it."""
    code = callbacks.chosen_language(ctx.data)
    if code is None:
        await language(ctx)
        return
    await ctx.require_administrator()
    await _set(ctx, _known(ctx, code))


async def _set(ctx: Context, code: str) -> None:
    languages = ctx.deps.languages
    async with ctx.deps.db.transaction() as tx:
        await chats.set_language(tx, ctx.chat.id, code)
    answer = languages.of(code).gettext("This chat is now in English.")
    if ctx.update.callback_query is not None:
        await ctx.replace(answer)
    else:
        await ctx.answer(answer)


def _known(ctx: Context, words: str) -> str:
    """The language that somebody typed: `en`, `English`, `bahasa inggris`. Raises Refusal."""
    known = ctx.deps.languages.names()
    for code, name in known.items():
        names = (code, name, ctx.tr.name_of(code))
        if _bare(words) in map(_bare, names):
            return code
    raise Refusal(
        ctx.tr.gettext(
            "“{name}” isn't available yet. Available: {known}",
            name=fit(words, 20),
            known=ctx.tr.listed(map(ctx.tr.name_of, known)),
        )
    )


def _bare(name: str) -> str:
    return name.strip().casefold().removeprefix("bahasa ")
