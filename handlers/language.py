"""/language: the language in which a chat sees labels, dates and answers."""

from __future__ import annotations

from bot.core import callbacks
from bot.core.errors import Refusal
from bot.core.model import Button, Post
from bot.core.text import fit
from handlers.context import Context, Deps
from storage import chats


def choose_button(deps: Deps) -> Button:
    """Leads to the choice; its text is understood in every language."""
    return Button(
        " / ".join(_name(deps, code) for code in deps.languages.codes), data=callbacks.LANGUAGES
    )


async def language(ctx: Context) -> None:
    """`/language en` sets it; alone it shows the choice as buttons."""
    await ctx.require_administrator()
    if ctx.args:
        await _set(ctx, _meant(ctx, ctx.words) or ctx.words)
        return
    deps = ctx.deps
    row = tuple(
        Button(
            ("✓ " if code == ctx.tr.code else "") + _name(deps, code),
            data=callbacks.language(code),
        )
        for code in deps.languages.codes
    )
    await ctx.answer(Post(ctx.tr.html("Choose a language"), keyboard=(row,)))


async def choose(ctx: Context) -> None:
    """A pressed button: of the choice, or to it."""
    code = callbacks.chosen_language(ctx.data)
    if code is None:
        await language(ctx)
        return
    await ctx.require_administrator()
    await _set(ctx, code)


async def _set(ctx: Context, code: str) -> None:
    languages = ctx.deps.languages
    if code not in languages.codes:
        raise Refusal(
            ctx.tr.gettext(
                "“{name}” isn't available yet. Available: {known}",
                name=fit(code, 20),
                known=", ".join(map(ctx.tr.name_of, languages.codes)),
            )
        )
    async with ctx.deps.db.transaction() as tx:
        await chats.set_language(tx, ctx.chat.id, code)
    answer = languages.of(code).gettext("This chat is now in English.")
    if ctx.update.callback_query is not None:
        await ctx.replace(answer)
    else:
        await ctx.answer(answer)


def _meant(ctx: Context, words: str) -> str | None:
    """The language that somebody typed: `en`, `English`, `bahasa inggris`."""
    wanted = words.strip().casefold()
    for code in ctx.deps.languages.codes:
        names = (code, _name(ctx.deps, code), ctx.tr.name_of(code))
        if wanted.removeprefix("bahasa ") in {
            name.casefold().removeprefix("bahasa ") for name in names
        }:
            return code
    return None


def _name(deps: Deps, code: str) -> str:
    return deps.languages.of(code).language_name(code)
